//! Any filter over any records, against the same said in Rust.

use std::cmp::Ordering;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::tests::{ids, store};
use crate::query::{Filter, Operator, Select};
use crate::record::Record;
use crate::store::term;

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..12).prop_map(Value::from),
        (-8_i64..8).prop_map(|quarters| json!(quarters as f64 / 4.0)),
        "[a-cA-C0-3]{0,2}".prop_map(Value::from),
        "2026-0[1-3]-01".prop_map(Value::from),
    ]
}

fn member() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => scalar(),
        1 => prop::collection::vec(scalar(), 0..3).prop_map(Value::from),
        1 => scalar().prop_map(|value| json!({ "in": value })),
        1 => prop::collection::vec(scalar().prop_map(|value| json!({ "in": value })), 0..3).prop_map(Value::from),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let path = prop_oneof![
        Just(vec!["name"]),
        Just(vec!["owner_id"]),
        Just(vec!["meta"]),
        Just(vec!["meta", "in"]),
    ];
    let operator = prop::sample::select(vec![
        Operator::Eq,
        Operator::Ne,
        Operator::Gt,
        Operator::Gte,
        Operator::Lt,
        Operator::Lte,
        Operator::In,
        Operator::Nullable,
    ]);
    let value = prop_oneof![
        "[a-cA-C0-3]{1,2}",
        "-?[0-9](\\.[0-9]{1,2})?",
        "2026-0[1-3]-01",
        Just("true".to_owned()),
        Just("1".to_owned()),
        Just("0".to_owned()),
        "[a-c0-3]{1,2},[a-c0-3]{1,2}",
    ];
    (path, operator, value).prop_map(|(path, operator, value)| Filter {
        relations: Vec::new(),
        path: path.into_iter().map(str::to_owned).collect(),
        operator,
        value,
        beside: Vec::new(),
    })
}

/// The values that a filter is about: what is at the path, and where the first step is a list, what is so in its items.
fn values(record: &Record, path: &[String]) -> Vec<Value> {
    let at = |value: Option<&Value>, rest: &[String]| {
        let value = rest.iter().try_fold(value?, |value, step| value.get(step));
        value.cloned()
    };
    let (first, rest) = path.split_first().unwrap();
    let first = record.get(first);
    let mut values = vec![at(first, rest).unwrap_or(Value::Null)];
    if let Some(Value::Array(items)) = first {
        values.extend(
            items
                .iter()
                .map(|item| at(Some(item), rest).unwrap_or(Value::Null)),
        );
    }
    values
}

fn holds(value: &Value, filter: &Filter) -> bool {
    let by_name = filter.path.len() == 1 && filter.path[0] == "owner_id";
    let is_list = matches!(value, Value::Array(_) | Value::Object(_));
    let order = |with: &str| -> Option<Ordering> {
        let text = match value {
            Value::Null => return None,
            Value::Bool(flag) if matches!(with, "true" | "false") => {
                return Some(flag.to_string().as_str().cmp(with));
            }
            Value::Bool(flag) => u8::from(*flag).to_string(),
            Value::String(text) => text.to_ascii_lowercase(),
            other => other.to_string().to_ascii_lowercase(),
        };
        let number = with.parse::<f64>().ok();
        if let (Some(with), Some(number)) = (number, text.parse::<f64>().ok())
            && !value.is_string()
        {
            return number.partial_cmp(&with);
        }
        Some(text.as_str().cmp(with.to_ascii_lowercase().as_str()))
    };
    let is =
        |expected: &[Ordering]| order(&filter.value).is_some_and(|order| expected.contains(&order));
    // An index has texts alone.
    let is_same = |with: &str| {
        if by_name {
            return !is_list
                && term::normal(value).is_some_and(|text| text == with.to_ascii_lowercase());
        }
        order(with) == Some(Ordering::Equal)
    };
    match filter.operator {
        Operator::Eq => is_same(&filter.value),
        Operator::In => filter.value.split(',').any(is_same),
        Operator::Ne => is(&[Ordering::Less, Ordering::Greater]),
        Operator::Gt => is(&[Ordering::Greater]),
        Operator::Gte => is(&[Ordering::Greater, Ordering::Equal]),
        Operator::Lt => is(&[Ordering::Less]),
        Operator::Lte => is(&[Ordering::Less, Ordering::Equal]),
        Operator::Nullable => value.is_null() != matches!(filter.value.as_str(), "0" | "false"),
        other => panic!("{other:?} is not tried here"),
    }
}

proptest! {
    #[test]
    fn a_filter_selects_what_it_says(
        members in prop::collection::vec((member(), member(), member()), 1..12),
        filters in prop::collection::vec(filter(), 1..3),
    ) {
        let bodies: Vec<_> = members
            .into_iter()
            .enumerate()
            .map(|(id, (name, owner, meta))| json!({ "id": id + 1, "name": name, "owner_id": owner, "meta": meta }))
            .collect();
        let records: Vec<_> = bodies.iter().map(|body| ("X", body.clone())).collect();
        let store = store(&records);
        let expected: Vec<i64> = bodies
            .iter()
            .filter_map(Value::as_object)
            .filter(|record| filters.iter().all(|filter| {
                let is_indexed = filter.path == ["owner_id"] && matches!(filter.operator, Operator::Eq | Operator::In);
                let mut values = values(record, &filter.path);
                if is_indexed {
                    values.truncate(1);
                }
                values.iter().any(|value| holds(value, filter))
            }))
            .map(|record| record["id"].as_i64().unwrap())
            .collect();
        let select = Select { kind: "X".to_owned(), filters, number: 1, size: 100, ..Select::default() };
        let (found, total) = store.select(&select).unwrap();
        prop_assert_eq!(total, expected.len() as u64);
        prop_assert_eq!(ids(&found), expected);
    }
}
