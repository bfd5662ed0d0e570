use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::get;
use crate::support::{done, profile, refused, sandbox};

fn connect(sandbox: &Sandbox, connected: &str, connector: &str) -> Value {
    let body = json!({ "name": "Household", "handle": "household", "type": "household", "shareable_attributes": ["identities"] });
    sandbox.call("POST", "/v3/connection/definitions", body);
    json!({
        "name": "Family", "connected_id": connected, "connector_id": connector,
        "connection_definition_handle": "household", "status": "accepted",
    })
}

#[test]
fn a_connection_shows_both_ends_and_what_is_shared() {
    let sandbox = sandbox();
    let (a, b) = (
        profile(&sandbox, "a@example.com"),
        profile(&sandbox, "b@example.com"),
    );
    let identity = json!({ "handle": "pos", "identifier": "1" });
    done(sandbox.call("POST", &format!("/v3/profiles/{a}/identities"), identity));
    let made = done(sandbox.call("POST", "/v3/connections", connect(&sandbox, &a, &b)));
    assert_eq!(made["definition"]["handle"], "household");
    assert_eq!(made["connected"]["email"], "a@example.com");
    assert_eq!(made["connected"]["identities"][0]["identifier"], "1");
    assert_eq!(made["connected"]["attributes"], Value::Null);
    assert_eq!(made["connector"]["id"], b);
    assert_eq!(made["connected_at"], "2026-03-01 09:00:00");
    let path = format!("/v3/profiles/{b}/connections/{}", made["id"]);
    assert_eq!(get(&sandbox, &path)["name"], "Family");
    assert_eq!(
        get(&sandbox, &format!("{path}/profileInfo"))["email"],
        "a@example.com"
    );
    let changed = done(sandbox.call("PUT", &path, json!({ "status": "break" })));
    assert_eq!(changed["status"], "break");
}

#[test]
fn a_profiles_connections_are_told_apart_by_their_ends() {
    let sandbox = sandbox();
    let ids =
        ["a@example.com", "b@example.com", "c@example.com"].map(|email| profile(&sandbox, email));
    for (connected, connector) in [(0, 1), (1, 2)] {
        let body = connect(&sandbox, &ids[connected], &ids[connector]);
        done(sandbox.call("POST", "/v3/connections", body));
    }
    let count = |id: &str, query: &str| {
        let path = format!("/v3/profiles/{id}/connections{query}");
        get(&sandbox, &path).as_array().unwrap().len()
    };
    assert_eq!(count(&ids[1], ""), 2);
    assert_eq!(count(&ids[1], "?type=connected"), 1);
    assert_eq!(count(&ids[0], "?type=connector"), 0);
    let path = format!("/v3/profiles/{}/connections/2", ids[0]);
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
}

#[test]
fn the_same_connection_is_changed() {
    let sandbox = sandbox();
    let (a, b) = (
        profile(&sandbox, "a@example.com"),
        profile(&sandbox, "b@example.com"),
    );
    let mut body = connect(&sandbox, &a, &b);
    let made = done(sandbox.call("POST", "/v3/connections/create-update", body.clone()));
    body["status"] = "hold".into();
    let changed = done(sandbox.call("POST", "/v3/connections/create-update", body.clone()));
    assert_eq!(made["id"], changed["id"]);
    assert_eq!(changed["status"], "hold");
    body["connector_id"] = "nobody".into();
    refused(sandbox.call("POST", "/v3/connections", body.clone()));
    body["connector_id"] = a.into();
    refused(sandbox.call("POST", "/v3/connections", body));
}
