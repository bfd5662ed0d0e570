//! What becomes of operations: their names, parameters, bodies and answers.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod support;

use openapi_lowering::table::{Answer, Body, Location};
use openapi_lowering::{Change, Options};
use serde_json::{Value, json};
use support::{generate, lower, paths, rust, steps};

fn ok() -> Value {
    json!({"200": {"description": ""}})
}

fn answering(responses: Value) -> Value {
    paths(json!({"/a": {"get": {"operationId": "a", "responses": responses}}}))
}

fn json_of(schema: Value) -> Value {
    json!({"description": "", "content": {"application/json": {"schema": schema}}})
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = paths(json!({
        "/a": {"get": {"operationId": "items.index", "responses": ok()}},
        "/b": {"get": {"operationId": "items_index", "responses": ok()}},
        "/c": {"get": {"responses": ok()}, "post": {"operationId": "", "responses": ok()}},
        "/d/{id}": {"get": {"operationId": "items.index", "responses": ok()}},
        "/e": {"get": {"operationId": "type", "responses": ok()}, "put": {"operationId": "exec", "responses": ok()}},
        "/f": {"get": {"operationId": "new", "responses": ok()}, "put": {"operationId": "2fa", "responses": ok()}},
    }));
    let lowered = lower(&document);
    let names = lowered
        .operations
        .iter()
        .map(|operation| operation.id.as_str());
    let names = names.collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            "items_index",
            "get_b",
            "get_c",
            "post_c",
            "get_d_id",
            "type_",
            "put_e",
            "get_f",
            "_2fa"
        ]
    );
    assert_eq!(lowered.report.count(Change::Renamed), 6);
    assert_eq!(
        lowered.operations[0].operation_id.as_deref(),
        Some("items.index")
    );
    assert_eq!(generate(&lowered).methods.len(), names.len() + 2);
}

#[test]
fn a_name_does_not_depend_on_what_is_selected() {
    let inline = json_of(json!({"type": "object", "properties": {"kind": {"enum": ["x", "y"]}}}));
    let mut document = paths(json!({
        "/a": {"get": {"operationId": "a.b", "tags": ["one"], "responses": {"200": inline}}},
        "/b": {"get": {"operationId": "a_b", "tags": ["two"], "responses": {"200": inline}}},
        "/c": {"get": {"operationId": "c", "responses": {"200": inline}}},
    }));
    document["components"] = json!({"schemas": {"Kept": {"properties": {"a": {"type": "string"}}}, "Left": {"properties": {"a": {"type": "string"}}}}});
    let whole = lower(&document);
    let mut options = Options::default();
    options.tags = Some(["two".to_owned()].into());
    options.keep_schemas = ["Kept".to_owned()].into();
    let part = openapi_lowering::lower_value(&document, &options).unwrap();
    let ids = part.operations.iter().map(|operation| &*operation.id);
    assert_eq!(ids.collect::<Vec<_>>(), ["get_b", "c"]);
    let all = &whole.document["components"]["schemas"];
    let kept = part.document["components"]["schemas"].as_object().unwrap();
    assert!(kept.contains_key("Kept") && !kept.contains_key("Left"));
    for (name, schema) in kept {
        assert_eq!(schema, &all[name], "{name}");
    }
    assert_eq!(part.routes.len(), 3);
}

#[test]
fn answers_are_one_type_for_success_and_one_for_errors() {
    let text = || json_of(json!({"type": "string"}));
    let number = || json_of(json!({"type": "integer"}));
    let nothing = || json!({"description": ""});
    let raw = || json!({"description": "", "content": {"image/png": {}}});
    let cases = [
        (json!({}), "ByteStream", "()"),
        (json!({"200": nothing()}), "()", "()"),
        (json!({"200": text(), "201": text()}), "String", "()"),
        (json!({"200": text(), "201": number()}), "AResponse", "()"),
        (
            json!({"200": text(), "204": nothing()}),
            "Option<String>",
            "()",
        ),
        (json!({"200": text(), "206": raw()}), "ByteStream", "()"),
        (json!({"2XX": text(), "4XX": number()}), "String", "i64"),
        (
            json!({"200": text(), "404": number(), "422": text()}),
            "String",
            "AError",
        ),
        (json!({"200": text(), "default": number()}), "String", "i64"),
        (json!({"default": text()}), "String", "String"),
        (json!({"200": raw()}), "ByteStream", "()"),
        (
            json!({"200": {"description": "", "content": {"text/plain": {}, "application/json": {"schema": {"type": "integer"}}}}}),
            "i64",
            "()",
        ),
        (
            json!({"200": {"description": "", "content": {"application/vnd.api+json": {"schema": {"type": "integer"}}}}}),
            "i64",
            "()",
        ),
        (
            json!({"200": {"description": "", "content": {"application/json": {}}}}),
            "Value",
            "()",
        ),
        (
            json!({"302": nothing(), "200": text(), "x-note": 1}),
            "String",
            "()",
        ),
    ];
    for (responses, success, error) in cases {
        let rust = rust(&answering(responses.clone()));
        let signature = rust.methods["a"]
            .replace(' ', "")
            .replace(",>", ">")
            .replace("::std::string::", "")
            .replace("::std::option::", "")
            .replace("::serde_json::", "")
            .replace("types::", "");
        let expected = format!("Result<ResponseValue<{success}>,Error<{error}>>");
        assert!(signature.ends_with(&expected), "{responses}: {signature}");
    }
    let document = paths(json!({"/a": {"get": {"operationId": "a"}}}));
    assert_eq!(lower(&document).operations[0].answer, Answer::Raw);
}

