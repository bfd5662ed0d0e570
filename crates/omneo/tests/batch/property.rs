//! Whatever comes in and goes wrong, the counts add up and what is said is true.

use std::time::Duration;

use fault_server::{Fault, Moment, RandomFaults, Response};
use futures_util::{StreamExt as _, stream};
use omneo::batch::State;
use proptest::prelude::*;
use proptest::sample::select;

use crate::server::{BatchServer, FAILS, Items, REFUSED, REFUSED_UNNAMED, Rules};
use crate::support::{collect, marked, transaction};

#[derive(Clone, Debug)]
struct Case {
    /// What the server does with each record, and whether the input has it at once.
    records: Vec<(Option<&'static str>, bool)>,
    chunk: usize,
    bytes: usize,
    concurrency: usize,
    wait: u64,
    rules: Rules,
    seed: u64,
    fault_rate: f64,
    /// The run is cancelled after so many outcomes.
    cancel: Option<usize>,
}

fn rules() -> impl Strategy<Value = Rules> {
    let items = select(vec![
        Items::InOrder,
        Items::Reversed,
        Items::Nameless,
        Items::TwoMissing,
        Items::None,
    ]);
    let limit = proptest::option::of(1..20_u32);
    (0..5_u32, items, any::<bool>(), any::<bool>(), limit).prop_map(
        |(reads, items, names_batches, lists_early, limit)| Rules {
            reads,
            items,
            names_batches,
            lists_early,
            limit,
            ..Rules::default()
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    let mark = prop_oneof![
        20 => Just(None),
        1 => Just(Some(REFUSED)),
        1 => Just(Some(REFUSED_UNNAMED)),
        1 => Just(Some(FAILS)),
    ];
    let sizes = (1..40_usize, 100..5_000_usize, 1..6_usize, 0..100_u64);
    (
        proptest::collection::vec((mark, any::<bool>()), 0..100),
        sizes,
        rules(),
        any::<u64>(),
        0.0..0.3,
        proptest::option::weighted(0.2, 0..50_usize),
    )
        .prop_map(
            |(records, (chunk, bytes, concurrency, wait), rules, seed, fault_rate, cancel)| Case {
                records,
                chunk,
                bytes,
                concurrency,
                wait,
                rules,
                seed,
                fault_rate,
                cancel,
            },
        )
}

/// Each can be the last of a request: none is met more than twice with the same one.
fn faults(case: &Case) -> RandomFaults {
    RandomFaults::seeded(case.seed)
        .rate(
            case.fault_rate,
            [
                Fault::reset(Moment::Unprocessed),
                Fault::reset(Moment::Unanswered),
                Fault::close(Moment::InBody),
                Fault::status(500),
                Fault::status(500).processed(),
                Fault::status(408).processed(),
                Fault::status(429),
                Fault::status(503),
                Fault::none().with(Response::truncated),
            ],
        )
        .limit_per_key(2)
}

async fn holds(case: Case) {
    let server = BatchServer::with(|rules| *rules = case.rules.clone());
    let mut faults = faults(&case);
    server.faults.fallback(move |request| {
        let key = [request.target.as_bytes(), &request.body[..]].concat();
        faults.choose_for(key)
    });
    let input = stream::iter(case.records.iter().enumerate()).then(|(number, (mark, at_once))| {
        let record = match mark {
            Some(mark) => marked(number, mark),
            None => transaction(number),
        };
        async move {
            if !at_once {
                tokio::task::yield_now().await;
            }
            record
        }
    });
    let batch = server.omneo().batch().chunk(case.chunk).bytes(case.bytes);
    let batch = batch.concurrency(case.concurrency);
    let mut run = batch.wait(Duration::from_secs(case.wait)).send(input);
    let mut seen = Vec::new();
    while case.cancel.is_none_or(|after| seen.len() < after)
        && let Some(outcome) = run.next().await
    {
        seen.push(outcome);
    }
    if case.cancel.is_some() {
        run.canceller().cancel();
    }
    let progress = run.progress();
    assert!(progress.done() >= seen.len() as u64);
    assert!(run.stopped().is_none(), "{:?}", run.stopped());
    seen.extend(collect(run).await.into_values());
    seen.sort_by_key(|outcome| outcome.index);

    let read = seen.len();
    assert!(seen.iter().map(|outcome| outcome.index).eq(0..read as u64));
    assert!(case.cancel.is_some() || read == case.records.len());
    let copies = server.copies("transactions");
    server.assert_each_is_there_once();
    for (outcome, (mark, _)) in seen.iter().zip(&case.records) {
        let id = outcome.external_id.as_ref().unwrap().to_string();
        let is_there = copies.contains_key(&id);
        match &outcome.state {
            State::Succeeded { .. } => assert!(is_there, "{outcome:?}"),
            // Nobody has seen yet what fails.
            State::Accepted { .. } => assert!(is_there || *mark == Some(FAILS), "{outcome:?}"),
            State::Failed(why) => {
                assert!(!is_there, "{outcome:?}");
                assert!(
                    mark.is_some() || why.ends_with("was cancelled"),
                    "{outcome:?}"
                );
            }
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_record_has_one_outcome_and_it_is_true(case in case()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(holds(case));
    }
}
