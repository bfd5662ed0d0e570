//! Tokens for credentials.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::http::Http;
use crate::support::{done, sandbox};
use crate::verified;

const TOKEN: &str = "/api/v3/auth/token";

/// The form of the sandbox's own client, with more.
fn form<'f>(client: &'f (String, String), more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut form = vec![
        ("client_id", client.0.as_str()),
        ("client_secret", &client.1),
    ];
    form.extend(more);
    form
}

#[test]
fn a_client_gets_a_token() {
    let sandbox = sandbox();
    let (http, client) = (Http::new(&sandbox), sandbox.client().expect("a client"));
    let form = form(
        &client,
        &[("grant_type", "client_credentials"), ("scope", "*")],
    );
    let (status, body) = http.form(TOKEN, &form);
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["token_type"], "Bearer");
    let token = body["access_token"].as_str().expect("a token");
    assert_eq!(verified(&http, token), 200);
    let seconds = body["expires_in"].as_i64().expect("seconds");
    sandbox.clock().advance(SignedDuration::from_secs(seconds));
    assert_eq!(verified(&http, token), 401);
}

#[test]
fn a_user_is_named_by_email_and_password() {
    let sandbox = sandbox();
    let (http, client) = (Http::new(&sandbox), sandbox.client().expect("a client"));
    let password = "0123456789abcdefghijABCDEFGHIJ01";
    let user = json!({ "name": "POS", "email": "pos@example.com", "password": password, "password_confirmation": password });
    let user = done(sandbox.call("POST", "/v3/users", user));
    for grant in ["password", "client_credentials"] {
        let more = [
            ("grant_type", grant),
            ("username", "pos@example.com"),
            ("password", password),
        ];
        let (status, body) = http.form(TOKEN, &form(&client, &more));
        assert_eq!(status, 200, "{body}");
        let token = body["access_token"].as_str().expect("a token");
        let (_, me) = http.json(Some(token), "GET", "/api/v3/users/me", Value::Null);
        assert_eq!(me["id"], user["id"]);
        assert_eq!(me["email"], "pos@example.com");
    }
    for (name, password) in [
        ("pos@example.com", "wrong password"),
        ("nobody@example.com", password),
        ("", ""),
    ] {
        let more = [
            ("grant_type", "password"),
            ("username", name),
            ("password", password),
        ];
        assert_eq!(http.form(TOKEN, &form(&client, &more)).0, 400, "{name}");
    }
}

#[test]
fn wrong_clients_and_grants_are_refused() {
    let sandbox = sandbox();
    let (http, client) = (Http::new(&sandbox), sandbox.client().expect("a client"));
    let wrong = (client.0.clone(), "wrong".to_owned());
    let nobody = ("999".to_owned(), client.1.clone());
    for (client, grant, scope, expected) in [
        (&wrong, "client_credentials", "*", 401),
        (&nobody, "client_credentials", "*", 401),
        (&client, "magic", "*", 400),
        (&client, "client_credentials", "read-minds", 400),
        (&client, "refresh_token", "*", 401),
    ] {
        let form = form(client, &[("grant_type", grant), ("scope", scope)]);
        let (status, body) = http.form(TOKEN, &form);
        assert_eq!(status, expected, "{grant} {scope} {body}");
        assert!(!body.to_string().contains(&client.1), "{body}");
    }
}

#[test]
fn a_token_may_do_what_was_asked_for() {
    let sandbox = sandbox();
    let (http, client) = (Http::new(&sandbox), sandbox.client().expect("a client"));
    let more = [
        ("grant_type", "client_credentials"),
        ("scope", "read-profiles read-rewards"),
    ];
    let (_, body) = http.form(TOKEN, &form(&client, &more));
    let token = body["access_token"].as_str();
    for (path, expected) in [
        ("/api/v3/profiles", 200),
        ("/api/v3/rewards", 200),
        ("/api/v3/transactions", 403),
    ] {
        assert_eq!(
            http.json(token, "GET", path, Value::Null).0,
            expected,
            "{path}"
        );
    }
}

#[test]
fn a_refresh_token_is_exchanged_once() {
    let sandbox = sandbox();
    let (http, client) = (Http::new(&sandbox), sandbox.client().expect("a client"));
    let more = [
        ("grant_type", "client_credentials"),
        ("scope", "read-profiles"),
    ];
    let (_, first) = http.form(TOKEN, &form(&client, &more));
    let refresh = first["refresh_token"].as_str().expect("a token");
    let more = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let (status, second) = http.form(TOKEN, &form(&client, &more));
    assert_eq!(status, 200, "{second}");
    assert_eq!(
        verified(&http, first["access_token"].as_str().expect("a token")),
        401
    );
    let token = second["access_token"].as_str().expect("a token");
    assert_eq!(verified(&http, token), 200);
    assert_eq!(
        http.json(Some(token), "GET", "/api/v3/transactions", Value::Null)
            .0,
        403
    );
    assert_eq!(http.form(TOKEN, &form(&client, &more)).0, 401);
}

#[test]
fn a_deleted_client_gets_no_token_and_its_tokens_end() {
    let sandbox = sandbox();
    let (http, client) = (Http::new(&sandbox), sandbox.client().expect("a client"));
    let form = form(&client, &[("grant_type", "client_credentials")]);
    let (_, body) = http.form(TOKEN, &form);
    let token = body["access_token"].as_str().expect("a token");
    let path = format!("/v3/auth/clients/{}", client.0);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    assert_eq!(verified(&http, token), 401);
    assert_eq!(http.form(TOKEN, &form).0, 401);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 404);
}

#[test]
fn the_browsers_routes_answer() {
    let sandbox = sandbox();
    assert_eq!(
        sandbox
            .call("GET", "/v3/auth/authorize", Value::Null)
            .status,
        200
    );
    assert_eq!(
        sandbox
            .call("POST", "/v3/auth/token/refresh", Value::Null)
            .status,
        200
    );
}
