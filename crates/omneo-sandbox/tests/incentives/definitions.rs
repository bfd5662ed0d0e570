use serde_json::{Value, json};

use crate::shelf::{Shelf, id};
use crate::support::refused;

const FAMILIES: [&str; 6] = [
    "rewards",
    "benefits",
    "points",
    "credits",
    "tiers",
    "achievements",
];

#[test]
fn a_handle_is_unique_in_its_family() {
    let shelf = Shelf::new();
    for family in FAMILIES {
        let made = shelf.define(family, "welcome", json!({}));
        assert_eq!(made["handle"], "welcome");
        let mut body = made.clone();
        body.as_object_mut().expect("a map").remove("id");
        let body = match family {
            "rewards" => {
                json!({ "name": "W", "handle": "welcome", "value": 1, "period": 1, "type": "bonus" })
            }
            "benefits" => json!({ "name": "W", "handle": "welcome", "period": 1 }),
            "credits" => json!({ "name": "W", "handle": "welcome", "type": "voucher" }),
            "tiers" => json!({ "name": "W", "handle": "welcome", "value_min": 5 }),
            "achievements" => json!({ "name": "W", "handle": "welcome", "levels": [] }),
            _ => json!({ "name": "W", "handle": "welcome" }),
        };
        let reply = shelf
            .sandbox
            .call("POST", &format!("/v3/{family}/definitions"), body);
        assert!(refused(reply)["handle"].is_array(), "{family}");
    }
}

#[test]
fn a_handle_never_changes() {
    let shelf = Shelf::new();
    let made = shelf.define("rewards", "birthday", json!({}));
    let path = format!("/v3/rewards/definitions/{}", id(&made));
    let edited = shelf.put(
        &path,
        json!({ "name": "Birthday!", "handle": "other", "value": 100 }),
    );
    assert_eq!(edited["handle"], "birthday");
    assert_eq!(edited["name"], "Birthday!");
    assert_eq!(edited["value"], 100);
}

#[test]
fn a_definition_is_completed_by_defaults() {
    let shelf = Shelf::new();
    let reward = shelf.define("rewards", "birthday", json!({}));
    assert_eq!(reward["period_type"], "days");
    assert_eq!(reward["is_extendable"], false);
    let benefit = shelf.define("benefits", "coffee", json!({}));
    assert_eq!(benefit["max_redemptions"], 1);
    assert_eq!(benefit["is_published"], true);
    let tier = shelf.define("tiers", "bronze", json!({}));
    assert_eq!(tier["is_floor"], true);
    let tier = shelf.define("tiers", "silver", json!({ "value_min": 10 }));
    assert_eq!(tier["is_floor"], false);
}

#[test]
fn an_absolute_period_wants_its_end() {
    let shelf = Shelf::new();
    let body = json!({
        "name": "W", "handle": "w", "value": 1, "period": 1, "type": "bonus", "period_type": "absolute_date",
    });
    let reply = shelf.sandbox.call("POST", "/v3/rewards/definitions", body);
    assert!(refused(reply)["absolute_expiry"].is_array());
}

#[test]
fn a_benefit_definition_is_read_by_handle_and_cloned() {
    let shelf = Shelf::new();
    let made = shelf.define(
        "benefits",
        "coffee",
        json!({ "max_redemptions": 3, "tags": ["vip"] }),
    );
    let read = shelf.get("/v3/benefits/definitions/handle/coffee");
    assert_eq!(id(&read), id(&made));
    let path = format!("/v3/benefits/definitions/{}/clone", id(&made));
    let copy = shelf.post(&path, json!({ "handle": "tea", "name": "Tea" }));
    assert_ne!(id(&copy), id(&made));
    assert_eq!(copy["handle"], "tea");
    assert_eq!(copy["name"], "Tea");
    assert_eq!(copy["max_redemptions"], 3);
    assert_eq!(copy["tags"], json!(["vip"]));
    let again = shelf
        .sandbox
        .call("POST", &path, json!({ "handle": "tea" }));
    assert!(refused(again)["handle"].is_array());
    let none = shelf
        .sandbox
        .call("GET", "/v3/benefits/definitions/handle/milk", Value::Null);
    assert_eq!(none.status, 404);
}

#[test]
fn deleting_a_tier_in_use_makes_the_server_fail() {
    let shelf = Shelf::new();
    let bronze = shelf.define("tiers", "bronze", json!({ "is_assignable": true }));
    let spare = shelf.define("tiers", "gold", json!({ "value_min": 500 }));
    shelf.post(&shelf.of("tiers/assign"), json!({ "tier": "bronze" }));
    let path = format!("/v3/tiers/definitions/{}", id(&bronze));
    let reply = shelf.sandbox.call("DELETE", &path, Value::Null);
    assert_eq!(reply.status, 500);
    assert_eq!(shelf.get(&path)["handle"], "bronze");
    let unused = shelf.define("tiers", "platinum", json!({ "value_min": 900 }));
    shelf.delete(&format!("/v3/tiers/definitions/{}", id(&unused)));
    let next = shelf.sandbox.call(
        "DELETE",
        &format!("/v3/tiers/definitions/{}", id(&spare)),
        Value::Null,
    );
    assert_eq!(next.status, 500, "the next tier is in use, too");
}

#[test]
fn definitions_of_all_families_are_deleted() {
    let shelf = Shelf::new();
    for family in FAMILIES {
        let made = shelf.define(family, "gone", json!({}));
        let path = format!("/v3/{family}/definitions/{}", id(&made));
        shelf.delete(&path);
        assert_eq!(shelf.sandbox.call("GET", &path, Value::Null).status, 404);
    }
}
