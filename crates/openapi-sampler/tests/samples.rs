//! What the samples of a schema are.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used)] // clippy knows the test functions, not what they call

use openapi_sampler::{Kind, Place, Role, Sampler};
use serde_json::{Value, json};

mod support;

use support::{assert_samples, document};

/// The samples of a schema by itself.
fn samples(schema: &Value) -> Vec<Value> {
    let document = document(json!({ "A": schema }));
    assert_samples(&document, "A")
}

#[test]
fn every_keyword_is_covered_and_kept() {
    for schema in [
        json!({"type": ["string", "null"], "enum": ["a", "b", null]}),
        json!({"const": {"a": 1}}),
        json!({"type": "integer", "minimum": 3, "maximum": 3}),
        json!({"type": "integer", "exclusiveMinimum": 3, "multipleOf": 7}),
        json!({"type": "number", "minimum": 0.5, "exclusiveMaximum": 0.75}),
        json!({"type": "number", "maximum": -1e9}),
        json!({"type": "string", "minLength": 40, "maxLength": 41}),
        json!({"type": "string", "maxLength": 3}),
        json!({"type": "string", "pattern": "^[a-c]{3}-\\d+$"}),
        json!({"type": "array", "items": {"enum": [1, 2, 3, 4, 5]}, "minItems": 2, "maxItems": 3}),
        json!({"type": "array", "items": {"type": "string"}, "minItems": 4}),
        json!({"type": "array", "maxItems": 0, "items": {"type": "string"}}),
        json!({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "boolean"}], "items": false}),
        json!({"type": ["object", "null"], "additionalProperties": {"type": ["integer", "boolean"]}}),
        json!({"type": "object", "propertyNames": {"pattern": "^[0-9]+$"}, "additionalProperties": {"enum": [1, 2, 3, 4, 5, 6, 7, 8]}}),
        json!({"type": "object", "properties": {"a": {"enum": [1, 2, 3]}, "b": {"type": "boolean"}}, "required": ["b"]}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "string"}}),
        json!({"properties": {"a": {"items": {"maximum": 3}}}}),
        json!({"anyOf": [{"type": "object", "properties": {"a": {"type": "null"}}, "required": ["a"]}, {"type": "boolean"}]}),
        json!({
            "type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
        }),
        json!({"allOf": [{"properties": {"a": {"type": ["integer", "null"]}}}, {"properties": {"a": {"type": ["null", "number"]}}, "required": ["a"]}]}),
        json!({"oneOf": [{"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, {"type": "string"}]}),
        json!(true),
        json!({}),
    ] {
        assert!(!samples(&schema).is_empty(), "{schema}");
    }
}

#[test]
fn formats_are_kept() {
    let formats = [
        "email",
        "date",
        "date-time",
        "time",
        "duration",
        "uuid",
        "uri",
        "hostname",
        "ipv4",
        "ipv6",
    ];
    for format in formats {
        let schema = json!({"type": "string", "format": format});
        let samples = samples(&schema);
        assert_eq!(samples.len(), 1, "{format}");
        assert!(samples[0].as_str().is_some_and(|text| !text.contains(' ')));
    }
}

#[test]
fn a_type_that_is_nullable_in_the_way_of_openapi_3_0_is_null_once() {
    let document = document(json!({"A": {"type": "boolean", "nullable": true}}));
    let samples = Sampler::new(&document).samples("/components/schemas/A");
    assert_eq!(samples, [json!(true), json!(false), json!(null)]);
}

#[test]
fn a_schema_that_nothing_fits_has_no_samples() {
    let document = document(json!({
        "False": false,
        "Missing": {"$ref": "#/components/schemas/None"},
        "Other": {"$ref": "other.json"},
        "Bounds": {"type": "integer", "minimum": 3, "maximum": 2},
        "Types": {"allOf": [{"type": "string"}, {"type": "integer"}], "enum": ["a", 1]},
        "Endless": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Endless"}}, "required": ["a"]},
        "Circle": {"$ref": "#/components/schemas/Circle", "type": "object", "properties": {"a": {"$ref": "#/components/schemas/False"}}, "required": ["a"]},
    }));
    let sampler = Sampler::new(&document);
    for name in [
        "False", "Missing", "Other", "Bounds", "Types", "Endless", "Circle", "None",
    ] {
        let samples = sampler.samples(&format!("/components/schemas/{name}"));
        assert!(samples.is_empty(), "{name}: {samples:?}");
    }
}

#[test]
fn what_holds_itself_is_spelled_out_once() {
    let document = document(json!({
        "Node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "parent": {"anyOf": [{"$ref": "#/components/schemas/Node"}, {"type": "null"}]},
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
                "by_name": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Node"}},
            },
            "required": ["name", "children"],
        },
    }));
    let samples = assert_samples(&document, "Node");
    assert!(
        samples
            .iter()
            .any(|node| node["children"][0]["children"].is_array())
    );
    assert!(serde_json::to_string(&samples).unwrap().len() < 2000);
}

