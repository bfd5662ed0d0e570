//! Batches: many records, each with an outcome of its own.

#[path = "../support/mod.rs"]
mod support;

mod allocations;
mod attach;
mod keep;
mod outcomes;
mod sizes;

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

/// Queues records, and reads their batch when it is worked off.
#[track_caller]
pub(crate) fn worked_off(sandbox: &Sandbox, path: &str, body: Value) -> Value {
    let answer = support::done(sandbox.call("POST", path, body));
    assert_eq!(answer["message"], "Queued for processing.");
    let id = answer["batch_id"].as_str().expect("a batch").to_owned();
    sandbox.settle_blocking();
    read(sandbox, &format!("/v3/batches/{id}"))
}

/// What is read at a path.
#[track_caller]
pub(crate) fn read(sandbox: &Sandbox, path: &str) -> Value {
    support::done(sandbox.call("GET", path, Value::Null))
}

/// A row of a batch of transactions or orders.
pub(crate) fn sale(external_id: &str, profile: &str) -> Value {
    json!({
        "external_id": external_id, "profile_id": profile, "profile_id_handle": "email",
        "total": 10, "transacted_at": "2026-02-27 14:32:00", "timezone": "UTC",
        "items": [{"name": "Shirt", "price_current": 10, "price_sell": 10}],
    })
}

/// A state of each item.
pub(crate) fn states(batch: &Value) -> Vec<&str> {
    let items = batch["items"].as_array().expect("items");
    let states = items.iter().map(|item| item["status"].as_str());
    states.map(|state| state.expect("a state")).collect()
}
