use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{definition, get, item, list};

#[test]
fn a_list_is_named_by_its_id_or_handle() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/lists");
    let made = done(sandbox.call("POST", &path, json!({ "name": "My Wishlist" })));
    assert_eq!(made["handle"], "my-wishlist");
    assert_eq!(made["profile"]["email"], "a@example.com");
    assert_eq!(
        get(&sandbox, &format!("{path}/my-wishlist"))["id"],
        made["id"]
    );
    assert_eq!(
        get(&sandbox, &format!("{path}/{}", made["id"]))["name"],
        "My Wishlist"
    );
    let second = done(sandbox.call("POST", &path, json!({ "name": "My wishlist" })));
    assert_eq!(second["handle"], "my-wishlist-2");
    let body = json!({ "name": "Third", "handle": "my-wishlist" });
    refused(sandbox.call("POST", &path, body));
    let other = profile(&sandbox, "b@example.com");
    let path = format!("/v3/profiles/{other}/lists/{}", made["id"]);
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
}

#[test]
fn items_come_with_the_list_that_they_were_sent_with() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/lists");
    let body = json!({ "name": "W", "items": [{ "external_id": "x", "quantity": 2 }, { "external_id": "y" }] });
    let made = done(sandbox.call("POST", &path, body));
    assert_eq!(made["items"][0]["quantity"], 2);
    assert_eq!(made["items"][0]["status"], "remaining");
    assert_eq!(made["items"][1]["position"], 2);
}

#[test]
fn items_of_a_change_are_matched_by_id() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &[]));
    let [a, b, c] =
        ["a", "b", "c"].map(|name| item(&sandbox, &list, json!({ "external_id": name })));
    let body = json!({ "items": [{ "id": a, "quantity": 5 }], "update_items_only": true });
    let changed = done(sandbox.call("PUT", &list, body));
    assert_eq!(changed["items"].as_array().unwrap().len(), 3);
    assert_eq!(changed["items"][0]["quantity"], 5);
    let body = json!({ "name": "Later", "items": [{ "id": c, "position": 1 }, { "id": a, "position": 2 }] });
    let changed = done(sandbox.call("PUT", &list, body));
    let ids: Vec<_> = changed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, [c, a]);
    assert_eq!(changed["name"], "Later");
    let errors = refused(sandbox.call("PUT", &list, json!({ "items": [{ "id": b }] })));
    assert!(errors.get("items.0.id").is_some(), "{errors}");
}

#[test]
fn a_definition_says_what_its_lists_may() {
    let sandbox = sandbox();
    let definition = definition(&sandbox, &["allow_delete", "allow_edit", "is_active"]);
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/lists");
    let body = json!({ "name": "W", "list_definition_id": definition });
    refused(sandbox.call("POST", &path, body.clone()));
    let change = json!({ "is_active": true });
    done(sandbox.call(
        "PUT",
        &format!("/v3/lists/definitions/{definition}"),
        change,
    ));
    let made = done(sandbox.call("POST", &path, body));
    assert_eq!(made["definition"]["handle"], "registry");
    let one = format!("{path}/{}", made["id"]);
    refused(sandbox.call("PUT", &one, json!({ "name": "X" })));
    refused(sandbox.call("DELETE", &one, Value::Null));
    let body = json!({ "name": "W", "list_definition_id": 99 });
    refused(sandbox.call("POST", &path, body));
}

#[test]
fn what_is_of_a_list_ends_with_it() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &[]));
    let item = item(&sandbox, &list, json!({ "external_id": "x" }));
    let share = done(sandbox.call("POST", &format!("{list}/shares"), Value::Null));
    assert_eq!(sandbox.call("DELETE", &list, Value::Null).status, 204);
    let reservations = format!("/v3/list/items/{item}/reservations");
    assert_eq!(sandbox.call("GET", &reservations, Value::Null).status, 404);
    let shared = format!("/v3/lists/shares/{}", share["handle"].as_str().unwrap());
    assert_eq!(sandbox.call("GET", &shared, Value::Null).status, 404);
    assert_eq!(get(&sandbox, "/v3/product-lists/search"), json!([]));
}

#[test]
fn a_list_has_custom_fields() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &[]));
    let body =
        json!({ "namespace": "n", "handle": "h", "name": "N", "type": "string", "value": "v" });
    done(sandbox.call("POST", &format!("{list}/custom-fields"), body));
    assert_eq!(get(&sandbox, &list)["custom_fields"][0]["value"], "v");
    assert_eq!(
        get(&sandbox, &format!("{list}/custom-fields/n:h"))["name"],
        "N"
    );
}
