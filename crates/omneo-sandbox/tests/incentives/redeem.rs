use serde_json::{Value, json};

use crate::shelf::{Shelf, id};
use crate::support::refused;

fn left(shelf: &Shelf, family: &str, record: &Value) -> f64 {
    let read = shelf.get(&format!("/v3/{family}/{}", id(record)));
    read["value_remaining"].as_f64().expect("a number")
}

#[test]
fn the_nearest_expiry_goes_first_and_what_never_expires_last() {
    let shelf = Shelf::new();
    let late = shelf.reward(10.0, json!({ "expires_at": "2026-06-01 00:00:00" }));
    let soon = shelf.reward(10.0, json!({ "expires_at": "2026-04-01 00:00:00" }));
    let redeemed = shelf.redeem(json!({ "amount": 15, "strategies": ["rewards"] }));
    assert_eq!(redeemed["total"], 15);
    assert_eq!(redeemed["balances"]["reward_balance"], 5);
    assert_eq!(left(&shelf, "rewards", &soon), 0.0);
    assert_eq!(left(&shelf, "rewards", &late), 5.0);

    let never = shelf.credit(10.0, json!({}));
    let ends = shelf.credit(10.0, json!({ "expires_at": "2030-01-01 00:00:00" }));
    shelf.redeem(json!({ "amount": 12, "strategies": ["credits"] }));
    assert_eq!(left(&shelf, "credits", &ends), 0.0);
    assert_eq!(left(&shelf, "credits", &never), 8.0);
}

#[test]
fn families_are_used_in_the_order_of_the_strategies() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({}));
    shelf.points(1000.0, json!({}));
    let redeemed = shelf.redeem(json!({ "amount": 12, "strategies": ["points", "rewards"] }));
    assert_eq!(redeemed["balances"]["point_balance"], 0);
    assert_eq!(redeemed["balances"]["reward_balance"], 8);
    let read = shelf.get(&shelf.of(&format!("redemptions/{}", id(&redeemed))));
    let items = read["items"].as_array().expect("a list");
    let items: Vec<_> = items
        .iter()
        .map(|item| (&item["type"], &item["value"]))
        .collect();
    assert_eq!(
        items,
        [(&json!("point"), &json!(10)), (&json!("reward"), &json!(2))]
    );
}

#[test]
fn an_amount_alone_is_taken_from_rewards_and_points() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({}));
    shelf.points(1000.0, json!({}));
    shelf.credit(10.0, json!({}));
    let redeemed = shelf.redeem(json!({ "amount": 100 }));
    assert_eq!(redeemed["total"], 20, "what there is is taken");
    assert_eq!(redeemed["balances"]["combined_balance_dollars"], 0);
    assert_eq!(redeemed["balances"]["credit_balance"], 10);
}

#[test]
fn strict_refuses_more_than_there_is() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({}));
    let body = json!({ "amount": 10.01, "strategies": ["rewards"], "strict": true });
    let reply = shelf.sandbox.call("POST", &shelf.of("redeem"), body);
    assert!(refused(reply)["amount"].is_array());
    assert_eq!(shelf.balance("reward_balance"), 10.0, "nothing was taken");
    shelf.redeem(json!({ "amount": 10, "strategies": ["rewards"], "strict": true }));
}

#[test]
fn redeeming_nothing_is_refused() {
    let shelf = Shelf::new();
    for body in [json!({}), json!({ "amount": 0 })] {
        let reply = shelf.sandbox.call("POST", &shelf.of("redeem"), body);
        assert!(refused(reply)["amount"].is_array());
    }
}

#[test]
fn what_is_expired_or_not_yet_issued_is_not_taken() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({ "expires_at": "2026-03-02 00:00:00" }));
    shelf.reward(10.0, json!({ "issued_at": "2026-03-20 00:00:00" }));
    shelf.days(5);
    let redeemed = shelf.redeem(json!({ "amount": 20, "strategies": ["rewards"] }));
    assert_eq!(redeemed["total"], 0);
}

#[test]
fn benefits_are_redeemed_by_id_or_handle_along_with_an_amount() {
    let shelf = Shelf::new();
    let coffee = shelf.benefit("coffee", json!({ "max_redemptions": 2 }));
    let cake = shelf.benefit("cake", json!({}));
    shelf.reward(10.0, json!({}));
    let redeemed = shelf.redeem(json!({
        "amount": 4, "benefits": [{ "id": coffee["id"], "quantity": 2 }, { "handle": "cake" }],
    }));
    assert_eq!(redeemed["total"], 4);
    for benefit in [&coffee, &cake] {
        let read = shelf.get(&format!("/v3/benefits/{}", id(benefit)));
        assert_eq!(read["redemptions_remaining"], 0);
    }
    for benefits in [
        json!([{ "handle": "cake" }]),
        json!([{ "id": 99 }]),
        json!([{}]),
    ] {
        let body = json!({ "benefits": benefits });
        refused(shelf.sandbox.call("POST", &shelf.of("redeem"), body));
    }
}

