//! What became of an import.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fault_server::{Fault, Response};
use futures_util::TryStreamExt as _;
use omneo::batch::State;
use omneo::import::{Export, File, Follow, Handler};
use omneo::types::ImportStatus;
use serde::Deserialize;
use serde_json::json;

use crate::server::{FAILS, ImportServer, Rules};

/// A file of customers, of which some fail.
fn file(rows: usize, fails: impl Fn(usize) -> bool) -> File {
    let mut text = "external_id,note\n".to_owned();
    for row in 0..rows {
        let note = if fails(row) { FAILS } else { "fine" };
        writeln!(text, "c-{row},{note}").unwrap();
    }
    File::bytes("customers.csv", text)
}

async fn upload(server: &ImportServer, file: File) -> Follow {
    server
        .omneo()
        .upload(Handler::OmneoProfile, file)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_import_is_read_until_it_is_worked_off() {
    let server = ImportServer::start();
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = told.clone();
    let import = upload(&server, file(3, |row| row == 1)).await;
    let done = import
        .on_progress(move |import| {
            telling
                .lock()
                .unwrap()
                .push(import.progress.unwrap().to_string());
        })
        .report()
        .await
        .unwrap();
    assert!(done.is_done() && !done.is_success() && done.has_a_job_for_each_row());
    assert_eq!((done.jobs.total, done.jobs.succeeded), (3, 2));
    let [failed] = &done.jobs.failed[..] else {
        panic!("one failed: {done}");
    };
    assert_eq!(failed.index, 1);
    assert_eq!(failed.external_id, Some("c-1".into()));
    assert_eq!(
        failed.state,
        State::Failed("The profile is not known.".to_owned())
    );
    assert_eq!(*told.lock().unwrap(), ["50", "50", "100"]);
    let pauses = [1000, 1500, 2250].map(Duration::from_millis);
    assert_eq!(server.timer.pauses(), pauses);
    let text = done.to_string();
    assert!(
        text.starts_with("import 1: SUCCESS, 3 rows, 1 failed; jobs: 3 records: 2 succeeded"),
        "{text}"
    );
}

#[tokio::test]
async fn an_import_without_a_failure_is_a_success() {
    let server = ImportServer::start();
    let import = upload(&server, file(3, |_| false)).await;
    assert!(import.report().await.unwrap().is_success());
}

#[tokio::test]
async fn when_the_time_is_up_it_is_said_how_things_are() {
    for (wait, reads) in [(Duration::ZERO, 1), (Duration::from_secs(100), 10)] {
        let server = ImportServer::with(|rules| rules.reads = 1_000);
        let import = upload(&server, file(3, |_| false)).await;
        let done = import.wait(wait).report().await.unwrap();
        assert!(!done.is_done() && !done.is_success());
        assert_eq!(done.import.status, Some(ImportStatus::Processing.into()));
        assert_eq!((done.jobs.total, done.jobs.accepted), (3, 3));
        assert_eq!(server.timer.passed(), wait);
        assert_eq!(server.requests("GET /v3/imports/1").len(), reads);
    }
}

#[tokio::test]
async fn a_read_that_goes_wrong_is_made_again() {
    let server = ImportServer::with(|rules| rules.reads = 1);
    let import = upload(&server, file(1, |_| false)).await;
    // Four refusals, and after a good read as many.
    let refused = || [const { 404 }; 4].map(Fault::status);
    server.faults.script(refused());
    server.faults.script([Fault::none()]);
    server.faults.script(refused());
    assert!(import.report().await.unwrap().is_success());
    assert_eq!(server.requests("GET /v3/imports/1").len(), 10);
}

#[tokio::test]
async fn an_import_that_is_not_there_is_an_error() {
    let server = ImportServer::start();
    let error = server.omneo().follow(7).report().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(server.requests("GET /v3/imports/7").len(), 5);
}

#[tokio::test]
async fn of_many_jobs_only_the_failed_are_read() {
    let server = ImportServer::start();
    let import = upload(&server, file(5_000, |row| row % 1_000 == 7)).await;
    let done = import.report().await.unwrap();
    let indexes: Vec<_> = done
        .jobs
        .failed
        .iter()
        .map(|outcome| outcome.index)
        .collect();
    assert_eq!(indexes, [7, 1_007, 2_007, 3_007, 4_007]);
    assert_eq!((done.jobs.total, done.jobs.succeeded), (5_000, 4_995));
    assert!(done.has_a_job_for_each_row());
    let reads = server.requests("GET /v3/imports/1/jobs").len();
    assert!(reads <= 8, "{reads}");
}

#[tokio::test]
async fn all_jobs_are_read_where_filters_or_ids_are_not_to_be_trusted() {
    let rules: [fn(&mut Rules); 2] = [|rules| rules.filters = false, |rules| rules.step = 2];
    for change in rules {
        let server = ImportServer::with(change);
        let import = upload(&server, file(350, |row| row == 340)).await;
        let done = import.report().await.unwrap();
        assert_eq!((done.jobs.total, done.jobs.succeeded), (350, 349));
        assert_eq!(done.jobs.failed[0].index, 340);
        assert_eq!(done.jobs.failed[0].external_id, Some("c-340".into()));
    }
}

#[tokio::test]
async fn jobs_that_are_no_rows_are_not_taken_for_them() {
    let server = ImportServer::with(|rules| rules.rows_per_job = 100);
    let import = upload(&server, file(250, |_| false)).await;
    let done = import.report().await.unwrap();
    assert!(!done.has_a_job_for_each_row());
    assert_eq!(done.jobs.total, 3);
    assert_eq!(done.import.count.unwrap().get(), 250);
}

#[tokio::test]
async fn outcomes_come_one_by_one() {
    let server = ImportServer::with(|rules| rules.reads = 0);
    let import = upload(&server, file(250, |row| row % 2 == 1)).await;
    let early: Vec<_> = import.outcomes().try_collect().await.unwrap();
    assert!(
        early
            .iter()
            .all(|outcome| outcome.state == State::Accepted { batch: None })
    );
    server.omneo().imports().get(1).await.unwrap();
    let outcomes: Vec<_> = import.outcomes().try_collect().await.unwrap();
    assert!(outcomes.iter().map(|outcome| outcome.index).eq(0..250));
    for outcome in outcomes {
        let is_failed = matches!(outcome.state, State::Failed(_));
        assert_eq!(is_failed, outcome.index % 2 == 1);
    }
}

#[tokio::test]
async fn a_state_that_is_not_known_is_said() {
    let server = ImportServer::start();
    let id = server.insert(json!({}));
    for (status, why) in [
        (json!("PAUSED"), "job 1 is `PAUSED`"),
        (json!(null), "job 2 does not say what became of it"),
    ] {
        let job = server.insert_job(id, json!({"status": status, "data": []}));
        let outcomes: Vec<_> = server
            .omneo()
            .follow(id)
            .outcomes()
            .try_collect()
            .await
            .unwrap();
        let place = usize::try_from(job).unwrap() - 1;
        assert_eq!(outcomes[place].state, State::Unknown(why.to_owned()));
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Customer {
    external_id: String,
    note: String,
}

#[tokio::test]
async fn failed_rows_are_read_as_a_type_of_the_callers() {
    for filters in [true, false] {
        let server = ImportServer::with(|rules| {
            rules.reads = 0;
            rules.filters = filters;
        });
        let import = upload(&server, file(250, |row| row > 247)).await;
        server.omneo().imports().get(1).await.unwrap();
        let rows: Vec<_> = import.failed_rows().try_collect().await.unwrap();
        let customers: Vec<Customer> = rows.iter().map(|row| row.read().unwrap()).collect();
        assert_eq!(customers[0].external_id, "c-248");
        assert_eq!(customers.len(), 2);
        assert_eq!(rows[0].why, "The profile is not known.");
        assert_eq!(rows[1].job, Some(250.into()));
        assert!(rows[0].read::<Vec<u8>>().is_err());
    }
}

#[tokio::test]
async fn why_a_row_failed_is_told_in_any_form() {
    for (result, why) in [
        (json!({"error": "No."}), "No."),
        (
            json!({"errors": {"email": ["Bad."]}}),
            r#"{"errors":{"email":["Bad."]}}"#,
        ),
        (json!([]), "the server failed it, and does not say why"),
        (json!(null), "the server failed it, and does not say why"),
    ] {
        let server = ImportServer::start();
        let id = server.insert(json!({}));
        server.insert_job(
            id,
            json!({"status": "FAILED", "data": [], "result": result}),
        );
        let rows: Vec<_> = server
            .omneo()
            .follow(id)
            .failed_rows()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(rows[0].why, why);
        assert!(rows[0].data.is_empty());
    }
}

#[tokio::test]
async fn an_export_is_text_or_tells_where_it_is() {
    let texts: [(&'static str, Export); 2] = [
        ("email\na@b.c\n", Export::Text("email\na@b.c\n".to_owned())),
        (
            "https://files.example/a.csv",
            Export::Url("https://files.example/a.csv".to_owned()),
        ),
    ];
    for (text, export) in texts {
        let server = ImportServer::with(|rules| rules.export = text);
        let id = server.insert(json!({}));
        let follow = server.omneo().follow(id);
        assert_eq!(follow.export(ImportStatus::Failed).await.unwrap(), export);
        let request = &server.requests("POST /v3/imports/1/jobs/export")[0];
        assert_eq!(request.json().unwrap(), json!({"status": "FAILED"}));
    }
}

#[tokio::test]
async fn an_error_amid_the_jobs_is_told() {
    let server = ImportServer::with(|rules| rules.reads = 0);
    let import = upload(&server, file(3, |_| false)).await;
    server.faults.script([
        Fault::none(),
        Fault::respond(Response::json(403, &json!({"message": "No."}))),
    ]);
    let error = import.report().await.unwrap_err();
    assert_eq!(error.operation(), Some("imports_jobs_index"));
}
