//! What is an Overlay document, and what isn't.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "helpers of tests"
)]

use openapi_overlay::{Overlay, OverlayError};
use serde_json::{Value, json};

fn minimal() -> Value {
    json!({"overlay": "1.0.0", "info": {"title": "A title", "version": "7"}, "actions": [{"target": "$.a", "remove": true}]})
}

/// The minimal overlay with `value` at the JSON pointer's place.
fn with(pointer: &str, value: Value) -> Result<Overlay, OverlayError> {
    let mut document = minimal();
    match document.pointer_mut(pointer) {
        Some(there) => *there = value,
        None => {
            let (container, name) = pointer.rsplit_once('/').unwrap();
            document.pointer_mut(container).unwrap()[name] = value;
        }
    }
    Overlay::parse(document.to_string())
}

#[test]
fn text_and_bytes_are_read() {
    let text = minimal().to_string();
    assert_eq!(Overlay::parse(&text).unwrap().title(), "A title");
    assert_eq!(Overlay::parse(text.as_bytes()).unwrap().version(), "7");
}

#[test]
fn what_an_action_says_can_be_asked() {
    let actions = json!([
        {"target": "$.a", "description": "why", "update": {"b": 1}, "x-evidence": {"sure": "sent"}},
        {"target": "$.c", "remove": true},
    ]);
    let overlay = with("/actions", actions).unwrap();
    let [update, removal] = overlay.actions() else {
        panic!("two actions")
    };
    assert_eq!(
        (update.target(), update.description(), update.is_removal()),
        ("$.a", Some("why"), false)
    );
    assert_eq!(
        (update.update(), update.extension("x-evidence")),
        (Some(&json!({"b": 1})), Some(&json!({"sure": "sent"})))
    );
    assert_eq!(
        (
            removal.description(),
            removal.update(),
            removal.is_removal()
        ),
        (None, None, true)
    );
}

#[test]
fn extensions_are_welcome_everywhere() {
    for pointer in ["/x-a", "/info/x-a", "/actions/0/x-a"] {
        assert!(with(pointer, json!(null)).is_ok(), "{pointer}");
    }
    assert_eq!(
        with("/extends", json!("openapi.json")).unwrap().extends(),
        Some("openapi.json")
    );
}

#[test]
fn unknown_fields_are_named() {
    for (pointer, place) in [
        ("/action", "the overlay"),
        ("/info/titel", "info"),
        ("/actions/0/udpate", "actions[0]"),
    ] {
        let error = with(pointer, json!({})).unwrap_err().to_string();
        let field = pointer.rsplit('/').next().unwrap();
        assert!(
            error.starts_with(&format!("{place} has the unknown field \"{field}\"")),
            "{error}"
        );
    }
}

#[test]
fn any_patch_of_1_0_is_read_and_nothing_else() {
    for version in ["1.0.0", "1.0.1", "1.0.27"] {
        assert!(with("/overlay", json!(version)).is_ok(), "{version}");
    }
    for version in ["1.1.0", "2.0.0", "1.0", "1.0.", "1.0.x", ""] {
        assert!(
            matches!(
                with("/overlay", json!(version)),
                Err(OverlayError::Version(_))
            ),
            "{version}"
        );
    }
}

#[test]
fn missing_or_mistyped_fields_are_errors() {
    let wrong = [
        ("/overlay", json!(1)),
        ("/info", json!(null)),
        ("/info/title", json!(null)),
        ("/actions", json!({})),
        ("/actions/0", json!("$.a")),
        ("/actions/0/target", json!(null)),
        ("/actions/0/remove", json!("yes")),
        ("/actions/0/description", json!(1)),
    ];
    for (pointer, value) in wrong {
        assert!(
            matches!(with(pointer, value), Err(OverlayError::Syntax(_))),
            "{pointer}"
        );
    }
    assert!(matches!(
        with("/actions", json!([])),
        Err(OverlayError::NoActions)
    ));
    assert!(matches!(Overlay::parse("{"), Err(OverlayError::Syntax(_))));
    assert!(matches!(
        Overlay::parse(b"\xff"),
        Err(OverlayError::Syntax(_))
    ));
}

#[test]
fn every_unusable_action_is_named_with_its_target() {
    let actions = json!([
        {"target": "$.fine", "update": {}},
        {"target": "components.schemas", "update": {}},
        {"target": "$.a", "description": "does nothing"},
        {"target": "$.b", "remove": false},
    ]);
    let error = with("/actions", actions).unwrap_err().to_string();
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(lines.len(), 4, "{error}");
    assert!(
        lines[1].starts_with(
            "  actions[1] with target `components.schemas` has a target that is no JSONPath"
        ),
        "{error}"
    );
    assert_eq!(
        lines[2],
        "  actions[2] with target `$.a` has neither an update nor remove: true"
    );
    assert!(lines[3].contains("actions[3]"), "{error}");
}

#[test]
fn appending_null_is_an_update() {
    let overlay = with("/actions", json!([{"target": "$.a", "update": null}])).unwrap();
    assert_eq!(overlay.actions()[0].update(), Some(&json!(null)));
}
