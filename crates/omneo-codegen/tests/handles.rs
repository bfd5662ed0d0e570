//! Every operation is reached by a handle, whatever the paths.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::collections::BTreeSet;

use omneo_codegen::{Error, Extras, Source};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

const CORRECTIONS: &str = include_str!("fixtures/corrections.json");

/// The handles for these operations.
fn handles(routes: &BTreeSet<(String, &str)>) -> Result<String, Error> {
    let mut paths = Map::<String, Value>::new();
    for (path, method) in routes {
        let parameters = path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect::<Vec<_>>();
        let item = paths.entry(path.clone()).or_insert_with(|| json!({}));
        item[*method] =
            json!({"parameters": parameters, "responses": {"204": {"description": ""}}});
    }
    let schema = json!({
        "openapi": "3.1.0",
        "info": {"title": "Test", "version": "1"},
        "paths": paths,
    });
    let source = Source::new(schema.to_string().into_bytes(), CORRECTIONS.into());
    let lowered = source.correct()?.lower(|_| true)?;
    let files = omneo_codegen::generate(&lowered, Extras::default())?;
    Ok(files
        .into_iter()
        .find(|(name, _)| *name == "resources.rs")
        .unwrap()
        .1)
}

#[track_caller]
fn reach(routes: &[(&str, &str)], expected: &[&str]) {
    let routes = routes
        .iter()
        .map(|(method, path)| ((*path).to_owned(), *method))
        .collect();
    let handles = handles(&routes).unwrap();
    for expected in expected {
        assert!(handles.contains(expected), "no {expected} in {handles}");
    }
}

#[test]
fn a_literal_whose_parameter_is_not_named_after_it_has_a_handle() {
    reach(
        &[
            ("get", "/shares/of/{reward}/all"),
            ("post", "/shares/of/{reward}/all"),
        ],
        &[
            "pub fn of(&self) -> SharesOf",
            "pub fn reward(&self, reward: impl Into<::omneo_types::Id>) -> SharesOfRewardScope",
            "pub fn all(&self) -> SharesOfRewardAll",
        ],
    );
}

fn path() -> impl Strategy<Value = String> {
    let segments = select(vec![
        "profiles",
        "{profile}",
        "{id}",
        "rewards",
        "{reward}",
        "list",
        "of",
    ]);
    vec(segments, 1..6).prop_filter_map("a parameter twice", |segments| {
        let parameters = segments.iter().filter(|segment| segment.starts_with('{'));
        let names = parameters.clone().collect::<BTreeSet<_>>();
        (names.len() == parameters.count()).then(|| format!("/v3/{}", segments.join("/")))
    })
}

proptest! {
    #[test]
    fn every_operation_is_reached(
        routes in btree_set((path(), select(vec!["get", "post", "put", "delete"])), 1..8)
    ) {
        if let Err(error) = handles(&routes) {
            prop_assert!(false, "{error}: {routes:?}");
        }
    }
}
