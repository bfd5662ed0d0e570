//! Errors have Laravel's bodies.

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{refused, sandbox};

/// A request over HTTP: the status, the headers, and the body as JSON.
fn ask(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    token: Option<&str>,
) -> (u16, reqwest::header::HeaderMap, Value) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let method = method.parse().expect("a method");
        let url = format!("{}{path}", sandbox.url());
        let mut request = reqwest::Client::new().request(method, url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let body = answer.bytes().await.expect("a body");
        (
            status,
            headers,
            serde_json::from_slice(&body).unwrap_or_default(),
        )
    })
}

#[test]
fn a_request_without_a_token_is_not_authenticated() {
    let sandbox = sandbox();
    for token in [None, Some("another"), Some("")] {
        let (status, _, body) = ask(&sandbox, "GET", "/v3/rewards", token);
        assert_eq!(
            (status, body),
            (401, json!({ "message": "Unauthenticated." }))
        );
    }
}

#[test]
fn a_token_without_the_scope_is_refused() {
    let sandbox = sandbox();
    sandbox.add_token("reader", &["read-rewards"], None);
    assert_eq!(ask(&sandbox, "GET", "/v3/rewards", Some("reader")).0, 200);
    let (status, _, body) = ask(&sandbox, "DELETE", "/v3/rewards/1", Some("reader"));
    let message = json!({ "message": "This action is unauthorized." });
    assert_eq!((status, body), (403, message));
}

#[test]
fn an_unknown_path_is_not_found_and_another_method_not_allowed() {
    let sandbox = sandbox();
    let token = Some(sandbox.token());
    assert_eq!(ask(&sandbox, "GET", "/v3/nothing", token).0, 404);
    assert_eq!(ask(&sandbox, "GET", "/v4/rewards", token).0, 404);
    assert_eq!(ask(&sandbox, "GET", "/v3/rewards/7", token).0, 404);
    let (status, headers, _) = ask(&sandbox, "PATCH", "/v3/rewards", token);
    assert_eq!(status, 405);
    let allowed = headers.get("allow").expect("the header").to_str();
    assert!(allowed.expect("text").contains("POST"));
}

#[test]
fn health_needs_no_token_and_is_text() {
    let sandbox = sandbox();
    assert_eq!(ask(&sandbox, "GET", "/health", None).0, 200);
}

#[test]
fn what_is_missing_or_wrong_is_named_by_field() {
    let sandbox = sandbox();
    let reply = sandbox.call(
        "POST",
        "/v3/rewards/definitions",
        json!({ "handle": "a", "value": "much" }),
    );
    let message = reply.body["message"].clone();
    let errors = refused(reply);
    assert_eq!(errors["name"], json!(["The name field is required."]));
    assert_eq!(errors["value"], json!(["The value must be a number."]));
    let message = message.as_str().expect("a message");
    assert!(message.contains("more error"), "{message}");
}

#[test]
fn a_limit_is_told_with_each_answer_and_refuses_what_is_over_it() {
    let sandbox = Sandbox::builder()
        .at("2026-03-01T09:00:00Z".parse().expect("a time"))
        .requests_per_minute(2)
        .start_blocking()
        .expect("the sandbox starts");
    let token = Some(sandbox.token());
    let (status, headers, _) = ask(&sandbox, "GET", "/v3/rewards", token);
    assert_eq!(status, 200);
    assert_eq!(headers["x-ratelimit-limit"], "2");
    assert_eq!(headers["x-ratelimit-remaining"], "1");
    ask(&sandbox, "GET", "/v3/rewards", token);
    let (status, headers, _) = ask(&sandbox, "GET", "/v3/rewards", token);
    assert_eq!(status, 429);
    assert_eq!(headers["retry-after"], "60");
    sandbox.clock().advance(jiff::SignedDuration::from_secs(60));
    assert_eq!(ask(&sandbox, "GET", "/v3/rewards", token).0, 200);
}
