//! Whatever comes in: an answer or an error that says where and what, never a panic.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod support;

use openapi_lowering::{Error, Loose, Options};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{generate, paths, schemas};

fn error(text: &[u8]) -> String {
    openapi_lowering::lower(text, &Options::default())
        .unwrap_err()
        .to_string()
}

#[test]
fn what_is_no_openapi_document_is_refused_in_one_sentence() {
    for (text, part) in [
        ("", "no JSON"),
        ("<!doctype html>", "no JSON"),
        ("openapi: 3.0.0", "no JSON"),
        (r#"{"openapi": "3.1.0", "paths""#, "no JSON"),
        ("[]", "it is a list"),
        ("null", "it is null"),
        (r#"{"title": "x"}"#, "no `openapi` field"),
        (r#"{"openapi": 3.1}"#, "no text"),
        (r#"{"openapi": "4.0.0"}"#, "OpenAPI 4.0.0 is not supported"),
        (r#"{"swagger": "2.0"}"#, "Swagger 2.0"),
        (r#"{"openapi": "3.1.0", "paths": []}"#, "/paths is a list"),
        (
            r#"{"openapi": "3.1.0", "paths": {"/a": 3}}"#,
            "/paths/~1a is a number",
        ),
        (
            r#"{"openapi": "3.1.0", "paths": {"/a": {"get": []}}}"#,
            "/paths/~1a/get is a list",
        ),
        (
            r#"{"openapi": "3.1.0", "components": {"schemas": []}}"#,
            "/components/schemas is a list",
        ),
    ] {
        let error = error(text.as_bytes());
        assert!(error.contains(part), "{text}: {error}");
        assert!(!error.contains('\n'), "{error}");
    }
    let empty =
        openapi_lowering::lower(b"\xef\xbb\xbf{\"openapi\": \"3.0.0\"}", &Options::default());
    assert!(empty.unwrap().operations.is_empty());
}

#[test]
fn what_a_document_holds_does_not_break_the_line_of_an_error_or_a_step() {
    let lower = |document: &Value| openapi_lowering::lower_value(document, &Options::default());
    let schema = |name: &str, schema: Value| schemas(json!({ name: schema }));
    let get = |path: &str| json!({"openapi": "3.1.0", "paths": {path: {"get": {}}}});
    for document in [
        json!({"openapi": "4\n0"}),
        json!({"openapi": "3.1.0", "swagger": "1\r\n2"}),
        schema("A\nB", json!(3)),
        schema("A", json!({"$ref": "#/components\n"})),
        schema("A", json!({"$ref": "other\u{2028}\u{85}.json#/a"})),
        schema("A\n", json!({"$ref": "#/components/schemas/B%0A"})),
        get("/{a\n"),
    ] {
        let error = lower(&document).unwrap_err().to_string();
        assert!(!error.chars().any(char::is_control), "{error:?}");
        assert!(error.contains("\\n") || error.contains("\\u{"), "{error}");
    }
    let lowered = lower(&schema("A\nB", json!({"not": {}}))).unwrap();
    let step = lowered.report.steps()[0].to_string();
    assert!(step.contains("A\\nB"), "{step}");
}

#[test]
fn a_document_nested_too_deep_is_refused() {
    let depth = 10_000;
    let text = format!(
        "{}{}",
        r#"{"a":"#.repeat(depth),
        "1".to_owned() + &"}".repeat(depth)
    );
    assert!(error(text.as_bytes()).contains("recursion limit"));
    // Put together by hand: `json!` would copy what is inside, one call a level.
    let mut value = Value::Null;
    for _ in 0..depth {
        value = Value::Object([("items".to_owned(), value)].into_iter().collect());
    }
    let mut document = schemas(json!({}));
    document["components"]["schemas"]["A"] = value;
    let error = openapi_lowering::lower_value(&document, &Options::default()).unwrap_err();
    // Freeing it takes a call a level too.
    std::mem::forget(document);
    assert!(
        matches!(error, Error::TooDeep { limit: 128, .. }),
        "{error}"
    );
    assert!(
        error.to_string().contains("/components/schemas/A/items"),
        "{error}"
    );
}

fn chain(length: usize, link: impl Fn(String) -> Value) -> Value {
    let mut map = serde_json::Map::new();
    for index in 0..length {
        let next = format!("#/components/schemas/S{}", index + 1);
        map.insert(format!("S{index}"), link(next));
    }
    map.insert(
        format!("S{length}"),
        json!({"type": "object", "properties": {"a": {"type": "string"}}}),
    );
    schemas(Value::Object(map))
}

#[test]
fn long_chains_of_references_end_in_code_or_in_an_error() {
    let lowered = openapi_lowering::lower_value(
        &chain(
            10_000,
            |next| json!({"type": "array", "items": {"$ref": next}}),
        ),
        &Options::default(),
    );
    assert!(
        lowered.unwrap().document["components"]["schemas"]
            .get("S10000")
            .is_some()
    );
    let deep = chain(
        10_000,
        |next| json!({"allOf": [{"$ref": next}, {"properties": {"b": {"type": "string"}}}]}),
    );
    let error = openapi_lowering::lower_value(&deep, &Options::default()).unwrap_err();
    assert!(matches!(error, Error::TooDeep { .. }), "{error}");
    generate(&support::lower(&chain(
        40,
        |next| json!({"allOf": [{"$ref": next}, {"properties": {"b": {"type": "string"}}}]}),
    )));
    generate(&support::lower(&chain(80, |next| json!({"$ref": next}))));
}

#[test]
fn references_that_lead_back_to_themselves_are_an_error_or_harmless() {
    let of = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let loops = schemas(json!({"A": of("B"), "B": of("A"), "C": {"properties": {"a": of("A")}}}));
    // An alias of itself is no type; what refers to it is text or an error, but never a loop.
    let _ = openapi_lowering::lower_value(&loops, &Options::default());
    let own = paths(json!({"/a": {"$ref": "#/paths/~1a"}}));
    let error = openapi_lowering::lower_value(&own, &Options::default()).unwrap_err();
    assert!(matches!(error, Error::CircularReference { .. }), "{error}");
}

#[test]
fn a_wide_document_is_lowered() {
    let mut map = serde_json::Map::new();
    for index in 0..20_000 {
        // Every name meets every other once cased.
        let name = if index % 2 == 0 {
            format!("some-name-{index}")
        } else {
            format!("some_name_{}", index - 1)
        };
        map.insert(name, json!({"type": "object", "properties": {"same": {"enum": ["a", "b"]}, "inner": {"type": "object", "properties": {"x": {"type": "integer"}}}}}));
    }
    let lowered = support::lower(&schemas(Value::Object(map)));
    assert_eq!(lowered.schemas.len(), 20_000);
}

/// A schema of many forms: right, wrong, and referring to others.
fn any_schema() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec!["A", "B", "C", "a", "self", "Option"]);
    let reference = name
        .clone()
        .prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    let scalar = prop::sample::select(vec![
        json!({"type": "string"}),
        json!({"type": ["integer", "null"]}),
        json!({"type": "number", "format": "float"}),
        json!({"enum": ["a", "A", "a-", "1", ""]}),
        json!({"enum": ["x", "y", null]}),
        json!({"const": "x"}),
        json!({"const": 3}),
        json!({"type": "boolean", "default": true}),
        json!({"type": "string", "pattern": "^a$", "default": "a"}),
        json!({"type": "null"}),
        json!({"type": "string", "format": "date-time"}),
        json!({}),
        json!(true),
        json!(false),
        json!({"type": "string", "enum": ["x"], "nullable": true}),
        json!({"nullable": true}),
        json!({"type": []}),
        json!({"type": "thing"}),
        json!({"enum": []}),
        json!({"type": "array", "maxItems": 0}),
    ]);
    let leaf = prop_oneof![4 => scalar, 3 => reference];
    let property = prop::sample::select(vec![
        "a", "A", "a-", "type", "extra", "data", "meta", "id", "x_id", "made_at", "kind", "", "2nd",
    ]);
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let properties = prop::collection::btree_map(property.clone(), inner.clone(), 0..4);
        let required = prop::collection::vec(property.clone(), 0..3);
        prop_oneof![
            4 => (properties, required, any::<bool>(), prop::option::of(inner.clone())).prop_map(|(properties, required, typed, more)| {
                let mut schema = json!({"properties": properties, "required": required});
                if typed { schema["type"] = json!("object"); }
                if let Some(more) = more { schema["additionalProperties"] = more; }
                schema
            }),
            1 => inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            1 => inner.clone().prop_map(|value| json!({"type": ["object", "null"], "additionalProperties": value})),
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(|items| json!({"prefixItems": items})),
            3 => (prop::sample::select(vec!["allOf", "oneOf", "anyOf"]), prop::collection::vec(inner.clone(), 0..4)).prop_map(|(keyword, members)| json!({keyword: members})),
            1 => (inner.clone(), prop::collection::vec(inner.clone(), 1..3)).prop_map(|(base, members)| {
                let mut schema = if base.is_object() { base } else { json!({}) };
                schema["oneOf"] = members.into();
                schema["discriminator"] = json!({"propertyName": "kind", "mapping": {"x": "#/components/schemas/A", "y": "B"}});
                schema
            }),
        ]
    })
}

fn document(parts: [Value; 6], answer: Value, body: Value) -> Value {
    let [a, b, c, d, e, f] = parts;
    let content = |schema: Value| json!({"application/json": {"schema": schema}});
    json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a/{id}/{x-y}": {"post": {"operationId": "a",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/A"}}],
            "requestBody": {"content": content(body)},
            "responses": {"200": {"description": "", "content": content(answer.clone())}, "201": {"description": "", "content": content(a.clone())}, "default": {"description": "", "content": content(answer)}}}}},
        "components": {"schemas": {"A": a, "B": b, "C": c, "a": d, "self": e, "Option": f}},
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_lowered_becomes_rust_without_a_name_twice(
        parts in prop::array::uniform6(any_schema()), answer in any_schema(), body in any_schema(), loose in any::<bool>(),
    ) {
        let document = document(parts, answer, body);
        let mut options = Options::default();
        if loose {
            options.loose = Some(Loose::from_crate("tolerant"));
            options.envelopes = Some(openapi_lowering::Envelopes::from_crate("tolerant"));
        }
        if let Ok(lowered) = openapi_lowering::lower_value(&document, &options) {
            prop_assert_eq!(&openapi_lowering::lower_value(&document, &options).unwrap(), &lowered);
            generate(&lowered);
        }
    }

    #[test]
    fn arbitrary_json_is_no_reason_to_panic(value in any_json()) {
        let _ = openapi_lowering::lower_value(&schemas(value.clone()), &Options::default());
        let _ = openapi_lowering::lower_value(&paths(json!({"/a": {"get": value}})), &Options::default());
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "object",
            "string",
            "#/components/schemas",
            "#/paths/~1a",
            "path",
            "query",
            "x",
            "default"
        ])
        .prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "type",
        "properties",
        "items",
        "required",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "enum",
        "const",
        "parameters",
        "responses",
        "requestBody",
        "content",
        "application/json",
        "schema",
        "200",
        "name",
        "in",
        "default",
        "additionalProperties",
        "prefixItems",
        "discriminator",
        "propertyName",
        "mapping",
        "operationId",
        "tags",
    ]);
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}
