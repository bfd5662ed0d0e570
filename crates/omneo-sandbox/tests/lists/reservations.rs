use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{definition, get, item, list};

/// The reservations of an item of which there are three, in a shared list.
fn reservations(sandbox: &Sandbox, forbidden: &[&str]) -> String {
    let list = list(sandbox, definition(sandbox, forbidden));
    done(sandbox.call("POST", &format!("{list}/shares"), Value::Null));
    let item = item(sandbox, &list, json!({ "external_id": "a", "quantity": 3 }));
    format!("/v3/list/items/{item}/reservations")
}

fn guest(quantity: i64) -> Value {
    json!({ "external_profile_id": "guest", "quantity": quantity })
}

#[test]
fn no_more_than_there_is_can_be_reserved() {
    let sandbox = sandbox();
    let path = reservations(&sandbox, &[]);
    let first = done(sandbox.call("POST", &path, guest(2)));
    let errors = refused(sandbox.call("POST", &path, guest(2)));
    assert_eq!(
        errors["quantity"],
        json!(["The quantity may not be greater than 1."])
    );
    refused(sandbox.call("POST", &path, guest(0)));
    let one = format!("{path}/{}", first["id"]);
    assert_eq!(
        done(sandbox.call("PUT", &one, json!({ "quantity": 3 })))["quantity"],
        3
    );
    refused(sandbox.call("PUT", &one, json!({ "quantity": 4 })));
    assert_eq!(sandbox.call("DELETE", &one, Value::Null).status, 204);
    done(sandbox.call("POST", &path, guest(3)));
}

#[test]
fn what_expired_is_free_again() {
    let sandbox = sandbox();
    let path = reservations(&sandbox, &[]);
    let change = json!({ "reservation_period": 2, "reservation_period_type": "days" });
    done(sandbox.call("PUT", "/v3/lists/definitions/1", change));
    let made = done(sandbox.call("POST", &path, guest(3)));
    assert_eq!(made["expires_at"], "2026-03-03 09:00:00");
    refused(sandbox.call("POST", &path, guest(1)));
    sandbox.clock().set("2026-03-03T09:00:00Z".parse().unwrap());
    done(sandbox.call("POST", &path, guest(3)));
}

#[test]
fn a_list_that_is_not_shared_has_no_reservations() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &[]));
    let item = item(&sandbox, &list, json!({ "external_id": "a" }));
    refused(sandbox.call(
        "POST",
        &format!("/v3/list/items/{item}/reservations"),
        guest(1),
    ));
}

#[test]
fn reserving_can_be_forbidden() {
    let sandbox = sandbox();
    let path = reservations(&sandbox, &["allow_reserve"]);
    refused(sandbox.call("POST", &path, guest(1)));
}

#[test]
fn a_profile_lists_what_it_reserved() {
    let sandbox = sandbox();
    let path = reservations(&sandbox, &[]);
    let id = profile(&sandbox, "guest@example.com");
    let made = done(sandbox.call("POST", &path, json!({ "profile_id": id, "quantity": 1 })));
    assert_eq!(made["profile"]["id"], id);
    let held = get(&sandbox, &format!("/v3/profiles/{id}/reservations"));
    assert_eq!(held[0]["id"], made["id"]);
    assert_eq!(held[0]["product_list_item"]["quantity"], 3);
    let shown = get(&sandbox, &format!("{path}/{}", made["id"]));
    assert_eq!(shown["quantity"], 1);
    refused(sandbox.call(
        "POST",
        &path,
        json!({ "profile_id": "nobody", "quantity": 1 }),
    ));
    refused(sandbox.call("POST", &path, json!({ "quantity": 1 })));
}
