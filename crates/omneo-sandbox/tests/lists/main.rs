//! What the sandbox does with product lists.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod items;
mod product_lists;
mod reservations;
mod shares;

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

/// What a path answers to a GET, which must be a success.
#[track_caller]
fn get(sandbox: &Sandbox, path: &str) -> Value {
    support::done(sandbox.call("GET", path, Value::Null))
}

/// A definition that does not allow some things, by its id.
#[track_caller]
fn definition(sandbox: &Sandbox, forbidden: &[&str]) -> i64 {
    let mut body = json!({ "name": "Registry", "handle": "registry", "type": "gift_registry", "is_published": true });
    for switch in forbidden {
        body[*switch] = false.into();
    }
    let definition = support::done(sandbox.call("POST", "/v3/lists/definitions", body));
    definition["id"].as_i64().unwrap()
}

/// The path of a new list of a new profile, made from a definition.
#[track_caller]
fn list(sandbox: &Sandbox, definition: i64) -> String {
    let profile = support::profile(sandbox, "a@example.com");
    let path = format!("/v3/profiles/{profile}/lists");
    let body = json!({ "name": "Wedding", "list_definition_id": definition });
    let list = support::done(sandbox.call("POST", &path, body));
    format!("{path}/{}", list["id"])
}

/// An item of a list, by its id.
#[track_caller]
fn item(sandbox: &Sandbox, list: &str, body: Value) -> i64 {
    let item = support::done(sandbox.call("POST", &format!("{list}/items"), body));
    item["id"].as_i64().unwrap()
}
