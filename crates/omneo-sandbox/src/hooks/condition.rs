//! The conditions of webhooks: JSON Logic over the context.
//!
//! A condition reads `{"var": "email"}` from the context; what the context is of can be named as well, `{"var": "profile.email"}`, as a real condition
//! on a profile's event does (`webhook.add--2`). That one also has an operator that JSON Logic itself lacks, `not_in`.

use std::sync::LazyLock;

use datalogic_rs::Engine;
use serde_json::{Map, Value, json};

use crate::record::Record;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::new);

/// Whether a condition holds. An empty one does; one that can't be evaluated does not, and the log says why: the server takes any object as a
/// condition, and what it does with one that is no rule is not known.
pub(crate) fn holds(rule: &Value, context: &Record, trigger: &str) -> bool {
    if is_empty(rule) {
        return true;
    }
    let mut data = context.clone();
    let (family, _) = trigger.split_once('.').unwrap_or((trigger, ""));
    // `profiles.create` is a trigger of a real webhook, too.
    for name in [family, family.strip_suffix('s').unwrap_or(family)] {
        if !data.contains_key(name) {
            data.insert(name.to_owned(), Value::Object(context.clone()));
        }
    }
    match evaluate(rule, &Value::Object(data)) {
        Ok(holds) => holds,
        Err(error) => {
            tracing::warn!(trigger, %error, "a condition can't be evaluated, so it does not hold");
            false
        }
    }
}

fn is_empty(rule: &Value) -> bool {
    match rule {
        Value::Null => true,
        Value::Object(rule) => rule.is_empty(),
        // PHP's empty map.
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn evaluate(rule: &Value, data: &Value) -> Result<bool, datalogic_rs::Error> {
    // The truth of any value, by JSON Logic's own account.
    let rule = json!({ "!!": [without_not_in(rule)] });
    let result: Value = ENGINE.eval_into(&rule, data)?;
    Ok(result == Value::Bool(true))
}

/// A rule with `not_in` said as what JSON Logic has.
fn without_not_in(rule: &Value) -> Value {
    match rule {
        Value::Object(members) => {
            let only = (members.len() == 1)
                .then(|| members.get("not_in"))
                .flatten();
            match only {
                Some(of) => json!({ "!": [{ "in": without_not_in(of) }] }),
                None => Value::Object(
                    members
                        .iter()
                        .map(|(name, value)| (name.clone(), without_not_in(value)))
                        .collect::<Map<_, _>>(),
                ),
            }
        }
        Value::Array(items) => items.iter().map(without_not_in).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn holds(rule: &Value) -> bool {
        let context = json!({
            "email": "ada@example.com", "point_balance": 1500, "reward_balance": "25.00", "tier": { "handle": "gold" },
            "flattened_tags": ["vip"], "gender": null, "is_public": false,
        });
        super::holds(
            rule,
            context.as_object().expect("an object"),
            "profile.updated",
        )
    }

    #[test]
    fn every_operator_that_omneo_names_is_known() {
        for rule in [
            json!({ "===": [{ "var": "email" }, "ada@example.com"] }),
            json!({ "!==": [{ "var": "point_balance" }, "1500"] }),
            json!({ "==": [{ "var": "point_balance" }, "1500"] }),
            json!({ "!=": [{ "var": "point_balance" }, 1501] }),
            json!({ ">": [{ "var": "reward_balance" }, 9] }),
            json!({ ">=": [{ "var": "point_balance" }, 1500] }),
            json!({ "<": [{ "var": "reward_balance" }, 25.01] }),
            json!({ "<=": [{ "var": "point_balance" }, 1500] }),
            json!({ "<": [1, { "var": "point_balance" }, 2000] }),
            json!({ "in": ["vip", { "var": "flattened_tags" }] }),
            json!({ "in": ["@example", { "var": "email" }] }),
            json!({ "!": { "var": "is_public" } }),
            json!({ "and": [{ "===": [{ "var": "tier.handle" }, "gold"] }, { "var": "email" }] }),
            json!({ "or": [{ "var": "gender" }, true] }),
        ] {
            assert!(holds(&rule), "{rule}");
            assert!(!holds(&json!({ "!": [rule] })), "not {rule}");
        }
    }

    #[test]
    fn a_condition_of_a_real_webhook_is_read() {
        let rule = json!({ "and": [{ "not_in": ["@test.com", { "var": "profile.email" }] }] });
        assert!(holds(&rule));
        let rule = json!({ "and": [{ "not_in": ["@example.com", { "var": "profile.email" }] }] });
        assert!(!holds(&rule));
    }

    #[test]
    fn no_condition_holds() {
        for rule in [json!(null), json!({}), json!([])] {
            assert!(holds(&rule));
        }
    }

    #[test]
    fn what_is_not_there_is_null() {
        assert!(holds(&json!({ "===": [{ "var": "no.such" }, null] })));
        assert!(!holds(&json!({ ">": [{ "var": "no.such" }, 1] })));
    }

    #[test]
    fn what_is_no_rule_does_not_hold() {
        for rule in [json!({ "test": 123 }), json!({ "===": 1, "!==": 2 })] {
            assert!(!holds(&rule), "{rule}");
        }
    }

    /// JSON with many of JSON Logic's own names in it.
    fn rules() -> impl Strategy<Value = Value> {
        let names = "===|!==|==|!=|>|>=|<|<=|in|not_in|!|!!|and|or|if|var|missing|\\+|-|\\*|/|%|max|cat|substr|map|reduce|all|merge|[a-z]";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "email|point_balance|flattened_tags|[a-z.]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 64, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map(names, inner, 1..3)
                    .prop_map(|members| members.into_iter().collect::<Value>()),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_rule_is_a_danger(rule in rules()) {
            // Whichever it is, the opposite is the other, unless neither can be told.
            let opposite = json!({ "!": [rule.clone()] });
            prop_assert!(super::is_empty(&rule) || !(holds(&rule) && holds(&opposite)));
        }
    }
}
