//! Records that are sent in batches, and belong to one import.

use fault_server::{Fault, Moment, Response};
use futures_util::stream;
use omneo::Effect;
use omneo::batch::{Batch, Checkpoint};
use omneo::import::{Finalized, ImportRecord, ManualImport};
use omneo::omneo_types::{Id, Map};
use omneo::types::{
    BenefitBatchItem, ImportStatus, LocationBatchRowInput, ProductBatchRowInput, ProfileBatchItem,
    RewardBatchItem, TransactionBatchRowInput,
};
use serde_json::{Value, json};

use crate::server::{FAILS, ImportServer};

const MANUAL: &str = "POST /v3/imports/manual";
const JOB: &str = "POST /v3/imports/1/jobs";
const FINALIZE: &str = "POST /v3/imports/1/jobs/1/finalize";
const SEND: &str = "POST /v3/transactions/batch.json";

fn transaction(number: usize) -> TransactionBatchRowInput {
    let at: omneo::omneo_types::Timestamp = "2024-01-31 10:00:00".parse().unwrap();
    TransactionBatchRowInput::new(
        Id::from(format!("t-{number}")),
        None,
        "Australia/Melbourne",
        10,
        at,
    )
}

fn transactions(count: usize) -> Vec<TransactionBatchRowInput> {
    (0..count).map(transaction).collect()
}

fn import(server: &ImportServer) -> ManualImport<TransactionBatchRowInput> {
    batch(server).import()
}

fn batch(server: &ImportServer) -> Batch<TransactionBatchRowInput> {
    server.omneo().batch().chunk(2).concurrency(1)
}

#[tokio::test]
async fn one_call_makes_an_import_with_a_job_and_its_batches() {
    let server = ImportServer::start();
    let mut records = transactions(5);
    records[3].receipt_ref = FAILS.to_owned().into();
    let loaded = batch(&server)
        .expect(5)
        .import()
        .send(stream::iter(records))
        .await
        .unwrap();
    assert_eq!((&loaded.import, &loaded.job), (&1.into(), &1.into()));
    assert_eq!(loaded.finalized, Finalized::Yes { batches: 3 });
    assert_eq!(loaded.status, Some(ImportStatus::Success.into()));
    assert_eq!(
        (
            loaded.report.total,
            loaded.report.succeeded,
            loaded.report.batches
        ),
        (5, 4, 3)
    );
    assert_eq!(loaded.report.failed[0].index, 3);
    assert!(!loaded.is_success());
    assert_eq!(
        loaded.to_string(),
        "import 1, job 1: 5 records: 4 succeeded, 0 accepted, 1 failed, 0 unknown; finalized with 3 batches, SUCCESS"
    );
    let body = |line: &str| server.requests(line)[0].json().unwrap();
    assert_eq!(body(MANUAL), json!({"count": 5}));
    assert_eq!(
        body(JOB),
        json!({"status": "PENDING", "handler": "omneo:transaction", "data": {}})
    );
    assert_eq!(body(FINALIZE), json!({"total_batch_count": 3}));
    for request in server.requests(SEND) {
        assert_eq!(request.json().unwrap()["import_job_id"], "1");
    }
}

#[tokio::test]
async fn a_load_without_a_failure_is_a_success() {
    let server = ImportServer::start();
    let loaded = import(&server)
        .send(stream::iter(transactions(4)))
        .await
        .unwrap();
    assert!(loaded.is_success(), "{loaded}");
    assert_eq!(server.requests(MANUAL)[0].json().unwrap(), json!({}));
}

#[tokio::test]
async fn the_job_takes_a_handler_and_data_of_the_callers() {
    let server = ImportServer::start();
    let data = Map::from([("night", Value::from("2024-01-31"))]);
    let import = import(&server).handler("acme:sales").data(data);
    import.send(stream::iter(transactions(1))).await.unwrap();
    assert_eq!(server.jobs()[0]["handler"], "acme:sales");
    assert_eq!(server.jobs()[0]["data"], json!({"night": "2024-01-31"}));
}

