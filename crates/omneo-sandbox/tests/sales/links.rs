use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{count, made, read, sale};

/// An item of a list, as the lists' own rules store it.
fn wish(sandbox: &Sandbox) {
    let list = json!({"id": 1, "name": "Wishes"});
    sandbox.insert("ProductList", list).expect("a list");
    let wish = json!({"id": 5, "product_list_id": 1, "quantity": 1});
    sandbox.insert("ProductListItem", wish).expect("an item");
}

#[test]
fn a_line_is_linked_to_an_item_of_a_list_and_unlinked() {
    let sandbox = sandbox();
    wish(&sandbox);
    let ada = profile(&sandbox, "ada@example.com");
    let transaction = made(&sandbox, "/v3/transactions", sale(&ada, 10.0));
    let item = &transaction["items"][0]["id"];
    let path = format!("/v3/profiles/{ada}/transactions/items/{item}/list-item");
    let assigned = format!("/v3/profiles/{ada}/transactionitems/list/assigned");
    let unassigned = format!("/v3/profiles/{ada}/transactionitems/list/unassigned");
    assert_eq!(count(&sandbox, &unassigned), 1);
    let body = json!({"product_list_item_id": 5, "type": "link"});
    let linked = done(sandbox.call("POST", &path, body.clone()));
    assert_eq!(linked["list_items"][0]["id"], 5);
    // A second time is as once.
    done(sandbox.call("POST", &path, body));
    let found = read(&sandbox, &assigned);
    assert_eq!(found[0]["list_items"].as_array().map(Vec::len), Some(1));
    assert_eq!(count(&sandbox, &unassigned), 0);
    let body = json!({"product_list_item_id": 5, "type": "unlink"});
    done(sandbox.call("POST", &path, body));
    assert_eq!(count(&sandbox, &assigned), 0);
}

#[test]
fn only_own_lines_and_known_items_are_linked() {
    let sandbox = sandbox();
    wish(&sandbox);
    let ada = profile(&sandbox, "ada@example.com");
    let grace = profile(&sandbox, "grace@example.com");
    let transaction = made(&sandbox, "/v3/transactions", sale(&ada, 10.0));
    let item = &transaction["items"][0]["id"];
    let body = json!({"product_list_item_id": 5, "type": "link"});
    let path = format!("/v3/profiles/{grace}/transactions/items/{item}/list-item");
    assert_eq!(sandbox.call("POST", &path, body).status, 404);
    let path = format!("/v3/transactions/items/{item}/list-item");
    let body = json!({"product_list_item_id": 6, "type": "link"});
    assert!(refused(sandbox.call("POST", &path, body))["product_list_item_id"].is_array());
}

#[test]
fn lines_are_assigned_or_unassigned_and_nothing_else() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let path = format!("/v3/profiles/{ada}/transactionitems/list/other");
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
}
