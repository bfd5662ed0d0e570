use jiff::ToSpan;
use jiff::civil::DateTime;
use serde_json::{Value, json};

use crate::shelf::{Shelf, id};
use crate::support::{profile, refused};

#[test]
fn a_reward_is_extended_once() {
    let shelf = Shelf::new();
    let first = shelf.reward(5.0, json!({ "expires_at": "2026-03-10 00:00:00" }));
    let second = shelf.reward(6.0, json!({ "expires_at": "2026-03-11 00:00:00" }));
    let body = json!({ "profile_id": shelf.profile, "ids": [second["id"], first["id"]], "extend_days": 10 });
    let extended = shelf.post("/v3/rewards/extend", body.clone());
    assert_eq!(extended[0]["id"], second["id"], "in the order of the ids");
    assert_eq!(extended[0]["expires_at"], "2026-03-21 00:00:00");
    assert_eq!(extended[1]["expires_at"], "2026-03-20 00:00:00");
    assert_eq!(extended[1]["extended_at"], "2026-03-01 09:00:00");
    let again = shelf.sandbox.call("POST", "/v3/rewards/extend", body);
    assert!(refused(again)["ids.0"].is_array());
}

#[test]
fn all_are_extended_or_none() {
    let shelf = Shelf::new();
    let reward = shelf.reward(5.0, json!({ "expires_at": "2026-03-10 00:00:00" }));
    let other = profile(&shelf.sandbox, "grace@example.com");
    let others = shelf.reward(5.0, json!({ "profile_id": other }));
    let body = json!({ "profile_id": shelf.profile, "ids": [reward["id"], others["id"]], "extend_days": 10 });
    let errors = refused(shelf.sandbox.call("POST", "/v3/rewards/extend", body));
    assert!(errors["ids.1"].is_array());
    let read = shelf.get(&format!("/v3/rewards/{}", id(&reward)));
    assert_eq!(read["expires_at"], "2026-03-10 00:00:00");
}

#[test]
fn days_or_a_date_are_given_and_not_both() {
    let shelf = Shelf::new();
    let reward = shelf.reward(5.0, json!({}));
    let body = json!({ "profile_id": shelf.profile, "ids": [reward["id"]] });
    refused(
        shelf
            .sandbox
            .call("POST", "/v3/rewards/extend", body.clone()),
    );
    let mut both = body.clone();
    both["extend_days"] = 1.into();
    both["extend_date"] = "2026-12-01".into();
    refused(shelf.sandbox.call("POST", "/v3/rewards/extend", both));
    let mut date = body;
    date["extend_date"] = "2026-12-01 10:00:00".into();
    let extended = shelf.post("/v3/rewards/extend", date);
    assert_eq!(extended[0]["expires_at"], "2026-12-01 10:00:00");
}

#[test]
fn only_what_is_extendable_is_extended() {
    let shelf = Shelf::new();
    shelf.define("rewards", "fixed", json!({}));
    let reward = shelf.reward(5.0, json!({ "reward_definition_handle": "fixed" }));
    let body = json!({ "profile_id": shelf.profile, "ids": [reward["id"]], "extend_days": 1 });
    refused(shelf.sandbox.call("POST", "/v3/rewards/extend", body));
}

#[test]
fn benefits_and_credits_are_extended_again_and_again() {
    let shelf = Shelf::new();
    let benefit = shelf.benefit("coffee", json!({ "is_extendable": true }));
    let credit = shelf.credit(5.0, json!({ "expires_at": "2026-03-10 00:00:00" }));
    for (family, instance) in [("benefits", &benefit), ("credits", &credit)] {
        let body =
            json!({ "profile_id": shelf.profile, "ids": [instance["id"]], "extend_days": 1 });
        let path = format!("/v3/{family}/extend");
        shelf.post(&path, body.clone());
        let twice = shelf.post(&path, body);
        let time = |record: &Value| -> DateTime {
            let text = record["expires_at"].as_str().expect("a time");
            text.parse().expect("a time")
        };
        assert_eq!(time(&twice[0]), time(instance) + 2.days(), "{family}");
    }
}

#[test]
fn an_extension_brings_back_what_had_expired() {
    let shelf = Shelf::new();
    let reward = shelf.reward(5.0, json!({ "expires_at": "2026-03-02 00:00:00" }));
    shelf.days(3);
    assert_eq!(shelf.balance("reward_balance"), 0.0);
    let body = json!({ "profile_id": shelf.profile, "ids": [reward["id"]], "extend_days": 30 });
    shelf.post("/v3/rewards/extend", body);
    assert_eq!(shelf.balance("reward_balance"), 5.0);
}
