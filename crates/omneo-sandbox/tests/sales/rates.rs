use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::sandbox;
use crate::{count, made, with};

fn rate(sandbox: &Sandbox, members: Value) -> Value {
    let body = json!({"handle": "points", "type": "earn", "code": "AUD", "rate": 1.5});
    made(sandbox, "/v3/rates", with(body, members))
}

fn total(sandbox: &Sandbox, members: Value) -> Value {
    let body = json!({"handle": "points", "type": "earn", "code": "AUD", "price": 10});
    let reply = sandbox.call("POST", "/v3/rates/calculate", with(body, members));
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["total"].clone()
}

#[test]
fn a_price_is_multiplied_by_its_rate() {
    let sandbox = sandbox();
    rate(&sandbox, json!({}));
    assert_eq!(total(&sandbox, json!({})), 15);
    assert_eq!(total(&sandbox, json!({"price": 0.1})), 0.15);
    assert_eq!(total(&sandbox, json!({"code": "NZD"})), 0);
}

#[test]
fn a_rate_counts_in_its_time_and_at_its_place() {
    let sandbox = sandbox();
    let shop = made(
        &sandbox,
        "/v3/locations",
        json!({"name": "Shop", "phone": "1"}),
    );
    rate(&sandbox, json!({}));
    rate(
        &sandbox,
        json!({"rate": 9, "end_time": "2026-02-01 00:00:00"}),
    );
    rate(
        &sandbox,
        json!({"rate": 9, "start_time": "2026-04-01 00:00:00"}),
    );
    rate(&sandbox, json!({"rate": 2, "location_id": shop["id"]}));
    assert_eq!(total(&sandbox, json!({})), 15);
    assert_eq!(total(&sandbox, json!({"location": {"id": shop["id"]}})), 20);
}

#[test]
fn rates_are_searched_by_an_attribute() {
    let sandbox = sandbox();
    for code in ["AUD", "AUD", "NZD"] {
        rate(&sandbox, json!({"code": code}));
    }
    assert_eq!(count(&sandbox, "/v3/rates/searchAttributes/code"), 2);
    assert_eq!(count(&sandbox, "/v3/rates/searchAttributes/location"), 0);
}