#[test]
fn samples_grow_with_the_document_and_not_with_its_references() {
    // Each schema refers to the next one twice: spelled out everywhere these are two million values.
    let schemas = (0..20).map(|index| {
        let next = json!({"$ref": format!("#/components/schemas/S{}", index + 1)});
        let schema = json!({"type": "object", "properties": {"a": next, "b": next}});
        (format!("S{index}"), schema)
    });
    let mut schemas = schemas.collect::<serde_json::Map<_, _>>();
    schemas.insert("S20".to_owned(), json!({"type": "string"}));
    let samples = assert_samples(&document(schemas.into()), "S0");
    assert!(serde_json::to_string(&samples).unwrap().len() < 20_000);
}

#[test]
fn the_same_seed_gives_the_same_samples_and_another_gives_others() {
    let document =
        document(json!({"A": {"type": "object", "properties": {"a": {"type": "integer"}}}}));
    let by = |seed| {
        Sampler::new(&document)
            .seed(seed)
            .samples("/components/schemas/A")
    };
    assert_eq!(by(1), by(1));
    assert_ne!(by(1), by(2));
}

#[test]
fn a_text_can_be_made_by_its_name() {
    let document = document(json!({"A": {"type": "object", "properties": {
        "run_at": {"type": "string"}, "on": {"type": "string", "format": "date"}, "name": {"type": "string"},
    }}}));
    let samples = Sampler::new(&document)
        .text(|name| (name != "name").then(|| "2024-01-02 03:04:05".to_owned()))
        .samples("/components/schemas/A");
    assert_eq!(samples[0]["run_at"], "2024-01-02 03:04:05");
    assert_eq!(samples[0]["on"].as_str().map(str::len), Some(10));
    assert!(samples[0]["name"].as_str().unwrap().starts_with("name "));
}

#[test]
fn an_edit_sees_where_each_value_stands() {
    let document = document(json!({"A": {
        "type": "object",
        "properties": {
            "list": {"type": "array", "items": {"enum": ["x"]}},
            "map": {"type": "object", "additionalProperties": {"type": "string", "format": "email"}},
            "record": {"type": "object", "properties": {"flag": {"const": true}}},
        },
        "required": ["record"],
    }}));
    let seen = std::sync::Mutex::new(Vec::new());
    let edit = |place: &Place<'_>, value| {
        let name = place.name.map(str::to_owned);
        let format = place.format.map(str::to_owned);
        let role = place.role;
        seen.lock()
            .unwrap()
            .push((name, place.kind, role, place.depth, format));
        (role != Role::Item).then_some(value)
    };
    let samples = Sampler::new(&document)
        .edit(edit)
        .samples("/components/schemas/A");
    assert_eq!(samples[0]["list"], json!([]));
    let seen = seen.into_inner().unwrap();
    let property = |required| Role::Property { required };
    for (name, kind, role, depth, format) in [
        (None, Kind::Record, Role::Whole, 0, None),
        (Some("list"), Kind::List, property(false), 1, None),
        (Some("list"), Kind::Enum, Role::Item, 1, None),
        (Some("map"), Kind::Map, property(false), 1, None),
        (Some("map"), Kind::Text, Role::Member, 1, Some("email")),
        (Some("record"), Kind::Record, property(true), 1, None),
        (Some("flag"), Kind::Enum, property(false), 2, None),
    ] {
        let place = (
            name.map(str::to_owned),
            kind,
            role,
            depth,
            format.map(str::to_owned),
        );
        assert!(seen.contains(&place), "{place:?} of {seen:?}");
    }
}
