//! What goes in a request, how many are under way, and what is held meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fault_server::{Fault, Moment};
use futures_util::{StreamExt as _, stream};
use omneo::types::TransactionBatchRowInput;
use tokio::sync::mpsc;

use crate::server::BatchServer;
use crate::support::{outcomes, tally, transaction, transactions};

#[tokio::test]
async fn no_request_has_more_than_500_records() {
    let server = BatchServer::start();
    for batch in [
        server.omneo().batch(),
        server.omneo().batch().chunk(100_000),
    ] {
        let outcomes = outcomes(batch, transactions(1_100)).await;
        assert_eq!(tally(&outcomes)[0].len(), 1_100);
    }
    assert_eq!(server.sizes().iter().sum::<usize>(), 2_200);
    assert_eq!(server.sizes().iter().max(), Some(&500));
    assert_eq!(server.sizes().len(), 6);
}

#[tokio::test]
async fn a_chunk_is_as_small_as_is_asked_for() {
    let server = BatchServer::start();
    for (chunk, sizes) in [(0, &[1, 1, 1][..]), (2, &[2, 1])] {
        let before = server.sizes().len();
        let batch = server.omneo().batch().chunk(chunk).concurrency(1);
        outcomes(batch, transactions(3)).await;
        assert_eq!(&server.sizes()[before..], sizes);
    }
}

#[tokio::test]
async fn a_request_has_no_more_bytes_than_are_asked_for_unless_one_record_has() {
    let server = BatchServer::start();
    let size = serde_json::to_vec(&transaction(0)).unwrap().len() + 1;
    let mut records = transactions(10);
    records[4].receipt_ref = "x".repeat(size * 3).into();
    let batch = server.omneo().batch().bytes(size * 3).concurrency(1);
    let outcomes = outcomes(batch, records).await;
    assert_eq!(tally(&outcomes)[0].len(), 10);
    assert_eq!(server.sizes(), [3, 1, 1, 3, 2]);
}

#[tokio::test]
async fn nothing_is_sent_for_no_records() {
    let server = BatchServer::start();
    let batch = server.omneo().batch::<TransactionBatchRowInput>();
    let report = batch.send(stream::empty()).report().await;
    assert_eq!(report.total, 0);
    assert!(report.is_success());
    assert!(server.faults.received().is_empty());
}

/// How many records are alive, and were at most.
#[derive(Clone, Default)]
struct Alive(Arc<(AtomicUsize, AtomicUsize)>);

impl Alive {
    fn born(&self) {
        let alive = self.0.0.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.1.fetch_max(alive, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn only_a_few_chunks_are_read_before_they_are_sent() {
    let server = BatchServer::start();
    let alive = Alive::default();
    let born = alive.clone();
    let records = stream::iter(transactions(5_000)).inspect(move |_| born.born());
    let batch = server.omneo().batch().chunk(50).concurrency(4);
    let mut run = batch.send(records);
    while run.next().await.is_some() {
        // An outcome is the end of a record.
        alive.0.0.fetch_sub(1, Ordering::SeqCst);
    }
    let peak = alive.0.1.load(Ordering::SeqCst);
    // Those that are sent, the one that is filled, and the 200 batches that are waited for.
    assert!(peak <= 50 * (4 + 1 + 200), "{peak}");
    assert_eq!(alive.0.0.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_is_sent_alone_is_not_read_ahead() {
    let server = BatchServer::start();
    let alive = Alive::default();
    let born = alive.clone();
    let records = stream::iter(0..200_usize).map(move |number| {
        born.born();
        crate::kinds::point(number)
    });
    let mut run = server.omneo().batch().concurrency(4).send(records);
    while run.next().await.is_some() {
        alive.0.0.fetch_sub(1, Ordering::SeqCst);
    }
    let peak = alive.0.1.load(Ordering::SeqCst);
    assert!(peak <= 4 + 1, "{peak}");
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_are_asked_for() {
    let server = BatchServer::start();
    // Each stalls, so that those that are under way at once are seen.
    server
        .faults
        .fallback(|_| Fault::stall(Moment::Unprocessed));
    let batch = server.omneo().batch().chunk(1).concurrency(3);
    let mut run = batch
        .wait(Duration::ZERO)
        .send(stream::iter(transactions(60)));
    let releases = async {
        loop {
            server.faults.stalled().await;
            // Whoever else is on its way comes meanwhile.
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
            server.faults.release();
        }
    };
    let all = async { while run.next().await.is_some() {} };
    tokio::select! {
        () = all => {}
        () = releases => {}
    }
    assert!(server.faults.peak_in_flight() <= 3);
}

#[tokio::test]
async fn what_is_under_way_goes_on_while_the_input_is_slow() {
    let server = BatchServer::start();
    let (sender, receiver) = mpsc::unbounded_channel();
    let records = stream::unfold(receiver, async |mut receiver| {
        Some((receiver.recv().await?, receiver))
    });
    let mut run = server.omneo().batch().chunk(2).send(records);
    for number in 0..3 {
        sender.send(transaction(number)).unwrap();
    }
    // The first two are a chunk; that the input says nothing more holds them up no longer.
    for _ in 0..2 {
        assert!(run.next().await.unwrap().index < 2);
    }
    drop(sender);
    assert_eq!(run.next().await.unwrap().index, 2);
    assert!(run.next().await.is_none());
}

#[tokio::test]
async fn fewer_requests_are_under_way_after_the_server_was_busy() {
    let server = BatchServer::with(|rules| rules.limit = Some(2));
    let outcomes = outcomes(server.omneo().batch().chunk(10), transactions(400)).await;
    assert_eq!(tally(&outcomes)[0].len(), 400);
    assert_eq!(server.copies("transactions").len(), 400);
    assert_eq!(server.batches(), 40);
}
