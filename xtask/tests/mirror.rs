//! What holds for any two schemas.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod support;

use std::collections::BTreeMap;

use proptest::collection::{btree_map, btree_set};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use support::{answers, body, query, reference, side};
use xtask::schema::diff::{Change, Diff, Item, Kind};

const SCHEMAS: &[&str] = &["Reward", "RewardInput", "Share", "StoreShare"];

fn property() -> impl Strategy<Value = (Value, bool)> {
    let types = prop_oneof![
        select(vec!["string", "integer", "number", "boolean"]).prop_map(|ty| json!({"type": ty})),
        Just(json!({"type": ["string", "null"]})),
        select(SCHEMAS).prop_map(reference),
        select(SCHEMAS).prop_map(|name| json!({"type": "array", "items": reference(name)})),
        btree_set(select(vec!["open", "spent", "gone"]), 1..3)
            .prop_map(|values| json!({"type": "string", "enum": values})),
        Just(json!({"type": "object", "properties": {"days": {"type": "integer"}}})),
    ];
    (types, any::<bool>())
}

fn component() -> impl Strategy<Value = Value> {
    let names = select(vec!["id", "name", "value_at", "Note", "state"]);
    btree_map(names, property(), 0..5).prop_map(|properties| {
        let required = properties
            .iter()
            .filter(|(_, (_, required))| *required)
            .map(|(name, _)| *name)
            .collect::<Vec<_>>();
        let properties = properties
            .iter()
            .map(|(name, (ty, _))| ((*name).to_owned(), ty.clone()))
            .collect::<Map<_, _>>();
        json!({"type": "object", "required": required, "properties": properties})
    })
}

fn operation() -> impl Strategy<Value = Value> {
    (
        select(vec!["rewards.index", "rewards.show", "shares.store", "a", ""]),
        select(vec!["Reward", "Profile", "Unknown"]),
        btree_set(select(vec!["sort", "page[size]"]), 0..2),
        proptest::option::of(select(SCHEMAS)),
        proptest::option::of((select(SCHEMAS), any::<bool>())),
    )
        .prop_map(|(id, tag, parameters, sent, read)| {
            let mut operation = json!({
                "tags": [tag],
                "parameters": parameters.into_iter().map(query).collect::<Vec<_>>(),
                "responses": match read {
                    Some((name, true)) => answers(json!({"type": "array", "items": reference(name)})),
                    Some((name, false)) => answers(reference(name)),
                    None => json!({"204": {"description": ""}}),
                },
            });
            if !id.is_empty() {
                operation["operationId"] = json!(id);
            }
            if let Some(name) = sent {
                operation["requestBody"] = body(name);
            }
            operation
        })
}

fn document() -> impl Strategy<Value = Value> {
    let paths = select(vec![
        "/v3/rewards",
        "/v3/rewards/{reward}",
        "/v3/rewards/{id}",
        "/v3/rewards/{reward}/shares",
        "/v3/rewards/{reward}/shares/{share}",
        "/v3/shares",
        "/v3/shares/claim",
    ]);
    let methods = select(vec!["get", "post", "put", "delete"]);
    let operations = btree_map((paths, methods), operation(), 0..6);
    let components = SCHEMAS.iter().map(|_| component()).collect::<Vec<_>>();
    (operations, components).prop_map(|(operations, components)| {
        let mut paths = BTreeMap::<&str, Map<String, Value>>::new();
        for ((path, method), mut operation) in operations {
            let parameters = operation["parameters"].as_array_mut().unwrap();
            for name in path.split('/').filter_map(|segment| segment.strip_prefix('{')) {
                let name = name.trim_end_matches('}');
                parameters.push(
                    json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}),
                );
            }
            let item = paths.entry(path).or_default();
            item.insert(method.to_owned(), operation);
        }
        let schemas = SCHEMAS
            .iter()
            .map(|name| (*name).to_owned())
            .zip(components)
            .collect::<Map<_, _>>();
        json!({
            "openapi": "3.1.0",
            "info": {"title": "Omneo", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas},
        })
    })
}

fn named(diff: &Diff, kind: Kind) -> Vec<(Item, String)> {
    let of_kind = diff.changes.iter().filter(|change| change.kind == kind);
    let mut named = of_kind
        .map(|change| (change.item, change.name.clone()))
        .collect::<Vec<_>>();
    named.sort();
    named
}

fn values(diff: &Diff, kind: Kind, turned: bool) -> Vec<(Item, Option<String>, Option<String>)> {
    let value = |Change { item, from, to, .. }: &Change| match turned {
        true => (*item, to.clone(), from.clone()),
        false => (*item, from.clone(), to.clone()),
    };
    let of_kind = diff.changes.iter().filter(|change| change.kind == kind);
    let mut values = of_kind.map(value).collect::<Vec<_>>();
    values.sort();
    values
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_schema_differs_from_itself_in_nothing(schema in document()) {
        let side = side(&schema);
        prop_assert_eq!(Diff::between(&side, &side), Diff::default());
    }

    #[test]
    fn what_is_added_one_way_is_removed_the_other_way(old in document(), new in document()) {
        let (old, new) = (side(&old), side(&new));
        let (there, back) = (Diff::between(&old, &new), Diff::between(&new, &old));
        prop_assert_eq!(named(&there, Kind::Added), named(&back, Kind::Removed));
        prop_assert_eq!(named(&there, Kind::Removed), named(&back, Kind::Added));
        for kind in [Kind::Renamed, Kind::Changed] {
            prop_assert_eq!(values(&there, kind, false), values(&back, kind, true));
        }
    }

    #[test]
    fn what_rust_does_not_show_is_not_breaking(old in document(), new in document()) {
        let (old, new) = (side(&old), side(&new));
        let diff = Diff::between(&old, &new);
        if old.surface == new.surface {
            prop_assert!(diff.changes.is_empty(), "{}", diff.text());
        }
        for change in diff.changes.iter().filter(|change| change.kind == Kind::Removed) {
            prop_assert!(change.breaking || change.item == Item::Parameter, "{:?}", change);
        }
    }
}
