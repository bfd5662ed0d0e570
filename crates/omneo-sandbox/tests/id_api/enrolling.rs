//! Making a profile, or changing the preferences of one that is there.

use serde_json::{Value, json};

use crate::http::Http;
use crate::support::{done, profile, sandbox};
use crate::{ADMIN, id_token};

const ENROL: &str = "/id/api/v1/profiles";

fn body() -> Value {
    json!({
        "email": "ada@example.com", "first_name": "Augusta", "last_name": "King",
        "comms_attributes": { "email_promo": true },
    })
}

#[test]
fn who_is_not_there_is_made() {
    let sandbox = sandbox();
    let token = id_token(&sandbox, json!({}));
    let (status, answer) = Http::new(&sandbox).json(Some(&token), "POST", ENROL, body());
    assert!((200..300).contains(&status), "{status} {answer}");
    assert_eq!(answer["data"]["email"], "ada@example.com");
    let list = done(sandbox.call("GET", "/v3/profiles", Value::Null));
    assert_eq!(list.as_array().map(Vec::len), Some(1));
}

#[test]
fn who_is_there_only_has_the_preferences_changed() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let token = id_token(&sandbox, json!({}));
    let (status, answer) = Http::new(&sandbox).json(Some(&token), "POST", ENROL, body());
    assert_eq!(status, 200, "{answer}");
    // Whoever asks learns no name.
    assert!(!answer.to_string().contains("Lovelace"));
    let comms = done(sandbox.call(
        "GET",
        &format!("/v3/profiles/{ada}/attributes/comms"),
        Value::Null,
    ));
    assert_eq!(comms["email_promo"], true);
    let ada = done(sandbox.call("GET", &format!("/v3/profiles/{ada}"), Value::Null));
    assert_eq!(ada["first_name"], "Ada");
    let list = done(sandbox.call("GET", "/v3/profiles", Value::Null));
    assert_eq!(list.as_array().map(Vec::len), Some(1));
}

#[test]
fn an_admins_token_enrols_nobody() {
    let sandbox = sandbox();
    assert_eq!(
        Http::new(&sandbox).json(ADMIN, "POST", ENROL, body()).0,
        401
    );
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    let sandbox = sandbox();
    let token = id_token(&sandbox, json!({}));
    assert_eq!(
        Http::new(&sandbox)
            .json(Some(&token), "POST", ENROL, json!([1]))
            .0,
        422
    );
}
