//! Transactions, orders, products, locations and queues.

#[path = "../support/mod.rs"]
mod support;

mod aggregations;
mod claims;
mod events;
mod finding;
mod items;
mod links;
mod locations;
mod orders;
mod products;
mod queues;
mod rates;
mod regions;
mod transactions;

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

/// The body of a transaction or order with one line.
pub(crate) fn sale(profile: &str, total: f64) -> Value {
    json!({
        "profile_id": profile,
        "total": total,
        "transacted_at": "2026-02-27 14:32:00",
        "timezone": "Australia/Melbourne",
        "items": [{
            "name": "Linen Shirt", "quantity": 1, "price_current": total, "price_sell": total,
        }],
    })
}

/// A body with other members.
pub(crate) fn with(mut body: Value, members: Value) -> Value {
    if let (Value::Object(body), Value::Object(members)) = (&mut body, members) {
        body.extend(members);
    }
    body
}

/// What is made at a path.
#[track_caller]
pub(crate) fn made(sandbox: &Sandbox, path: &str, body: Value) -> Value {
    support::done(sandbox.call("POST", path, body))
}

/// What is read at a path.
#[track_caller]
pub(crate) fn read(sandbox: &Sandbox, path: &str) -> Value {
    support::done(sandbox.call("GET", path, Value::Null))
}

/// How many records a list has.
#[track_caller]
pub(crate) fn count(sandbox: &Sandbox, path: &str) -> usize {
    read(sandbox, path).as_array().expect("a list").len()
}

/// The path of one record.
pub(crate) fn at(path: &str, record: &Value) -> String {
    match &record["id"] {
        Value::String(id) => format!("{path}/{id}"),
        id => format!("{path}/{id}"),
    }
}
