//! Users and their tokens.

use serde_json::{Value, json};

use crate::http::Http;
use crate::support::{done, refused, sandbox};
use crate::verified;

const PASSWORD: &str = "0123456789abcdefghijABCDEFGHIJ01";

fn body() -> Value {
    json!({ "name": "POS", "email": "pos@example.com", "password": PASSWORD, "password_confirmation": PASSWORD })
}

fn login(http: &Http, client: &(String, String), password: &str) -> Option<String> {
    let form = [
        ("grant_type", "password"),
        ("client_id", client.0.as_str()),
        ("client_secret", &client.1),
        ("username", "pos@example.com"),
        ("password", password),
    ];
    let (status, body) = http.form("/api/v3/auth/token", &form);
    (status == 200).then(|| body["access_token"].as_str().expect("a token").to_owned())
}

#[test]
fn a_password_is_never_shown() {
    let sandbox = sandbox();
    let made = sandbox.call("POST", "/v3/users", body());
    assert!(!made.body.to_string().contains(PASSWORD));
    let list = sandbox.call("GET", "/v3/users", Value::Null);
    assert!(!list.body.to_string().contains("password"), "{}", list.body);
}

#[test]
fn a_password_is_confirmed_and_long_enough() {
    let sandbox = sandbox();
    let mut other = body();
    other["password_confirmation"] = json!("another password");
    let errors = refused(sandbox.call("POST", "/v3/users", other));
    assert_eq!(
        errors["password"],
        json!(["The password confirmation does not match."])
    );
    let mut short = body();
    short["password"] = json!("short");
    short["password_confirmation"] = json!("short");
    let errors = refused(sandbox.call("POST", "/v3/users", short));
    assert!(errors["password"].is_array());
}

#[test]
fn a_changed_password_leaves_the_tokens_alone() {
    let sandbox = sandbox();
    let (http, client) = (Http::new(&sandbox), sandbox.client().expect("a client"));
    let user = done(sandbox.call("POST", "/v3/users", body()));
    let token = login(&http, &client, PASSWORD).expect("a token");
    let path = format!("/v3/users/{}", user["id"]);
    done(sandbox.call("PUT", &path, json!({ "name": "Till" })));
    assert!(login(&http, &client, PASSWORD).is_some());
    let change =
        json!({ "password": "another password", "password_confirmation": "another password" });
    done(sandbox.call("PUT", &path, change));
    assert!(login(&http, &client, PASSWORD).is_none());
    assert!(login(&http, &client, "another password").is_some());
    assert_eq!(verified(&http, &token), 200);
}

#[test]
fn a_users_tokens_go_with_the_user() {
    let sandbox = sandbox();
    let (http, client) = (Http::new(&sandbox), sandbox.client().expect("a client"));
    let user = done(sandbox.call("POST", "/v3/users", body()));
    let token = login(&http, &client, PASSWORD).expect("a token");
    assert_eq!(verified(&http, &token), 200);
    let path = format!("/v3/users/{}", user["id"]);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    assert_eq!(verified(&http, &token), 401);
}

#[test]
fn the_user_of_the_token_that_a_sandbox_starts_with_is_its_own() {
    let me = sandbox().call("GET", "/v3/users/me", Value::Null);
    assert_eq!(me.status, 200);
    assert_eq!(me.body["name"], "Sandbox");
    assert!(me.body.get("data").is_none());
}
