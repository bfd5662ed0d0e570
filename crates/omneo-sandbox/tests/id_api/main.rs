//! The ID API and the Shopify proxy: what a customer's own browser or app may do.

#[path = "../support/http.rs"]
mod http;
#[path = "../support/mod.rs"]
mod support;

mod connections;
mod enrolling;
mod me;
mod tokens;

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use http::Http;

const ADMIN: Option<&str> = Some("sandbox-token");

/// An ID token for what a body names.
#[track_caller]
fn id_token(sandbox: &Sandbox, body: Value) -> String {
    let http = Http::new(sandbox);
    let (status, answer) = http.json(ADMIN, "POST", "/id/api/v1/auth/token", body);
    assert_eq!(status, 200, "{answer}");
    answer["data"]["token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

/// An ID token for a profile.
#[track_caller]
fn of(sandbox: &Sandbox, profile: &str) -> String {
    id_token(sandbox, json!({ "id": profile }))
}
