//! What becomes of schemas.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod support;

use openapi_lowering::Change;
use serde_json::json;
use support::{lower, rust, schemas, steps};

/// A property's schema and the type of its field, where it is required.
#[test]
fn a_schema_becomes_the_plainest_type_for_it() {
    let cases = [
        (json!({"type": "string"}), "String"),
        (json!({"type": ["string", "null"]}), "Option<String>"),
        (json!({"type": ["null", "integer"]}), "Option<i64>"),
        (json!({"type": "integer", "format": "int32"}), "i32"),
        (
            json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 5.5}),
            "f64",
        ),
        (json!({"type": "boolean", "examples": [true]}), "bool"),
        (json!({"type": "string", "format": "uuid"}), "Uuid"),
        (
            json!({"type": "string", "format": "no-such-format"}),
            "String",
        ),
        (
            json!({"type": "string", "contentMediaType": "image/png", "contentEncoding": "base64"}),
            "String",
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            "Vec<String>",
        ),
        (json!({"type": "array"}), "Vec<Value>"),
        (
            json!({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}]}),
            "Vec<i64>",
        ),
        (json!({"items": {"type": "boolean"}}), "Vec<bool>"),
        (json!({"type": "object"}), "Map<String,Value>"),
        (
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            "HashMap<String,i64>",
        ),
        (
            json!({"patternProperties": {"^x": {"type": "string"}}}),
            "HashMap<String,String>",
        ),
        (json!({}), "Value"),
        (json!(true), "Value"),
        (json!({"type": "null"}), "()"),
        (json!({"enum": [1, 2]}), "i64"),
        (json!({"enum": [1.5, 2]}), "f64"),
        (json!({"type": "integer", "enum": [1, null]}), "Option<i64>"),
        (
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
            "Option<String>",
        ),
        (
            json!({"anyOf": [{"type": "string", "format": "email"}, {"type": "string"}]}),
            "String",
        ),
        (
            json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}),
            "f64",
        ),
        (json!({"anyOf": [{"type": "string"}, {}]}), "Value"),
        (json!({"allOf": [{"type": "string"}]}), "String"),
        (
            json!({"allOf": [{"type": ["string", "integer"]}, {"type": "integer"}]}),
            "i64",
        ),
        (json!({"not": {"type": "string"}, "type": "integer"}), "i64"),
        (
            json!({"type": "integer", "if": {"minimum": 3}, "then": {"maximum": 5}}),
            "i64",
        ),
        (json!({"type": "string", "pattern": "("}), "String"),
    ];
    for (schema, expected) in cases {
        let document = schemas(
            json!({"Case": {"type": "object", "properties": {"it": schema}, "required": ["it"]}}),
        );
        assert_eq!(rust(&document).field("Case", "it"), expected, "{schema}");
    }
}

#[test]
fn nothing_that_has_a_type_becomes_free_json_but_what_has_none_in_rust() {
    let lossy = [json!({"$dynamicRef": "#node"}), json!({"type": "file"})];
    for schema in lossy {
        let lowered = lower(&schemas(json!({"A": {"type": "array", "items": schema}})));
        assert_eq!(steps(&lowered, Change::FreeJson).len(), 1, "{schema}");
    }
    let free = [json!({}), json!(true), json!({"description": "anything"})];
    for schema in free {
        let lowered = lower(&schemas(json!({"A": {"type": "array", "items": schema}})));
        assert_eq!(lowered.report.count(Change::FreeJson), 0, "{schema}");
    }
}

#[test]
fn rules_that_no_type_checks_are_reported() {
    for (keyword, value) in [
        ("if", json!({"required": ["a"]})),
        ("dependentSchemas", json!({"a": {"required": ["b"]}})),
        ("unevaluatedProperties", json!(false)),
        ("not", json!({"required": ["c"]})),
        ("minProperties", json!(1)),
    ] {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        schema[keyword] = value;
        let lowered = lower(&schemas(json!({"A": schema})));
        let expected = [format!("/components/schemas/A: {keyword} not checked")];
        assert_eq!(steps(&lowered, Change::Widened), expected);
    }
}

#[test]
fn checked_text_is_a_type_of_its_own_and_a_broken_pattern_is_left_out() {
    let document = schemas(json!({"A": {"properties": {
        "code": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 8},
        "bad": {"type": "string", "pattern": "a(?"},
    }}}));
    let rust = rust(&document);
    assert_eq!(rust.field("A", "code"), "Option<ACode>");
    assert_eq!(rust.types["ACode"], ["String"]);
    assert_eq!(rust.field("A", "bad"), "Option<String>");
    assert_eq!(
        steps(&lower(&document), Change::Widened),
        ["/components/schemas/A/properties/bad: the pattern `a(?` is not checked"]
    );
}

