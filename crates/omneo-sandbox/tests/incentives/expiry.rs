use serde_json::json;

use crate::shelf::{Shelf, id};

#[test]
fn what_expires_leaves_the_balance_by_the_clock() {
    let shelf = Shelf::new();
    let reward = shelf.reward(20.0, json!({ "expires_at": "2026-03-10 09:00:00" }));
    shelf.reward(5.0, json!({}));
    shelf.days(8);
    assert_eq!(shelf.balance("reward_balance"), 25.0);
    shelf.days(1);
    assert_eq!(shelf.balance("reward_balance"), 5.0);
    let read = shelf.get(&format!("/v3/rewards/{}", id(&reward)));
    assert_eq!(read["is_expired"], true);
    assert_eq!(read["is_active"], false);
    assert_eq!(
        read["value_remaining"], 20,
        "what is left of it is still told"
    );
}

#[test]
fn expiries_are_entered_one_by_one_in_their_order() {
    let shelf = Shelf::new();
    shelf.reward(20.0, json!({ "expires_at": "2026-03-12 00:00:00" }));
    shelf.credit(50.0, json!({ "expires_at": "2026-03-11 00:00:00" }));
    shelf.points(100.0, json!({ "expires_at": "2026-03-10 00:00:00" }));
    shelf.days(100);
    let expected = [
        ("Reward issued", 20.0, 20.0),
        ("Credit issued", 50.0, 70.0),
        ("Point issued", 1.0, 71.0),
        ("Point expired", -1.0, 70.0),
        ("Credit expired", -50.0, 20.0),
        ("Reward expired", -20.0, 0.0),
    ];
    let expected = expected.map(|(what, value, sum)| (what.to_owned(), value, sum));
    assert_eq!(shelf.entries(), expected);
}

#[test]
fn expiry_is_done_in_time_though_nobody_reads() {
    let shelf = Shelf::new();
    shelf.reward(20.0, json!({ "expires_at": "2026-03-10 09:00:00" }));
    let webhook = json!({
        "trigger": "balance.updated", "url": "http://127.0.0.1:9/hook", "namespace": "other", "is_active": true,
    });
    shelf.post("/v3/webhooks", webhook);
    shelf.days(10);
    shelf.sandbox.settle_blocking();
    let deliveries = shelf.sandbox.deliveries();
    let told = deliveries
        .iter()
        .filter(|delivery| delivery.trigger == "balance.updated");
    assert_eq!(told.count(), 1);
}

#[test]
fn a_benefits_times_are_of_its_zone() {
    let shelf = Shelf::new();
    let definition = shelf.define("benefits", "coffee", json!({}));
    let number: i64 = id(&definition).parse().expect("a number");
    let body = json!({
        "profile_id": shelf.profile, "benefit_definition_id": number, "timezone": "Australia/Melbourne",
        "issued_at": "2026-03-01 19:00:00", "expires_at": "2026-03-01 20:30:00",
    });
    let benefit = shelf.post("/v3/benefits", body);
    assert_eq!(benefit["is_redeemable"], true, "it is 20:00 there");
    shelf
        .sandbox
        .clock()
        .advance(jiff::SignedDuration::from_mins(30));
    let read = shelf.get(&format!("/v3/benefits/{}", id(&benefit)));
    assert_eq!(read["is_expired"], true);
    assert_eq!(read["is_redeemable"], false);
}
