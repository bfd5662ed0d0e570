//! Who is told of an event.

use fault_server::FaultServer;
use serde_json::{Value, json};

use crate::http::Http;
use crate::support::{done, profile, refused, sandbox};
use crate::{EVENT, bodies, raise, webhook};

#[test]
fn a_webhook_hears_of_its_own_trigger_only() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    webhook(&sandbox, &listener, json!({ "trigger": "vip.left" }));
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 0);
}

#[test]
fn an_inactive_webhook_hears_nothing() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    let hook = webhook(&sandbox, &listener, json!({ "is_active": false }));
    let ada = profile(&sandbox, "ada@example.com");
    raise(&sandbox, &ada);
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 0);

    let path = format!("/v3/webhooks/{}", hook["id"]);
    done(sandbox.call("PUT", &path, json!({ "is_active": true })));
    raise(&sandbox, &ada);
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 1);
}

#[test]
fn a_deleted_webhook_hears_nothing() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    let hook = webhook(&sandbox, &listener, json!({}));
    let path = format!("/v3/webhooks/{}", hook["id"]);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 0);
}

#[test]
fn what_a_token_causes_is_not_told_to_webhooks_of_its_namespace() {
    let (sandbox, listener, other) = (sandbox(), FaultServer::start(), FaultServer::start());
    webhook(&sandbox, &listener, json!({}));
    webhook(&sandbox, &other, json!({ "namespace": "crm" }));
    sandbox.add_token("pos-token", &["*"], Some("pos"));
    let ada = profile(&sandbox, "ada@example.com");
    let path = format!("/api/v3/profiles/{ada}/custom-event");
    let body = json!({ "event": EVENT });
    let (status, _) = Http::new(&sandbox).json(Some("pos-token"), "POST", &path, body);
    assert_eq!(status, 200);
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 0);
    assert_eq!(other.received().len(), 1);
}

#[test]
fn a_condition_decides_by_the_context() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    let condition = json!({ "and": [
        { "in": ["@example.com", { "var": "email" }] },
        { "!==": [{ "var": "first_name" }, "Nobody"] },
    ]});
    webhook(&sandbox, &listener, json!({ "condition": condition }));
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    raise(&sandbox, &profile(&sandbox, "ada@example.org"));
    sandbox.settle_blocking();
    let bodies = bodies(&listener);
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0]["email"], "ada@example.com");
}

#[test]
fn a_template_adds_to_the_body() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    let template =
        r#"{"greeting": "Hello {{ first_name|upper }}", "source": "{{ 'sand' ~ 'box' }}"}"#;
    webhook(
        &sandbox,
        &listener,
        json!({ "extra_data_template": template }),
    );
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    sandbox.settle_blocking();
    let bodies = bodies(&listener);
    assert_eq!(bodies[0]["greeting"], "Hello ADA");
    assert_eq!(bodies[0]["source"], "sandbox");
    assert_eq!(bodies[0]["email"], "ada@example.com");
}

#[test]
fn a_template_that_is_none_leaves_the_body_as_it_is() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    for (trigger, template) in [(EVENT, "{{ first_name"), ("vip.left", "[1]")] {
        webhook(
            &sandbox,
            &listener,
            json!({ "trigger": trigger, "extra_data_template": template }),
        );
    }
    let ada = profile(&sandbox, "ada@example.com");
    raise(&sandbox, &ada);
    let path = format!("/v3/profiles/{ada}/custom-event");
    done(sandbox.call("POST", &path, json!({ "event": "vip.left" })));
    sandbox.settle_blocking();
    let bodies = bodies(&listener);
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
}

#[test]
fn a_request_that_is_refused_tells_nobody() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    webhook(&sandbox, &listener, json!({ "trigger": "profile.updated" }));
    let ada = profile(&sandbox, "ada@example.com");
    let path = format!("/v3/profiles/{ada}/custom-event");
    refused(sandbox.call("POST", &path, json!({ "event": "profile.updated" })));
    sandbox.settle_blocking();
    assert_eq!(sandbox.deliveries().len(), 0);
}
