//! Mocks are generated of whatever a schema names.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::collections::BTreeMap;

use omneo_codegen::Source;
use serde_json::{Value, json};

const CORRECTIONS: &str = include_str!("fixtures/corrections.json");

/// The generated files, by name.
fn mock(paths: &Value, schemas: &Value) -> BTreeMap<&'static str, String> {
    let schema = json!({
        "openapi": "3.1.0",
        "info": {"title": "Test", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    });
    let source = Source::new(schema.to_string().into_bytes(), CORRECTIONS.into());
    let corrected = source.correct().unwrap();
    let lowered = corrected.lower(|_| true).unwrap();
    omneo_codegen::mock(&corrected, &lowered)
        .into_iter()
        .collect()
}

fn get(id: &str, path: &str, answer: &Value) -> Value {
    let parameters = path.split('{').skip(1).map(|rest| {
        let name = rest.split('}').next().unwrap();
        json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})
    });
    json!({"get": {
        "operationId": id,
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": answer,
    }})
}

/// An answer of a component schema, in the envelope.
fn data(schema: &str) -> Value {
    let record = json!({"$ref": format!("#/components/schemas/{schema}")});
    let body = json!({"type": "object", "properties": {"data": record}, "required": ["data"]});
    json!({"200": {"description": "", "content": {"application/json": {"schema": body}}}})
}

