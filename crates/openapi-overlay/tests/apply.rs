//! What actions do to a document.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "helpers of tests"
)]

use openapi_overlay::{Overlay, OverlayError, Problem};
use serde_json::{Value, json};

fn overlay(actions: &Value) -> Overlay {
    let text =
        json!({"overlay": "1.0.0", "info": {"title": "test", "version": "1"}, "actions": actions})
            .to_string();
    Overlay::parse(text).unwrap()
}

/// The document after the actions.
#[track_caller]
fn result(actions: Value, mut document: Value) -> Value {
    overlay(&actions).apply(&mut document).unwrap();
    document
}

/// The problem of the one action, whose document must stay as it was.
#[track_caller]
fn problem(action: Value, document: Value) -> Problem {
    let mut changed = document.clone();
    let error = overlay(&json!([action])).apply(&mut changed).unwrap_err();
    assert_eq!(changed, document);
    match error {
        OverlayError::Actions(mut errors) => errors.remove(0).problem,
        other => panic!("{other}"),
    }
}

#[test]
fn objects_merge_and_primitives_are_replaced() {
    let document = json!({"a": {"keep": 1, "b": {"c": 1, "d": 2}}});
    let actions = json!([{"target": "$.a", "update": {"b": {"d": 3}, "new": {"e": null}}}]);
    assert_eq!(
        result(actions, document),
        json!({"a": {"keep": 1, "b": {"c": 1, "d": 3}, "new": {"e": null}}})
    );
}

#[test]
fn arrays_inside_an_object_concatenate() {
    let document = json!({"type": ["string"], "other": ["x"]});
    let actions = json!([{"target": "$", "update": {"type": ["null"]}}]);
    assert_eq!(
        result(actions, document),
        json!({"type": ["string", "null"], "other": ["x"]})
    );
}

#[test]
fn a_value_of_another_kind_is_replaced() {
    let document = json!({"a": "string", "b": ["x"], "c": {"d": 1}, "e": 1});
    let actions = json!([{"target": "$", "update": {"a": ["string", "null"], "b": "x", "c": [1], "e": {"f": 2}}}]);
    assert_eq!(
        result(actions, document),
        json!({"a": ["string", "null"], "b": "x", "c": [1], "e": {"f": 2}})
    );
}

#[test]
fn an_update_of_an_array_is_one_more_entry() {
    for entry in [
        json!({"name": "page"}),
        json!("page"),
        json!(["page"]),
        json!(null),
    ] {
        let actions = json!([{"target": "$.parameters", "update": entry}]);
        assert_eq!(
            result(actions, json!({"parameters": [1]})),
            json!({"parameters": [1, entry]})
        );
    }
}

#[test]
fn every_match_is_updated() {
    let document =
        json!({"paths": {"/a": {"get": {}}, "/b": {"get": {"x": 1}}, "/c": {"put": {}}}});
    let actions = json!([{"target": "$.paths.*.get", "update": {"x": 2}}]);
    assert_eq!(
        result(actions, document),
        json!({"paths": {"/a": {"get": {"x": 2}}, "/b": {"get": {"x": 2}}, "/c": {"put": {}}}})
    );
}

#[test]
fn a_node_selected_twice_is_changed_once() {
    let actions = json!([{"target": "$['a','a']", "update": 2}]);
    assert_eq!(result(actions, json!({"a": [1]})), json!({"a": [1, 2]}));
}

#[test]
fn a_match_overwritten_by_its_own_action_is_passed_over() {
    let document = json!({"a": {"x": true, "b": {"x": true, "c": 1}}});
    let actions = json!([{"target": "$..[?@.x]", "update": {"b": 5}}]);
    assert_eq!(result(actions, document), json!({"a": {"x": true, "b": 5}}));
}

#[test]
fn several_elements_of_one_array_are_removed() {
    let actions = json!([{"target": "$.a[0,2,3]", "remove": true}]);
    assert_eq!(
        result(actions, json!({"a": [0, 1, 2, 3, 4]})),
        json!({"a": [1, 4]})
    );
    let actions = json!([{"target": "$.a[?@.drop]", "remove": true}]);
    assert_eq!(
        result(actions, json!({"a": [{"drop": 1}, {}, {"drop": 2}]})),
        json!({"a": [{}]})
    );
    let many: Vec<u32> = (0..12).collect();
    assert_eq!(
        result(json!([{"target": "$[2:]", "remove": true}]), json!(many)),
        json!([0, 1])
    );
}

#[test]
fn nested_matches_are_removed() {
    let document = json!({"a": [{"x": {"x": 1}}, {"x": [{"x": 2}]}], "x": {"b": {"x": 3}}, "y": 1});
    assert_eq!(
        result(json!([{"target": "$..x", "remove": true}]), document),
        json!({"a": [{}, {}], "y": 1})
    );
}

