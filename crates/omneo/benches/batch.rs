//! Batches of transactions at 50 ms latency and 20 requests a second, beside a loop that sends one after the other, and with
//! a checkpoint; and the memory that 1,000,000 take.

#![allow(clippy::unwrap_used)] // a benchmark that fails has nothing to say
#![allow(clippy::cast_precision_loss)] // counts of a benchmark

mod support;

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use omneo::batch::{Checkpoint, State};
use omneo::omneo_types::{Id, Timestamp};
use omneo::types::{BatchStatus, TransactionBatchInput, TransactionBatchRowInput};
use omneo::{Omneo, RateLimit};
use support::peak_memory;
use support::server::Server;

const LATENCY: Duration = Duration::from_millis(50);
const LIMIT: u32 = 20;
const CHUNK: usize = 500;
const RECORDS: usize = 100_000;
const MANY: usize = 1_000_000;

fn transaction(number: usize) -> TransactionBatchRowInput {
    let at: Timestamp = "2024-01-31 10:00:00".parse().unwrap();
    let id = Id::from(format!("POS-{number}"));
    TransactionBatchRowInput::new(id, None, "Australia/Melbourne", 10, at)
}

fn omneo(server: &Server, limit: Option<RateLimit>) -> Omneo {
    let builder = Omneo::builder().base_url(&server.url).token("a-token");
    match limit {
        Some(limit) => builder.rate_limit(limit).build().unwrap(),
        None => builder.build().unwrap(),
    }
}

/// Sends them as a batch; the seconds that it takes.
async fn batch(
    omneo: &Omneo,
    records: usize,
    wait: Duration,
    checkpoint: Option<Checkpoint>,
) -> f64 {
    let start = Instant::now();
    let input = stream::iter(0..records).map(transaction);
    let batch = omneo.batch().wait(wait);
    let batch = match checkpoint {
        Some(checkpoint) => batch.checkpoint(checkpoint),
        None => batch,
    };
    let mut run = batch.send(input);
    let mut done = 0;
    while let Some(outcome) = run.next().await {
        let is_done = matches!(
            outcome.state,
            State::Succeeded { .. } | State::Accepted { .. }
        );
        assert!(is_done, "{outcome:?}");
        done += 1;
    }
    assert_eq!(done, records);
    start.elapsed().as_secs_f64()
}

/// What one writes without it.
async fn sequential(omneo: &Omneo, records: usize, wait: bool) -> f64 {
    let start = Instant::now();
    let numbers: Vec<_> = (0..records).collect();
    for chunk in numbers.chunks(CHUNK) {
        let chunk: Vec<_> = chunk.iter().map(|number| transaction(*number)).collect();
        let body = TransactionBatchInput::new(chunk);
        let queued = omneo.api().transactions_batch(&body).await.unwrap();
        let id = queued.into_inner().batch_id.unwrap();
        if !wait {
            continue;
        }
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let batch = omneo.api().batches_show(&id).await.unwrap();
            let batch = batch.into_inner().into_inner();
            if batch
                .status
                .is_some_and(|status| status != BatchStatus::Pending)
            {
                break;
            }
        }
    }
    start.elapsed().as_secs_f64()
}

fn main() {
    support::server::serve_if_told();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let server = Server::with_latency(LATENCY);
        let omneo = omneo(&server, Some(RateLimit::per_second(LIMIT)));
        let directory = tempfile::tempdir().unwrap();
        let checkpoint = Checkpoint::file(directory.path().join("load")).unwrap();
        let minute = Duration::from_secs(60);
        // Handed over by one request for each chunk; followed to the end by one more at least.
        let cases = [
            ("handed over", 1, Duration::ZERO, None),
            ("followed to their end", 2, minute, None),
            ("followed, with a checkpoint", 2, minute, Some(checkpoint)),
        ];
        for (name, requests, wait, checkpoint) in cases {
            let few = RECORDS / 20;
            let theirs = few as f64 / sequential(&omneo, few, !wait.is_zero()).await;
            let ours = RECORDS as f64 / batch(&omneo, RECORDS, wait, checkpoint).await;
            let most = f64::from(LIMIT) / f64::from(requests) * CHUNK as f64;
            println!(
                "{name}: {ours:.0} records/s, {:.1} % of what the limit allows (aim: 95 %); one after the other {theirs:.0}",
                ours / most * 100.0
            );
        }
    });
    runtime.block_on(async {
        let server = Server::start();
        let seconds = batch(&omneo(&server, None), MANY, Duration::from_secs(60), None).await;
        let mib = peak_memory().map_or(f64::NAN, |bytes| bytes as f64 / 1_048_576.0);
        println!(
            "{MANY} records: {:.0} records/s, {mib:.1} MiB at most (aim: 64 MiB)",
            MANY as f64 / seconds
        );
    });
}
