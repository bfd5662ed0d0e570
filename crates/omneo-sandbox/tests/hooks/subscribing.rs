//! Making webhooks.

use serde_json::{Value, json};

use crate::support::{done, refused, sandbox};

fn body() -> Value {
    json!({ "trigger": "profiles.create", "url": "https://example.com/hook", "namespace": "pos" })
}

#[test]
fn a_webhook_comes_back_as_it_was_sent() {
    let sandbox = sandbox();
    // webhook.add--2
    let sent = json!({
        "trigger": "profiles.create", "url": "https://example.com/webhook/1", "is_active": true, "queue": "low",
        "retry_daily": false, "retry_hourly": true, "namespace": "sdk-test",
        "condition": { "and": [{ "not_in": ["@test@test.com", { "var": "profile.email" }] }] },
    });
    let hook = done(sandbox.call("POST", "/v3/webhooks", sent.clone()));
    for (member, value) in sent.as_object().expect("a map") {
        assert_eq!(&hook[member], value, "{member}");
    }
    // webhook.edit--1
    let change = json!({
        "url": "https://www.updated.com", "trigger": "products.created", "is_active": false, "queue": "default",
        "condition": { "test": 123 }, "retry_daily": true,
    });
    let path = format!("/v3/webhooks/{}", hook["id"]);
    let hook = done(sandbox.call("PUT", &path, change.clone()));
    for (member, value) in change.as_object().expect("a map") {
        assert_eq!(&hook[member], value, "{member}");
    }
    assert_eq!(hook["namespace"], "sdk-test");
}

#[test]
fn trigger_and_url_together_are_one_webhooks_own() {
    let sandbox = sandbox();
    done(sandbox.call("POST", "/v3/webhooks", body()));
    let errors = refused(sandbox.call("POST", "/v3/webhooks", body()));
    assert_eq!(errors["url"], json!(["The url has already been taken."]));
    let mut other = body();
    other["trigger"] = json!("profiles.update");
    let other = done(sandbox.call("POST", "/v3/webhooks", other));
    let path = format!("/v3/webhooks/{}", other["id"]);
    refused(sandbox.call("PUT", &path, json!({ "trigger": "profiles.create" })));
}

#[test]
fn what_a_webhook_must_have_is_asked_for() {
    let sandbox = sandbox();
    for member in ["trigger", "url", "namespace"] {
        let mut without = body();
        without.as_object_mut().expect("a map").remove(member);
        let errors = refused(sandbox.call("POST", "/v3/webhooks", without));
        assert!(errors[member].is_array(), "{errors}");
    }
}

#[test]
fn only_http_and_https_are_sent_to() {
    let sandbox = sandbox();
    for url in [
        "ftp://example.com",
        "file:///etc/passwd",
        "example.com",
        "http://",
        "javascript:alert(1)",
    ] {
        let mut hook = body();
        hook["url"] = json!(url);
        let errors = refused(sandbox.call("POST", "/v3/webhooks", hook));
        assert_eq!(
            errors["url"],
            json!(["The url must be a valid URL."]),
            "{url}"
        );
    }
}

#[test]
fn the_namespace_stays() {
    let sandbox = sandbox();
    let hook = done(sandbox.call("POST", "/v3/webhooks", body()));
    let path = format!("/v3/webhooks/{}", hook["id"]);
    let hook = done(sandbox.call(
        "PUT",
        &path,
        json!({ "namespace": "other", "is_active": false }),
    ));
    assert_eq!(hook["namespace"], "pos");
    assert_eq!(hook["is_active"], false);
}

#[test]
fn a_queue_that_there_is_none_of_becomes_low() {
    let sandbox = sandbox();
    for (place, (queue, becomes)) in [
        ("high", "high"),
        ("default", "default"),
        ("low", "low"),
        ("urgent", "low"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut hook = body();
        hook["url"] = json!(format!("https://example.com/{place}"));
        hook["queue"] = json!(queue);
        let hook = done(sandbox.call("POST", "/v3/webhooks", hook));
        assert_eq!(hook["queue"], becomes, "{queue}");
    }
}
