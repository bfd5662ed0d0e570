//! What is required of a request is what its constructor takes.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use omneo_codegen::{Extras, Source};
use serde_json::{Value, json};

const CORRECTIONS: &str = include_str!("fixtures/corrections.json");

/// The bindings with a request of this schema, without spaces and line breaks.
fn bindings(request: &Value) -> String {
    let body = json!({"$ref": "#/components/schemas/Request"});
    let schema = json!({
        "openapi": "3.1.0",
        "info": {"title": "Test", "version": "1"},
        "paths": {"/v3/requests": {"post": {
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": ""}},
        }}},
        "components": {"schemas": {
            "Request": request,
            "Kind": {"type": "string", "enum": ["a", "b"]},
        }},
    });
    let source = Source::new(schema.to_string().into_bytes(), CORRECTIONS.into());
    let lowered = source.correct().unwrap().lower(|_| true).unwrap();
    let files = omneo_codegen::generate(&lowered, Extras::default()).unwrap();
    let (_, bindings) = files
        .into_iter()
        .find(|(name, _)| *name == "bindings.rs")
        .unwrap();
    bindings.replace([' ', '\n'], "")
}

/// The parameters of the request's constructor, each with what its argument is made into.
fn parameters(request: &Value) -> String {
    let bindings = bindings(request);
    let (_, constructor) = bindings.split_once("implRequest{").unwrap();
    let (_, rest) = constructor.split_once("pubfnnew(").unwrap();
    let (parameters, _) = rest.split_once(")->Self").unwrap();
    parameters
        .replace("impl::std::convert::Into<", " <")
        .replace("::std::string::", "")
        .replace("::omneo_types::", "")
}

#[test]
fn parameters_are_alphabetical_whatever_the_order_of_the_schema() {
    let request = json!({
        "type": "object",
        "required": ["value", "name", "handle"],
        "properties": {
            "value": {"type": "number"},
            "name": {"type": "string"},
            "handle": {"type": "string"},
            "currency": {"type": "string"},
        },
    });
    assert_eq!(
        parameters(&request),
        "handle: <String>,name: <String>,value: <Amount>"
    );
}

#[test]
fn a_parameter_is_named_and_typed_as_the_field() {
    let request = json!({
        "type": "object",
        "required": ["type", "new", "profile-id", "ids", "note", "request"],
        "properties": {
            "type": {"$ref": "#/components/schemas/Kind"},
            "new": {"type": "boolean"},
            "profile-id": {"type": "integer"},
            "ids": {"type": "array", "items": {"type": "string"}},
            "note": {"type": ["string", "null"]},
            "request": {"$ref": "#/components/schemas/Request"},
        },
    });
    assert_eq!(
        parameters(&request),
        "ids: <List<Id,>>,new: <Flag>,note: <::std::option::Option<String>>,\
         profile_id: <Integer>,request: <::std::boxed::Box<Request>>,type_: <OpenEnum<Kind,>>"
    );
}

#[test]
fn the_map_of_further_properties_is_unset() {
    // Two names that make one field: the second is left to the map.
    let request = json!({
        "type": "object",
        "required": ["user_name", "userName"],
        "properties": {"user_name": {"type": "string"}, "userName": {"type": "string"}},
    });
    assert_eq!(parameters(&request), "user_name: <String>");
    let bindings = bindings(&request);
    let unset = "extra:::std::default::Default::default()";
    assert!(bindings.contains(unset), "{bindings}");
}

#[test]
fn a_struct_of_nothing_but_optional_fields_has_its_default() {
    let request = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    assert!(!bindings(&request).contains("implRequest{"));
}
