use serde_json::{Value, json};

use crate::shelf::{Shelf, id, map};
use crate::support::refused;

fn spender(shelf: &Shelf, more: Value) -> Value {
    shelf.define("rewards", "ten", json!({ "value": 10 }));
    let mut body = json!({ "levels": [
        { "name": "One", "display_number": 1, "trigger": 100, "meta": {
            "unlocks": [{ "id": "ten", "type": "reward_definition", "id_type": "handle" }],
        } },
        { "name": "Two", "display_number": 2, "trigger": 300, "repeats": true, "repeat_interval": 100 },
    ] });
    let members = body.as_object_mut().expect("a map");
    members.extend(map(more));
    shelf.define("achievements", "spender", body)
}

fn count(shelf: &Shelf, definition: &Value, count: i64) -> Value {
    let body =
        json!({ "definition_id": definition["id"], "count": count, "meta": { "manual": true } });
    shelf.post(&shelf.of("achievements"), body)
}

fn progress(shelf: &Shelf) -> Value {
    let list = shelf.get(&shelf.of("achievements"));
    assert_eq!(list[0]["handle"], "spender");
    list[0]["progress"].clone()
}

#[test]
fn a_count_is_answered_with_the_event_and_makes_progress() {
    let shelf = Shelf::new();
    let definition = spender(&shelf, json!({}));
    assert_eq!(progress(&shelf), json!([]));
    let point = count(&shelf, &definition, 40);
    assert_eq!(point["count"], 40);
    assert_eq!(point["issued_at"], "2026-03-01 09:00:00");
    let now = progress(&shelf);
    assert_eq!(now["current_score"], 40);
    assert_eq!(now["current_level"], Value::Null);
    assert_eq!(now["next_level"]["name"], "One");
    assert_eq!(now["next_level_remain"], 60);
    let path = format!("achievements/{}/achievement-points", id(&definition));
    assert_eq!(shelf.get(&shelf.of(&path))[0]["id"], point["id"]);
}

#[test]
fn a_level_unlocks_what_its_meta_names_once() {
    let shelf = Shelf::new();
    let definition = spender(&shelf, json!({}));
    count(&shelf, &definition, 99);
    assert_eq!(shelf.balance("reward_balance"), 0.0);
    count(&shelf, &definition, 1);
    let now = progress(&shelf);
    assert_eq!(now["current_level"]["name"], "One");
    assert_eq!(now["achieved_at"], "2026-03-01 09:00:00");
    assert_eq!(shelf.balance("reward_balance"), 10.0);
    count(&shelf, &definition, 50);
    assert_eq!(shelf.balance("reward_balance"), 10.0);
}

#[test]
fn a_level_that_repeats_counts_up() {
    let shelf = Shelf::new();
    let definition = spender(&shelf, json!({}));
    count(&shelf, &definition, 520);
    let now = progress(&shelf);
    assert_eq!(now["current_level"]["name"], "Two");
    assert_eq!(now["current_level"]["computed_trigger"], 500);
    assert_eq!(now["current_level"]["computed_display_number"], 4);
    assert_eq!(now["next_level"]["computed_trigger"], 600);
    assert_eq!(now["next_level_remain"], 80);
    assert_eq!(now["current_credit"], 20);
}

#[test]
fn a_cycle_begins_anew_and_its_levels_are_lost() {
    let shelf = Shelf::new();
    let webhook = |trigger: &str| {
        shelf.post("/v3/webhooks", json!({
            "trigger": trigger, "url": "http://127.0.0.1:9/hook", "namespace": "other", "is_active": true,
        }));
    };
    for trigger in [
        "achievement.progressed",
        "achievement.unlocked",
        "achievement.lost",
    ] {
        webhook(trigger);
    }
    let definition = spender(&shelf, json!({ "period": "monthly", "timezone": "UTC" }));
    count(&shelf, &definition, 120);
    shelf.days(31);
    shelf.sandbox.settle_blocking();
    let told: Vec<_> = shelf
        .sandbox
        .deliveries()
        .into_iter()
        .map(|told| told.trigger)
        .collect();
    assert_eq!(
        told,
        [
            "achievement.progressed",
            "achievement.unlocked",
            "achievement.lost"
        ]
    );
    let now = progress(&shelf);
    assert_eq!(now["current_cycle_score"], 0);
    assert_eq!(now["current_score"], 120);
    assert_eq!(now["current_level"], Value::Null);
    assert_eq!(now["prev_level"]["name"], "One");
}

#[test]
fn counts_that_expire_count_no_more() {
    let shelf = Shelf::new();
    let definition = spender(&shelf, json!({}));
    let body = json!({ "definition_id": definition["id"], "count": 100, "expires_at": "2026-03-05 00:00:00" });
    shelf.post(&shelf.of("achievements"), body);
    assert_eq!(progress(&shelf)["current_level"]["name"], "One");
    shelf.days(5);
    assert_eq!(progress(&shelf)["current_level"], Value::Null);
}

#[test]
fn an_achievement_counts_while_it_runs() {
    let shelf = Shelf::new();
    let later = spender(
        &shelf,
        json!({ "starts_at": "2026-04-01", "ends_at": "2026-04-30" }),
    );
    let body = json!({ "definition_id": later["id"], "count": 1 });
    for days in [0, 61] {
        shelf.days(days);
        let reply = shelf
            .sandbox
            .call("POST", &shelf.of("achievements"), body.clone());
        assert!(refused(reply)["definition_id"].is_array());
    }
    let unknown = json!({ "definition_id": 99, "count": 1 });
    refused(
        shelf
            .sandbox
            .call("POST", &shelf.of("achievements"), unknown),
    );
}

#[test]
fn levels_keep_their_ids() {
    let shelf = Shelf::new();
    let definition = spender(&shelf, json!({}));
    let path = format!("/v3/achievements/definitions/{}", id(&definition));
    let body = json!({ "levels": [
        { "name": "First", "display_number": 1, "trigger": 50 },
        { "name": "Third", "display_number": 3, "trigger": 900 },
    ] });
    let edited = shelf.put(&path, body);
    assert_eq!(edited["levels"][0]["id"], definition["levels"][0]["id"]);
    assert_eq!(
        edited["levels"][0]["achievement_definition_id"],
        definition["id"]
    );
    assert_ne!(edited["levels"][1]["id"], definition["levels"][1]["id"]);
}
