//! Every operation of the schema is in the bindings, in the table, and behind a handle.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use omneo_api::OPERATIONS;
use omneo_codegen::{Extras, Source};
use openapi_lowering::Lowered;
use serde_json::Value;

/// Method and path of every operation, with its operationId.
fn published() -> BTreeMap<(String, String), String> {
    let text = include_str!("../openapi.json");
    let document: Value = serde_json::from_str(text).unwrap();
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            operations.insert((method.to_uppercase(), path.clone()), id);
        }
    }
    operations
}

fn generated() -> BTreeMap<&'static str, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corrected = Source::read(root).unwrap().correct().unwrap();
    let lowered = corrected.lower(|_| true).unwrap();
    let files = omneo_codegen::generate(&lowered, Extras::default()).unwrap();
    files.into_iter().collect()
}

#[test]
fn the_table_has_every_operation_of_the_schema_and_no_other() {
    let table = OPERATIONS
        .iter()
        .map(|operation| {
            let route = (operation.method.to_owned(), operation.path.to_owned());
            (route, operation.operation_id.to_owned())
        })
        .collect::<BTreeMap<_, _>>();
    assert_eq!(table.len(), OPERATIONS.len(), "two entries have one route");
    assert_eq!(table, published());
}

#[test]
fn the_table_has_every_query_parameter_of_the_schema() {
    let text = include_str!("../openapi.json");
    let document: Value = serde_json::from_str(text).unwrap();
    for operation in OPERATIONS {
        let published = &document["paths"][operation.path][operation.method.to_lowercase()];
        let names = published["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect::<BTreeSet<_>>();
        let table = operation.query.iter().map(|parameter| parameter.name);
        assert_eq!(table.collect::<BTreeSet<_>>(), names, "{}", operation.id);
    }
}

#[test]
fn every_operation_is_called_by_exactly_one_handle() {
    let files = generated();
    let handles = &files["resources.rs"];
    for operation in OPERATIONS {
        let call = format!(".{}(", operation.id);
        assert_eq!(handles.matches(&call).count(), 1, "{}", operation.id);
    }
    assert_eq!(
        handles.matches("pub async fn ").count(),
        published().len(),
        "a handle calls something else"
    );
}

#[test]
fn every_operation_is_a_method_of_the_bindings() {
    let files = generated();
    let bindings = &files["bindings.rs"];
    for operation in OPERATIONS {
        let method = format!("pub async fn {} <", operation.id);
        assert_eq!(bindings.matches(&method).count(), 1, "{}", operation.id);
    }
}

#[test]
fn the_code_is_the_same_every_time() {
    assert!(generated() == generated());
}

#[test]
fn a_section_has_its_operations_only_and_the_names_of_the_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corrected = Source::read(root).unwrap().correct().unwrap();
    assert!(corrected.tags_without_section().is_empty());
    let whole = corrected.lower(|_| true).unwrap();
    let mut found = 0;
    for section in omneo_codegen::SECTIONS {
        let part = corrected
            .lower(|feature| feature == section.feature)
            .unwrap();
        found += part.operations.len();
        for operation in &part.operations {
            assert!(whole.operations.contains(operation), "{}", operation.id);
        }
        let types = |lowered: &Lowered| {
            let schemas = lowered.document["components"]["schemas"].as_object();
            schemas.unwrap().clone()
        };
        let all = types(&whole);
        for (name, schema) in types(&part) {
            assert_eq!(
                all.get(&name),
                Some(&schema),
                "{name} of {}",
                section.feature
            );
        }
    }
    assert_eq!(found, whole.operations.len());
}

/// The handle, the method and the operation of each call in `resources.rs`.
fn calls(handles: &str) -> BTreeSet<[String; 3]> {
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
        text[..end.unwrap()].to_owned()
    };
    let mut calls = BTreeSet::new();
    for handle in handles.split("\nimpl ").skip(1) {
        for method in handle.split("pub async fn ").skip(1) {
            let (_, operation) = method.split_once("{ self.client.").unwrap();
            calls.insert([word(handle), word(method), word(operation)]);
        }
    }
    calls
}

#[test]
fn a_call_is_written_alike_in_every_build_that_has_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corrected = Source::read(root).unwrap().correct().unwrap();
    let handles = |has: &dyn Fn(&str) -> bool| {
        let lowered = corrected.lower(has).unwrap();
        let files = omneo_codegen::generate(&lowered, Extras::default()).unwrap();
        BTreeMap::from(files)["resources.rs"].clone()
    };
    let whole = calls(&handles(&|_| true));
    assert_eq!(whole.len(), OPERATIONS.len());
    for section in omneo_codegen::SECTIONS {
        let part = calls(&handles(&|feature| feature == section.feature));
        let others = part.difference(&whole).collect::<Vec<_>>();
        assert!(others.is_empty(), "{}: {others:#?}", section.feature);
    }
}
