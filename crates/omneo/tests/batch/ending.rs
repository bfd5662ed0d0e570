//! Runs that end before their input.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use fault_server::{Fault, Moment, RefusingPort, Response};
use futures_util::{StreamExt as _, stream};
use omneo::ErrorKind;
use omneo::batch::Run;
use omneo::http::Method;
use omneo::types::TransactionBatchRowInput;
use serde_json::json;

use crate::server::BatchServer;
use crate::support::{collect, profile, tally, transaction, transactions, why};

/// Counts what is read of an input.
fn counted(
    read: &Arc<AtomicU64>,
    count: usize,
) -> impl futures_util::Stream<Item = TransactionBatchRowInput> + use<> {
    let read = read.clone();
    stream::iter(transactions(count)).inspect(move |_| {
        read.fetch_add(1, Ordering::SeqCst);
    })
}

#[tokio::test]
async fn a_cancel_ends_what_is_in_flight_and_reads_no_more() {
    let server = BatchServer::start();
    server.faults.script([Fault::stall(Moment::Unprocessed)]);
    let read = Arc::default();
    let batch = server.omneo().batch().chunk(10).concurrency(1);
    let run = batch.send(counted(&read, 1_000));
    let canceller = run.canceller();
    let (outcomes, ()) = tokio::join!(collect(run), async {
        server.faults.stalled().await;
        canceller.cancel();
        server.faults.release();
    });
    assert_eq!(tally(&outcomes)[0], (0..10).collect::<Vec<_>>());
    // Each that was read has its outcome.
    assert_eq!(outcomes.len() as u64, read.load(Ordering::SeqCst));
    assert!(outcomes.len() <= 20, "{}", outcomes.len());
    assert_eq!(server.sizes(), [10]);
}

#[tokio::test]
async fn a_cancel_is_heard_while_the_input_says_nothing() {
    let server = BatchServer::start();
    let records = stream::iter(transactions(3)).chain(stream::pending());
    let run: Run<'_> = server.omneo().batch().send(records);
    let canceller = run.canceller();
    let mut outcomes = pin!(collect(run));
    poll_fn(|poller| match outcomes.as_mut().poll(poller) {
        Poll::Pending => Poll::Ready(()),
        Poll::Ready(outcomes) => panic!("{outcomes:?}"),
    })
    .await;
    canceller.cancel();
    let outcomes = outcomes.await;
    // They were read, and not sent.
    assert_eq!(tally(&outcomes)[1], [0, 1, 2]);
    assert_eq!(why(&outcomes[&0]), "not sent: the run was cancelled");
    assert!(server.faults.received().is_empty());
}

#[tokio::test]
async fn a_cancel_before_the_first_poll_sends_nothing() {
    let server = BatchServer::start();
    let run = server.omneo().batch().send(stream::iter(transactions(3)));
    run.canceller().cancel();
    assert!(collect(run).await.is_empty());
    assert!(server.faults.received().is_empty());
}

#[tokio::test]
async fn a_run_that_was_cancelled_is_no_success() {
    let server = BatchServer::start();
    let run = server.omneo().batch().send(stream::iter(transactions(3)));
    run.canceller().cancel();
    let report = run.report().await;
    assert!(report.cancelled && !report.is_success());
}

#[tokio::test]
async fn what_is_wrong_for_all_ends_the_run_and_every_record_that_was_read_has_an_outcome() {
    for status in [401, 403, 404, 405] {
        let server = BatchServer::start();
        let mut posts = 0;
        server.faults.fallback(move |request| {
            posts += u32::from(request.method == Method::POST);
            match request.method == Method::POST && posts == 2 {
                true => Fault::status(status),
                false => Fault::none(),
            }
        });
        let read = Arc::default();
        let batch = server.omneo().batch().chunk(10).concurrency(1);
        let report = batch.send(counted(&read, 1_000)).report().await;
        let error = report.stopped.as_ref().unwrap();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(report.succeeded, 10);
        assert_eq!(report.total, read.load(Ordering::SeqCst));
        assert_eq!(report.failed.len() as u64 + 10, report.total);
        assert!(report.total < 50, "{}", report.total);
        assert!(!report.is_success());
        assert_eq!(server.requests("POST").len(), 2);
    }
}

