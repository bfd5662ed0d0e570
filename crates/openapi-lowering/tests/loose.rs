//! Loose reading and envelopes.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod support;

use openapi_lowering::{Envelopes, Loose, Lowered, Options};
use serde_json::{Value, json};
use support::{Rust, generate, paths, schemas};

fn options() -> Options {
    let mut options = Options::default();
    options.envelopes = Some(Envelopes::from_crate("tolerant"));
    let mut loose = Loose::from_crate("tolerant");
    loose.always_present.insert("id".to_owned());
    options.loose = Some(loose);
    options
}

fn lower(document: &Value) -> Lowered {
    openapi_lowering::lower_value(document, &options()).unwrap()
}

fn rust(document: &Value) -> Rust {
    generate(&lower(document))
}

#[test]
fn the_fields_of_an_answer_are_tolerant_and_optional() {
    let cases = [
        ("a", json!({"type": "string"}), "Option<String>"),
        (
            "a",
            json!({"type": "integer", "minimum": 3}),
            "Option<Integer>",
        ),
        ("a", json!({"type": "number"}), "Option<Amount>"),
        ("a", json!({"type": ["boolean", "null"]}), "Option<Flag>"),
        ("other_id", json!({"type": "integer"}), "Option<Id>"),
        (
            "other_id",
            json!({"type": "string", "format": "uuid"}),
            "Option<Id>",
        ),
        (
            "other_ids",
            json!({"type": "array", "items": {"type": "integer"}}),
            "Option<List<Id>>",
        ),
        ("made_at", json!({"type": "string"}), "Option<Timestamp>"),
        (
            "made_at",
            json!({"type": "string", "format": "time"}),
            "Option<String>",
        ),
        (
            "on",
            json!({"type": "string", "format": "date"}),
            "Option<Timestamp>",
        ),
        (
            "a",
            json!({"type": "string", "format": "email", "maxLength": 3}),
            "Option<String>",
        ),
        ("a", json!({"type": "object"}), "Option<Map<Value>>"),
        (
            "a",
            json!({"type": "array", "items": {"type": ["number", "null"]}}),
            "Option<List<Option<Amount>>>",
        ),
        (
            "a",
            json!({"type": ["number", "string"], "format": "decimal"}),
            "Option<Amount>",
        ),
        ("a", json!({"type": ["integer", "string"]}), "Option<Id>"),
        (
            "a",
            json!({"type": ["boolean", "string"]}),
            "Option<Scalar>",
        ),
        (
            "a",
            json!({"anyOf": [{"$ref": "#/components/schemas/Other"}, {"type": "array", "maxItems": 0}, {"type": "null"}]}),
            "Option<Record<Other>>",
        ),
        (
            "a",
            json!({"anyOf": [{"type": "object", "additionalProperties": true}, {"type": "array", "maxItems": 0}]}),
            "Option<Map<Value>>",
        ),
        (
            "a",
            json!({"anyOf": [{"$ref": "#/components/schemas/Other"}, {"type": "integer"}]}),
            "Option<Linked<Other>>",
        ),
        (
            "a",
            json!({"anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/Other"}}, {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Other"}}]}),
            "Option<List<Other>>",
        ),
        (
            "a",
            json!({"$ref": "#/components/schemas/Kind"}),
            "Option<OpenEnum<Kind>>",
        ),
    ];
    for (name, schema, expected) in cases {
        let rust = rust(&schemas(json!({
            "Case": {"type": "object", "required": [name], "properties": {name: schema}},
            "Other": {"type": "object", "properties": {"x": {"type": "string"}}},
            "Kind": {"type": "string", "enum": ["a", "b"]},
        })));
        assert_eq!(rust.field("Case", name), expected, "{name}: {schema}");
    }
}

#[test]
fn what_is_always_present_stays_required() {
    let rust = rust(&schemas(json!({
        "A": {"required": ["id"], "properties": {"id": {"type": "integer"}}},
        "B": {"properties": {"id": {"type": "integer"}}},
        "C": {"required": ["id"], "properties": {"id": {"type": ["integer", "null"]}}},
    })));
    assert_eq!(rust.field("A", "id"), "Id");
    assert_eq!(rust.field("B", "id"), "Option<Id>");
    assert_eq!(rust.field("C", "id"), "Option<Id>");
}

#[test]
fn a_request_can_tell_absent_null_and_a_value_apart() {
    let rust = rust(&schemas(
        json!({"ThingInput": {"required": ["name", "maybe"], "properties": {
            "name": {"type": "string"}, "maybe": {"type": ["string", "null"]},
            "title": {"type": ["string", "null"]}, "count": {"type": "integer"}, "value": {},
        }}}),
    ));
    assert_eq!(rust.field("ThingInput", "name"), "String");
    assert_eq!(rust.field("ThingInput", "maybe"), "Option<String>");
    assert_eq!(rust.field("ThingInput", "title"), "Option<Field<String>>");
    assert_eq!(rust.field("ThingInput", "count"), "Option<Integer>");
    assert_eq!(rust.field("ThingInput", "value"), "Option<Field<Value>>");
}

#[test]
fn what_is_sent_and_read_is_read_as_an_answer_and_sent_as_it_was_read() {
    let both = json!({"$ref": "#/components/schemas/Both"});
    let content = json!({"application/json": {"schema": both}});
    let mut document = paths(
        json!({"/a": {"put": {"operationId": "a", "requestBody": {"content": content}, "responses": {"200": {"description": "", "content": content}}}}}),
    );
    document["components"] = json!({"schemas": {
        "Both": {"required": ["a", "b"], "properties": {
            "a": {"type": ["string", "null"]}, "b": {"type": "string"}, "value": {},
            "inner": {"$ref": "#/components/schemas/Inner"},
            "outer": {"anyOf": [{"$ref": "#/components/schemas/Both"}, {"type": "null"}]},
        }},
        "Inner": {"properties": {"a": {"type": ["string", "null"]}}},
        "Read": {"properties": {"a": {"type": ["string", "null"]}, "value": {}}},
    }});
    let rust = rust(&document);
    for (name, field, expected) in [
        ("Both", "a", "Option<Field<String>>"),
        ("Both", "b", "Option<String>"),
        ("Both", "value", "Option<Field<Value>>"),
        ("Both", "outer", "Option<Box<Both>>"),
        ("Inner", "a", "Option<Field<String>>"),
        ("Read", "a", "Option<String>"),
        ("Read", "value", "Option<Value>"),
    ] {
        assert_eq!(rust.field(name, field), expected, "{name}.{field}");
    }
}

#[test]
fn any_success_is_success_and_errors_are_left_to_the_runtime() {
    let document = paths(
        json!({"/a/{profile}": {"get": {"operationId": "a", "responses": {
            "200": {"description": "", "content": {"application/json": {"schema": {"type": "object", "properties": {"data": {"type": "integer"}}}}}},
            "404": {"description": "", "content": {"application/json": {"schema": {"type": "string"}}}},
        }}}}),
    );
    let lowered = lower(&document);
    let responses = lowered.document["paths"]["/a/{profile}"]["get"]["responses"]
        .as_object()
        .unwrap();
    assert_eq!(responses.keys().collect::<Vec<_>>(), ["2XX"]);
    assert!(generate(&lowered).methods["a"].contains("profile : & 'a :: tolerant :: Id"));
}

#[test]
fn envelopes_are_generic_types() {
    let item = json!({"$ref": "#/components/schemas/Item"});
    let list = json!({"type": "array", "items": item});
    let nested = json!({"$ref": "#/components/schemas/Nested"});
    let map = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let meta = json!({"$ref": "#/components/schemas/Meta"});
    let object = |properties: Value| json!({"type": "object", "properties": properties, "required": ["data"]});
    let cases = [
        (object(json!({"data": item})), "Data<Item>"),
        (object(json!({"data": {"type": "string"}})), "Data<String>"),
        (object(json!({"data": list})), "Page<Item>"),
        (
            object(json!({"data": list, "links": {}, "meta": meta})),
            "Page<Item>",
        ),
        (
            object(
                json!({"data": list, "current_page": {"type": "integer"}, "last_page": {"type": "integer"}, "per_page": {"type": "integer"}}),
            ),
            "RawPage<Item>",
        ),
        (
            json!({"anyOf": [object(json!({"data": item})), item]}),
            "MaybeData<Item>",
        ),
        // What may have a member called data itself is not told from its envelope by it.
        (
            json!({"anyOf": [object(json!({"data": nested})), nested]}),
            "AResponse",
        ),
        (
            json!({"anyOf": [object(json!({"data": map})), map]}),
            "AResponse",
        ),
        (
            json!({"anyOf": [object(json!({"data": list})), list]}),
            "Page<Item>",
        ),
        (
            object(
                json!({"data": list, "meta": {"type": "object", "properties": {"slots": {"type": "integer"}}}}),
            ),
            "AResponse",
        ),
        (
            object(json!({"data": item, "extra": {"type": "string"}})),
            "AResponse",
        ),
        // What may lack its data is no envelope.
        (json!({"properties": {"data": item}}), "AResponse"),
        (
            json!({"properties": {"data": list, "meta": meta}}),
            "AResponse",
        ),
        (item.clone(), "Item"),
    ];
    for (schema, expected) in cases {
        let mut document = paths(
            json!({"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}}}),
        );
        document["components"] = json!({"schemas": {
            "Item": {"type": "object", "properties": {"x": {"type": "string"}}},
            "Nested": {"type": "object", "properties": {"data": {"type": "string"}}},
            "Meta": {"type": "object", "properties": {"current_page": {"type": "integer"}}},
        }});
        let signature = rust(&document).methods["a"]
            .replace(' ', "")
            .replace(",>", ">")
            .replace("::std::string::", "")
            .replace("::tolerant::", "")
            .replace("types::", "");
        assert!(
            signature.contains(&format!("ResponseValue<{expected}>")),
            "{signature}"
        );
    }
}

#[test]
fn lists_and_maps_that_are_told_apart_keep_their_own_forms() {
    let rust = rust(&schemas(
        json!({"A": {"properties": {"rule": {"anyOf": [{"type": "object"}, {"type": "array"}, {"type": "string"}]}}}}),
    ));
    assert_eq!(
        rust.types["ARule"],
        ["List(Vec<Value>)", "Map(Map<String,Value>)", "Text(String)"]
    );
}

#[test]
fn unions_of_objects_are_in_the_table_with_their_properties() {
    let lowered = lower(&schemas(json!({
        "A": {"properties": {"x": {"type": "string"}}}, "B": {"properties": {"y": {"type": "string"}}},
        "Both": {"anyOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]},
    })));
    assert_eq!(lowered.unions.len(), 1);
    assert_eq!(lowered.unions[0].variants[1].properties, ["y"]);
}

#[test]
fn a_request_that_holds_itself_has_a_size() {
    let of = |name: &str| json!({"anyOf": [{"$ref": format!("#/components/schemas/{name}")}, {"type": "null"}]});
    let document = schemas(json!({
        "NodeInput": {"properties": {"next": of("NodeInput"), "other": of("LeafInput"), "all": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/NodeInput"}}}},
        "LeafInput": {"properties": {"x": {"type": "string"}}},
    }));
    let rust = rust(&document);
    assert_eq!(rust.field("NodeInput", "next"), "Option<Box<NodeInput>>");
    assert_eq!(rust.field("NodeInput", "other"), "Option<Field<LeafInput>>");
    assert_eq!(
        rust.field("NodeInput", "all"),
        "Option<Field<List<NodeInput>>>"
    );
    assert_eq!(
        lower(&document)
            .report
            .count(openapi_lowering::Change::Changed),
        1
    );
}
