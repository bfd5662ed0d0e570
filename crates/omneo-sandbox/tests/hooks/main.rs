//! Webhooks: who is told of what, and how it gets there.

#[path = "../support/http.rs"]
mod http;
#[path = "../support/mod.rs"]
mod support;

mod again;
mod contexts;
mod delivery;
mod listeners;
mod others;
mod subscribing;

use fault_server::FaultServer;
use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use support::done;

/// An event of a profile that no rule raises by itself.
const EVENT: &str = "vip.arrived";

/// A webhook for [`EVENT`] at a listener, with more members.
#[track_caller]
fn webhook(sandbox: &Sandbox, listener: &FaultServer, more: Value) -> Value {
    let mut body = json!({ "trigger": EVENT, "url": listener.url(), "namespace": "pos" });
    let members = body.as_object_mut().expect("a map");
    if let Value::Object(more) = more {
        members.extend(more);
    }
    done(sandbox.call("POST", "/v3/webhooks", body))
}

/// Raises [`EVENT`] for a profile.
#[track_caller]
fn raise(sandbox: &Sandbox, profile: &str) {
    let path = format!("/v3/profiles/{profile}/custom-event");
    done(sandbox.call("POST", &path, json!({ "event": EVENT })));
}

/// The bodies that a listener has received.
fn bodies(listener: &FaultServer) -> Vec<Value> {
    let received = listener.received();
    received
        .iter()
        .map(|received| received.json().expect("JSON"))
        .collect()
}