#[test]
fn a_body_is_sent_as_json_where_it_may_be() {
    let of = |content: Value| {
        let document = paths(
            json!({"/a": {"post": {"operationId": "a", "requestBody": {"content": content}, "responses": ok()}}}),
        );
        let lowered = lower(&document);
        generate(&lowered);
        lowered.operations[0].body.clone()
    };
    let text = json!({"schema": {"type": "string"}});
    let object = json!({"schema": {"type": "object", "properties": {"a": {"type": "string"}}}});
    assert_eq!(
        of(json!({"application/xml": text, "application/json": object})),
        Body::Json("types::ABody".to_owned())
    );
    assert_eq!(
        of(json!({"application/merge-patch+json": object})),
        Body::Json("types::ABody".to_owned())
    );
    assert_eq!(
        of(json!({"application/x-www-form-urlencoded": object})),
        Body::Form("types::ABody".to_owned())
    );
    assert_eq!(of(json!({"text/csv": text})), Body::Text);
    assert_eq!(
        of(json!({"image/png": {}})),
        Body::Binary("image/png".to_owned())
    );
    assert_eq!(
        of(json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})),
        Body::Binary("application/octet-stream".to_owned())
    );
    assert_eq!(of(json!({})), Body::None);
}

#[test]
fn a_multipart_body_is_lifted_into_a_table() {
    let document = paths(
        json!({"/a": {"post": {"operationId": "a", "responses": ok(), "requestBody": {"content": {"multipart/form-data": {"schema": {
            "type": "object", "required": ["file", "name"], "properties": {
                "file": {"type": "string", "format": "binary"},
                "more": {"type": "array", "items": {"contentMediaType": "image/png"}},
                "name": {"type": "string", "description": "What it is called."},
            },
        }}}}}}}),
    );
    let lowered = lower(&document);
    let Body::Multipart(parts) = &lowered.operations[0].body else {
        panic!("{:?}", lowered.operations[0].body);
    };
    let parts = parts
        .iter()
        .map(|part| (&*part.name, part.required, part.is_file));
    assert_eq!(
        parts.collect::<Vec<_>>(),
        [
            ("file", true, true),
            ("more", false, true),
            ("name", true, false)
        ]
    );
    assert!(!rust(&document).methods["a"].contains("body"));
}

