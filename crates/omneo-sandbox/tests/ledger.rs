//! Whatever happens to what a customer has, the ledger adds up to the balances, and the balances to what there is.

mod support;

use jiff::SignedDuration;
use omneo_sandbox::Sandbox;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use serde_json::{Value, json};

use support::{done, profile};

/// Something that a caller does.
#[derive(Clone, Debug)]
enum Step {
    /// Amounts in cents, times in days from now; before it, or after it.
    Issue {
        family: &'static str,
        cents: i64,
        starts: i64,
        ends: Option<i64>,
    },
    Redeem {
        cents: i64,
        strategies: Vec<&'static str>,
        is_strict: bool,
    },
    Use {
        benefit: Index,
        count: i64,
    },
    Reverse(Index),
    Return {
        redemption: Index,
        cents: Option<i64>,
    },
    GiveBack {
        redemption: Index,
        count: i64,
    },
    Extend {
        family: &'static str,
        which: Index,
        days: i64,
    },
    Edit {
        family: &'static str,
        which: Index,
        cents: i64,
    },
    Delete {
        family: &'static str,
        which: Index,
    },
    Wait {
        minutes: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let family = || prop::sample::select(vec!["rewards", "benefits", "points", "credits"]);
    let lasting = || prop::sample::select(vec!["rewards", "benefits", "credits"]);
    let strategies =
        subsequence(vec!["points", "credits", "benefits", "rewards"], 1..=4).prop_shuffle();
    prop_oneof![
        6 => (family(), 0..20_000_i64, -3..3_i64, prop::option::of(-2..40_i64))
            .prop_map(|(family, cents, starts, ends)| Step::Issue { family, cents, starts, ends }),
        4 => (1..30_000_i64, strategies, any::<bool>())
            .prop_map(|(cents, strategies, is_strict)| Step::Redeem { cents, strategies, is_strict }),
        2 => (any::<Index>(), 1..4_i64).prop_map(|(benefit, count)| Step::Use { benefit, count }),
        2 => any::<Index>().prop_map(Step::Reverse),
        2 => (any::<Index>(), prop::option::of(1..10_000_i64))
            .prop_map(|(redemption, cents)| Step::Return { redemption, cents }),
        1 => (any::<Index>(), 1..3_i64).prop_map(|(redemption, count)| Step::GiveBack { redemption, count }),
        2 => (lasting(), any::<Index>(), 1..30_i64)
            .prop_map(|(family, which, days)| Step::Extend { family, which, days }),
        2 => (lasting(), any::<Index>(), 0..20_000_i64)
            .prop_map(|(family, which, cents)| Step::Edit { family, which, cents }),
        1 => (lasting(), any::<Index>()).prop_map(|(family, which)| Step::Delete { family, which }),
        // Minutes, in which a redemption is reversed; and weeks, in which things expire.
        3 => prop_oneof![1..15_i64, 1_000..40_000_i64].prop_map(|minutes| Step::Wait { minutes }),
    ]
}

/// A sandbox with one profile, and what of it was made.
struct World {
    sandbox: Sandbox,
    profile: String,
    redemptions: Vec<i64>,
}

impl World {
    fn new() -> Self {
        let sandbox = support::sandbox();
        let profile = profile(&sandbox, "ada@example.com");
        for (family, more) in [
            (
                "rewards",
                json!({ "value": 1, "period": 20, "type": "bonus", "is_extendable": true }),
            ),
            (
                "benefits",
                json!({ "period": 20, "max_redemptions": 3, "is_extendable": true }),
            ),
            ("points", json!({})),
            (
                "credits",
                json!({ "type": "gift_card", "is_extendable": true }),
            ),
        ] {
            let mut body = json!({ "name": family, "handle": family });
            let members = body.as_object_mut().expect("a map");
            members.extend(more.as_object().expect("a map").clone());
            let path = format!("/v3/{family}/definitions");
            done(sandbox.call("POST", &path, body));
        }
        Self {
            sandbox,
            profile,
            redemptions: Vec::new(),
        }
    }

