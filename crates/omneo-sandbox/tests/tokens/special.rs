//! Tokens for one purpose.

use serde_json::{Value, json};

use crate::claims;
use crate::http::Http;
use crate::support::{done, refused, sandbox};

#[test]
fn a_delegate_makes_profiles_and_nothing_else() {
    let sandbox = sandbox();
    let http = Http::new(&sandbox);
    let answer = done(sandbox.call(
        "POST",
        "/v3/auth/delegate",
        json!({ "client_handle": "plugin" }),
    ));
    let token = answer["token"].as_str();
    let body = json!({ "email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace" });
    let (status, answer) = http.json(token, "POST", "/api/v3/profiles", body);
    assert!((200..300).contains(&status), "{status} {answer}");
    assert_eq!(
        http.json(token, "GET", "/api/v3/profiles", Value::Null).0,
        403
    );
}

#[test]
fn a_discovery_token_has_its_rules() {
    let sandbox = sandbox();
    for rules in [
        json!(["profiles"]),
        json!({ "profiles": { "filter": "tier = gold" }, "products": null }),
    ] {
        let answer = done(sandbox.call("POST", "/v3/auth/discovery", json!({ "rules": rules })));
        let token = answer["token"].as_str().expect("a token");
        assert_eq!(claims(token)["searchRules"], rules);
        // It is none for the API.
        let (status, _) =
            Http::new(&sandbox).json(Some(token), "GET", "/api/v3/auth/verify", Value::Null);
        assert_eq!(status, 401);
    }
    refused(sandbox.call("POST", "/v3/auth/discovery", json!({ "rules": "profiles" })));
}
