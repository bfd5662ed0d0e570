//! The routes of the token's own profile.

use serde_json::{Value, json};

use crate::http::Http;
use crate::support::{profile, sandbox};
use crate::{id_token, of};

#[test]
fn me_is_the_profile_of_the_token() {
    let sandbox = sandbox();
    let (ada, bob) = (
        profile(&sandbox, "ada@example.com"),
        profile(&sandbox, "bob@example.com"),
    );
    let http = Http::new(&sandbox);
    for (id, email) in [(&ada, "ada@example.com"), (&bob, "bob@example.com")] {
        let token = of(&sandbox, id);
        let (status, answer) =
            http.json(Some(&token), "GET", "/id/api/v1/profiles/me", Value::Null);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["data"]["id"], json!(id));
        assert_eq!(answer["data"]["email"], email);
    }
}

#[test]
fn bodies_and_answers_are_those_of_the_admin_api() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let token = of(&sandbox, &ada);
    let http = Http::new(&sandbox);
    let ask = |method: &str, path: &str, body: Value| {
        http.json(
            Some(&token),
            method,
            &format!("/id/api/v1/profiles/me{path}"),
            body,
        )
    };
    let (status, changed) = ask("PUT", "", json!({ "first_name": "Augusta" }));
    assert_eq!(
        (status, &changed["data"]["first_name"]),
        (200, &json!("Augusta"))
    );
    let address = json!({ "address_line_1": "1 High Street", "city": "Melbourne", "postcode": "3000", "country": "Australia" });
    let (status, made) = ask("POST", "/addresses", address);
    assert!((200..300).contains(&status), "{status} {made}");
    let admin = sandbox.call("GET", &format!("/v3/profiles/{ada}/addresses"), Value::Null);
    let (status, own) = ask("GET", "/addresses", Value::Null);
    assert_eq!((status, &own["data"]), (200, &admin.body["data"]));
    assert_eq!(ask("PUT", "", json!({ "email": 5 })).0, 422);
}

#[test]
fn what_the_id_api_has_no_route_for_is_not_there() {
    let sandbox = sandbox();
    let token = of(&sandbox, &profile(&sandbox, "ada@example.com"));
    let http = Http::new(&sandbox);
    for (method, path, expected) in [
        // The admin API has these.
        ("POST", "/id/api/v1/profiles/me/custom-event", 404),
        ("GET", "/id/api/v1/profiles/me/visits", 404),
        ("POST", "/id/api/v1/profiles/me/rewards", 405),
        ("GET", "/id/api/v1/profiles", 405),
        ("GET", "/id/api/v1/webhooks", 404),
        ("GET", "/id/api/v1/profiles/you", 404),
        ("GET", "/id/api/v1", 404),
        ("GET", "/id/api/v1/profiles/me/", 200),
        ("GET", "/id/api/v2/profiles/me", 404),
        ("GET", "/id/api/v1/profiles/me/../../webhooks", 404),
        ("GET", "/shopify/api/v1/anything", 404),
    ] {
        let (status, answer) = http.json(Some(&token), method, path, Value::Null);
        assert_eq!(status, expected, "{method} {path} {answer}");
    }
}

#[test]
fn a_list_is_named_by_its_handle_too() {
    let sandbox = sandbox();
    let (ada, bob) = (
        profile(&sandbox, "ada@example.com"),
        profile(&sandbox, "bob@example.com"),
    );
    for (id, owner) in [(1, &bob), (2, &ada)] {
        let list =
            json!({ "id": id, "profile_id": owner, "name": "Wishes", "handle": "wish list" });
        sandbox.insert("ProductList", list).expect("inserted");
    }
    let token = of(&sandbox, &ada);
    let http = Http::new(&sandbox);
    for named in ["2", "wish%20list"] {
        let path = format!("/id/api/v1/profiles/me/lists/{named}");
        let (status, answer) = http.json(Some(&token), "GET", &path, Value::Null);
        assert_eq!(
            (status, &answer["data"]["id"]),
            (200, &json!(2)),
            "{answer}"
        );
    }
    let path = "/id/api/v1/profiles/me/lists/1";
    assert_eq!(http.json(Some(&token), "GET", path, Value::Null).0, 404);
}

#[test]
fn locations_are_everyones() {
    let sandbox = sandbox();
    sandbox
        .insert("Location", json!({ "id": 1, "name": "Melbourne" }))
        .expect("inserted");
    let token = id_token(&sandbox, json!({}));
    let (status, answer) =
        Http::new(&sandbox).json(Some(&token), "GET", "/id/api/v1/locations", Value::Null);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["data"][0]["name"], "Melbourne");
}
