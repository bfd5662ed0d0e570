use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::shelf::{Shelf, id};
use crate::support::refused;

fn reverse(shelf: &Shelf, redemption: &Value) -> omneo_sandbox::Reply {
    let path = format!("/v3/redemptions/{}/reversal", id(redemption));
    shelf.sandbox.call("POST", &path, Value::Null)
}

#[test]
fn a_reversal_restores_what_was_taken() {
    let shelf = Shelf::new();
    let reward = shelf.reward(10.0, json!({}));
    shelf.points(500.0, json!({}));
    shelf.benefit("coffee", json!({ "max_redemptions": 2 }));
    let redeemed =
        shelf.redeem(json!({ "amount": 12, "benefits": [{ "handle": "coffee", "quantity": 2 }] }));
    shelf.sandbox.clock().advance(SignedDuration::from_mins(10));
    let reversal = crate::support::done(reverse(&shelf, &redeemed));
    assert_eq!(reversal["total"], 12);
    assert_eq!(reversal["balances"]["reward_balance"], 10);
    assert_eq!(reversal["balances"]["point_balance"], 500);
    let read = shelf.get(&format!("/v3/rewards/{}", id(&reward)));
    assert_eq!(read["value_remaining"], 10);
    assert_eq!(
        shelf.get(&shelf.of("benefits"))[0]["redemptions_remaining"],
        2
    );
    let read = shelf.get(&format!("/v3/redemptions/{}", id(&reversal)));
    assert_eq!(read["type"], "reversal");
}

#[test]
fn after_ten_minutes_there_is_no_reversal() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({}));
    let redeemed = shelf.redeem(json!({ "amount": 5 }));
    shelf
        .sandbox
        .clock()
        .advance(SignedDuration::from_secs(601));
    assert!(refused(reverse(&shelf, &redeemed))["redemption"].is_array());
    assert_eq!(shelf.balance("reward_balance"), 5.0);
}

#[test]
fn a_redemption_is_reversed_once() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({}));
    let redeemed = shelf.redeem(json!({ "amount": 5 }));
    let reversal = crate::support::done(reverse(&shelf, &redeemed));
    refused(reverse(&shelf, &redeemed));
    refused(reverse(&shelf, &reversal));
    assert_eq!(shelf.balance("reward_balance"), 10.0);
}

#[test]
fn a_return_issues_anew() {
    let shelf = Shelf::new();
    let reward = shelf.reward(10.0, json!({ "expires_at": "2026-03-05 00:00:00" }));
    let redeemed = shelf.redeem(json!({ "amount": 8 }));
    shelf.days(20);
    let path = format!("/v3/redemptions/{}/return", id(&redeemed));
    let returned = shelf.post(
        &path,
        json!({ "amount": 3, "transaction_external_id": "POS-R" }),
    );
    assert_eq!(returned["total"], 3);
    assert_eq!(returned["balances"]["reward_balance"], 3);
    let rewards = shelf.get(&shelf.of("rewards"));
    assert_eq!(rewards[1]["value_initial"], 3);
    assert_eq!(rewards[1]["definition"]["id"], reward["definition"]["id"]);
    assert_eq!(
        rewards[1]["expires_at"], "2026-04-20 09:00:00",
        "by the definition's period"
    );
    let rest = shelf.post(&path, json!({}));
    assert_eq!(rest["total"], 5);
    assert!(refused(shelf.sandbox.call("POST", &path, json!({})))["redemption"].is_array());
    refused(reverse(&shelf, &redeemed));
}

#[test]
fn a_strict_return_refuses_more_than_was_redeemed() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({}));
    let redeemed = shelf.redeem(json!({ "amount": 8 }));
    let path = format!("/v3/redemptions/{}/return", id(&redeemed));
    let body = json!({ "amount": 9, "strict": true });
    assert!(refused(shelf.sandbox.call("POST", &path, body))["amount"].is_array());
    assert_eq!(shelf.post(&path, json!({ "amount": 9 }))["total"], 8);
}

#[test]
fn a_return_gives_back_by_strategy() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({}));
    shelf.points(1000.0, json!({}));
    shelf.credit(10.0, json!({}));
    let redeemed =
        shelf.redeem(json!({ "amount": 30, "strategies": ["rewards", "points", "credits"] }));
    let path = format!("/v3/redemptions/{}/return", id(&redeemed));
    let returned = shelf.post(
        &path,
        json!({ "amount": 15, "strategies": ["credits", "points"] }),
    );
    assert_eq!(returned["total"], 15);
    assert_eq!(returned["balances"]["credit_balance"], 10);
    assert_eq!(returned["balances"]["point_balance"], 500);
    assert_eq!(returned["balances"]["reward_balance"], 0);
}

#[test]
fn what_was_reversed_is_not_returned_and_the_other_way_round() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({}));
    let redeemed = shelf.redeem(json!({ "amount": 4 }));
    let path = format!("/v3/redemptions/{}/return", id(&redeemed));
    shelf.post(&path, json!({ "amount": 1 }));
    refused(reverse(&shelf, &redeemed));
    let other = shelf.redeem(json!({ "amount": 4 }));
    crate::support::done(reverse(&shelf, &other));
    let path = format!("/v3/redemptions/{}/return", id(&other));
    refused(shelf.sandbox.call("POST", &path, json!({ "amount": 1 })));
}

#[test]
fn a_benefit_is_given_back_some_times() {
    let shelf = Shelf::new();
    let benefit = shelf.benefit(
        "coffee",
        json!({ "max_redemptions": 3, "max_global_redemptions": 3 }),
    );
    let path = shelf.of(&format!("benefits/{}/redeem", id(&benefit)));
    let redeemed = shelf.post(&path, json!({ "count": 3 }));
    let path = format!("/v3/redemptions/{}/benefit/return", id(&redeemed));
    let returned = shelf.post(&path, json!({ "count": 2 }));
    assert_eq!(returned["type"], "return");
    assert_eq!(returned["items"][0]["count"], 2);
    let read = shelf.get(&format!("/v3/benefits/{}", id(&benefit)));
    assert_eq!(read["redemptions_remaining"], 2);
    assert_eq!(read["is_redeemable"], true);
    assert!(refused(shelf.sandbox.call("POST", &path, json!({ "count": 2 })))["count"].is_array());
}

#[test]
fn a_returned_benefit_is_a_new_one() {
    let shelf = Shelf::new();
    let benefit = shelf.benefit("voucher", json!({ "value": 5, "max_redemptions": 2 }));
    let redeemed = shelf.redeem(json!({ "benefits": [{ "id": benefit["id"], "quantity": 2 }] }));
    assert_eq!(shelf.balance("benefit_balance"), 0.0);
    let path = format!("/v3/redemptions/{}/return", id(&redeemed));
    shelf.post(&path, json!({ "benefits": [{ "handle": "voucher" }] }));
    assert_eq!(shelf.balance("benefit_balance"), 5.0);
    let benefits = shelf.get(&shelf.of("benefits"));
    assert_eq!(benefits.as_array().map(Vec::len), Some(2));
    assert_eq!(benefits[1]["redemptions_remaining"], 1);
}
