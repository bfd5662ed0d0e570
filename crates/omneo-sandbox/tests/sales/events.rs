use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{at, made, sale, with};

/// Asks for events at an address where nobody listens: what was to be sent is kept all the same.
fn listen(sandbox: &Sandbox, triggers: &[&str]) {
    for trigger in triggers {
        let body = json!({"trigger": trigger, "url": "http://127.0.0.1:1/", "namespace": "tests"});
        done(sandbox.call("POST", "/v3/webhooks", body));
    }
}

/// The triggers that were told, in their order.
fn told(sandbox: &Sandbox) -> Vec<String> {
    let deliveries = sandbox.deliveries().into_iter();
    deliveries.map(|delivery| delivery.trigger).collect()
}

/// The context of the last event.
#[track_caller]
fn last(sandbox: &Sandbox) -> Value {
    let deliveries = sandbox.deliveries();
    let last = deliveries.last().expect("an event");
    serde_json::from_str(&last.body).expect("JSON")
}

#[test]
fn a_new_transaction_is_told_once_with_its_lines_and_profile() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    listen(
        &sandbox,
        &[
            "transaction.created",
            "transaction.updated",
            "transaction-item.created",
        ],
    );
    made(&sandbox, "/v3/transactions", sale(&ada, 10.0));
    assert_eq!(
        told(&sandbox),
        ["transaction-item.created", "transaction.created"]
    );
    let context = last(&sandbox);
    assert_eq!(context["total"], 10);
    assert_eq!(context["items"][0]["name"], "Linen Shirt");
    assert_eq!(context["profile"]["email"], "ada@example.com");
}

#[test]
fn changes_and_the_end_of_a_transaction_are_told() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let transaction = made(&sandbox, "/v3/transactions", sale(&ada, 10.0));
    let triggers = [
        "transaction.updated",
        "transaction.resent",
        "transaction-item.resent",
        "transaction.sync",
        "transaction.deleted",
    ];
    listen(&sandbox, &triggers);
    let path = at("/v3/transactions", &transaction);
    done(sandbox.call("PUT", &path, json!({"is_void": true})));
    done(sandbox.call("POST", &format!("{path}/resend"), Value::Null));
    let item = at("/v3/transactions/items", &transaction["items"][0]);
    done(sandbox.call("POST", &format!("{item}/resend"), Value::Null));
    let body = json!({"event": "transaction.sync"});
    done(sandbox.call("POST", &format!("{path}/event-trigger"), body));
    done(sandbox.call("DELETE", &path, Value::Null));
    assert_eq!(told(&sandbox), triggers);
    let body = json!({"event": "transaction.other"});
    let reply = sandbox.call("POST", &format!("{path}/event-trigger"), body);
    assert_eq!(reply.status, 422);
}

#[test]
fn a_queued_transaction_is_told_when_it_is_there() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    listen(&sandbox, &["transaction.created", "transaction.updated"]);
    for total in [10.0, 12.0] {
        let body = with(sale(&ada, total), json!({"external_id": "A"}));
        made(&sandbox, "/v3/transactions/queue", body);
    }
    sandbox.settle_blocking();
    assert_eq!(
        told(&sandbox),
        ["transaction.created", "transaction.updated"]
    );
}

#[test]
fn a_record_that_fails_in_a_batch_is_not_told() {
    let sandbox = sandbox();
    profile(&sandbox, "ada@example.com");
    listen(&sandbox, &["order.created", "location.created"]);
    let row = |email: &str, place: &str| {
        let id = json!({"external_id": place, "profile_id_handle": "email", "location_id": place});
        with(sale(email, 10.0), id)
    };
    let mut bad = row("ada@example.com", "B");
    bad["items"][0]["product_variant_id"] = 99.into();
    let rows = [row("ada@example.com", "A"), bad];
    let reply = sandbox.call("POST", "/v3/orders/batch.json", json!({"orders": rows}));
    assert_eq!(reply.status, 200, "{}", reply.body);
    sandbox.settle_blocking();
    assert_eq!(told(&sandbox), ["location.created", "order.created"]);
}

#[test]
fn orders_products_locations_and_ratings_are_told_of() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let triggers = [
        "order.created",
        "order.updated",
        "product.created",
        "product.updated",
        "product.deleted",
        "location.created",
        "location.updated",
        "region.created",
        "region.updated",
        "rating.created",
        "rating.updated",
    ];
    listen(&sandbox, &triggers);
    let order = made(&sandbox, "/v3/orders", sale(&ada, 10.0));
    done(sandbox.call("PUT", &at("/v3/orders", &order), json!({"status": "sent"})));
    let hat = json!({
        "title": "Hat", "handle": "hat", "brand": "Acme", "variants": [{"sku": "H", "price": 1}],
    });
    let hat = made(&sandbox, "/v3/products", hat);
    let told_of = last(&sandbox);
    assert_eq!(told_of["variants"][0]["sku"], "H");
    let path = at("/v3/products", &hat);
    done(sandbox.call("PUT", &path, json!({"title": "Top Hat"})));
    done(sandbox.call("DELETE", &path, Value::Null));
    let shop = made(
        &sandbox,
        "/v3/locations",
        json!({"name": "Shop", "phone": "1"}),
    );
    done(sandbox.call("PUT", &at("/v3/locations", &shop), json!({"name": "Store"})));
    let region = made(
        &sandbox,
        "/v3/regions",
        json!({"name": "South", "handle": "south"}),
    );
    done(sandbox.call("PUT", &at("/v3/regions", &region), json!({"name": "North"})));
    let rating = json!({
        "profile_id": ada, "source": "external", "status": "received", "score_type": "nps",
        "score": 9, "requires_action": false,
    });
    let rating = made(&sandbox, "/v3/ratings", rating);
    done(sandbox.call("PUT", &at("/v3/ratings", &rating), json!({"score": 10})));
    assert_eq!(told(&sandbox), triggers);
}
