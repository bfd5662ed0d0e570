//! API tokens and their like.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::http::Http;
use crate::support::{refused, sandbox};
use crate::{claims, verified};

fn make(sandbox: &omneo_sandbox::Sandbox, path: &str, scopes: &[&str]) -> (String, Value) {
    let reply = sandbox.call("POST", path, json!({ "name": "POS", "scopes": scopes }));
    assert_eq!(reply.status, 200, "{}", reply.body);
    let text = reply.body["accessToken"].as_str().expect("a token");
    (text.to_owned(), reply.body["token"].clone())
}

#[test]
fn an_api_token_is_shown_once_and_lives_long() {
    let sandbox = sandbox();
    let (text, token) = make(&sandbox, "/v3/auth/api-tokens", &["read-profiles"]);
    assert_eq!(token["name"], "POS");
    assert_eq!(token["scopes"], json!(["read-profiles"]));
    assert_eq!(token["revoked"], false);
    assert!(token["expires_at"].as_str().expect("a time") > "2027-01-01");
    let id = token["id"].as_str().expect("an id");
    assert!(id.chars().all(|digit| digit.is_ascii_hexdigit()), "{id}");
    assert_eq!(claims(&text)["scopes"], json!(["read-profiles"]));
    assert_eq!(verified(&Http::new(&sandbox), &text), 200);

    let list = sandbox.call("GET", "/v3/auth/api-tokens", Value::Null);
    assert_eq!(list.body[0]["id"], token["id"]);
    assert!(!list.body.to_string().contains(&text));
    assert_eq!(list.body[0]["usage"], json!([]));
    assert_eq!(list.body[0]["client"]["id"], token["client_id"]);
    assert_eq!(list.body[0]["user"]["id"], token["user_id"]);
}

#[test]
fn no_two_tokens_are_the_same() {
    let sandbox = sandbox();
    let (one, _) = make(&sandbox, "/v3/auth/api-tokens", &["*"]);
    let (other, _) = make(&sandbox, "/v3/auth/api-tokens", &["*"]);
    assert_ne!(one, other);
}

#[test]
fn a_deleted_token_is_good_no_more() {
    let sandbox = sandbox();
    let http = Http::new(&sandbox);
    for path in ["/v3/auth/api-tokens", "/v3/auth/personal-access-tokens"] {
        let (text, token) = make(&sandbox, path, &["*"]);
        assert_eq!(verified(&http, &text), 200);
        let one = format!("{path}/{}", token["id"].as_str().expect("an id"));
        assert_eq!(sandbox.call("DELETE", &one, Value::Null).status, 204);
        assert_eq!(verified(&http, &text), 401);
        assert_eq!(sandbox.call("GET", path, Value::Null).body, json!([]));
        assert_eq!(sandbox.call("DELETE", &one, Value::Null).status, 404);
    }
}

#[test]
fn a_token_is_deleted_as_what_it_is_or_as_any() {
    let sandbox = sandbox();
    let (_, token) = make(&sandbox, "/v3/auth/api-tokens", &["*"]);
    let id = token["id"].as_str().expect("an id");
    let path = format!("/v3/auth/personal-access-tokens/{id}");
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 404);
    let path = format!("/v3/auth/tokens/{id}");
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
}

#[test]
fn a_token_ends_by_the_clock() {
    let sandbox = sandbox();
    let http = Http::new(&sandbox);
    let (text, token) = make(&sandbox, "/v3/auth/api-tokens", &["*"]);
    let ids = |kind: &str| {
        let list = sandbox.call(
            "GET",
            &format!("/v3/auth/access-tokens?type={kind}"),
            Value::Null,
        );
        let list = list.body.as_array().expect("a list").clone();
        list.iter()
            .map(|token| token["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("current"), [token["id"].clone()]);
    assert!(ids("expired").is_empty());
    sandbox
        .clock()
        .advance(SignedDuration::from_hours(24 * 366));
    assert_eq!(verified(&http, &text), 401);
    assert!(ids("current").is_empty());
    assert_eq!(ids("expired"), [token["id"].clone()]);
}

#[test]
fn a_scope_that_there_is_none_of_is_refused() {
    let sandbox = sandbox();
    let body = json!({ "name": "POS", "scopes": ["read-profiles", "read-minds"] });
    let errors = refused(sandbox.call("POST", "/v3/auth/api-tokens", body));
    assert!(errors["scopes.1"].is_array(), "{errors}");
}

#[test]
fn a_text_that_is_no_token_is_answered_with_401() {
    let sandbox = sandbox();
    let http = Http::new(&sandbox);
    let (text, _) = make(&sandbox, "/v3/auth/api-tokens", &["*"]);
    let forged = format!("{}x", text);
    for token in ["x", "a.b.c", &forged] {
        let (status, body) = http.json(Some(token), "GET", "/api/v3/auth/verify", Value::Null);
        assert_eq!(
            (status, body),
            (401, json!({ "message": "Unauthenticated." })),
            "{token}"
        );
    }
    assert_eq!(
        http.json(None, "GET", "/api/v3/auth/verify", Value::Null).0,
        401
    );
}
