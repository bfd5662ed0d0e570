//! Firing events again.

use fault_server::FaultServer;
use serde_json::json;

use crate::support::{profile, refused, sandbox};
use crate::webhook;

#[test]
fn all_active_webhooks_of_the_kind_hear_of_each_record() {
    let (sandbox, listener, other) = (sandbox(), FaultServer::start(), FaultServer::start());
    webhook(&sandbox, &listener, json!({ "trigger": "profile.updated" }));
    webhook(&sandbox, &listener, json!({ "trigger": "profile.created" }));
    webhook(
        &sandbox,
        &other,
        json!({ "trigger": "transaction.created" }),
    );
    webhook(
        &sandbox,
        &other,
        json!({ "trigger": "profile.updated", "is_active": false }),
    );
    let ids = [
        profile(&sandbox, "ada@example.com"),
        profile(&sandbox, "bob@example.com"),
        "nobody".to_owned(),
    ];
    let before = listener.received().len();
    sandbox.settle_blocking();
    let before = listener.received().len().max(before);

    let body = json!({ "event_context": "profile", "identifiers": ids });
    let reply = sandbox.call("POST", "/v3/webhooks/batch.json", body);
    assert_eq!(
        (reply.status, &reply.body),
        (200, &json!({ "message": "Queued for processing." }))
    );
    sandbox.settle_blocking();
    assert_eq!(listener.received().len() - before, 4);
    assert_eq!(other.received().len(), 0);
}

#[test]
fn only_the_named_webhooks_hear_if_any_is_named() {
    let (sandbox, listener, other) = (sandbox(), FaultServer::start(), FaultServer::start());
    let ada = profile(&sandbox, "ada@example.com");
    let hook = webhook(&sandbox, &listener, json!({ "trigger": "profile.updated" }));
    webhook(&sandbox, &other, json!({ "trigger": "profile.updated" }));
    let body =
        json!({ "event_context": "profile", "identifiers": [ada], "webhook_ids": [hook["id"]] });
    assert_eq!(
        sandbox.call("POST", "/v3/webhooks/batch.json", body).status,
        200
    );
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 1);
    assert_eq!(other.received().len(), 0);
}

#[test]
fn nothing_is_sent_where_webhooks_are_not_wanted() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    let ada = profile(&sandbox, "ada@example.com");
    webhook(&sandbox, &listener, json!({ "trigger": "profile.updated" }));
    let body =
        json!({ "event_context": "profile", "identifiers": [ada], "dispatch_webhooks": false });
    assert_eq!(
        sandbox.call("POST", "/v3/webhooks/batch.json", body).status,
        200
    );
    sandbox.settle_blocking();
    assert_eq!(sandbox.deliveries().len(), 0);
}

#[test]
fn a_context_that_there_is_none_of_is_refused() {
    let sandbox = sandbox();
    for context in ["nothing", "", "../../paths", "profile/properties", "~1"] {
        let body = json!({ "event_context": context, "identifiers": ["1"] });
        let errors = refused(sandbox.call("POST", "/v3/webhooks/batch.json", body));
        assert!(errors["event_context"].is_array(), "{context}");
    }
}
