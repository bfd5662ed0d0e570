//! What a token may do.

use serde_json::{Value, json};

use crate::http::Http;
use crate::support::{profile, sandbox};

#[test]
fn all_scopes_are_listed() {
    let list = sandbox().call("GET", "/v3/auth/scopes", Value::Null);
    let list = list.body.as_array().expect("a list").clone();
    assert_eq!(list.len(), 151);
    assert!(list.contains(&json!({ "id": "read-profiles", "description": "Read profiles" })));
}

#[test]
fn a_token_without_the_scope_is_refused_with_403() {
    let sandbox = sandbox();
    let http = Http::new(&sandbox);
    sandbox.add_token("reader", &["read-profiles"], None);
    let ada = profile(&sandbox, "ada@example.com");
    let one = format!("/api/v3/profiles/{ada}");
    for (method, path, body, expected) in [
        ("GET", one.as_str(), Value::Null, 200),
        ("PUT", &one, json!({ "first_name": "Augusta" }), 403),
        ("DELETE", &one, Value::Null, 403),
        ("GET", "/api/v3/webhooks", Value::Null, 403),
        ("GET", "/api/v3/users/me", Value::Null, 200),
        // No scope is named for these.
        ("GET", "/api/v3/batches", Value::Null, 200),
    ] {
        let (status, answer) = http.json(Some("reader"), method, path, body);
        assert_eq!(status, expected, "{method} {path} {answer}");
    }
}
