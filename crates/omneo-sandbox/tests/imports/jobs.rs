use serde_json::{Value, json};

use crate::support::{done, refused, sandbox};
use crate::{path, read};

#[test]
fn a_job_needs_its_import() {
    let sandbox = sandbox();
    let job = json!({"status": "PENDING", "handler": "omneo:profile", "data": {}});
    assert_eq!(sandbox.call("POST", "/v3/imports/9/jobs", job).status, 404);
    assert_eq!(
        sandbox
            .call("GET", "/v3/imports/9/jobs", Value::Null)
            .status,
        404
    );
}

#[test]
fn a_job_that_is_done_is_kept_as_it_came() {
    let sandbox = sandbox();
    let import = done(sandbox.call("POST", "/v3/imports/manual", json!({})));
    let path = format!("{}/jobs", path(&import));
    let job = json!({
        "status": "FAILED", "handler": "omneo:profile", "data": {"email": "x"},
        "result": {"message": "No."},
    });
    let job = done(sandbox.call("POST", &path, job));
    sandbox.settle_blocking();
    let job = read(&sandbox, &format!("{path}/{}", job["id"]));
    assert_eq!(job["status"], "FAILED");
    assert_eq!(job["result"], json!({"message": "No."}));
    assert_eq!(read(&sandbox, "/v3/profiles"), json!([]));
}

#[test]
fn one_to_five_hundred_jobs_come_at_once() {
    let sandbox = sandbox();
    let import = done(sandbox.call("POST", "/v3/imports/manual", json!({})));
    let path = format!("{}/jobs/batch.json", path(&import));
    let job = json!({"status": "SUCCESS", "handler": "omneo:profile", "data": {}});
    for count in [0, 501] {
        let body = json!({"jobs": vec![job.clone(); count]});
        assert!(refused(sandbox.call("POST", &path, body))["jobs"].is_array());
    }
}

#[test]
fn an_import_by_a_condition_is_kept() {
    let sandbox = sandbox();
    let body = json!({"name": "Lapsed", "condition": {"==": [1, 1]}});
    let imports = done(sandbox.call("POST", "/v3/imports/condition", body));
    assert_eq!(imports[0]["name"], "Lapsed");
    assert_eq!(imports[0]["use_condition"], true);
    assert_eq!(imports[0]["condition"], json!({"==": [1, 1]}));
}
