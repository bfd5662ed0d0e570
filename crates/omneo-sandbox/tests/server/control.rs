//! What a test can do with a sandbox.

use jiff::SignedDuration;
use omneo_sandbox::{Fault, Sandbox, Seed};
use serde_json::{Value, json};

use crate::support::{done, sandbox};

const BRAND: &str = r#"{ "name": "Acme", "handle": "acme" }"#;

fn brand() -> Value {
    serde_json::from_str(BRAND).expect("JSON")
}

#[test]
fn a_snapshot_brings_back_what_was_there() {
    let sandbox = sandbox();
    done(sandbox.call("POST", "/v3/brands", brand()));
    let snapshot = sandbox.snapshot().expect("a snapshot");
    done(sandbox.call("DELETE", "/v3/brands/1", Value::Null));
    assert_eq!(sandbox.call("GET", "/v3/brands/1", Value::Null).status, 404);
    sandbox.restore(&snapshot).expect("it goes back");
    assert_eq!(sandbox.call("GET", "/v3/brands/1", Value::Null).status, 200);
}

#[test]
fn the_clock_stands_and_is_moved() {
    let sandbox = sandbox();
    let clock = sandbox.clock();
    assert!(clock.is_fixed());
    clock.advance(SignedDuration::from_hours(1));
    let made = done(sandbox.call("POST", "/v3/brands", brand()));
    assert_eq!(made["created_at"], "2026-03-01 10:00:00");
}

#[test]
fn a_fault_meets_its_operation_so_many_times() {
    let sandbox = sandbox();
    sandbox
        .faults()
        .add(Fault::status(503).on("brands.index").times(2));
    let list = || sandbox.call("GET", "/v3/brands", Value::Null).status;
    assert_eq!(sandbox.call("GET", "/v3/tags", Value::Null).status, 200);
    assert_eq!([list(), list(), list()], [503, 503, 200]);
}

#[test]
fn a_lost_answer_is_of_something_done_and_a_refused_one_of_nothing() {
    let sandbox = sandbox();
    sandbox.faults().add(Fault::refused().times(1));
    assert_eq!(sandbox.call("POST", "/v3/brands", brand()).status, 0);
    assert_eq!(
        done(sandbox.call("GET", "/v3/brands", Value::Null)),
        json!([])
    );
    sandbox.faults().add(Fault::lost_answer().times(1));
    assert_eq!(sandbox.call("POST", "/v3/brands", brand()).status, 0);
    let list = done(sandbox.call("GET", "/v3/brands", Value::Null));
    assert_eq!(list.as_array().map(Vec::len), Some(1));
}

#[test]
fn a_share_of_faults_follows_from_the_seed() {
    let statuses = |seed: u64| -> Vec<u16> {
        let sandbox = Sandbox::builder()
            .random(seed)
            .start_blocking()
            .expect("it starts");
        sandbox.faults().add(Fault::status(500).share(0.5));
        (0..40)
            .map(|_| sandbox.call("GET", "/v3/brands", Value::Null).status)
            .collect()
    };
    assert_eq!(statuses(1), statuses(1));
    assert_ne!(statuses(1), statuses(2));
    assert!(statuses(1).contains(&200) && statuses(1).contains(&500));
}

#[test]
fn requests_are_logged_without_secrets() {
    let sandbox = sandbox();
    done(sandbox.call("POST", "/v3/brands", brand()));
    sandbox.call(
        "POST",
        "/v3/auth/api-tokens",
        json!({ "name": "a", "scopes": ["*"] }),
    );
    let requests = sandbox.requests();
    assert_eq!(requests[0].operation, Some("brands.store"));
    assert_eq!(requests[0].path, "/api/v3/brands");
    assert_eq!(requests[0].body, Some(brand()));
    assert_eq!(requests[0].status, 200);
    assert_eq!(requests[1].body, None);
}

#[test]
fn a_file_keeps_what_was_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || {
        Sandbox::builder()
            .data(folder.path().join("omneo.db"))
            .seed(Seed::Demo)
            .start_blocking()
            .expect("it starts")
    };
    let sandbox = start();
    let profiles = |sandbox: &Sandbox| {
        let list = sandbox.call("GET", "/v3/profiles", Value::Null).body;
        list["meta"]["total"].clone()
    };
    let seeded = profiles(&sandbox);
    assert_ne!(seeded, 0);
    done(sandbox.call(
        "POST",
        "/v3/brands",
        json!({ "name": "Kept", "handle": "kept" }),
    ));
    drop(sandbox);
    let again = start();
    assert_eq!(profiles(&again), seeded);
    let kept = again
        .call("GET", "/v3/brands?filter[handle]=kept", Value::Null)
        .body;
    assert_eq!(kept["data"][0]["name"], "Kept");
}

#[test]
fn a_file_that_is_in_use_or_no_sandboxs_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("omneo.db");
    let _first = Sandbox::builder()
        .data(&file)
        .start_blocking()
        .expect("it starts");
    let second = Sandbox::builder().data(&file).start_blocking();
    assert!(second.is_err());
    let text = folder.path().join("notes.txt");
    std::fs::write(
        &text,
        "not a database, and longer than a header of one would have to be",
    )
    .expect("a file");
    let refused = Sandbox::builder().data(&text).start_blocking();
    assert!(refused.is_err());
    let kept = std::fs::read_to_string(&text).expect("the file");
    assert!(kept.starts_with("not a database"));
}

#[tokio::test]
async fn it_starts_settles_and_stops_beside_other_tasks() {
    let sandbox = Sandbox::start().await.expect("it starts");
    let url = format!("{}/health", sandbox.url());
    sandbox.settle().await;
    let answer = reqwest::get(&url).await.expect("an answer");
    assert_eq!(answer.text().await.expect("text"), "OK");
    sandbox.stop().await;
    assert!(reqwest::get(&url).await.is_err());
}