#[test]
fn benefits_of_value_pay_whole() {
    let shelf = Shelf::new();
    shelf.benefit("voucher", json!({ "value": 5, "max_redemptions": 3 }));
    assert_eq!(shelf.balance("benefit_balance"), 15.0);
    let redeemed = shelf.redeem(json!({ "amount": 12, "strategies": ["benefits"] }));
    assert_eq!(redeemed["total"], 10);
    assert_eq!(redeemed["balances"]["benefit_balance"], 5);
}

#[test]
fn a_redemption_is_found_by_what_it_was_for() {
    let shelf = Shelf::new();
    shelf.reward(10.0, json!({}));
    shelf.redeem(json!({
        "amount": 1, "transaction_external_id": "POS-1", "transaction_receipt_ref": "R-1", "meta": { "till": 3 },
    }));
    let second = shelf.redeem(json!({ "amount": 2, "transaction_external_id": "POS-2" }));
    assert_eq!(second["transaction_external_id"], "POS-2");
    for (filter, total) in [
        ("filter[transaction_external_id]=POS-2", 2),
        ("filter[transaction_receipt_ref]=R-1", 1),
    ] {
        for path in ["/v3/redemptions".to_owned(), shelf.of("redemptions")] {
            let found = shelf.get(&format!("{path}?{filter}"));
            assert_eq!(found.as_array().map(Vec::len), Some(1), "{path}");
            assert_eq!(found[0]["total"], total);
        }
    }
    let items = shelf.get("/v3/redemptions/items?filter[redeemable_type]=reward");
    assert_eq!(items.as_array().map(Vec::len), Some(2));
    assert_eq!(items[0]["type_attributes"]["value_initial"], 10);
    let reply = shelf.sandbox.call(
        "GET",
        "/v3/redemptions/group/transaction_external_id",
        Value::Null,
    );
    assert_eq!(reply.body["total"], 2, "{}", reply.body);
    assert_eq!(reply.body["data"][1]["redemptions"]["data"][0]["total"], 2);
}

#[test]
fn a_credit_is_redeemed_with_its_code() {
    let shelf = Shelf::new();
    let credit = shelf.credit(100.0, json!({ "security_code": "1113" }));
    let path = shelf.of(&format!("credits/{}/redeem", id(&credit)));
    let wrong = json!({ "amount": 10, "security_code": "9999" });
    assert!(refused(shelf.sandbox.call("POST", &path, wrong))["security_code"].is_array());
    let redemption = shelf.post(&path, json!({ "amount": 60, "security_code": "1113" }));
    assert_eq!(redemption["total"], 60);
    assert_eq!(redemption["items"][0]["type"], "credit");
    assert_eq!(
        redemption["items"][0]["type_attributes"]["value_remaining"],
        40
    );
    let more = json!({ "amount": 41, "security_code": "1113" });
    assert!(refused(shelf.sandbox.call("POST", &path, more))["amount"].is_array());
    assert_eq!(shelf.balance("credit_balance"), 40.0);
}

#[test]
fn a_code_that_is_required_must_be_given() {
    let shelf = Shelf::new();
    shelf.define("credits", "safe", json!({ "require_security_code": true }));
    let credit = shelf.credit(100.0, json!({ "credit_definition_handle": "safe" }));
    let path = shelf.of(&format!("credits/{}/redeem", id(&credit)));
    assert!(
        refused(shelf.sandbox.call("POST", &path, json!({ "amount": 10 })))["security_code"]
            .is_array()
    );
    shelf.post(
        &path,
        json!({ "amount": 10, "security_code": credit["security_code"] }),
    );
}

#[test]
fn a_locked_credit_waits() {
    let shelf = Shelf::new();
    let credit = shelf.credit(
        30.0,
        json!({ "locked": true, "lock_expires_at": "2026-03-03 00:00:00" }),
    );
    assert_eq!(shelf.balance("credit_balance"), 0.0);
    let path = shelf.of(&format!("credits/{}/redeem", id(&credit)));
    refused(shelf.sandbox.call("POST", &path, json!({ "amount": 1 })));
    shelf.days(3);
    assert_eq!(shelf.balance("credit_balance"), 30.0);
}

#[test]
fn another_currency_is_converted_and_must_be_configured() {
    let shelf = Shelf::new();
    shelf.reward(100.0, json!({}));
    shelf.post(
        "/v3/currencies",
        json!({ "from": "AUD", "to": "NZD", "rate": 1.25 }),
    );
    let redeemed = shelf.redeem(json!({ "amount": 25, "currency": "NZD" }));
    assert_eq!(redeemed["total"], 20);
    assert_eq!(redeemed["total_localised"], 25);
    let body = json!({ "amount": 25, "currency": "GBP" });
    assert!(refused(shelf.sandbox.call("POST", &shelf.of("redeem"), body))["currency"].is_array());
    let balances = shelf.get(&shelf.of("balances?currency=NZD"));
    assert_eq!(balances["reward_balance"], 80);
    assert_eq!(balances["localised"]["reward_balance"], 100);
    assert_eq!(balances["currency"]["to"], "NZD");
}