/// The sample of a schema.
fn sample(schemas: &Value, name: &str) -> Value {
    let paths = json!({"/v3/a": get("a.show", "/v3/a", &data(name))});
    let samples = &mock(&paths, schemas)["samples.rs"];
    let sample = format!("sample! {{ {} ", name.to_lowercase());
    let line = samples.lines().find(|line| line.starts_with(&sample));
    // The JSON is the last literal of the line.
    let literal = line.unwrap().rsplit_once(" \"").unwrap().1;
    let literal = literal.strip_suffix("\" }").unwrap();
    let text = serde_json::from_str::<String>(&format!("\"{literal}\"")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[track_caller]
fn has(text: &str, expected: &[&str]) {
    for expected in expected {
        assert!(text.contains(expected), "no {expected} in {text}");
    }
}

#[test]
fn a_name_that_the_server_has_gets_an_underscore() {
    let nothing = json!({"204": {"description": ""}});
    let paths = json!({
        "/v3/token": get("token", "/v3/token", &nothing),
        "/v3/a/{body}": get("a.show", "/v3/a/{body}", &nothing),
    });
    let files = mock(&paths, &json!({}));
    has(
        &files["operations.rs"],
        &["operation! { token_ \"token\" Token ", "; Body \"body\"  }"],
    );
    has(&files["path.rs"], &["path_parameter! { Body body_ "]);
}

#[test]
fn names_that_meet_stay_apart() {
    let nothing = json!({"204": {"description": ""}});
    let paths = json!({
        "/v3/a": get("a_b1", "/v3/a", &nothing),
        "/v3/b": get("a_b_1", "/v3/b", &nothing),
        "/v3/c/{customField}/{custom_field}": get("c", "/v3/c/{customField}/{custom_field}", &nothing),
    });
    let files = mock(&paths, &json!({}));
    has(&files["operations.rs"], &[" AB1 ", " AB1_ "]);
    let traits = files["path.rs"].matches("path_parameter!").count();
    assert_eq!(traits, 2, "{}", files["path.rs"]);
}

#[test]
fn a_success_has_the_status_of_the_schema() {
    let paths = json!({
        "/v3/a": get("a", "/v3/a", &json!({"401": {"description": ""}, "202": {"description": ""}})),
        "/v3/b": get("b", "/v3/b", &json!({"default": {"description": ""}})),
    });
    let files = mock(&paths, &json!({}));
    has(
        &files["operations.rs"],
        &["() => (), crate::Form::AsWritten, 202;", "AsWritten, 204;"],
    );
}

#[test]
fn only_what_an_answer_holds_has_a_sample() {
    let schemas = json!({
        "Asked": {"type": "object", "properties": {"name": {"type": "string"}}},
        "Held": {"type": "object", "properties": {"name": {"type": "string"}}},
        "Shown": {"type": "object", "properties": {"held": {"$ref": "#/components/schemas/Held"}}},
    });
    let mut paths = json!({"/v3/a": get("a", "/v3/a", &data("Shown"))});
    let body = json!({"$ref": "#/components/schemas/Asked"});
    paths["/v3/a"]["post"] = json!({
        "operationId": "b",
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"204": {"description": ""}},
    });
    let samples = &mock(&paths, &schemas)["samples.rs"];
    has(samples, &["sample! { held Held ", "sample! { shown Shown "]);
    assert!(!samples.contains("Asked"), "{samples}");
}

#[test]
fn a_related_record_is_short() {
    let schemas = json!({"Node": {"type": "object", "properties": {
        "name": {"type": "string"},
        "parent": {"$ref": "#/components/schemas/Node"},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
    }}});
    let short = json!({"name": "Node"});
    assert_eq!(
        sample(&schemas, "Node"),
        json!({"name": "Node", "parent": short, "children": [short]})
    );
}

#[test]
fn a_record_that_requires_itself_ends() {
    let schemas = json!({"Node": {
        "type": "object",
        "properties": {"parent": {"$ref": "#/components/schemas/Node"}},
        "required": ["parent"],
    }});
    let mut depth = 0;
    let mut node = sample(&schemas, "Node");
    while let Some(parent) = node.get_mut("parent").map(Value::take) {
        node = parent;
        depth += 1;
    }
    assert!((2..10).contains(&depth), "{depth}");
}

#[test]
fn a_schema_that_is_only_itself_ends() {
    let again = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let schemas = json!({
        "Shop": {"type": "object", "properties": {
            "list": again("List"), "either": again("Either"),
        }},
        "List": {"type": "array", "items": again("List")},
        "Either": {"anyOf": [again("Either"), again("Either"), {"type": "integer"}]},
    });
    let sample = sample(&schemas, "Shop");
    assert_eq!(sample["list"], json!([[[[]]]]));
    assert_eq!(sample["either"], 1);
}

#[test]
fn a_value_that_the_schema_names_goes_before_one_that_is_guessed() {
    let schemas = json!({"Shop": {"type": "object", "properties": {
        "email": {"type": "string", "example": "a@b.c"},
        "name": {"type": ["string", "null"], "examples": ["Bourke Street"]},
        "status": {"type": "string", "enum": ["open", "closed"]},
        "tags": {"type": "array", "items": {"type": "string", "default": "new"}},
        "closed_at": {"type": ["string", "null"], "description": "Null until it closes."},
        "owner": {"anyOf": [{"type": "null"}, {"type": "integer", "const": 7}]},
        "meta": {"type": "object"},
        "phone": {"type": "string"},
    }}});
    assert_eq!(
        sample(&schemas, "Shop"),
        json!({
            "email": "a@b.c",
            "name": "Bourke Street",
            "status": "open",
            "tags": ["new"],
            "owner": 7,
            "meta": {},
            "phone": "+61491570006",
        })
    );
}

#[test]
fn a_field_has_the_form_of_its_type() {
    let schemas = json!({"Shop": {"type": "object", "properties": {
        "is_open": {"type": "boolean"},
        "name": {"type": "string"},
        "rent": {"type": "number"},
        "staff": {"type": "array", "items": {"$ref": "#/components/schemas/Staff"}},
        "meta": {"type": "object"},
    }}, "Staff": {"type": "object", "properties": {"age": {"type": "integer"}}}});
    let paths = json!({"/v3/a": get("a", "/v3/a", &data("Shop"))});
    let files = mock(&paths, &schemas);
    has(&files["operations.rs"], &["crate::Form::Record(\"Shop\")"]);
    has(
        &files["forms.rs"],
        &[
            "(\"is_open\", crate::Form::Flag)",
            "(\"rent\", crate::Form::Amount)",
            "(\"staff\", crate::Form::List(&crate::Form::Record(\"Staff\")))",
            "(\"meta\", crate::Form::Map)",
            "(\"age\", crate::Form::Integer)",
        ],
    );
    assert!(!files["forms.rs"].contains("name"), "{}", files["forms.rs"]);
}