#[test]
fn an_enum_of_text_is_an_enum_whatever_its_values_are() {
    let rust = rust(&schemas(json!({
        "Plain": {"enum": ["a", "b"]},
        "Constant": {"const": "only"},
        "Nullable": {"type": ["string", "null"], "enum": ["a", null]},
        "Odd": {"enum": ["", "self", "2nd", "+1", "-1", "type"]},
        "Spelled": {"enum": ["a-b", "aB"]},
        "Repeated": {"enum": ["x", "x"]},
        "Clashing": {"enum": ["a-b", "a_b"]},
        "Holder": {"properties": {
            "nullable": {"$ref": "#/components/schemas/Nullable"},
            "clashing": {"$ref": "#/components/schemas/Clashing"},
        }},
    })));
    assert_eq!(rust.types["Plain"].len(), 2);
    assert_eq!(rust.types["Constant"].len(), 1);
    assert_eq!(rust.types["Odd"].len(), 6);
    assert_eq!(rust.types["Spelled"].len(), 2);
    assert_eq!(rust.types["Repeated"].len(), 1);
    assert_eq!(rust.field("Holder", "nullable"), "Option<Nullable>");
    assert_eq!(rust.field("Holder", "clashing"), "Option<String>");
}

#[test]
fn enums_of_the_same_values_are_one_type() {
    let kind = json!({"type": "string", "enum": ["days", "weeks"]});
    let rust = rust(&schemas(json!({
        "Reward": {"properties": {"period_type": kind}},
        "RewardInput": {"properties": {"period_type": kind}},
        "Point": {"properties": {"period_type": kind}},
    })));
    for name in ["Reward", "RewardInput", "Point"] {
        assert_eq!(rust.field(name, "period_type"), "Option<PeriodType>");
    }
}

#[test]
fn a_union_of_objects_with_a_constant_is_tagged() {
    let rust = rust(&schemas(json!({"Event": {"oneOf": [
        {"type": "object", "required": ["kind", "at"], "properties": {"kind": {"const": "made"}, "at": {"type": "string"}}},
        {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["gone"]}}},
    ]}})));
    assert!(
        rust.attributes["Event"].contains("tag = \"kind\""),
        "{}",
        rust.attributes["Event"]
    );
    assert_eq!(rust.types["Event"].len(), 2);
}

#[test]
fn a_discriminator_tags_a_union_with_and_without_a_mapping() {
    for (discriminator, values) in [
        (
            json!({"propertyName": "type", "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"}}),
            ["cat", "dog"],
        ),
        (json!({"propertyName": "type"}), ["Cat", "Dog"]),
    ] {
        let lowered = lower(&schemas(json!({
            "Cat": {"type": "object", "properties": {"type": {"type": "string"}, "claws": {"type": "integer"}}},
            "Dog": {"type": "object", "properties": {"type": {"type": "string"}, "tail": {"type": "boolean"}}},
            "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}], "discriminator": discriminator},
        })));
        let rust = support::generate(&lowered);
        assert!(rust.attributes["Pet"].contains("tag = \"type\""));
        for (variant, value) in lowered.document["components"]["schemas"]["Pet"]["oneOf"]
            .as_array()
            .unwrap()
            .iter()
            .zip(values)
        {
            assert_eq!(variant["properties"]["type"]["enum"], json!([value]));
        }
    }
}

#[test]
fn an_object_with_a_discriminator_stands_for_those_composed_of_it() {
    let rust = rust(&schemas(json!({
        "Pet": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}, "name": {"type": "string"}}, "discriminator": {"propertyName": "type"}},
        "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"claws": {"type": "integer"}}}]},
        "Lion": {"allOf": [{"$ref": "#/components/schemas/Cat"}, {"properties": {"mane": {"type": "boolean"}}}]},
    })));
    assert_eq!(rust.types["Pet"].len(), 2, "{:?}", rust.types["Pet"]);
    assert_eq!(rust.types["Lion"].len(), 4, "{:?}", rust.types["Lion"]);
}

#[test]
fn a_union_that_nothing_tells_apart_tries_the_most_demanding_first() {
    let rust = rust(&schemas(json!({
        "Small": {"type": "object", "properties": {"a": {"type": "string"}}},
        "Large": {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}},
        "Either": {"anyOf": [{"$ref": "#/components/schemas/Small"}, {"$ref": "#/components/schemas/Large"}]},
        "OneOrMany": {"anyOf": [{"$ref": "#/components/schemas/Small"}, {"type": "array", "items": {"$ref": "#/components/schemas/Small"}}]},
        "Scalar": {"type": ["string", "integer", "boolean"]},
    })));
    assert!(rust.attributes["Either"].contains("untagged"));
    assert_eq!(rust.types["Either"], ["Large(Large)", "Small(Small)"]);
    assert_eq!(rust.types["OneOrMany"].len(), 2);
    assert_eq!(rust.types["Scalar"].len(), 3);
}

