//! Batches that belong to a job.

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, sandbox};
use crate::{path, read, worked_off};

/// An import with an open job.
fn open(sandbox: &Sandbox) -> (Value, String, String) {
    let import = done(sandbox.call("POST", "/v3/imports/manual", json!({"count": 2})));
    assert_eq!(import["status"], "PENDING");
    let jobs = format!("{}/jobs", path(&import));
    let job = json!({"status": "PENDING", "handler": "omneo:location", "data": {}});
    let job = done(sandbox.call("POST", &jobs, job));
    let id = job["id"].to_string();
    let job = format!("{jobs}/{id}");
    (import, job, id)
}

fn send(sandbox: &Sandbox, job: &str, names: &[&str]) {
    let rows: Vec<_> = names
        .iter()
        .map(|name| json!({"name": name, "phone": "1"}))
        .collect();
    let body = json!({"locations": rows, "import_job_id": job});
    done(sandbox.call("POST", "/v3/locations/batch.json", body));
}

fn finalize(sandbox: &Sandbox, job: &str, batches: u64) -> Value {
    let body = json!({"total_batch_count": batches});
    done(sandbox.call("POST", &format!("{job}/finalize"), body))
}

#[test]
fn a_job_is_done_when_its_batches_are_worked_off() {
    let sandbox = sandbox();
    let (import, job, id) = open(&sandbox);
    send(&sandbox, &id, &["A"]);
    sandbox.settle_blocking();
    assert_eq!(read(&sandbox, &job)["status"], "PROCESSING");
    assert_eq!(finalize(&sandbox, &job, 2)["total_batch_count"], 2);
    assert_eq!(read(&sandbox, &job)["status"], "PROCESSING");
    send(&sandbox, &id, &["B"]);
    let import = worked_off(&sandbox, &import);
    assert_eq!(read(&sandbox, &job)["status"], "SUCCESS");
    assert_eq!(import["status"], "SUCCESS");
    assert_eq!(import["progress"], 100);
}

#[test]
fn a_job_that_is_told_too_few_batches_has_failed() {
    let sandbox = sandbox();
    let (import, job, id) = open(&sandbox);
    send(&sandbox, &id, &["A"]);
    send(&sandbox, &id, &["B"]);
    sandbox.settle_blocking();
    assert_eq!(finalize(&sandbox, &job, 1)["status"], "FAILED");
    assert_eq!(worked_off(&sandbox, &import)["status"], "FAILED");
}

#[test]
fn a_job_of_another_import_is_not_finalized() {
    let sandbox = sandbox();
    let (import, _, _) = open(&sandbox);
    let (_, _, other) = open(&sandbox);
    let path = format!("{}/jobs/{other}/finalize", path(&import));
    let reply = sandbox.call("POST", &path, json!({"total_batch_count": 1}));
    assert_eq!(reply.status, 404);
}
