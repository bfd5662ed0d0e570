//! Whatever comes, reading ends in a value that can be written and read again, or in one short sentence.

// clippy.toml allows it in tests only, not in what tests share.
#![allow(clippy::unwrap_used)]

use std::fmt::Debug;

use omneo_types::{
    Amount, Data, Field, Flag, Id, Integer, List, Map, MaybeData, OpenEnum, Page, RawPage, Record,
    Scalar, Timestamp,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Reads a value each way, and checks what comes of it.
fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &Value) {
    let read = serde_json::from_value::<T>(value.clone());
    let text = value.to_string();
    let from_text = serde_json::from_slice::<T>(text.as_bytes());
    assert_eq!(read.as_ref().ok(), from_text.as_ref().ok(), "{value}");
    match read {
        Ok(read) => {
            // A text may hold more digits than the float that its number is read as, so only what was read twice is the same.
            let again = |read: &T| {
                serde_json::from_str::<T>(&serde_json::to_string(read).unwrap()).unwrap()
            };
            let once = again(&read);
            assert_eq!(again(&once), once, "{value}");
        }
        Err(error) => {
            let error = error.to_string();
            if let Some((_, got)) = error.split_once(", got ") {
                assert!(
                    got.chars().count() <= 80 + ", a number out of range".len(),
                    "{error}"
                );
            } else {
                assert!(
                    error.starts_with("missing field") || error.starts_with("invalid "),
                    "{error}"
                );
            }
        }
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pair {
    id: Option<Id>,
    at: Option<Timestamp>,
}

fn each_type_survives(value: &Value) {
    survives::<Id>(value);
    survives::<Amount>(value);
    survives::<Integer>(value);
    survives::<Flag>(value);
    survives::<Timestamp>(value);
    survives::<Scalar>(value);
    survives::<OpenEnum<u8>>(value);
    survives::<Map<Scalar>>(value);
    survives::<Map<Map<Amount>>>(value);
    survives::<List<Id>>(value);
    survives::<List<List<Timestamp>>>(value);
    survives::<Record<Map<Flag>>>(value);
    survives::<Record<Data<Integer>>>(value);
    survives::<Field<Id>>(value);
    survives::<Data<Value>>(value);
    survives::<MaybeData<Value>>(value);
    survives::<MaybeData<List<Scalar>>>(value);
    survives::<Page<Value>>(value);
    survives::<Page<Record<Map<Id>>>>(value);
    survives::<RawPage<Value>>(value);
}

#[test]
fn nasties() {
    let long = "ä".repeat(500);
    for value in [
        json!("NaN"),
        json!("1e400"),
        json!("-1e400"),
        json!("1e-400"),
        json!("1e2147483648"),
        json!("1e-+3"),
        json!("9".repeat(400)),
        json!(format!("0.{}", "9".repeat(400))),
        json!(1e308),
        json!(-1e308),
        json!(5e-324),
        json!(-0.0),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(9_007_199_254_740_993.0),
        json!(9_223_372_036_854_775_807.0),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("\u{feff}5"),
        json!("日本語 🎂"),
        json!(long),
        json!([long]),
        json!({ long.clone(): long }),
        json!({"date": []}),
        json!({"date": "2024-01-02", "timezone": []}),
        json!({"date": "2024-01-02 03:04:05.000000", "timezone": "ä".repeat(90)}),
        json!("0000-00-00"),
        json!("0000-01-01 00:00:00"),
        json!("-0001-11-30 00:00:00"),
        json!("10000-01-01"),
        json!("2016-12-31 23:59:60"),
        json!("2024-01-01 24:00:00"),
        json!("2024-01-01 00:00:00 +99:99"),
        json!("2024-01-01 00:00:00 +"),
        json!("2024-01-01T00:00:00.0000000001Z"),
        json!("9999-12-31 23:59:59"),
        json!("9999-12-31T23:59:59-23:59"),
        json!("-009999-01-01T00:00:00+23:59"),
        json!({"$serde_json::private::Number": "NaN"}),
        json!({"data": null, "links": [1], "meta": [[]]}),
        json!({"data": {"0": 1, "00": 2, "-0": 3}}),
        json!({"99999999999999999999": 1}),
        json!([[[[[[]]]]]]),
    ] {
        each_type_survives(&value);
    }
}

#[test]
fn numbers_that_only_text_can_hold_are_errors() {
    for json in [
        "1e400",
        "-",
        "01",
        "1e",
        "NaN",
        "Infinity",
        "\"\\ud800\"",
        "",
        "[",
        "{\"a\":",
    ] {
        assert!(
            serde_json::from_slice::<Amount>(json.as_bytes()).is_err(),
            "{json}"
        );
        assert!(
            serde_json::from_slice::<Scalar>(json.as_bytes()).is_err(),
            "{json}"
        );
        assert!(
            serde_json::from_slice::<Timestamp>(json.as_bytes()).is_err(),
            "{json}"
        );
        assert!(
            serde_json::from_slice::<Page<Map<Id>>>(json.as_bytes()).is_err(),
            "{json}"
        );
    }
    let many_digits = format!("0.{}", "1".repeat(5000));
    assert!(
        serde_json::from_str::<Amount>(&many_digits)
            .unwrap()
            .to_string()
            .starts_with("0.1111111111111111")
    );
}

#[test]
fn a_deep_value_is_an_error_and_no_overflow() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(serde_json::from_str::<Id>(&deep).is_err());
    assert!(
        serde_json::from_str::<Timestamp>(&deep.replace('[', r#"{"date":"#).replace(']', "}"))
            .is_err()
    );
    assert!(serde_json::from_str::<MaybeData<Value>>(&deep).is_err());
    assert!(serde_json::from_str::<Record<Pair>>(&deep).is_err());
}

fn any_json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        Just(String::new()),
        "[-+ ]{0,2}[0-9]{0,30}(\\.[0-9]{0,30})?([eE][-+]?[0-9]{0,4})?",
        "-?[0-9]{3,5}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{0,10})?)?( ?(Z|UTC|EST|A/B|[+-][0-9]{2}:?[0-9]{2}))?)?",
        ".{70,100}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-5..5_i8).prop_map(|n| Value::from(f64::from(n) / 2.0)),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        let key = prop_oneof![
            any::<String>(),
            "-?[0-9]{1,20}",
            "data|links|meta|date|timezone|first|url|label|active|current_page|last_page|total|path",
        ];
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(key, inner.clone(), 0..5).prop_map(|object| Value::Object(object.into_iter().collect())),
            (text.clone(), inner).prop_map(|(date, zone)| json!({"date": date, "timezone_type": 3, "timezone": zone})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_json_is_read_or_refused(value in any_json()) {
        each_type_survives(&value);
    }

    #[test]
    fn any_text_parses_or_is_refused(text: String) {
        let _ = (text.parse::<Amount>(), text.parse::<Integer>(), text.parse::<Flag>(), text.parse::<Timestamp>());
    }

    #[test]
    fn an_error_shows_at_most_80_characters_of_a_text(text in "[^0-9tTfF].{80,200}") {
        for error in [text.parse::<Amount>().unwrap_err(), text.parse::<Flag>().unwrap_err()] {
            prop_assert_eq!(error.got().chars().count(), 80);
            prop_assert!(error.got().ends_with('…'));
        }
    }
}