#[test]
fn what_stands_beside_a_union_holds_for_each_member() {
    let rust = rust(&schemas(json!({"A": {
        "type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}},
        "oneOf": [
            {"required": ["x"], "properties": {"x": {"type": "string"}}},
            {"required": ["y", "z"], "properties": {"y": {"type": "string"}, "z": {"type": "string"}}},
        ],
    }})));
    let members = rust.types["A"].iter().map(|variant| {
        let name = variant
            .split('(')
            .next_back()
            .unwrap()
            .trim_end_matches(')');
        rust.types[name].len()
    });
    assert_eq!(members.collect::<Vec<_>>(), [3, 2]);
}

#[test]
fn which_properties_go_together_is_a_rule_and_no_union() {
    let document = schemas(json!({"A": {
        "type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
    }}));
    assert_eq!(rust(&document).types["A"].len(), 2);
    assert_eq!(lower(&document).report.count(Change::Widened), 1);
}

#[test]
fn all_of_merges_properties_and_narrows_types() {
    let rust = rust(&schemas(json!({
        "Base": {"type": "object", "additionalProperties": false, "required": ["id"], "properties": {"id": {"type": "integer"}, "kind": {"type": ["string", "null"]}}},
        "Whole": {"allOf": [
            {"$ref": "#/components/schemas/Base"},
            {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "kind": {"type": "string"}}},
            {"description": "Whole."},
        ]},
        "Named": {"properties": {"it": {"allOf": [{"$ref": "#/components/schemas/Base"}], "description": "The base."}}},
    })));
    assert_eq!(
        rust.types["Whole"],
        ["id: i64", "kind: Option<String>", "name: String"]
    );
    assert_eq!(rust.field("Named", "it"), "Option<Base>");
}

#[test]
fn siblings_of_a_reference_hold_in_3_1_and_not_in_3_0() {
    let mut document = schemas(json!({
        "A": {"type": "object", "properties": {"a": {"type": "string"}}},
        "B": {"$ref": "#/components/schemas/A", "properties": {"b": {"type": "string"}}, "description": "More."},
    }));
    assert_eq!(rust(&document).types["B"].len(), 2);
    document["openapi"] = json!("3.0.3");
    document["components"]["schemas"]["C"] =
        json!({"properties": {"b": {"$ref": "#/components/schemas/B"}}});
    assert_eq!(rust(&document).field("C", "b"), "Option<A>");
    assert_eq!(lower(&document).report.count(Change::Widened), 1);
}

#[test]
fn recursive_types_are_boxed_or_lists() {
    let of = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let rust = rust(&schemas(json!({
        "Node": {"type": "object", "required": ["next"], "properties": {"next": {"anyOf": [of("Node"), {"type": "null"}]}, "all": {"type": "array", "items": of("Node")}}},
        "Tree": {"type": "array", "items": of("Tree")},
        "Dictionary": {"type": "object", "additionalProperties": of("Dictionary")},
        "A": {"type": "object", "required": ["b"], "properties": {"b": of("B")}},
        "B": {"type": "object", "required": ["a"], "properties": {"a": of("A")}},
        "Self": {"allOf": [of("Self"), {"properties": {"x": {"type": "string"}}}]},
        "Choice": {"oneOf": [{"type": "string"}, {"type": "array", "items": of("Choice")}]},
        "Uses": {"properties": {"tree": of("Tree"), "dictionary": of("Dictionary"), "choice": of("Choice")}},
    })));
    assert_eq!(rust.field("Node", "next"), "Option<Box<Node>>");
    assert_eq!(rust.types["Tree"], ["Vec<Tree>"]);
    assert_eq!(rust.field("Uses", "choice"), "Option<Choice>");
    assert_eq!(rust.types["Self_"], ["x: Option<String>"]);
}

#[test]
fn inline_types_never_take_a_component_s_name() {
    let inner = json!({"type": "object", "properties": {"x": {"type": "string"}}});
    let rust = rust(&schemas(json!({
        "Order": {"properties": {"item": inner, "Item": inner, "option": inner}},
        "OrderItem": {"properties": {"y": {"type": "integer"}}},
        "order_item": {"properties": {"z": {"type": "integer"}}},
        "Option": inner,
        "String": inner,
        "2nd": inner,
        "with space/and~slash": inner,
    })));
    assert_eq!(rust.types["OrderItem"], ["y: Option<i64>"]);
    assert!(rust.types.contains_key("X2nd") && rust.types.contains_key("WithSpaceAndSlash"));
}