#[test]
fn query_parameters_and_cookies_are_lifted_into_a_table() {
    let lowered = lower(&paths(json!({"/a": {
        "parameters": [{"name": "shared", "in": "query", "schema": {"type": "string"}}, {"name": "page", "in": "query", "schema": {"type": "string"}}],
        "get": {"operationId": "a", "responses": ok(), "parameters": [
            {"name": "page", "in": "query", "required": true, "description": "Which.", "schema": {"type": ["integer", "null"]}},
            {"name": "filter", "in": "query", "style": "deepObject", "schema": {"type": "object"}},
            {"name": "ids", "in": "query", "style": "pipeDelimited", "explode": false, "schema": {"type": "array", "items": {"enum": ["a", "b"]}}},
            {"name": "where", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
            {"name": "session", "in": "cookie", "schema": {"type": "string"}},
            {"name": "odd", "in": "body", "schema": {}},
        ]},
    }})));
    let operation = &lowered.operations[0];
    let find = |name: &str| {
        operation
            .parameters
            .iter()
            .find(|p| p.name == name)
            .unwrap()
    };
    assert_eq!(operation.parameters.len(), 6);
    let page = find("page");
    assert_eq!(
        (&*page.kind, page.required, page.description.as_deref()),
        ("integer", true, Some("Which."))
    );
    assert_eq!(
        (&*find("filter").style, find("filter").explode),
        ("deepObject", false)
    );
    assert_eq!(
        (
            &*find("ids").kind,
            find("ids").explode,
            find("ids").values.len()
        ),
        ("array", false, 2)
    );
    assert_eq!(find("where").content.as_deref(), Some("application/json"));
    assert_eq!(find("session").location, Location::Cookie);
    assert_eq!(find("shared").location, Location::Query);
    assert_eq!(steps(&lowered, Change::Dropped).len(), 1);
    assert_eq!(generate(&lowered).methods["a"].matches(':').count(), 0);
}

#[test]
fn path_parameters_are_arguments_whatever_they_are_called() {
    let parameter =
        |name: &str, schema: Value| json!({"name": name, "in": "path", "schema": schema});
    let document = paths(json!({
        "/a/{foo-bar}/{foo_bar}/{type}/{body}": {"post": {"operationId": "a", "responses": ok(),
            "parameters": [
                parameter("foo-bar", json!({"type": "integer"})), parameter("foo_bar", json!({"enum": ["x", "y"]})),
                parameter("type", json!({"type": "string"})), parameter("body", json!({"type": "array", "items": {"type": "string"}})),
                parameter("gone", json!({"type": "string"})),
            ],
            "requestBody": {"content": {"application/json": {"schema": {"type": "string"}}}}}},
        "/b/{self}/x/{self}": {"get": {"operationId": "b", "responses": ok()}},
        "/c/{info}.{client}": {"get": {"operationId": "c", "responses": ok()}},
    }));
    let lowered = lower(&document);
    let arguments = lowered.operations[0]
        .path_parameters
        .iter()
        .map(|p| (&*p.name, &*p.argument));
    assert_eq!(
        arguments.collect::<Vec<_>>(),
        [
            ("foo-bar", "foo_bar"),
            ("foo_bar", "foo_bar_2"),
            ("type", "type_"),
            ("body", "body_2")
        ]
    );
    let rust = generate(&lowered);
    assert!(
        rust.methods["a"].contains("foo_bar : i64"),
        "{}",
        rust.methods["a"]
    );
    assert!(
        rust.methods["b"].matches("str").count() == 1,
        "{}",
        rust.methods["b"]
    );
    assert_eq!(steps(&lowered, Change::Dropped).len(), 1);
}

#[test]
fn headers_are_arguments_unless_the_client_sets_them() {
    let header = |name: &str, required: bool| json!({"name": name, "in": "header", "required": required, "schema": {"type": "string"}});
    let document = paths(
        json!({"/a/{x-id}": {"get": {"operationId": "a", "responses": ok(), "parameters": [
            header("X-Id", true), header("Accept", true), header("bad name", false), header("x_id", false),
        ]}}}),
    );
    let lowered = lower(&document);
    let rust = generate(&lowered);
    assert!(
        rust.methods["a"].contains("x_id : & 'a str"),
        "{}",
        rust.methods["a"]
    );
    assert_eq!(steps(&lowered, Change::Dropped).len(), 3);
}

#[test]
fn references_to_paths_parameters_bodies_and_answers_are_followed() {
    let mut document = paths(
        json!({"/a/{id}": {"$ref": "#/components/pathItems/A"}, "/b": {"$ref": "#/paths/~1a~1{id}"}}),
    );
    document["components"] = json!({
        "pathItems": {"A": {"post": {"operationId": "a", "parameters": [{"$ref": "#/components/parameters/Id"}],
            "requestBody": {"$ref": "#/components/requestBodies/B"}, "responses": {"200": {"$ref": "#/components/responses/R"}}}}},
        "parameters": {"Id": {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}},
        "requestBodies": {"B": {"content": {"application/json": {"schema": {"type": "integer"}}}}},
        "responses": {"R": json_of(json!({"type": "boolean"}))},
    });
    let rust = rust(&document);
    assert!(
        rust.methods["a"].contains("id : i64")
            && rust.methods["a"].contains("ResponseValue < bool >")
    );
    assert_eq!(rust.methods.len(), 4);
}

#[test]
fn what_3_1_adds_around_operations_is_no_obstacle() {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Hooks", "version": "1", "summary": "x", "license": {"name": "MIT", "identifier": "MIT"}},
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "webhooks": {"made": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Made"}}}}, "responses": ok()}}},
        "components": {
            "schemas": {"Made": {"type": "object", "properties": {"id": {"type": "string"}}}},
            "securitySchemes": {"cert": {"type": "mutualTLS"}},
        },
        "security": [{"cert": []}],
    });
    assert_eq!(rust(&document).types["Made"], ["id: Option<String>"]);
}

#[test]
fn what_can_not_be_bound_is_reported() {
    let lowered = lower(&paths(json!({"/a": {
        "options": {"operationId": "o", "responses": ok()},
        "trace": {"operationId": "t", "responses": ok()},
        "get": {"operationId": "g", "responses": ok(), "callbacks": {"done": {}}},
    }})));
    assert_eq!(lowered.operations.len(), 1);
    assert_eq!(steps(&lowered, Change::Dropped).len(), 3);
}

#[test]
fn a_path_that_no_url_can_be_made_of_is_an_error() {
    for path in ["/a/{b", "/a/b}", "/a/{}", "/a/{b{c}}"] {
        let error = openapi_lowering::lower_value(
            &paths(json!({path: {"get": {"responses": ok()}}})),
            &Options::default(),
        );
        let error = error.unwrap_err().to_string();
        assert!(error.contains(&format!("`{path}`")), "{error}");
    }
}
