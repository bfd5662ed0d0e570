use serde_json::{Value, json};

use crate::shelf::{Shelf, id};

#[test]
fn each_change_of_value_is_an_entry_with_the_running_balance() {
    let shelf = Shelf::new();
    let reward = shelf.reward(20.0, json!({}));
    shelf.points(500.0, json!({}));
    let redeemed = shelf.redeem(json!({ "amount": 22 }));
    let path = format!("/v3/redemptions/{}/reversal", id(&redeemed));
    shelf.post(&path, Value::Null);
    shelf.put(
        &format!("/v3/rewards/{}", id(&reward)),
        json!({ "value_remaining": 15 }),
    );
    shelf.delete(&format!("/v3/rewards/{}", id(&reward)));
    let expected = [
        ("Reward issued", 20.0, 20.0),
        ("Point issued", 5.0, 25.0),
        ("Reward redeemed", -20.0, 5.0),
        ("Point redeemed", -2.0, 3.0),
        ("Reward reversed", 20.0, 23.0),
        ("Point reversed", 2.0, 25.0),
        ("Reward edited", -5.0, 20.0),
        ("Reward deleted", -15.0, 5.0),
    ];
    let expected = expected.map(|(what, value, sum)| (what.to_owned(), value, sum));
    assert_eq!(shelf.entries(), expected);
    let ledger = shelf.ledger();
    assert_eq!(ledger[3]["point_value"], -200);
    assert_eq!(ledger[3]["point_balance"], 300);
    assert_eq!(ledger[3]["type"], "point");
    assert_eq!(ledger[3]["type_attributes"]["value_initial"], 500);
    assert_eq!(ledger[0]["profile"]["email"], "ada@example.com");
    assert_eq!(
        ledger[0]["type_attributes"],
        Value::Null,
        "the reward is deleted"
    );
    let one = shelf.get(&shelf.of(&format!("ledgers/{}", id(&ledger[1]))));
    assert_eq!(one["description"], "Point issued");
}

#[test]
fn a_profile_shows_its_balances() {
    let shelf = Shelf::new();
    shelf.reward(20.0, json!({}));
    shelf.points(500.0, json!({}));
    shelf.credit(7.5, json!({}));
    let profile = shelf.get(&format!("/v3/profiles/{}", shelf.profile));
    assert_eq!(profile["reward_balance"], 20);
    assert_eq!(profile["point_balance"], 500);
    assert_eq!(profile["point_balance_dollars"], 5);
    assert_eq!(profile["combined_balance_dollars"], 25);
    assert_eq!(profile["credit_balance"], 7.5);
    let balances = shelf.balances();
    assert_eq!(balances["combined_balance_dollars"], 25);
    assert_eq!(balances["localised"]["combined_balance_dollars"], 25);
    assert_eq!(balances["currency"], Value::Null);
}

#[test]
fn a_balance_is_right_by_the_clock_before_anything_is_entered() {
    let shelf = Shelf::new();
    shelf.reward(20.0, json!({ "expires_at": "2026-03-02 00:00:00" }));
    shelf.days(2);
    let profile = shelf.get(&format!("/v3/profiles/{}", shelf.profile));
    assert_eq!(profile["reward_balance"], 0);
}

#[test]
fn a_clock_that_is_set_back_gives_back_what_had_expired() {
    let shelf = Shelf::new();
    shelf.reward(20.0, json!({ "expires_at": "2026-03-02 00:00:00" }));
    shelf.days(2);
    assert_eq!(shelf.balance("reward_balance"), 0.0);
    shelf
        .sandbox
        .clock()
        .set(crate::support::NOW.parse().expect("a time"));
    assert_eq!(shelf.balance("reward_balance"), 20.0);
    assert_eq!(shelf.entries().last().map(|(_, _, sum)| *sum), Some(20.0));
}

#[test]
fn changes_of_balance_and_instances_are_told() {
    let shelf = Shelf::new();
    for trigger in [
        "reward.created",
        "reward.updated",
        "reward.deleted",
        "point.created",
        "benefit.created",
        "balance.updated",
    ] {
        let webhook = json!({
            "trigger": trigger, "url": "http://127.0.0.1:9/hook", "namespace": "other", "is_active": true,
        });
        shelf.post("/v3/webhooks", webhook);
    }
    let reward = shelf.reward(20.0, json!({}));
    shelf.put(
        &format!("/v3/rewards/{}", id(&reward)),
        json!({ "meta": { "a": 1 } }),
    );
    shelf.delete(&format!("/v3/rewards/{}", id(&reward)));
    shelf.points(1.0, json!({}));
    shelf.benefit("coffee", json!({}));
    let told: Vec<_> = shelf
        .sandbox
        .deliveries()
        .into_iter()
        .map(|told| told.trigger)
        .collect();
    let of = |trigger: &str| told.iter().filter(|told| *told == trigger).count();
    assert_eq!(of("reward.created"), 1, "{told:?}");
    assert_eq!(of("reward.updated"), 1);
    assert_eq!(of("reward.deleted"), 1);
    assert_eq!(of("point.created"), 1);
    assert_eq!(of("benefit.created"), 1);
    assert_eq!(of("balance.updated"), 3, "issue, delete, points");
}
