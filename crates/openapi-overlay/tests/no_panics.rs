//! No input makes the crate panic, and a failure changes nothing.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "helpers of tests"
)]

use openapi_overlay::Overlay;
use proptest::prelude::*;
use serde_json::{Value, json};

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c", "", "~", "/", "é", "0"]).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (0..3).prop_map(Value::from),
        name().prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name(), inner, 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Mostly JSONPaths, with odd ones among them.
fn target() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        6 => prop::sample::select(vec![".a", ".b", "['c']", "[\"a\"]", "['~','/']", "['']", "[0]", "[1]"]),
        3 => prop::sample::select(vec![".*", "[*]", "..*", "..a", "[-1]", "[0,0]", "[1:]", "[::-1]", "[?@.a]", "[?@.a==1]", "[?length(@)>1]"]),
        1 => prop::sample::select(vec![
            "[9007199254740991:-9007199254740991:9007199254740991]", "[::0]", "[9007199254740992]", "[?match(@,'(')]", "[?@==$.a||!(@.b)]", "[", ".", "\\",
        ]),
    ];
    let path =
        prop::collection::vec(segment, 0..5).prop_map(|segments| format!("${}", segments.concat()));
    prop_oneof![9 => path, 1 => any::<String>()]
}

fn action() -> impl Strategy<Value = Value> {
    (
        target(),
        prop::option::of(value()),
        prop::option::weighted(0.3, any::<bool>()),
    )
        .prop_map(|(target, update, remove)| {
            let mut action = json!({"target": target});
            if let Some(update) = update {
                action["update"] = update;
            }
            if let Some(remove) = remove {
                action["remove"] = remove.into();
            }
            action
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn random_actions_on_random_documents(actions in prop::collection::vec(action(), 1..6), document in value()) {
        let text = json!({"overlay": "1.0.0", "info": {"title": "", "version": ""}, "actions": actions}).to_string();
        if let Ok(overlay) = Overlay::parse(text) {
            let mut changed = document.clone();
            match overlay.apply(&mut changed) {
                Ok(applied) => {
                    prop_assert_eq!(applied.actions.len(), actions.len());
                    prop_assert_ne!(changed, document, "actions that change nothing are refused");
                }
                Err(_) => prop_assert_eq!(changed, document),
            }
        }
    }

    #[test]
    fn random_documents_as_overlays(document in value(), text in any::<Vec<u8>>()) {
        prop_assert!(Overlay::parse(document.to_string()).is_err());
        prop_assert!(Overlay::parse(text).is_err());
    }
}
