//! Whatever the document: samples that fit, or none, and never a panic or an endless run.

#![allow(clippy::needless_pass_by_value, clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod support;

use openapi_sampler::Sampler;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use support::{assert_samples, document};

const NAMES: [&str; 3] = ["A", "B", "C"];

/// Schemas that some value fits, however they refer to each other: what is required and what a list has to hold is no
/// reference.
fn schema() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(json!({"type": ["integer", "null"]})),
        Just(json!({"type": "string", "enum": ["a", "b", "c"]})),
        Just(json!({"type": ["boolean", "string"], "maxLength": 5})),
        Just(json!({"type": "number", "minimum": 2})),
        Just(json!({})),
    ];
    let reference = prop::sample::select(NAMES.to_vec())
        .prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    let leaf = prop_oneof![3 => scalar.clone(), 1 => reference];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            (inner.clone(), 1..4_usize).prop_map(|(items, most)| json!({"type": ["array", "null"], "items": items, "maxItems": most})),
            inner.clone().prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            (prop::collection::btree_map("[a-d]", inner.clone(), 0..4), prop::option::of(scalar.clone())).prop_map(
                |(properties, required)| {
                    let mut properties = properties.into_iter().collect::<Map<_, _>>();
                    let names = required.is_some().then_some("always");
                    properties.extend(required.map(|schema| ("always".to_owned(), schema)));
                    json!({"type": "object", "properties": properties, "required": Vec::from_iter(names)})
                }
            ),
            prop::collection::vec(inner, 1..3).prop_map(|branches| json!({"anyOf": branches})),
        ]
    })
}

/// Objects all of whose members are schemas of their own, so that no reference is a circle by itself.
fn component() -> impl Strategy<Value = Value> {
    schema().prop_map(|inside| json!({"type": "object", "properties": {"inside": inside}}))
}

/// Anything with the keywords of schemas in wrong places.
fn nonsense() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "$ref",
        "type",
        "enum",
        "const",
        "properties",
        "required",
        "items",
        "prefixItems",
        "allOf",
        "anyOf",
        "oneOf",
        "additionalProperties",
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "multipleOf",
        "exclusiveMinimum",
        "pattern",
        "format",
        "nullable",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "object",
            "array",
            "string",
            "integer",
            "#/components/schemas/A",
            "#",
            "(",
            "email"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn samples_fit_and_cover_their_schema(components in prop::array::uniform3(component())) {
        let schemas = NAMES.into_iter().map(str::to_owned).zip(components);
        let document = document(Value::Object(schemas.collect()));
        assert_samples(&document, "A");
    }

    #[test]
    fn nonsense_does_no_harm(schema in nonsense()) {
        let document = document(json!({ "A": schema }));
        for pointer in ["", "/components", "/components/schemas/A", "no pointer"] {
            let _ = Sampler::new(&document).samples(pointer);
        }
    }
}

#[test]
fn a_long_chain_of_references_ends() {
    let schemas = (0..5000).map(|index| {
        let next = json!({"$ref": format!("#/components/schemas/S{}", index + 1)});
        let schema = json!({"type": "object", "properties": {"next": next}, "required": ["next"]});
        (format!("S{index}"), schema)
    });
    let document = document(Value::Object(schemas.collect()));
    // The end is too far away to be reached.
    assert!(
        Sampler::new(&document)
            .samples("/components/schemas/S0")
            .is_empty()
    );
}