#[test]
fn properties_that_make_one_field_are_parted() {
    let document = schemas(json!({"A": {"properties": {
        "fooBar": {"type": "string"}, "foo_bar": {"type": "integer"}, "foo-bar": {"type": "boolean"}, "type": {"type": "string"},
    }}}));
    let rust = rust(&document);
    assert_eq!(rust.field("A", "foo_bar"), "Option<i64>");
    assert_eq!(rust.field("A", "type_"), "Option<String>");
    assert!(
        rust.types["A"]
            .iter()
            .any(|field| field.starts_with("extra: "))
    );
    assert_eq!(lower(&document).report.count(Change::FreeJson), 2);
}

#[test]
fn a_default_is_kept_where_it_fits_and_left_to_the_server_where_not() {
    let document = schemas(json!({"A": {"properties": {
        "size": {"type": "integer", "default": 15},
        "sort": {"enum": ["asc", "desc"], "default": "asc"},
        "wrong": {"type": "integer", "default": "many"},
        "unlisted": {"enum": ["asc"], "default": "none"},
        "none": {"type": ["string", "null"], "default": null},
    }}}));
    let rust = rust(&document);
    assert_eq!(rust.field("A", "size"), "i64");
    assert_eq!(rust.field("A", "wrong"), "Option<i64>");
    assert_eq!(lower(&document).report.count(Change::Widened), 2);
}

#[test]
fn references_may_be_encoded_nested_or_lead_into_paths() {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a/{b}": {"get": {"operationId": "a", "parameters": [{"name": "b", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "object", "properties": {"x": {"type": "string"}}}}}}}}}},
        "components": {"schemas": {
            "Outer name": {"type": "object", "properties": {"in/ner": {"type": "object", "properties": {"y": {"type": "string"}}}}, "$defs": {"Deep": {"type": "object", "properties": {"z": {"type": "string"}}}}},
            "Uses": {"type": "object", "properties": {
                "encoded": {"$ref": "#/components/schemas/Outer%20name"},
                "nested": {"$ref": "#/components/schemas/Outer%20name/properties/in~1ner"},
                "defs": {"$ref": "#/components/schemas/Outer name/$defs/Deep"},
                "path": {"$ref": "#/paths/~1a~1{b}/get/responses/200/content/application~1json/schema"},
            }},
        }},
    });
    let rust = rust(&document);
    assert_eq!(rust.field("Uses", "encoded"), "Option<OuterName>");
    assert_eq!(rust.field("Uses", "defs"), "Option<Deep>");
    for field in ["nested", "path"] {
        let name = rust
            .field("Uses", field)
            .trim_start_matches("Option<")
            .trim_end_matches('>');
        assert_eq!(rust.types[name].len(), 1, "{name}");
    }
}

#[test]
fn a_reference_that_leads_nowhere_or_outside_names_both_ends() {
    for (target, part) in [
        ("#/components/schemas/Missing", "not in the document"),
        ("#anchor", "not in the document"),
        ("#/components/schemas/%ff", "not in the document"),
        ("other.json#/A", "another document"),
        ("https://example.com/schema", "another document"),
    ] {
        let document = schemas(json!({"A": {"properties": {"b": {"$ref": target}}}}));
        let error = openapi_lowering::lower_value(&document, &Default::default())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("/components/schemas/A/properties/b"),
            "{error}"
        );
        assert!(error.contains(target) && error.contains(part), "{error}");
    }
}

#[test]
fn descriptions_are_safe_as_docs() {
    let document = schemas(
        json!({"A": {"description": "See [x] and <y>.\n\n    let not = run;", "properties": {"a": {"type": "string", "description": "```\npanic!()\n```"}}}}),
    );
    let docs = lower(&document).document.to_string();
    assert!(
        docs.contains("\\\\[x\\\\]") && docs.contains("```text") && !docs.contains("    let"),
        "{docs}"
    );
}

#[test]
fn a_schema_of_the_wrong_kind_is_an_error_that_names_the_place() {
    for (schema, pointer) in [
        (json!([]), "/components/schemas/A"),
        (json!({"type": 3}), "/components/schemas/A/type"),
        (
            json!({"properties": []}),
            "/components/schemas/A/properties",
        ),
        (
            json!({"properties": {"b": "text"}}),
            "/components/schemas/A/properties/b",
        ),
        (json!({"allOf": {}}), "/components/schemas/A/allOf"),
        (json!({"oneOf": 1}), "/components/schemas/A/oneOf"),
        (json!({"enum": "a"}), "/components/schemas/A/enum"),
    ] {
        let error =
            openapi_lowering::lower_value(&schemas(json!({"A": schema})), &Default::default());
        let error = error.unwrap_err().to_string();
        assert!(error.starts_with(&format!("{pointer} is ")), "{error}");
    }
}