#[test]
fn removing_keeps_the_order_of_the_rest() {
    let mut document: Value = serde_json::from_str(r#"{"a": 1, "b": 2, "c": 3, "d": 4}"#).unwrap();
    overlay(&json!([{"target": "$.a", "remove": true}]))
        .apply(&mut document)
        .unwrap();
    assert_eq!(document.to_string(), r#"{"b":2,"c":3,"d":4}"#);
}

#[test]
fn removal_wins_over_an_update_beside_it() {
    let actions = json!([{"target": "$.a", "update": {"b": 1}, "remove": true}]);
    assert_eq!(result(actions, json!({"a": {}, "c": 1})), json!({"c": 1}));
}

#[test]
fn remove_false_is_as_if_absent() {
    let actions = json!([{"target": "$.a", "update": {"b": 1}, "remove": false}]);
    assert_eq!(result(actions, json!({"a": {}})), json!({"a": {"b": 1}}));
}

#[test]
fn an_action_sees_what_earlier_ones_did() {
    let actions = json!([
        {"target": "$.a.type", "remove": true},
        {"target": "$.a", "update": {"type": ["integer", "null"], "b": {}}},
        {"target": "$.a.b", "update": {"c": 1}},
    ]);
    assert_eq!(
        result(actions, json!({"a": {"type": ["string", "null"]}})),
        json!({"a": {"type": ["integer", "null"], "b": {"c": 1}}})
    );
}

#[test]
fn the_report_names_matches_as_json_pointers() {
    let mut document = json!({"a/b": [{}, {"~": {}}], "c": {}});
    let overlay = overlay(&json!([
        {"target": "$['a/b'][*]", "update": {"x": 1}},
        {"target": "$['a/b'][1]['~']", "remove": true},
        {"target": "$", "update": {"d": 1}},
    ]));
    let applied = overlay.apply(&mut document).unwrap();
    let matched: Vec<_> = applied
        .actions
        .into_iter()
        .map(|action| action.matched)
        .collect();
    assert_eq!(
        matched,
        [vec!["/a~1b/0", "/a~1b/1"], vec!["/a~1b/1/~0"], vec![""]]
    );
}

#[test]
fn an_update_cannot_select_a_primitive() {
    let action = json!({"target": "$.a.b", "update": {"x": 1}});
    assert_eq!(
        problem(action, json!({"a": {"b": "text"}})),
        Problem::SelectsPrimitive {
            pointer: "/a/b".into()
        }
    );
}

#[test]
fn an_object_takes_only_an_object() {
    let action = json!({"target": "$.a", "update": ["x"]});
    assert_eq!(
        problem(action, json!({"a": {}})),
        Problem::UpdateIsNoObject {
            pointer: "/a".into()
        }
    );
}

#[test]
fn the_whole_document_cannot_be_removed() {
    assert_eq!(
        problem(json!({"target": "$", "remove": true}), json!({"a": 1})),
        Problem::RemovesDocument
    );
}

#[test]
fn an_overlay_cannot_nest_a_document_without_end() {
    let deep = (0..100).fold(json!({}), |inner, _| json!({"a": inner}));
    let target = format!("${}", ".a".repeat(100));
    assert_eq!(
        problem(json!({"target": target, "update": deep.clone()}), deep),
        Problem::TooDeep
    );
}

#[test]
fn a_document_too_deep_for_the_stack_is_refused() {
    let mut deep = json!({});
    for _ in 0..100_000 {
        deep = Value::Array(vec![deep]);
    }
    let error = overlay(&json!([{"target": "$..a", "remove": true}]))
        .apply(&mut deep)
        .unwrap_err();
    assert!(matches!(error, OverlayError::DocumentTooDeep));
    // Dropping it the usual way would exhaust the stack.
    while let Value::Array(mut elements) = deep {
        deep = elements.remove(0);
    }
}

#[test]
fn a_thousand_actions_on_a_large_document_take_no_time() {
    let property = json!({"type": ["string", "null"], "description": "A property with a text of some length."});
    let properties: Value = (0..20)
        .map(|n| (format!("p{n}"), property.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let schemas: Value = (0..1000)
        .map(|n| {
            (
                format!("S{n}"),
                json!({"type": "object", "properties": properties}),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into();
    let mut document = json!({"components": {"schemas": schemas}});
    assert!(document.to_string().len() > 1_500_000);
    let actions: Vec<_> = (0..500)
        .flat_map(|n| {
            let target = format!("$.components.schemas.S{n}.properties.p3");
            [
                json!({"target": format!("{target}.type"), "remove": true}),
                json!({"target": target, "update": {"type": "integer"}}),
            ]
        })
        .collect();
    let overlay = overlay(&json!(actions));
    let start = std::time::Instant::now();
    overlay.apply(&mut document).unwrap();
    assert!(
        start.elapsed() < std::time::Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
}
