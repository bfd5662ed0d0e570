use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{at, count, made, read, sale, with};

#[test]
fn an_order_is_changed_and_deleted() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let order = made(
        &sandbox,
        "/v3/orders",
        with(sale(&ada, 100.0), json!({"external_id": "W1"})),
    );
    let path = at("/v3/orders", &order);
    let body = json!({"status": "processing", "total": 249.9});
    let changed = done(sandbox.call("PUT", &path, body));
    assert_eq!(changed["status"], "processing");
    assert_eq!(changed["total"], 249.9);
    assert_eq!(changed["external_id"], "W1");
    assert_eq!(changed["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
}

#[test]
fn a_profiles_orders_are_its_own() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let grace = profile(&sandbox, "grace@example.com");
    let path = format!("/v3/profiles/{ada}/orders");
    // The path says whose it is, whatever the body says.
    let order = made(&sandbox, &path, sale(&grace, 100.0));
    assert_eq!(order["profile_id"], ada.as_str());
    let path = at(&format!("/v3/profiles/{grace}/orders"), &order);
    for method in ["GET", "DELETE"] {
        assert_eq!(sandbox.call(method, &path, Value::Null).status, 404);
    }
    assert_eq!(sandbox.call("PUT", &path, json!({"total": 1})).status, 404);
    let path = at(&format!("/v3/profiles/{ada}/orders"), &order);
    assert_eq!(
        done(sandbox.call("PUT", &path, json!({"total": 1})))["total"],
        1
    );
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
}

#[test]
fn lines_of_an_order_are_added_changed_and_removed() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let order = made(&sandbox, "/v3/orders", sale(&ada, 100.0));
    let path = format!("{}/items", at("/v3/orders", &order));
    let line = json!({"name": "Hat", "quantity": 2, "price_current": 5, "price_sell": 5});
    let item = made(&sandbox, &path, line);
    let item_path = at(&path, &item);
    let changed = done(sandbox.call("PUT", &item_path, json!({"quantity": 3})));
    assert_eq!(changed["quantity"], 3);
    assert_eq!(changed["name"], "Hat");
    assert_eq!(count(&sandbox, &path), 2);
    assert_eq!(sandbox.call("DELETE", &item_path, Value::Null).status, 204);
    assert_eq!(count(&sandbox, &path), 1);
}

#[test]
fn orders_are_grouped_with_their_total() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    for total in [10.5, 20.0] {
        let body = with(sale(&ada, total), json!({"order_number": "W1"}));
        made(&sandbox, "/v3/orders", body);
    }
    let path = format!("/v3/profiles/{ada}/group_orders");
    let reply = sandbox.call("GET", &path, Value::Null);
    assert_eq!(reply.status, 200, "{}", reply.body);
    let row = &reply.body["data"][0];
    assert_eq!(row["number_orders"], 2);
    assert_eq!(row["total"], 30.5);
    assert_eq!(row["orders"].as_array().map(Vec::len), Some(2));
}

#[test]
fn an_order_shows_its_transactions() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let order = made(&sandbox, "/v3/orders", sale(&ada, 100.0));
    let body = with(sale(&ada, 100.0), json!({"order_id": order["id"]}));
    let transaction = made(&sandbox, "/v3/transactions", body);
    let order = read(&sandbox, &at("/v3/orders", &order));
    assert_eq!(order["transactions"][0]["id"], transaction["id"]);
}
