//! Plain resources, by the schema alone.

use serde_json::{Value, json};

use crate::support::{done, refused, sandbox};

#[test]
fn a_record_is_made_read_changed_listed_and_removed() {
    let sandbox = sandbox();
    let brand = done(sandbox.call(
        "POST",
        "/v3/brands",
        json!({ "name": "Acme", "handle": "acme" }),
    ));
    assert_eq!(brand["name"], "Acme");
    assert_eq!(brand["created_at"], "2026-03-01 09:00:00");
    let path = format!("/v3/brands/{}", brand["id"]);
    let changed = done(sandbox.call(
        "PUT",
        &path,
        json!({ "name": "Acme & Co", "handle": "acme" }),
    ));
    assert_eq!(changed["name"], "Acme & Co");
    assert_eq!(done(sandbox.call("GET", &path, Value::Null)), changed);
    let list = done(sandbox.call("GET", "/v3/brands", Value::Null));
    assert_eq!(list, json!([changed]));
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 404);
}

#[test]
fn a_handle_is_one_records_own() {
    let sandbox = sandbox();
    let brand = json!({ "name": "Acme", "handle": "acme" });
    done(sandbox.call("POST", "/v3/brands", brand.clone()));
    let errors = refused(sandbox.call("POST", "/v3/brands", brand));
    assert_eq!(
        errors["handle"],
        json!(["The handle has already been taken."])
    );
}

#[test]
fn an_owner_has_its_own_records_and_no_others() {
    let sandbox = sandbox();
    let definition = |name: &str| {
        let body = json!({
            "name": name, "handle": name, "duration_minutes": 30, "booking_type": "instant", "normal_hours": [],
        });
        let made = sandbox.call("POST", "/v3/appointment-definitions", body);
        done(made)["id"].to_string()
    };
    let (fitting, advice) = (definition("fitting"), definition("advice"));
    let hours =
        json!({ "day_of_week": "MON", "available_from": "09:00", "available_until": "17:00" });
    let of = |id: &str| format!("/v3/appointment-definitions/{id}/normal-hours");
    let made = done(sandbox.call("POST", &of(&fitting), hours));
    let list = |id: &str| done(sandbox.call("GET", &of(id), Value::Null));
    assert_eq!(list(&fitting).as_array().map(Vec::len), Some(1));
    assert_eq!(list(&advice), json!([]));
    let path = format!("{}/{}", of(&advice), made["id"]);
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
    assert_eq!(sandbox.call("GET", &of("99"), Value::Null).status, 404);
}

#[test]
fn a_body_can_not_set_what_is_the_servers_own() {
    let sandbox = sandbox();
    let body = json!({ "id": 77, "_secret": 1, "created_at": "1999-01-01 00:00:00", "title": "x" });
    let made = done(sandbox.call("POST", "/v3/reminders", body));
    assert_ne!(made["id"], 77);
    assert_eq!(made["created_at"], "2026-03-01 09:00:00");
    assert_eq!(made.get("_secret"), None);
}