    fn in_days(&self, days: i64) -> String {
        let at = self.sandbox.clock().now() + SignedDuration::from_hours(24 * days);
        at.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn all(&self, path: &str) -> Vec<Value> {
        let path = format!("/v3/profiles/{}/{path}?page[size]=100", self.profile);
        let list = done(self.sandbox.call("GET", &path, Value::Null));
        list.as_array().expect("a list").clone()
    }

    fn pick(&self, family: &str, which: Index) -> Option<Value> {
        let all = self.all(family);
        (!all.is_empty()).then(|| which.get(&all)["id"].clone())
    }

    /// Does it, or is refused. What else goes wrong fails.
    fn call(&mut self, method: &str, path: &str, body: Value) {
        let reply = self.sandbox.call(method, path, body);
        let is_known = matches!(reply.status, 200..=204 | 422);
        assert!(is_known, "{method} {path}: {} {}", reply.status, reply.body);
        let data = &reply.body["data"];
        // What redeems or undoes answers with a redemption; it alone has this member.
        if data.get("total_localised").is_some()
            && let Some(id) = data["id"].as_i64()
        {
            self.redemptions.push(id);
        }
    }

    fn redemption(&self, which: Index) -> Option<i64> {
        (!self.redemptions.is_empty()).then(|| *which.get(&self.redemptions))
    }

    fn take(&mut self, step: Step) {
        let dollars = |cents: i64| json!(cents as f64 / 100.0);
        let profile = self.profile.clone();
        match step {
            Step::Issue {
                family,
                cents,
                starts,
                ends,
            } => {
                let mut body = json!({
                    "profile_id": profile, "timezone": "UTC", "issued_at": self.in_days(starts),
                });
                if let Some(ends) = ends {
                    body["expires_at"] = self.in_days(ends).into();
                }
                let definition = match family {
                    "rewards" => "reward_definition_id",
                    "benefits" => "benefit_definition_id",
                    "points" => "point_definition_id",
                    _ => "credit_definition_id",
                };
                body[definition] = 1.into();
                match family {
                    "benefits" => body["value"] = dollars(cents),
                    // Fractions of cents, and of points.
                    "points" => body["value_initial"] = json!(cents as f64 / 10.0),
                    _ => body["value_initial"] = dollars(cents),
                }
                self.call("POST", &format!("/v3/{family}"), body);
            }
            Step::Redeem {
                cents,
                strategies,
                is_strict,
            } => {
                let body = json!({ "amount": dollars(cents), "strategies": strategies, "strict": is_strict });
                self.call("POST", &format!("/v3/profiles/{profile}/redeem"), body);
            }
            Step::Use { benefit, count } => {
                if let Some(id) = self.pick("benefits", benefit) {
                    let path = format!("/v3/profiles/{profile}/benefits/{id}/redeem");
                    self.call("POST", &path, json!({ "count": count }));
                }
            }
            Step::Reverse(which) => {
                if let Some(id) = self.redemption(which) {
                    self.call(
                        "POST",
                        &format!("/v3/redemptions/{id}/reversal"),
                        Value::Null,
                    );
                }
            }
            Step::Return { redemption, cents } => {
                if let Some(id) = self.redemption(redemption) {
                    let body = match cents {
                        Some(cents) => json!({ "amount": dollars(cents) }),
                        None => json!({}),
                    };
                    self.call("POST", &format!("/v3/redemptions/{id}/return"), body);
                }
            }
            Step::GiveBack { redemption, count } => {
                if let Some(id) = self.redemption(redemption) {
                    let path = format!("/v3/redemptions/{id}/benefit/return");
                    self.call("POST", &path, json!({ "count": count }));
                }
            }
            Step::Extend {
                family,
                which,
                days,
            } => {
                if let Some(id) = self.pick(family, which) {
                    let body = json!({ "profile_id": profile, "ids": [id], "extend_days": days });
                    self.call("POST", &format!("/v3/{family}/extend"), body);
                }
            }
            Step::Edit {
                family,
                which,
                cents,
            } => {
                if let Some(id) = self.pick(family, which) {
                    let body = match family {
                        "benefits" => json!({ "value": dollars(cents) }),
                        _ => {
                            json!({ "value_initial": dollars(cents), "value_remaining": dollars(cents / 2) })
                        }
                    };
                    self.call("PUT", &format!("/v3/{family}/{id}"), body);
                }
            }
            Step::Delete { family, which } => {
                if let Some(id) = self.pick(family, which) {
                    self.call("DELETE", &format!("/v3/{family}/{id}"), Value::Null);
                }
            }
            Step::Wait { minutes } => {
                self.sandbox
                    .clock()
                    .advance(SignedDuration::from_mins(minutes));
            }
        }
    }

    /// What there is, by the instances themselves.
    fn there_is(&self) -> [f64; 4] {
        let now = self.in_days(0);
        let number = |record: &Value, member: &str| record[member].as_f64().unwrap_or(0.0);
        let is_current = |record: &Value| {
            let at = |member: &str| record[member].as_str().map(str::to_owned);
            at("issued_at").is_none_or(|issued| issued <= now)
                && at("expires_at").is_none_or(|ends| now < ends)
        };
        let sum = |family: &str, worth: &dyn Fn(&Value) -> f64| -> f64 {
            self.all(family)
                .iter()
                .filter(|record| is_current(record))
                .map(worth)
                .sum()
        };
        [
            sum("rewards", &|reward| number(reward, "value_remaining")),
            sum("credits", &|credit| number(credit, "value_remaining")),
            sum("benefits", &|benefit| {
                number(benefit, "value") * number(benefit, "redemptions_remaining")
            }),
            sum("points", &|point| number(point, "value_remaining")),
        ]
    }

    /// Holds instances, balances and ledger against each other.
    fn check(&self) {
        let path = format!("/v3/profiles/{}/balances", self.profile);
        let balances = done(self.sandbox.call("GET", &path, Value::Null));
        let balance = |name: &str| balances[name].as_f64().expect("a number");
        let names = [
            "reward_balance",
            "credit_balance",
            "benefit_balance",
            "point_balance",
        ];
        for (name, there_is) in names.into_iter().zip(self.there_is()) {
            assert!(balance(name) >= 0.0, "{name}: {balances}");
            assert_near(balance(name), there_is, name);
        }
        let ledger = self.ledger();
        let dollars = balance("reward_balance")
            + balance("credit_balance")
            + balance("benefit_balance")
            + balance("point_balance_dollars");
        let mut sums = (0.0, 0.0);
        for entry in &ledger {
            let number = |member: &str| match &entry[member] {
                Value::String(text) => text.parse().expect("a number"),
                value => value.as_f64().expect("a number"),
            };
            sums.0 += number("dollar_value");
            sums.1 += number("point_value");
            assert_near(sums.0, number("dollar_balance"), "the running dollars");
            assert_near(sums.1, number("point_balance"), "the running points");
            assert!(number("dollar_balance") > -1e-9, "{entry}");
        }
        assert_near(sums.0, dollars, "the sum of dollars");
        assert_near(sums.1, balance("point_balance"), "the sum of points");
    }

    fn ledger(&self) -> Vec<Value> {
        let path = format!("/v3/profiles/{}/ledgers", self.profile);
        let list = done(self.sandbox.call("GET", &path, Value::Null));
        list.as_array().expect("a list").clone()
    }
}

#[track_caller]
fn assert_near(one: f64, other: f64, what: &str) {
    assert!((one - other).abs() < 1e-6, "{what}: {one} is not {other}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_adds_up_to_the_balances(steps in prop::collection::vec(step(), 1..25)) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
            world.check();
        }
    }
}
