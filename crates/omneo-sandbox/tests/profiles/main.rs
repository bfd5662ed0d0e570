//! What the sandbox does with profiles and what belongs to one.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod addresses;
mod aggregations;
mod attributes;
mod connections;
mod custom_fields;
mod deletion;
mod events;
mod identities;
mod interactions;
mod lookup;
mod members;
mod merge;
mod person;
mod regions;
mod staff;

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

/// Reads a profile, by its id.
#[track_caller]
fn read(sandbox: &Sandbox, id: &str) -> Value {
    support::done(sandbox.call("GET", &format!("/v3/profiles/{id}"), Value::Null))
}

/// What a path answers to a GET, which must be a success.
#[track_caller]
fn get(sandbox: &Sandbox, path: &str) -> Value {
    support::done(sandbox.call("GET", path, Value::Null))
}

/// A region, by its id.
#[track_caller]
fn region(sandbox: &Sandbox, handle: &str) -> i64 {
    let body = json!({ "name": handle, "handle": handle });
    let region = support::done(sandbox.call("POST", "/v3/regions", body));
    region["id"].as_i64().unwrap()
}