#[test]
fn each_kind_has_its_handler() {
    let handlers = [
        ProfileBatchItem::HANDLER,
        RewardBatchItem::HANDLER,
        BenefitBatchItem::HANDLER,
        TransactionBatchRowInput::HANDLER,
        ProductBatchRowInput::HANDLER,
        LocationBatchRowInput::HANDLER,
    ];
    let names = [
        "profile",
        "reward",
        "benefit",
        "transaction",
        "product",
        "location",
    ];
    assert_eq!(handlers.to_vec(), names.map(|name| format!("omneo:{name}")));
}

/// Meets the request after the list of imports.
fn lose(server: &ImportServer, fault: &Fault) {
    server.faults.script([Fault::none(), fault.clone()]);
}

/// Faults after which the server has done it, or has not.
fn losses() -> [(bool, Fault); 4] {
    [
        (false, Fault::reset(Moment::Unprocessed)),
        (true, Fault::reset(Moment::Unanswered)),
        (false, Fault::status(500)),
        (true, Fault::none().with(Response::truncated)),
    ]
}

#[tokio::test]
async fn no_import_is_made_twice() {
    for (is_done, fault) in losses() {
        let server = ImportServer::start();
        lose(&server, &fault);
        let loaded = import(&server)
            .send(stream::iter(transactions(2)))
            .await
            .unwrap();
        assert!(loaded.is_success(), "{fault:?}: {loaded}");
        assert_eq!(server.imports().len(), 1);
        assert_eq!(server.requests(MANUAL).len(), if is_done { 1 } else { 2 });
    }
}

#[tokio::test]
async fn imports_of_others_are_not_taken() {
    for others in [
        json!({"count": 7}),
        json!({"count": 2, "name": "customers.csv"}),
        json!({"count": 2, "importable_id": 7}),
    ] {
        let server = ImportServer::start();
        server
            .faults
            .script([Fault::none(), Fault::stall(Moment::Unprocessed)]);
        let meanwhile = async {
            server.faults.stalled().await;
            server.insert(others.clone());
            server.timer.expire_limits();
        };
        let load = batch(&server)
            .expect(2)
            .import()
            .send(stream::iter(transactions(2)));
        let (loaded, ()) = tokio::join!(load, meanwhile);
        assert_eq!(loaded.unwrap().import, 2, "{others}");
    }
}

#[tokio::test]
async fn imports_that_may_be_it_are_told_and_no_record_is_sent() {
    let server = ImportServer::start();
    server
        .faults
        .script([Fault::none(), Fault::stall(Moment::Unprocessed)]);
    let meanwhile = async {
        server.faults.stalled().await;
        server.insert(json!({}));
        server.insert(json!({}));
        server.timer.expire_limits();
    };
    let load = import(&server).send(stream::iter(transactions(2)));
    let (loaded, ()) = tokio::join!(load, meanwhile);
    let error = loaded.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("imports 2, 1 are new and without jobs"),
        "{error}"
    );
    assert_eq!(error.effect(), Effect::Unknown);
    assert!(server.batches().is_empty());
}

#[tokio::test]
async fn no_job_is_made_twice() {
    for (is_done, fault) in losses() {
        let server = ImportServer::start();
        server
            .faults
            .script([Fault::none(), Fault::none(), fault.clone()]);
        let loaded = import(&server)
            .send(stream::iter(transactions(2)))
            .await
            .unwrap();
        assert!(loaded.is_success(), "{fault:?}: {loaded}");
        assert_eq!(server.jobs().len(), 1);
        assert_eq!(server.requests(JOB).len(), if is_done { 1 } else { 2 });
    }
}

