//! The JSON schemas take what the types take.

// clippy.toml allows it in tests only, not in what tests share.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use omneo_types::{
    Amount, Data, Field, Flag, Id, Integer, List, Map, MaybeData, OpenEnum, Page, RawPage, Record,
    Scalar, Timestamp,
};
use schemars::JsonSchema;
use schemars::schema_for;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// As much of JSON Schema as the types use.
fn accepts(schema: &Value, root: &Value, value: &Value) -> bool {
    let Some(schema) = schema.as_object() else {
        return schema == &json!(true);
    };
    let sub = |schema: &Value, value: &Value| accepts(schema, root, value);
    schema.iter().all(|(keyword, rule)| match keyword.as_str() {
        "$ref" => sub(
            &root["definitions"][rule.as_str().unwrap().rsplit('/').next().unwrap()],
            value,
        ),
        "type" => match rule {
            Value::Array(types) => types.iter().any(|one| is(one, value)),
            one => is(one, value),
        },
        "anyOf" => rule.as_array().unwrap().iter().any(|one| sub(one, value)),
        "allOf" => rule.as_array().unwrap().iter().all(|one| sub(one, value)),
        "items" => value
            .as_array()
            .is_none_or(|items| items.iter().all(|item| sub(rule, item))),
        "maxItems" => value
            .as_array()
            .is_none_or(|items| items.len() as u64 <= rule.as_u64().unwrap()),
        "additionalProperties" => value
            .as_object()
            .is_none_or(|object| object.values().all(|member| sub(rule, member))),
        "properties" => value.as_object().is_none_or(|object| {
            object
                .iter()
                .all(|(key, member)| sub(rule.get(key).unwrap_or(&json!(true)), member))
        }),
        "required" => value.as_object().is_none_or(|object| {
            rule.as_array()
                .unwrap()
                .iter()
                .all(|key| object.contains_key(key.as_str().unwrap()))
        }),
        "$schema" | "title" | "description" | "definitions" | "default" | "format" | "minimum"
        | "maximum" => true,
        other => panic!("a keyword that this test can't judge: {other}"),
    })
}

fn is(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0)
        }
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no JSON type: {other}"),
    }
}

#[track_caller]
fn agree<T: JsonSchema + DeserializeOwned + Debug>(both_take: &[Value], both_refuse: &[Value]) {
    let schema = serde_json::to_value(schema_for!(T)).unwrap();
    for value in both_take {
        assert!(
            serde_json::from_value::<T>(value.clone()).is_ok(),
            "the type refuses {value}"
        );
        assert!(
            accepts(&schema, &schema, value),
            "the schema refuses {value}: {schema:#}"
        );
    }
    for value in both_refuse {
        assert!(
            serde_json::from_value::<T>(value.clone()).is_err(),
            "the type takes {value}"
        );
        assert!(
            !accepts(&schema, &schema, value),
            "the schema takes {value}: {schema:#}"
        );
    }
}

#[test]
fn scalars() {
    agree::<Id>(
        &[json!(3), json!("3"), json!(3.0)],
        &[json!(null), json!(true), json!(3.5), json!([])],
    );
    agree::<Amount>(
        &[json!(3), json!(1.5), json!("1.5")],
        &[json!(null), json!(true), json!({})],
    );
    agree::<Integer>(
        &[json!(3), json!(3.0), json!("3")],
        &[json!(3.5), json!(false), json!([])],
    );
    agree::<Flag>(
        &[json!(true), json!(1), json!("0")],
        &[json!(null), json!(0.5), json!([])],
    );
    agree::<Scalar>(
        &[json!(true), json!(1), json!(1.5), json!("x")],
        &[json!(null), json!([]), json!({})],
    );
    agree::<Timestamp>(
        &[
            json!("2024-01-02 03:04:05"),
            json!({"date": "2024-01-02 03:04:05.000000", "timezone_type": 3, "timezone": "UTC"}),
        ],
        &[json!(null), json!(3), json!({}), json!({"date": []})],
    );
    agree::<OpenEnum<String>>(
        &[json!("x"), json!(1), json!(true)],
        &[json!(null), json!([])],
    );
}

#[test]
fn containers() {
    agree::<Map<Id>>(
        &[json!({"a": 1}), json!(["x"]), json!([]), json!(null)],
        &[json!("x"), json!({"a": true}), json!([true])],
    );
    agree::<List<Id>>(
        &[json!([1, "x"]), json!({"0": 1}), json!({}), json!(null)],
        &[json!("x"), json!([true])],
    );
    agree::<Record<Data<Id>>>(
        &[json!({"data": 1}), json!([]), json!(null)],
        &[json!([1]), json!("x"), json!({})],
    );
    agree::<Field<Id>>(&[json!(1), json!(null)], &[json!([])]);
}

#[test]
fn envelopes() {
    agree::<Data<Id>>(
        &[json!({"data": 1}), json!({"data": "x", "meta": []})],
        &[json!({}), json!(1), json!({"data": []})],
    );
    agree::<MaybeData<Id>>(&[json!({"data": 1}), json!(1)], &[json!({}), json!([])]);
    agree::<Page<Id>>(
        &[
            json!({"data": [1]}),
            json!({"data": {"0": 1}, "links": [], "meta": null}),
            json!({"data": [], "links": {"first": "x", "next": null}, "meta": {"total": "3", "links": [{"url": null, "label": 1, "active": 0}]}}),
        ],
        &[
            json!({}),
            json!({"data": [true]}),
            json!({"data": [], "meta": [1]}),
        ],
    );
    agree::<RawPage<Id>>(
        &[json!({"data": [1], "current_page": "1", "links": []})],
        &[json!({}), json!({"data": "x"})],
    );
}

#[test]
fn fields_of_a_generated_record_are_inline() {
    #[derive(JsonSchema)]
    #[allow(dead_code)]
    struct Reward {
        id: Id,
        meta: Option<Map<Scalar>>,
    }
    let schema = serde_json::to_value(schema_for!(Reward)).unwrap();
    assert_eq!(
        schema["properties"]["id"],
        json!({"type": ["integer", "string"]})
    );
    assert_eq!(schema["required"], json!(["id"]));
    assert_eq!(schema.get("definitions"), None);
}
