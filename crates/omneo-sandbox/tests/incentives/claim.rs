use serde_json::{Value, json};

use crate::shelf::{Shelf, id};
use crate::support::{profile, refused};

fn claim(shelf: &Shelf, handle: &str) -> omneo_sandbox::Reply {
    let body = json!({ "definition": handle, "timezone": "Australia/Melbourne" });
    shelf
        .sandbox
        .call("POST", &shelf.of("benefits/claim"), body)
}

#[test]
fn a_claimable_benefit_is_claimed_once() {
    let shelf = Shelf::new();
    shelf.define("benefits", "coffee", json!({ "is_claimable": true }));
    let benefit = crate::support::done(claim(&shelf, "coffee"));
    assert_eq!(benefit["claimed_at"], "2026-03-01 20:00:00");
    assert_eq!(benefit["is_redeemable"], true);
    assert!(refused(claim(&shelf, "coffee"))["definition"].is_array());
}

#[test]
fn a_reclaimable_benefit_is_claimed_again() {
    let shelf = Shelf::new();
    shelf.define(
        "benefits",
        "coffee",
        json!({ "is_claimable": true, "is_reclaimable": true }),
    );
    crate::support::done(claim(&shelf, "coffee"));
    crate::support::done(claim(&shelf, "coffee"));
}

#[test]
fn a_claim_wants_a_claimable_definition_and_its_period() {
    let shelf = Shelf::new();
    shelf.define("benefits", "given", json!({}));
    shelf.define("benefits", "early", json!({
        "is_claimable": true, "claim_period_start_at": "2026-04-01 00:00:00", "claim_period_end_at": "2026-05-01 00:00:00",
    }));
    shelf.define(
        "benefits",
        "hidden",
        json!({ "is_claimable": true, "is_published": false }),
    );
    for handle in ["given", "early", "hidden", "unknown"] {
        assert!(
            refused(claim(&shelf, handle))["definition"].is_array(),
            "{handle}"
        );
    }
    let names = |list: Value| -> Vec<String> {
        let list = list.as_array().expect("a list").clone();
        list.iter()
            .map(|one| one["handle"].as_str().expect("a handle").to_owned())
            .collect()
    };
    assert!(names(shelf.get(&shelf.of("benefits/claimable"))).is_empty());
    assert_eq!(names(shelf.get(&shelf.of("benefits/viewable"))), ["early"]);
    shelf.days(40);
    assert_eq!(names(shelf.get(&shelf.of("benefits/claimable"))), ["early"]);
    crate::support::done(claim(&shelf, "early"));
    assert!(names(shelf.get(&shelf.of("benefits/claimable"))).is_empty());
}

#[test]
fn a_benefit_is_claimed_and_redeemed_at_once() {
    let shelf = Shelf::new();
    shelf.define("benefits", "coffee", json!({ "is_claimable": true }));
    let body = json!({ "definition": "coffee", "timezone": "UTC" });
    let redemption = shelf.post(&shelf.of("benefits/claim-redeem"), body);
    assert_eq!(redemption["type"], "redeem");
    assert_eq!(redemption["items"][0]["type"], "benefit");
    assert_eq!(redemption["items"][0]["count"], 1);
    assert_eq!(
        redemption["items"][0]["type_attributes"]["redemptions_remaining"],
        0
    );
    let count = shelf.get("/v3/benefits.count");
    assert_eq!(count, json!({ "countAll": 1, "countRedeemed": 1 }));
}

#[test]
fn a_benefit_is_redeemed_as_often_as_it_may() {
    let shelf = Shelf::new();
    let benefit = shelf.benefit("coffee", json!({ "max_redemptions": 3 }));
    let path = shelf.of(&format!("benefits/{}/redeem", id(&benefit)));
    let redemption = shelf.post(&path, json!({ "count": 2 }));
    assert_eq!(redemption["items"][0]["count"], 2);
    assert!(refused(shelf.sandbox.call("POST", &path, json!({ "count": 2 })))["count"].is_array());
    assert_eq!(
        shelf.get(&shelf.of("redeemable_benefits"))[0]["redemptions_remaining"],
        1
    );
    shelf.post(&path, Value::Null);
    assert!(refused(shelf.sandbox.call("POST", &path, Value::Null))["count"].is_array());
    assert_eq!(shelf.get(&shelf.of("redeemable_benefits")), json!([]));
    let count = shelf.get(&shelf.of(&format!("redemptions/benefit/{}/count", id(&benefit))));
    assert_eq!(count["count"], 2);
}

#[test]
fn a_maximum_over_all_profiles_is_kept() {
    let shelf = Shelf::new();
    let definition = shelf.define(
        "benefits",
        "few",
        json!({ "max_redemptions": 5, "max_global_redemptions": 2 }),
    );
    let benefit = shelf.benefit_of(&definition);
    let path = shelf.of(&format!("benefits/{}/redeem", id(&benefit)));
    shelf.post(&path, json!({ "count": 2 }));
    assert!(refused(shelf.sandbox.call("POST", &path, json!({})))["count"].is_array());
    let read = shelf.get(&format!("/v3/benefits/definitions/{}", id(&definition)));
    assert_eq!(read["total_global_redemptions"], 2);
    assert_eq!(read["total_global_redemptions_remaining"], 0);
    let other = Shelf {
        profile: profile(&shelf.sandbox, "grace@example.com"),
        ..shelf
    };
    let theirs = other.benefit_of(&definition);
    assert_eq!(theirs["is_redeemable"], false);
}

#[test]
fn a_profiles_benefits_are_listed_by_tag() {
    let shelf = Shelf::new();
    shelf.benefit("coffee", json!({ "tags": ["hot", "vip"] }));
    let tea = shelf.benefit("ice", json!({ "tags": ["cold"] }));
    let tagged = shelf.get(&shelf.of("benefits?tags[]=cold&tags[]=warm"));
    assert_eq!(tagged.as_array().map(Vec::len), Some(1));
    assert_eq!(tagged[0]["id"], tea["id"]);
    assert_eq!(
        shelf.get(&shelf.of("benefits")).as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn a_claim_wants_a_profile_that_meets_the_condition() {
    let shelf = Shelf::new();
    for (handle, email) in [("hers", "ada@example.com"), ("his", "alan@example.com")] {
        let condition = json!({ "===": [{ "var": "email" }, email] });
        let more = json!({
            "is_claimable": true, "claim_condition": condition, "view_condition": condition,
        });
        shelf.define("benefits", handle, more);
    }
    for list in ["benefits/claimable", "benefits/viewable"] {
        let found = shelf.get(&shelf.of(list));
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{list}");
        assert_eq!(found[0]["handle"], "hers");
    }
    crate::support::done(claim(&shelf, "hers"));
    assert!(refused(claim(&shelf, "his"))["definition"].is_array());
}
