//! Many records, and a server that fails at random: what is said of each record is true, and none is there twice.
//!
//! ```text
//! cargo xtask soak --seeds 20 --records 100000
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fastrand::Rng;
use fault_server::{Fault, Moment, RandomFaults, Response};
use futures_util::stream;
use omneo::batch::{Batch, Record, State};

use crate::server::{BatchServer, FAILS, REFUSED, REFUSED_UNNAMED};
use crate::support::{collect, profile, transaction};

/// What is wrong, and what is in doubt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    /// Of which a wrong thing is said: done, and it is not there; not done, and it is there, or could have been.
    lost: usize,
    /// Beyond the first of each.
    doubled: usize,
    unknown: usize,
    requests: usize,
    faults: usize,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.unknown += other.unknown;
        self.requests += other.requests;
        self.faults += other.faults;
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            lost,
            doubled,
            unknown,
            requests,
            faults,
        } = self;
        write!(f, "{lost} lost, {doubled} doubled")?;
        write!(
            f,
            " ({unknown} unknown, {faults} faults in {requests} requests)"
        )
    }
}

/// One request of twenty goes wrong in one of the ways that leave it open what was done, or that don't.
fn faults(seed: u64) -> RandomFaults {
    RandomFaults::seeded(seed)
        .rate(
            0.015,
            [
                Fault::reset(Moment::Unprocessed),
                Fault::reset(Moment::Unanswered),
                Fault::reset(Moment::InHead),
                Fault::reset(Moment::InBody),
                Fault::close(Moment::InBody),
            ],
        )
        .rate(
            0.015,
            [
                Fault::status(500),
                Fault::status(500).processed(),
                Fault::respond(Response::html(502, "<h1>Bad Gateway</h1>")).processed(),
                Fault::status(408),
            ],
        )
        .rate(0.01, [Fault::none().with(Response::truncated)])
        .rate(
            0.01,
            [
                Fault::respond(Response::new(429).retry_after(2)),
                Fault::respond(Response::new(503).retry_after(1)),
            ],
        )
}

/// A server, and how many requests have met a fault there.
fn server(seed: u64) -> (BatchServer, Arc<AtomicUsize>) {
    let mut rng = Rng::with_seed(seed);
    let server = BatchServer::with(|rules| {
        rules.reads = rng.u32(0..4);
        rules.lists_early = rng.bool();
        rules.limit = rng.bool().then_some(20);
    });
    let mut faults = faults(seed);
    // By what is asked, not when: requests that are under way at once come in no order.
    let met = Arc::new(AtomicUsize::new(0));
    let count = met.clone();
    let none = format!("{:?}", Fault::none());
    server.faults.fallback(move |request| {
        let key = [request.target.as_bytes(), &request.body[..]].concat();
        let fault = faults.choose_for(key);
        count.fetch_add(usize::from(format!("{fault:?}") != none), Ordering::Relaxed);
        fault
    });
    (server, met)
}

/// What the server is to do with each record.
fn marks(seed: u64, records: usize) -> Vec<Option<&'static str>> {
    let mut rng = Rng::with_seed(seed ^ 0x5EED);
    let mark = |_| match rng.u32(0..1_000) {
        0..5 => Some(REFUSED),
        5..7 => Some(REFUSED_UNNAMED),
        7..17 => Some(FAILS),
        _ => None,
    };
    (0..records).map(mark).collect()
}

/// Sends records and holds what is said of them against what the server has.
async fn run<R: Record>(
    server: &BatchServer,
    batch: Batch<R>,
    marks: &[Option<&str>],
    record: impl Fn(usize, Option<&str>) -> R + Sync,
    copies: impl Fn(usize) -> (&'static str, &'static str, String),
) -> Sums {
    let records = marks.iter().enumerate();
    let records = stream::iter(records.map(|(number, mark)| record(number, *mark)));
    let outcomes = collect(batch.chunk(50).concurrency(4).send(records)).await;
    let every = 0..marks.len() as u64;
    assert!(
        outcomes.keys().copied().eq(every),
        "not each has one outcome"
    );

    let (name, field, _) = copies(0);
    let mut there = BTreeMap::<String, usize>::new();
    for stored in server.stored(name) {
        *there
            .entry(stored[field].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    let mut sums = Sums::default();
    for (number, outcome) in outcomes.values().enumerate() {
        let (_, _, key) = copies(number);
        let times = there.get(&key).copied().unwrap_or_default();
        let is_true = match &outcome.state {
            State::Succeeded { .. } | State::Accepted { .. } => times > 0,
            State::Failed(_) => times == 0 && marks[number].is_some(),
            _ => {
                sums.unknown += 1;
                true
            }
        };
        if !is_true {
            eprintln!("{outcome:?}, and it is there {times} times");
        }
        sums.lost += usize::from(!is_true);
        sums.doubled += times.saturating_sub(1);
    }
    sums
}

async fn soak(seed: u64, records: usize) -> Sums {
    let marks = marks(seed, records);
    let mut sums = Sums::default();

    let (sales, sales_faults) = server(seed);
    sums += run(
        &sales,
        sales.omneo().batch(),
        &marks,
        |number, mark| {
            let mut record = transaction(number);
            if let Some(mark) = mark {
                record.receipt_ref = mark.to_owned().into();
            }
            record
        },
        |number| ("transactions", "external_id", format!("t-{number}")),
    )
    .await;

    let (customers, customers_faults) = server(!seed);
    sums += run(
        &customers,
        customers.omneo().batch().match_criteria("email"),
        &marks[..records / 5],
        |number, mark| {
            let mut record = profile(number);
            if let Some(mark) = mark {
                record.company = mark.to_owned().into();
            }
            record
        },
        |number| ("profiles", "email", format!("p{number}@example.com")),
    )
    .await;

    for (server, faults) in [(sales, sales_faults), (customers, customers_faults)] {
        sums.requests += server.faults.received().len();
        sums.faults += faults.load(Ordering::Relaxed);
    }
    sums
}

async fn all(seeds: u64, records: usize) -> Sums {
    let mut sums = Sums::default();
    for seed in 0..seeds {
        let one = soak(seed, records).await;
        println!("seed {seed}: {one}");
        sums += one;
    }
    println!("all: {sums}");
    let Sums { lost, doubled, .. } = sums;
    println!("{seeds} seeds, {lost} lost, {doubled} doubled");
    sums
}

#[tokio::test]
async fn no_record_is_lost_or_doubled_whatever_fails() {
    let sums = all(20, 5_000).await;
    assert_eq!((sums.lost, sums.doubled), (0, 0), "{sums}");
    // Doubt is for the few whose answer came and could not be read.
    assert!(sums.unknown < 100, "{sums}");
    assert!(sums.faults > 500, "{sums}");
}

#[tokio::test]
async fn a_seed_does_the_same_each_time() {
    assert_eq!(soak(7, 2_000).await, soak(7, 2_000).await);
}

/// `cargo xtask soak`.
#[tokio::test]
#[ignore = "takes as long as it is told to"]
async fn as_told() {
    let told = |name| std::env::var(name).ok()?.parse().ok();
    let seeds = told("SOAK_SEEDS").unwrap_or(20);
    let records = told("SOAK_RECORDS").unwrap_or(100_000);
    let sums = all(seeds, usize::try_from(records).unwrap()).await;
    assert_eq!((sums.lost, sums.doubled), (0, 0), "{sums}");
}
