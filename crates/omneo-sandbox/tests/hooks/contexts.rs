//! What a webhook is sent.

use fault_server::FaultServer;
use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{bodies, webhook};

/// What a webhook of a trigger is sent when that is fired again for a record.
fn context(sandbox: &omneo_sandbox::Sandbox, trigger: &str, id: &Value) -> Value {
    let listener = FaultServer::start();
    webhook(sandbox, &listener, json!({ "trigger": trigger }));
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let body = json!({ "event_context": trigger, "identifiers": [id] });
    assert_eq!(
        sandbox.call("POST", "/v3/webhooks/batch.json", body).status,
        200
    );
    sandbox.settle_blocking();
    let mut bodies = bodies(&listener);
    assert_eq!(bodies.len(), 1, "{trigger}");
    bodies.remove(0)
}

#[test]
fn a_profile_is_at_the_root_with_what_belongs_to_it() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let body = context(&sandbox, "profile.updated", &json!(ada));
    assert_eq!(body["id"], json!(ada));
    assert_eq!(body["email"], "ada@example.com");
    assert_eq!(body["flattened_tags"], json!([]));
    assert_eq!(body["flattened_statuses"], json!([]));
    for member in [
        "aggregations",
        "tier",
        "tier_handle",
        "reward_balance",
        "point_balance",
        "combined_balance_dollars",
    ] {
        assert!(body.get(member).is_some(), "{member} of {body}");
    }
    assert!(
        body["attributes"]["comms"].is_object(),
        "{}",
        body["attributes"]
    );
    assert!(
        body["attributes"]["appearance"].is_object(),
        "{}",
        body["attributes"]
    );
    assert!(body.get("data").is_none());
}

#[test]
fn tags_are_flattened_to_their_handles() {
    let sandbox = sandbox();
    sandbox
        .insert("Profile", json!({ "id": "p", "email": "p@example.com", "tags": [{ "handle": "vip" }, "new"], "statuses": ["active"] }))
        .expect("inserted");
    let body = context(&sandbox, "profile.updated", &json!("p"));
    assert_eq!(body["flattened_tags"], json!(["vip", "new"]));
    assert_eq!(body["flattened_statuses"], json!(["active"]));
}

#[test]
fn a_transaction_has_its_profile_in_full() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    sandbox
        .insert(
            "Transaction",
            json!({ "id": 7, "profile_id": ada, "total": 149.95 }),
        )
        .expect("inserted");
    let body = context(&sandbox, "transaction.created", &json!(7));
    assert_eq!(body["id"], 7);
    assert_eq!(body["total"], 149.95);
    assert_eq!(body["profile"]["email"], "ada@example.com");
    assert!(body["profile"].get("aggregations").is_some());
    assert_eq!(body["profile"]["flattened_tags"], json!([]));
}

#[test]
fn an_order_has_its_profile_items_and_transactions() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    for (kind, record) in [
        (
            "Order",
            json!({ "id": 3, "profile_id": ada, "total": 20, "payments": ["card"] }),
        ),
        (
            "OrderItem",
            json!({ "id": 4, "order_id": 3, "quantity": -2, "name": "Shirt" }),
        ),
        (
            "Transaction",
            json!({ "id": 7, "order_id": 3, "profile_id": ada, "total": 20 }),
        ),
    ] {
        sandbox.insert(kind, record).expect("inserted");
    }
    let body = context(&sandbox, "order.updated", &json!(3));
    assert_eq!(body["profile"]["email"], "ada@example.com");
    assert_eq!(body["items"][0]["name"], "Shirt");
    assert_eq!(body["transactions"][0]["id"], 7);
    assert_eq!(body["payment"], json!(["card"]));
    assert!(body.get("payments").is_none());

    let body = context(&sandbox, "order-item.updated", &json!(4));
    assert_eq!(body["quantity_abs"], 2);
    assert_eq!(body["profile"]["email"], "ada@example.com");
    assert_eq!(body["is_order_void"], false);
}

#[test]
fn an_address_names_its_owner() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let address = json!({ "address_line_1": "1 High Street", "city": "Melbourne", "postcode": "3000", "country": "Australia" });
    let address = done(sandbox.call("POST", &format!("/v3/profiles/{ada}/addresses"), address));
    let body = context(&sandbox, "address.created", &address["id"]);
    assert_eq!(body["city"], "Melbourne");
    assert_eq!(body["resource_owner_id"], json!(ada));
    assert_eq!(
        body["profile"],
        json!({ "id": ada, "email": "ada@example.com" })
    );
}

#[test]
fn a_tier_has_the_profile_at_the_root_and_its_definition() {
    let sandbox = sandbox();
    sandbox
        .insert(
            "TierDefinition",
            json!({ "id": 2, "handle": "gold", "name": "Gold", "value_min": 100 }),
        )
        .expect("inserted");
    sandbox
        .insert(
            "Profile",
            json!({ "id": "p", "email": "p@example.com", "tier_handle": "gold" }),
        )
        .expect("inserted");
    let body = context(&sandbox, "tier.achieved", &json!("p"));
    assert_eq!(body["email"], "p@example.com");
    assert_eq!(body["definition"]["handle"], "gold");
}

#[test]
fn what_belongs_to_a_profile_has_it() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    sandbox
        .insert(
            "Reward",
            json!({ "id": 9, "profile_id": ada, "value_initial": 20 }),
        )
        .expect("inserted");
    let body = context(&sandbox, "reward.created", &json!(9));
    assert_eq!(body["id"], 9);
    assert_eq!(body["profile"]["email"], "ada@example.com");
    let members = body.as_object().expect("a map");
    assert!(members.keys().all(|name| !name.starts_with('_')));
}