#[tokio::test]
async fn an_error_of_the_job_names_the_import() {
    let server = ImportServer::start();
    let refusal = Response::json(422, &json!({"message": "The handler is not known."}));
    server
        .faults
        .script([Fault::none(), Fault::none(), Fault::respond(refusal)]);
    let error = import(&server).open().await.unwrap_err();
    assert!(
        error.to_string().contains("import 1 has no job yet"),
        "{error}"
    );
    assert_eq!(error.effect(), Effect::None);
}

#[tokio::test]
async fn a_job_is_finalized_once() {
    for (is_done, fault) in losses() {
        let server = ImportServer::start();
        let open = import(&server).open().await.unwrap();
        server.faults.fallback(meet_once(FINALIZE, fault.clone()));
        let loaded = open.send(stream::iter(transactions(5))).await;
        assert!(loaded.is_success(), "{fault:?}: {loaded}");
        assert_eq!(loaded.finalized, Finalized::Yes { batches: 3 });
        assert_eq!(server.requests(FINALIZE).len(), if is_done { 1 } else { 2 });
    }
}

/// A fault for the first request of a method to a path.
fn meet_once(
    line: &'static str,
    fault: Fault,
) -> impl FnMut(&fault_server::Received) -> Fault + Send + 'static {
    let mut fault = Some(fault);
    move |request| {
        let is_it = format!("{} {}", request.method, request.path()) == line;
        let met = if is_it { fault.take() } else { None };
        met.unwrap_or_else(Fault::none)
    }
}

#[tokio::test]
async fn a_job_that_is_refused_to_be_finalized_says_so() {
    let server = ImportServer::start();
    server
        .faults
        .fallback(meet_once(FINALIZE, Fault::status(403)));
    let loaded = import(&server)
        .send(stream::iter(transactions(2)))
        .await
        .unwrap();
    assert!(
        matches!(&loaded.finalized, Finalized::No(why) if why.contains("imports")),
        "{loaded}"
    );
    assert!(loaded.report.is_success() && !loaded.is_success());
    assert_eq!(loaded.status, None);
}

#[tokio::test]
async fn a_run_that_stops_leaves_the_job_open() {
    let server = ImportServer::start();
    let open = import(&server).open().await.unwrap();
    server
        .faults
        .script([Fault::none(), Fault::none(), Fault::status(403)]);
    let loaded = open.send(stream::iter(transactions(6))).await;
    assert!(loaded.report.stopped.is_some(), "{loaded}");
    assert_eq!(
        loaded.finalized,
        Finalized::No("the run ended before its input did".to_owned())
    );
    assert_eq!((&loaded.import, &loaded.job), (&1.into(), &1.into()));
    assert!(server.requests(FINALIZE).is_empty());

    // Gone on with, the batches of both runs count.
    let done = loaded.report.succeeded as usize;
    let rest = transactions(6).split_off(done);
    let import = import(&server).resume(loaded.import, loaded.job);
    let loaded = import.send(stream::iter(rest)).await.unwrap();
    assert_eq!(loaded.finalized, Finalized::Yes { batches: 3 });
    assert!(loaded.is_success(), "{loaded}");
    assert_eq!(server.imports().len(), 1);
    assert_eq!(server.jobs().len(), 1);
}

#[tokio::test]
async fn a_run_that_stops_is_finalized_if_that_is_asked() {
    let server = ImportServer::start();
    let open = import(&server).finalize_partial().open().await.unwrap();
    server
        .faults
        .script([Fault::none(), Fault::none(), Fault::status(403)]);
    let loaded = open.send(stream::iter(transactions(6))).await;
    assert!(loaded.report.stopped.is_some());
    assert!(
        matches!(loaded.finalized, Finalized::Yes { batches } if batches == loaded.report.batches)
    );
    assert_eq!(loaded.status, Some(ImportStatus::Success.into()));
}

