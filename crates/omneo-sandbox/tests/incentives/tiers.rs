use serde_json::{Value, json};

use crate::shelf::{Shelf, id};
use crate::support::{profile, refused};

/// Bronze from 0, silver from 100 and kept with 50, gold from 500.
fn tiered() -> Shelf {
    let shelf = Shelf::new();
    shelf.define("tiers", "bronze", json!({}));
    shelf.define(
        "tiers",
        "silver",
        json!({ "value_min": 100, "value_maintain": 50, "is_assignable": true }),
    );
    shelf.define(
        "tiers",
        "gold",
        json!({ "value_min": 500, "is_assignable": true }),
    );
    Shelf {
        profile: profile(&shelf.sandbox, "grace@example.com"),
        ..shelf
    }
}

fn earn(shelf: &Shelf, value: f64, issued: &str) -> Value {
    let body = json!({
        "profile_id": shelf.profile, "point_definition_id": shelf.point_definition(), "value": value,
        "issued_at": issued,
    });
    shelf.post("/v3/tiers/points", body)
}

fn tier(shelf: &Shelf) -> String {
    let progress = shelf.get(&shelf.of("tiers"));
    progress["current_tier"]["handle"]
        .as_str()
        .expect("a handle")
        .to_owned()
}

#[test]
fn a_new_profile_is_on_the_floor() {
    let shelf = tiered();
    let progress = shelf.get(&shelf.of("tiers"));
    assert_eq!(progress["current_tier"]["handle"], "bronze");
    assert_eq!(progress["next_tier"]["handle"], "silver");
    assert_eq!(progress["prev_tier"], Value::Null);
    assert_eq!(progress["is_floor"], true);
    assert_eq!(progress["next_remain"], 100);
    assert_eq!(progress["current_credit"], 0);
    assert_eq!(progress["achieved_at"], "2026-03-01 00:00:00");
    assert_eq!(progress["anniversary_at"], "2027-03-01 23:59:59");
    assert_eq!(progress["assigned_at"], Value::Null);
    let profile = shelf.get(&format!("/v3/profiles/{}", shelf.profile));
    assert_eq!(profile["tier_handle"], "bronze");
    assert_eq!(profile["tier"]["name"], "bronze");
}

#[test]
fn points_make_a_tier() {
    let shelf = tiered();
    let point = earn(&shelf, 60.0, "2026-03-01 08:00:00");
    assert_eq!(point["value"], 60);
    assert_eq!(point["status"], "active");
    let progress = shelf.get(&shelf.of("tiers"));
    assert_eq!(progress["total_points_12m"], 60);
    assert_eq!(progress["next_progress"], 60);
    assert_eq!(progress["next_remain"], 40);
    earn(&shelf, 60.0, "2026-03-01 08:30:00");
    let progress = shelf.get(&shelf.of("tiers"));
    assert_eq!(progress["current_tier"]["handle"], "silver");
    assert_eq!(progress["prev_tier"]["handle"], "bronze");
    assert_eq!(
        progress["current_credit"], 20,
        "what is beyond the tier counts toward keeping it"
    );
    assert_eq!(progress["current_remain"], 30);
    assert_eq!(progress["next_remain"], 380);
    assert_eq!(progress["next_progress_change_at"], "2027-03-01 23:59:59");
}

#[test]
fn a_tier_is_maintained_or_lost_at_its_anniversary() {
    let shelf = tiered();
    earn(&shelf, 100.0, "2026-03-01 08:00:00");
    assert_eq!(tier(&shelf), "silver");
    shelf.days(100);
    earn(&shelf, 50.0, "2026-06-01 08:00:00");
    shelf.days(300);
    let progress = shelf.get(&shelf.of("tiers"));
    assert_eq!(progress["current_tier"]["handle"], "silver", "50 keep it");
    assert_eq!(progress["maintained_at"], "2027-03-01 23:59:59");
    assert_eq!(progress["anniversary_at"], "2028-03-01 23:59:59");
    shelf.days(365);
    let progress = shelf.get(&shelf.of("tiers"));
    assert_eq!(
        progress["current_tier"]["handle"], "bronze",
        "nothing was earned since"
    );
    assert_eq!(progress["achieved_at"], "2028-03-02 00:00:00");
}

