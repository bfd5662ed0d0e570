//! Bearer tokens: how they are got, what they are good for, and how they end.

#[path = "../support/http.rs"]
mod http;
#[path = "../support/mod.rs"]
mod support;

mod api_tokens;
mod oauth;
mod scopes;
mod special;
mod users;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use http::Http;

/// The claims of a token, which must look like a JSON web token.
#[track_caller]
fn claims(token: &str) -> Value {
    let parts: Vec<_> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "{token}");
    let claims = URL_SAFE_NO_PAD.decode(parts[1]).expect("base64");
    serde_json::from_slice(&claims).expect("JSON")
}

/// The status of a request that any good token may make.
fn verified(http: &Http, token: &str) -> u16 {
    http.json(Some(token), "GET", "/api/v3/auth/verify", Value::Null)
        .0
}