#[tokio::test]
async fn a_load_can_be_cancelled() {
    let server = ImportServer::start();
    let open = import(&server).open().await.unwrap();
    assert_eq!((open.import(), open.job()), (&1.into(), &1.into()));
    let loading = open.send(stream::iter(transactions(6)));
    loading.canceller().cancel();
    assert_eq!(loading.progress().done(), 0);
    let loaded = loading.await;
    assert!(loaded.report.cancelled);
    assert!(matches!(loaded.finalized, Finalized::No(_)));
}

#[tokio::test]
async fn records_that_may_have_been_taken_leave_the_job_open() {
    let server = ImportServer::start();
    let open = import(&server).open().await.unwrap();
    // It is not listed, and the server may be at it still.
    server.faults.script([Fault::stall(Moment::Unprocessed)]);
    let time = async {
        server.faults.stalled().await;
        server.timer.expire_limits();
    };
    let (loaded, ()) = tokio::join!(
        async { open.send(stream::iter(transactions(2))).await },
        time
    );
    assert_eq!(loaded.report.unknown.len(), 2);
    assert!(
        matches!(&loaded.finalized, Finalized::No(why) if why.contains("2 records")),
        "{loaded}"
    );
}

#[tokio::test]
async fn batches_that_came_twice_are_counted_by_the_server() {
    for filters in [true, false] {
        let server = ImportServer::with(|rules| rules.filters = filters);
        server.insert_batch(99);
        let profiles = (0..3)
            .map(|number| ProfileBatchItem::new(format!("p{number}@example.com"), "Ada", "Byron"));
        let batch = server.omneo().batch().match_criteria("email");
        let open = batch.import().open().await.unwrap();
        // Sent again, as twice is as good as once.
        server.faults.script([Fault::reset(Moment::Unanswered)]);
        let loaded = open.send(stream::iter(profiles.collect::<Vec<_>>())).await;
        assert_eq!(loaded.report.batches, 1);
        assert_eq!(loaded.finalized, Finalized::Yes { batches: 2 });
        assert!(loaded.is_success(), "{loaded}");
    }
}

#[tokio::test]
async fn a_batch_whose_answer_was_lost_and_that_is_found_is_counted() {
    let server = ImportServer::start();
    let open = import(&server).open().await.unwrap();
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    let loaded = open.send(stream::iter(transactions(4))).await;
    assert_eq!(loaded.finalized, Finalized::Yes { batches: 2 });
    assert!(loaded.is_success(), "{loaded}");
    assert!(server.requests("GET /v3/batches").len() == 1);
}

#[tokio::test]
async fn nothing_to_send_is_a_job_without_batches() {
    let server = ImportServer::start();
    let loaded = import(&server)
        .send(stream::iter(transactions(0)))
        .await
        .unwrap();
    assert_eq!(loaded.finalized, Finalized::Yes { batches: 0 });
}

#[tokio::test]
async fn a_load_can_be_spawned() {
    let server = ImportServer::start();
    let import = import(&server);
    let load = tokio::spawn(async move { import.send(stream::iter(transactions(2))).await });
    assert!(load.await.unwrap().unwrap().is_success());
}

#[tokio::test]
async fn a_load_that_broke_off_goes_on_with_its_import_by_its_checkpoint() {
    let server = ImportServer::start();
    let directory = tempfile::tempdir().unwrap();
    let open = || {
        let checkpoint = Checkpoint::file(directory.path().join("load")).unwrap();
        batch(&server).checkpoint(checkpoint).import().open()
    };
    let first = open().await.unwrap();
    server
        .faults
        .script([Fault::none(), Fault::none(), Fault::status(403)]);
    let first = first.send(stream::iter(transactions(6))).await;
    assert!(first.report.stopped.is_some(), "{first}");

    let second = open().await.unwrap();
    let second = second.send(stream::iter(transactions(6))).await;
    assert_eq!((&second.import, &second.job), (&first.import, &first.job));
    assert_eq!(second.finalized, Finalized::Yes { batches: 3 });
    assert_eq!(second.report.succeeded, 6);
    assert_eq!(server.imports().len(), 1);
    assert_eq!(server.batches().len(), 3);
}
