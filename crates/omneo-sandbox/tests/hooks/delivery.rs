//! How a delivery gets there.

use fault_server::{Fault, FaultServer, Moment, RefusingPort, Response};
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use omneo_sandbox::{DeliveryState, Sandbox};
use serde_json::json;
use sha2::Sha256;

use crate::support::{NOW, profile, sandbox};
use crate::{EVENT, raise, webhook};

#[test]
fn a_webhook_is_posted_with_its_trigger_and_a_signature_of_the_body() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    webhook(&sandbox, &listener, json!({}));
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    sandbox.settle_blocking();

    let received = listener.received();
    assert_eq!(received.len(), 1);
    let header = |name: &str| {
        let value = received[0].headers.get(name).expect(name);
        value.to_str().expect("text").to_owned()
    };
    assert_eq!(received[0].method, "POST");
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("x-omneo-event"), EVENT);
    let mut mac = Hmac::<Sha256>::new_from_slice(b"sandbox-secret").expect("a key");
    mac.update(&received[0].body);
    let expected = mac.finalize().into_bytes();
    let expected: String = expected.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(header("x-omneo-hmac-sha256"), expected);

    let deliveries = sandbox.deliveries();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].state, DeliveryState::Delivered);
    assert_eq!(deliveries[0].attempts, 1);
    assert_eq!(deliveries[0].body.as_bytes(), received[0].body);
}

#[test]
fn a_delivery_that_fails_is_sent_again_later_with_the_same_body() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    listener.script([Fault::status(500), Fault::reset(Moment::Unanswered)]);
    webhook(&sandbox, &listener, json!({}));
    let ada = profile(&sandbox, "ada@example.com");
    raise(&sandbox, &ada);
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 1);
    let delivery = &sandbox.deliveries()[0];
    assert_eq!(delivery.state, DeliveryState::Waiting);
    let failure = delivery.failure.clone().expect("a failure");
    assert!(failure.contains("500"), "{failure}");

    // What changes meanwhile does not change what happened.
    sandbox.call(
        "PUT",
        &format!("/v3/profiles/{ada}"),
        json!({ "first_name": "Augusta" }),
    );
    sandbox.clock().advance(SignedDuration::from_secs(59));
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 1);
    sandbox.clock().advance(SignedDuration::from_secs(1));
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 2);
    sandbox.clock().advance(SignedDuration::from_mins(5));
    sandbox.settle_blocking();

    let received = listener.received();
    assert_eq!(received.len(), 3);
    assert_eq!(received[0].body, received[2].body);
    let delivery = &sandbox.deliveries()[0];
    assert_eq!(
        (delivery.state, delivery.attempts),
        (DeliveryState::Delivered, 3)
    );
    assert_eq!(delivery.failure, None);
}

/// How often a webhook is sent to a listener that always fails, in ten days.
fn attempts(switches: serde_json::Value) -> usize {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    listener.fallback(|_| Fault::status(503));
    webhook(&sandbox, &listener, switches);
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    for _ in 0..400 {
        sandbox.settle_blocking();
        sandbox.clock().advance(SignedDuration::from_mins(36));
    }
    assert_eq!(sandbox.deliveries()[0].state, DeliveryState::Failed);
    listener.received().len()
}

#[test]
fn a_delivery_that_never_gets_there_is_given_up() {
    assert_eq!(attempts(json!({})), 5);
}

#[test]
fn the_switches_of_a_webhook_go_on_for_longer() {
    assert_eq!(attempts(json!({ "retry_hourly": true })), 29);
    assert_eq!(attempts(json!({ "retry_daily": true })), 12);
}

#[test]
fn a_redirect_is_a_failure_and_is_not_followed() {
    let (sandbox, listener, other) = (sandbox(), FaultServer::start(), FaultServer::start());
    listener.script([Fault::respond(Response::redirect(307, other.url()))]);
    webhook(&sandbox, &listener, json!({}));
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    sandbox.settle_blocking();
    assert_eq!(other.received().len(), 0);
    assert_eq!(sandbox.deliveries()[0].state, DeliveryState::Waiting);
}

#[test]
fn many_are_sent_and_none_is_lost() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    webhook(&sandbox, &listener, json!({}));
    let ada = profile(&sandbox, "ada@example.com");
    for _ in 0..300 {
        raise(&sandbox, &ada);
    }
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 300);
    assert!(listener.peak_in_flight() <= 16);
    let deliveries = sandbox.deliveries();
    assert!(
        deliveries
            .iter()
            .all(|delivery| delivery.state == DeliveryState::Delivered)
    );
}

/// A sandbox with its records in a file.
fn kept(file: &std::path::Path, minutes: i64) -> Sandbox {
    let now: jiff::Timestamp = NOW.parse().expect("a time");
    let now = now + SignedDuration::from_mins(minutes);
    let builder = Sandbox::builder().at(now).strict().data(file);
    builder.start_blocking().expect("the sandbox starts")
}

#[test]
fn what_waits_outlives_the_sandbox() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sandbox.db");
    let port = RefusingPort::bind();
    let sandbox = kept(&file, 0);
    let body = json!({ "trigger": EVENT, "url": port.url(), "namespace": "pos" });
    assert_eq!(sandbox.call("POST", "/v3/webhooks", body).status, 201);
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    sandbox.settle_blocking();
    assert_eq!(sandbox.deliveries()[0].state, DeliveryState::Waiting);
    drop(sandbox);

    let listener = port.listen();
    let sandbox = kept(&file, 1);
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 1);
    assert_eq!(sandbox.deliveries()[0].state, DeliveryState::Delivered);
}

#[test]
fn what_was_on_its_way_when_the_sandbox_ended_is_sent_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sandbox.db");
    let listener = FaultServer::start();
    listener.script([Fault::stall(Moment::Unanswered)]);
    let sandbox = kept(&file, 0);
    webhook(&sandbox, &listener, json!({}));
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(listener.stalled());
    assert_eq!(sandbox.deliveries()[0].state, DeliveryState::UnderWay);
    drop(sandbox);

    let sandbox = kept(&file, 0);
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 2);
    assert_eq!(sandbox.deliveries()[0].state, DeliveryState::Delivered);
}

#[test]
fn what_was_on_its_way_in_a_snapshot_is_sent_again() {
    let listener = FaultServer::start();
    listener.script([Fault::stall(Moment::Unanswered)]);
    let sandbox = sandbox();
    webhook(&sandbox, &listener, json!({}));
    raise(&sandbox, &profile(&sandbox, "ada@example.com"));
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(listener.stalled());
    let snapshot = sandbox.snapshot().expect("a snapshot");
    listener.release();
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 1);

    sandbox.restore(&snapshot).expect("restored");
    sandbox.settle_blocking();
    assert_eq!(listener.received().len(), 2);
    assert_eq!(sandbox.deliveries()[0].state, DeliveryState::Delivered);
}