#[tokio::test]
async fn unknown_match_criteria_end_the_run() {
    let server = BatchServer::start();
    let batch = server.omneo().batch().chunk(10).match_criteria("shoe-size");
    let report = batch
        .concurrency(1)
        .send(stream::iter((0..1_000).map(profile)))
        .report()
        .await;
    let error = report.stopped.unwrap();
    assert!(matches!(error.kind(), ErrorKind::Validation(_)));
    assert_eq!(
        why(&report.failed[0]),
        "match_criteria: The selected match criteria is invalid."
    );
    assert_eq!(report.failed.len() as u64, report.total);
    assert!(report.total < 50);
    assert_eq!(server.requests("POST").len(), 1);
}

#[tokio::test]
async fn the_rest_of_a_chunk_is_not_sent_after_what_is_wrong_for_all() {
    let server = BatchServer::start();
    // Halved first.
    let unnamed = Response::json(422, &json!({"message": "No."}));
    server
        .faults
        .script([Fault::respond(unnamed), Fault::status(401)]);
    let run = server.omneo().batch().send(stream::iter(transactions(4)));
    let outcomes = collect(run).await;
    assert_eq!(tally(&outcomes)[1], [0, 1, 2, 3]);
    assert!(
        why(&outcomes[&3]).starts_with("not sent: "),
        "{:?}",
        outcomes[&3]
    );
    assert_eq!(server.requests("POST").len(), 2);
}

#[tokio::test]
async fn a_server_that_can_not_be_reached_ends_the_run() {
    let server = BatchServer::start();
    let port = RefusingPort::bind();
    let omneo = server
        .builder()
        .base_url(format!("http://{}", port.address()));
    let read = Arc::default();
    let batch = omneo.build().unwrap().batch().chunk(10).concurrency(1);
    let report = batch.send(counted(&read, 1_000)).report().await;
    assert!(report.stopped.unwrap().is_connect());
    assert_eq!(report.failed.len() as u64, read.load(Ordering::SeqCst));
    assert!(report.total < 50, "{}", report.total);
}

#[tokio::test]
async fn a_server_that_is_busy_for_a_while_ends_nothing() {
    let server = BatchServer::start();
    server.faults.script(vec![Fault::status(429); 40]);
    let batch = server.omneo().batch().chunk(10);
    let report = batch.send(stream::iter(transactions(50))).report().await;
    assert!(report.is_success(), "{report}");
}

#[tokio::test]
async fn a_server_that_lets_nothing_through_ends_the_run() {
    let server = BatchServer::start();
    server.faults.fallback(|_| Fault::status(429));
    let batch = server.omneo().batch().chunk(10).concurrency(1);
    let report = batch.send(stream::iter(transactions(50))).report().await;
    let error = report.stopped.unwrap();
    assert!(matches!(error.kind(), ErrorKind::RateLimited(_)));
    assert!(report.total < 50);
    assert!(server.timer.passed() > Duration::from_secs(500));
}

#[tokio::test]
async fn a_run_that_is_dropped_sends_no_more() {
    let server = BatchServer::start();
    let batch = server.omneo().batch().chunk(1).concurrency(1);
    let mut run = batch.send(stream::iter((0..100).map(transaction)));
    run.next().await.unwrap();
    drop(run);
    let sent = server.requests("POST").len();
    assert!(sent < 100, "{sent}");
}

#[tokio::test]
async fn a_run_that_is_over_stays_over() {
    let server = BatchServer::start();
    let mut run = server.omneo().batch().send(stream::iter(transactions(1)));
    assert!(run.next().await.is_some());
    for _ in 0..2 {
        assert!(run.next().await.is_none());
    }
}
