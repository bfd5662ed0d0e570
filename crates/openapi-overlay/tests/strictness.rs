//! Actions that match nothing or are no longer needed are refused.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "helpers of tests"
)]

use openapi_overlay::{Overlay, OverlayError, Problem};
use serde_json::{Value, json};

/// Each action's problem, none for those that are fine.
#[track_caller]
fn problems(actions: Value, document: Value) -> Vec<Option<Problem>> {
    let count = actions.as_array().unwrap().len();
    let mut problems = vec![None; count];
    if let Err(error) = apply(&actions, document) {
        let OverlayError::Actions(errors) = error else {
            panic!("{error}")
        };
        for error in errors {
            problems[error.index] = Some(error.problem);
        }
    }
    problems
}

/// Checks as well that a failure leaves the document as it was.
fn apply(actions: &Value, document: Value) -> Result<Value, OverlayError> {
    let text =
        json!({"overlay": "1.0.0", "info": {"title": "test", "version": "1"}, "actions": actions})
            .to_string();
    let mut changed = document.clone();
    let outcome = Overlay::parse(text)?.apply(&mut changed);
    if outcome.is_err() {
        assert_eq!(changed, document);
    }
    outcome.map(|_| changed)
}

const NEEDED: Option<Problem> = None;
const NOT_NEEDED: Option<Problem> = Some(Problem::NotNeeded);
const MATCHES_NOTHING: Option<Problem> = Some(Problem::MatchesNothing);

#[test]
fn an_action_that_matches_nothing_is_named() {
    let actions = json!([{"target": "$.a.b", "update": {}}, {"target": "$.c[5]", "remove": true}, {"target": "$..z", "remove": true}]);
    assert_eq!(
        problems(actions, json!({"a": {}, "c": []})),
        [MATCHES_NOTHING, MATCHES_NOTHING, MATCHES_NOTHING]
    );
}

#[test]
fn an_update_that_says_what_stands_there_is_not_needed() {
    let document = json!({"a": {"type": "integer", "format": "int64"}});
    for update in [
        json!({"type": "integer"}),
        json!({"type": "integer", "format": "int64"}),
        json!({}),
    ] {
        assert_eq!(
            problems(
                json!([{"target": "$.a", "update": update}]),
                document.clone()
            ),
            [NOT_NEEDED]
        );
    }
    assert_eq!(
        problems(
            json!([{"target": "$.a", "update": {"type": "integer", "format": "int32"}}]),
            document
        ),
        [NEEDED]
    );
}

#[test]
fn a_removal_and_an_update_that_undo_each_other_are_not_needed() {
    let actions = json!([{"target": "$.a.type", "remove": true}, {"target": "$.a", "update": {"type": ["string", "null"]}}]);
    assert_eq!(
        problems(actions.clone(), json!({"a": {"type": ["string", "null"]}})),
        [NOT_NEEDED, NOT_NEEDED]
    );
    assert_eq!(
        problems(actions, json!({"a": {"type": ["string"]}})),
        [NEEDED, NEEDED]
    );
}

#[test]
fn an_update_that_restores_part_of_what_was_removed_is_needed() {
    let actions = json!([{"target": "$.a", "remove": true}, {"target": "$", "update": {"a": {"type": "string"}}}]);
    assert_eq!(
        problems(actions, json!({"a": {"type": "string", "format": "uri"}})),
        [NEEDED, NEEDED]
    );
}

#[test]
fn an_update_undone_by_a_later_one_is_not_needed() {
    let actions =
        json!([{"target": "$.a", "update": {"b": 2}}, {"target": "$.a", "update": {"b": 1}}]);
    assert_eq!(
        problems(actions, json!({"a": {"b": 1}})),
        [NOT_NEEDED, NOT_NEEDED]
    );
}

#[test]
fn a_stale_action_is_found_though_another_changes_the_same_node() {
    let actions = json!([
        {"target": "$.a", "update": {"type": "integer"}},
        {"target": "$.a", "update": {"description": "new"}},
        {"target": "$.a.items", "update": {"type": "string"}},
    ]);
    let document = json!({"a": {"type": "integer", "items": {}}});
    assert_eq!(problems(actions, document), [NOT_NEEDED, NEEDED, NEEDED]);
}

#[test]
fn one_needed_match_among_several_is_enough() {
    let actions = json!([{"target": "$.*", "update": {"x": 1}}]);
    assert_eq!(
        problems(actions.clone(), json!({"a": {"x": 1}, "b": {}})),
        [NEEDED]
    );
    assert_eq!(
        problems(actions, json!({"a": {"x": 1}, "b": {"x": 1}})),
        [NOT_NEEDED]
    );
}

#[test]
fn removing_one_of_equal_elements_is_needed() {
    assert_eq!(
        problems(
            json!([{"target": "$[0]", "remove": true}]),
            json!([1, 1, 2])
        ),
        [NEEDED]
    );
}

#[test]
fn an_element_that_moved_is_not_taken_for_another() {
    // The updated element ends at index 0, and at its old index stands one that looks like it did before.
    let actions =
        json!([{"target": "$.a[1]", "update": {"x": 1}}, {"target": "$.a[0]", "remove": true}]);
    assert_eq!(
        problems(actions, json!({"a": [{}, {}, {}]})),
        [NEEDED, NEEDED]
    );
}

#[test]
fn an_appended_entry_is_needed() {
    assert_eq!(
        problems(json!([{"target": "$.a", "update": 1}]), json!({"a": [1]})),
        [NEEDED]
    );
}

#[test]
fn all_failures_are_listed_one_line_each() {
    let actions = json!([
        {"target": "$.a", "update": {"x": 1}},
        {"target": "$.gone.type", "remove": true},
        {"target": "$.a", "update": {"y": 2}},
        {"target": "$.a.x", "update": {"z": 1}},
    ]);
    let error = apply(&actions, json!({"a": {"x": 1}}))
        .unwrap_err()
        .to_string();
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(
        lines,
        [
            "3 of the overlay's actions failed:",
            "  actions[0] with target `$.a` is no longer needed: the document already says so",
            "  actions[1] with target `$.gone.type` matches nothing",
            "  actions[3] with target `$.a.x` selects the primitive at \"/a/x\"; let it select the object around it",
        ]
    );
}

#[test]
fn the_actions_that_fit_are_done_and_the_others_named() {
    let text = json!({
        "overlay": "1.0.0",
        "info": {"title": "test", "version": "1"},
        "actions": [
            {"target": "$.a", "update": {"type": "integer"}},
            {"target": "$.b", "remove": true},
            {"target": "$.c", "update": {"type": "string"}},
            {"target": "$.a.format", "remove": true},
        ],
    })
    .to_string();
    let mut document = json!({"a": {"type": "string", "format": "int64"}, "c": {"type": "string"}});
    let fitting = Overlay::parse(text)
        .unwrap()
        .apply_fitting(&mut document)
        .unwrap();
    assert_eq!(
        document,
        json!({"a": {"type": "integer"}, "c": {"type": "string"}})
    );
    let done = fitting.applied.actions.iter().map(|action| action.index);
    assert_eq!(done.collect::<Vec<_>>(), [0, 3]);
    let others = fitting
        .unfitting
        .iter()
        .map(|error| (error.index, &error.problem));
    assert_eq!(
        others.collect::<Vec<_>>(),
        [(1, &Problem::MatchesNothing), (2, &Problem::NotNeeded)]
    );
}
