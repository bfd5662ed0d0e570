//! What the schema has of an operation.

use std::path::Path;
use std::sync::LazyLock;

use omneo_codegen::Source;
use serde_json::{Value, json};

/// The published schema with the corrections: it is published that `meta` is a list of texts.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corrected = Source::read(&root).and_then(|source| source.correct());
    corrected.unwrap().document().clone()
});

/// That a request is one of an operation's: its method, its path, and a body that the schema allows, in which the schema
/// knows every field.
#[track_caller]
pub(crate) fn assert_fits(operation: &str, line: &str, body: &Value) {
    let (method, path) = line.split_once(' ').unwrap();
    let found = omneo::Operation::matching(omneo::OPERATIONS, method, path);
    assert_eq!(found.map(|found| found.id), Some(operation), "{line}");
    let path = DOCUMENT["paths"][found.unwrap().path][method.to_lowercase()].clone();
    let schema = &path["requestBody"]["content"]["application/json"]["schema"];
    if schema.is_null() {
        assert_eq!(*body, Value::Null, "{line}");
        return;
    }
    let components = &DOCUMENT["components"]["schemas"];
    let whole = json!({ "allOf": [schema], "components": { "schemas": components } });
    let faults: Vec<_> = jsonschema::validator_for(&whole)
        .unwrap()
        .iter_errors(body)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{line}: {}", faults.join("\n"));
    let name = schema["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
    for field in body.as_object().unwrap().keys() {
        let known = &components[name]["properties"];
        assert!(known.get(field).is_some(), "{name} has no `{field}`");
    }
}