#[test]
fn anniversaries_are_kept_in_time_though_nobody_reads() {
    let shelf = tiered();
    for trigger in [
        "tier.achieved",
        "tier.lost",
        "tier.maintained",
        "tier.progressed",
    ] {
        let webhook = json!({
            "trigger": trigger, "url": "http://127.0.0.1:9/hook", "namespace": "other", "is_active": true,
        });
        shelf.post("/v3/webhooks", webhook);
    }
    earn(&shelf, 40.0, "2026-03-01 08:00:00");
    earn(&shelf, 60.0, "2026-03-01 08:30:00");
    shelf.days(400);
    shelf.sandbox.settle_blocking();
    let told: Vec<_> = shelf
        .sandbox
        .deliveries()
        .into_iter()
        .map(|told| told.trigger)
        .collect();
    assert_eq!(told, ["tier.progressed", "tier.achieved", "tier.lost"]);
}

#[test]
fn pending_points_count_when_they_are_issued() {
    let shelf = tiered();
    let point = earn(&shelf, 100.0, "2026-03-05 00:00:00");
    assert_eq!(point["status"], "pending");
    assert_eq!(tier(&shelf), "bronze");
    shelf.days(5);
    assert_eq!(tier(&shelf), "silver");
    let progress = shelf.get(&shelf.of("tiers"));
    assert_eq!(progress["achieved_at"], "2026-03-05 00:00:00");
}

#[test]
fn a_tier_is_assigned_by_its_handle() {
    let shelf = tiered();
    let progress = shelf.post(&shelf.of("tiers/assign"), json!({ "tier": "gold" }));
    assert_eq!(progress["current_tier"]["handle"], "gold");
    assert_eq!(progress["assigned_at"], "2026-03-01 09:00:00");
    assert_eq!(progress["next_tier"], Value::Null);
    assert_eq!(progress["next_remain"], Value::Null);
    earn(&shelf, 100.0, "2026-03-01 08:00:00");
    assert_eq!(tier(&shelf), "gold", "points do not take it away");
    for handle in ["bronze", "unknown"] {
        let reply =
            shelf
                .sandbox
                .call("POST", &shelf.of("tiers/assign"), json!({ "tier": handle }));
        assert!(refused(reply)["tier"].is_array());
    }
}

#[test]
fn without_a_tier_calculating_fails() {
    let shelf = Shelf::new();
    let reply = shelf
        .sandbox
        .call("GET", &shelf.of("tiers/calculate"), Value::Null);
    assert_eq!(reply.status, 500);
    assert_eq!(
        shelf
            .sandbox
            .call("GET", &shelf.of("tiers"), Value::Null)
            .status,
        404
    );
    shelf.define("tiers", "silver", json!({ "value_min": 100 }));
    earn(&shelf, 50.0, "2026-03-01 08:00:00");
    assert_eq!(
        shelf
            .sandbox
            .call("GET", &shelf.of("tiers"), Value::Null)
            .status,
        404
    );
    earn(&shelf, 50.0, "2026-03-01 08:00:00");
    let progress = shelf.get(&shelf.of("tiers/calculate"));
    assert_eq!(progress["current_tier"]["handle"], "silver");
}

#[test]
fn tier_points_are_edited_deleted_and_found_by_their_source() {
    let shelf = tiered();
    let point = earn(&shelf, 60.0, "2026-03-01 08:00:00");
    let path = format!("/v3/tiers/points/{}", id(&point));
    shelf.put(&path, json!({ "value": 120 }));
    assert_eq!(tier(&shelf), "silver");
    let benefit = shelf.benefit("coffee", json!({}));
    shelf.put(
        &path,
        json!({ "source_type": "benefit", "source_id": benefit["id"] }),
    );
    let query = format!(
        "tiers/points/by-source?source=benefit&identifier_type=id&identifier={}",
        id(&benefit)
    );
    assert_eq!(shelf.get(&shelf.of(&query))[0]["id"], point["id"]);
    let none = "tiers/points/by-source?source=benefit&identifier_type=external_id&identifier=none";
    assert_eq!(shelf.get(&shelf.of(none)), json!([]));
    let reply = shelf
        .sandbox
        .call("GET", &shelf.of("tiers/points/by-source"), Value::Null);
    assert!(refused(reply)["source"].is_array());
    assert_eq!(
        shelf
            .get(&shelf.of("tiers/points"))
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    shelf.delete(&path);
    let progress = shelf.get(&shelf.of("tiers"));
    assert_eq!(progress["total_points_12m"], 0);
    let reply = shelf.sandbox.call("PUT", &path, json!({ "value": 1 }));
    assert_eq!(reply.status, 404);
}
