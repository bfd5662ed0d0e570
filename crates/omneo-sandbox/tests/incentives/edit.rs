use serde_json::{Value, json};

use crate::shelf::{Shelf, id};
use crate::support::{profile, refused};

#[test]
fn a_reward_is_edited_in_its_own_zone() {
    let shelf = Shelf::new();
    let reward = shelf.reward(20.0, json!({ "timezone": "Australia/Melbourne" }));
    let path = format!("/v3/rewards/{}", id(&reward));
    let body = json!({ "value_initial": 101, "value_remaining": 100, "expires_at": "2026-12-21 08:30:00" });
    let edited = shelf.put(&path, body);
    assert_eq!(edited["value_initial"], 101);
    assert_eq!(edited["value_remaining"], 100);
    assert_eq!(edited["expires_local_at"], "2026-12-21 08:30:00");
    assert_eq!(edited["expires_at"], "2026-12-20 21:30:00");
    assert_eq!(shelf.balance("reward_balance"), 100.0);
    let reply = shelf
        .sandbox
        .call("PUT", &path, json!({ "value_remaining": 102 }));
    assert!(refused(reply)["value_remaining"].is_array());
}

#[test]
fn a_date_alone_is_a_benefits_midnight() {
    let shelf = Shelf::new();
    let benefit = shelf.benefit("coffee", json!({}));
    let path = format!("/v3/benefits/{}", id(&benefit));
    let edited = shelf.put(
        &path,
        json!({ "external_id": "b-2", "expires_at": "2026-12-01" }),
    );
    assert_eq!(edited["expires_at"], "2026-12-01 00:00:00");
    assert_eq!(edited["external_id"], "b-2");
}

#[test]
fn an_instance_of_another_profile_is_not_found() {
    let shelf = Shelf::new();
    let reward = shelf.reward(20.0, json!({}));
    let other = profile(&shelf.sandbox, "grace@example.com");
    let path = format!("/v3/profiles/{other}/rewards/{}", id(&reward));
    let reply = shelf
        .sandbox
        .call("PUT", &path, json!({ "value_remaining": 1 }));
    assert_eq!(reply.status, 404);
    assert_eq!(shelf.sandbox.call("GET", &path, Value::Null).status, 404);
}

#[test]
fn what_is_deleted_leaves_the_balance() {
    let shelf = Shelf::new();
    let reward = shelf.reward(20.0, json!({}));
    shelf.reward(5.0, json!({}));
    shelf.delete(&format!("/v3/rewards/{}", id(&reward)));
    assert_eq!(shelf.balance("reward_balance"), 5.0);
}
