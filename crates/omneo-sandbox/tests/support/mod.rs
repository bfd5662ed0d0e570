//! A sandbox at a fixed time, and its answers.

#![allow(dead_code, reason = "each test file uses what it needs")]

use omneo_sandbox::{Reply, Sandbox};
use serde_json::{Value, json};

/// When the tests take place.
pub(crate) const NOW: &str = "2026-03-01T09:00:00Z";

/// An empty sandbox whose clock stands at [`NOW`], in strict form: numbers are numbers. It holds each answer against the schema.
pub(crate) fn sandbox() -> Sandbox {
    Sandbox::builder()
        .at(NOW.parse().expect("a time"))
        .strict()
        .check_answers()
        .start_blocking()
        .expect("the sandbox starts")
}

/// What a sandbox answers, which must be a success; `data` of it, if it has that.
#[track_caller]
pub(crate) fn done(reply: Reply) -> Value {
    assert!(
        (200..300).contains(&reply.status),
        "{} {}",
        reply.status,
        reply.body
    );
    match reply.body {
        Value::Object(mut body) if body.contains_key("data") => body.remove("data").expect("data"),
        body => body,
    }
}

/// The messages of a refusal with status 422, by field.
#[track_caller]
pub(crate) fn refused(reply: Reply) -> Value {
    assert_eq!(reply.status, 422, "{}", reply.body);
    match reply.body {
        Value::Object(mut body) => body.remove("errors").unwrap_or_default(),
        _ => Value::Null,
    }
}

/// A profile of its own, by its id.
#[track_caller]
pub(crate) fn profile(sandbox: &Sandbox, email: &str) -> String {
    let body = json!({ "email": email, "first_name": "Ada", "last_name": "Lovelace" });
    let profile = done(sandbox.call("POST", "/v3/profiles", body));
    profile["id"].as_str().expect("an id").to_owned()
}
