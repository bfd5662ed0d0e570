use std::net::TcpListener;

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};

/// A sandbox with a webhook for each trigger. Nobody listens: what counts is what is to be told.
fn listening(triggers: &[&str]) -> Sandbox {
    let sandbox = sandbox();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    for trigger in triggers {
        let body = json!({
            "trigger": trigger, "url": format!("http://127.0.0.1:{port}/{trigger}"), "namespace": "listener",
        });
        done(sandbox.call("POST", "/v3/webhooks", body));
    }
    sandbox
}

/// The triggers that were told, in their order.
fn told(sandbox: &Sandbox) -> Vec<String> {
    let deliveries = sandbox.deliveries();
    deliveries
        .into_iter()
        .map(|delivery| delivery.trigger)
        .collect()
}

#[test]
fn a_profiles_life_is_told() {
    let sandbox = listening(&[
        "profile.created",
        "profile.updated",
        "profile.merged",
        "profile.deleted",
    ]);
    let (a, b) = (
        profile(&sandbox, "a@example.com"),
        profile(&sandbox, "b@example.com"),
    );
    done(sandbox.call(
        "PUT",
        &format!("/v3/profiles/{a}"),
        json!({ "title": "Dr" }),
    ));
    let body = json!({ "source_profile_id": a, "destination_profile_id": b });
    done(sandbox.call("POST", "/v3/profiles/merge", body));
    assert_eq!(
        sandbox
            .call("DELETE", &format!("/v3/profiles/{b}"), Value::Null)
            .status,
        204
    );
    assert_eq!(
        told(&sandbox),
        [
            "profile.created",
            "profile.created",
            "profile.updated",
            "profile.merged",
            "profile.deleted"
        ]
    );
}

#[test]
fn a_new_profile_is_told_with_what_its_body_nested() {
    let sandbox = listening(&["profile.created"]);
    let body = json!({
        "email": "a@example.com", "first_name": "A", "last_name": "B", "tags": ["vip"],
        "identities": [{ "handle": "pos", "identifier": "1" }],
    });
    done(sandbox.call("POST", "/v3/profiles", body));
    let deliveries = sandbox.deliveries();
    let context: Value = serde_json::from_str(&deliveries[0].body).unwrap();
    assert_eq!(context["identities"][0]["identifier"], "1");
    assert_eq!(context["flattened_tags"], json!(["vip"]));
}

#[test]
fn what_is_a_profiles_is_told() {
    let sandbox = listening(&[
        "identity.created",
        "address.created",
        "address.updated",
        "profile.address.created",
        "profile.address.deleted",
        "profile-attribute.updated",
        "interaction.created",
    ]);
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}");
    let identity = json!({ "handle": "pos", "identifier": "1" });
    done(sandbox.call("POST", &format!("{path}/identities"), identity));
    let address =
        json!({ "address_line_1": "1 First", "city": "M", "postcode": "1", "country": "AU" });
    let address = done(sandbox.call("POST", &format!("{path}/addresses"), address));
    let one = format!("{path}/addresses/{}", address["id"]);
    done(sandbox.call("PUT", &one, json!({ "notes": "ring twice" })));
    assert_eq!(sandbox.call("DELETE", &one, Value::Null).status, 204);
    done(sandbox.call(
        "PUT",
        &format!("{path}/attributes/comms"),
        json!({ "email_promo": true }),
    ));
    let body = json!({ "type": "string", "value": "v" });
    done(sandbox.call("PUT", &format!("{path}/attributes/custom/a:b"), body));
    let body = json!({
        "action": "service", "channel": "support", "signal": 0, "name": "Call", "namespace": "desk", "profile_id": id,
    });
    done(sandbox.call("POST", "/v3/interactions", body));
    assert_eq!(
        told(&sandbox),
        [
            "identity.created",
            "address.created",
            "profile.address.created",
            "address.updated",
            "profile.address.deleted",
            "profile-attribute.updated",
            "profile-attribute.updated",
            "interaction.created",
        ]
    );
}

#[test]
fn aggregations_are_told_when_they_change() {
    let sandbox = listening(&["aggregation.updated"]);
    let id = profile(&sandbox, "a@example.com");
    let sale =
        json!({ "id": 1, "profile_id": id, "total": 10, "transacted_at": "2026-02-01 10:00:00" });
    sandbox.insert("Transaction", sale).unwrap();
    let path = format!("/v3/profiles/{id}/aggregations/calculate");
    done(sandbox.call("GET", &path, Value::Null));
    done(sandbox.call("GET", &path, Value::Null));
    assert_eq!(told(&sandbox), ["aggregation.updated"]);
}

#[test]
fn lists_are_told() {
    let sandbox = listening(&[
        "product-list.created",
        "product-list.updated",
        "product-list-item.created",
        "product-list-item.updated",
        "product-list-share.created",
        "product-list-share.deleted",
    ]);
    let path = format!("/v3/profiles/{}/lists", profile(&sandbox, "a@example.com"));
    done(sandbox.call(
        "POST",
        &path,
        json!({ "name": "Wishes", "items": [{ "external_id": "x" }] }),
    ));
    done(sandbox.call(
        "PUT",
        &format!("{path}/wishes"),
        json!({ "items": [{ "id": 1, "quantity": 2 }] }),
    ));
    let share = done(sandbox.call("POST", &format!("{path}/wishes/shares"), Value::Null));
    let one = format!("{path}/wishes/shares/{}", share["id"]);
    assert_eq!(sandbox.call("DELETE", &one, Value::Null).status, 204);
    assert_eq!(
        told(&sandbox),
        [
            "product-list.created",
            "product-list-item.created",
            "product-list.updated",
            "product-list-item.updated",
            "product-list-share.created",
            "product-list-share.deleted",
        ]
    );
}

#[test]
fn connections_are_told() {
    let sandbox = listening(&[
        "connection.created",
        "connection.updated",
        "connection.deleted",
    ]);
    let (a, b) = (
        profile(&sandbox, "a@example.com"),
        profile(&sandbox, "b@example.com"),
    );
    let body =
        json!({ "name": "Friends", "connected_id": a, "connector_id": b, "status": "pending" });
    let made = done(sandbox.call("POST", "/v3/connections", body));
    let path = format!("/v3/connections/{}", made["id"]);
    done(sandbox.call("PUT", &path, json!({ "status": "accepted" })));
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    assert_eq!(
        told(&sandbox),
        [
            "connection.created",
            "connection.updated",
            "connection.deleted"
        ]
    );
}

#[test]
fn a_sync_tells_of_the_profiles_that_changed_since() {
    let sandbox = listening(&["profile.updated"]);
    profile(&sandbox, "a@example.com");
    sandbox.clock().set("2026-03-02T09:00:00Z".parse().unwrap());
    profile(&sandbox, "b@example.com");
    let body = json!({ "since": "2026-03-02 00:00:00" });
    done(sandbox.call("POST", "/v3/profiles/sync", body));
    sandbox.settle_blocking();
    let deliveries = sandbox.deliveries();
    assert_eq!(deliveries.len(), 1);
    assert!(deliveries[0].body.contains("b@example.com"));
}
