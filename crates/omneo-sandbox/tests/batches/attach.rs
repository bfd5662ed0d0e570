use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::read;
use crate::support::{done, profile, sandbox};

fn handles(sandbox: &Sandbox, profile: &str, member: &str) -> Value {
    read(sandbox, &format!("/v3/profiles/{profile}"))[member].clone()
}

/// Asks for a change, and waits until it is done.
#[track_caller]
fn change(sandbox: &Sandbox, method: &str, path: &str, profile: &str, member: &str, given: &Value) {
    let body = json!({"profiles": [{"profile_id": profile, member: given}]});
    let reply = sandbox.call(method, path, body);
    assert_eq!(reply.status, 202, "{}", reply.body);
    assert!(reply.body["data"]["batch_id"].is_string(), "{}", reply.body);
    sandbox.settle_blocking();
}

#[test]
fn statuses_are_added_and_taken_off_and_unknown_ones_skipped() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    for handle in ["vip", "staff"] {
        let status = json!({"name": handle, "handle": handle});
        done(sandbox.call("POST", "/v3/statuses", status));
    }
    let path = "/v3/profile/status/batch.json";
    change(&sandbox, "POST", path, &ada, "statuses", &json!(["vip"]));
    change(
        &sandbox,
        "POST",
        path,
        &ada,
        "statuses",
        &json!(["staff", "unknown", "vip"]),
    );
    let mut found = handles(&sandbox, &ada, "statuses");
    if let Value::Array(found) = &mut found {
        found.sort_by_key(Value::to_string);
    }
    assert_eq!(found, json!(["staff", "vip"]));
    change(
        &sandbox,
        "DELETE",
        path,
        &ada,
        "statuses",
        &json!(["vip", "unknown"]),
    );
    assert_eq!(handles(&sandbox, &ada, "statuses"), json!(["staff"]));
}

#[test]
fn tags_are_added_and_taken_off() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let path = "/v3/profile/tags/batch.json";
    change(&sandbox, "POST", path, &ada, "tags", &json!(["a", "b"]));
    change(&sandbox, "DELETE", path, &ada, "tags", &json!(["a"]));
    assert_eq!(handles(&sandbox, &ada, "tags"), json!(["b"]));
}

#[test]
fn aggregations_are_recalculated() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let body = json!({"profiles": [{"profile_id": ada}, {"profile_id": "nobody"}]});
    let reply = sandbox.call("POST", "/v3/profile/aggregations/batch.json", body);
    assert_eq!(reply.status, 202, "{}", reply.body);
    sandbox.settle_blocking();
    let id = reply.body["data"]["batch_id"].as_str().expect("a batch");
    let batch = read(&sandbox, &format!("/v3/batches/{id}"));
    assert_eq!(crate::states(&batch), ["success", "failed"]);
}
