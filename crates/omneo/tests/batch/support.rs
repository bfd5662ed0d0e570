//! Records, and what all tests hold of a run.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};
use omneo::batch::{Batch, Outcome, Record, State};
use omneo::types::{ProfileBatchItem, RewardBatchItem, TransactionBatchRowInput};

pub(crate) fn transaction(number: usize) -> TransactionBatchRowInput {
    let id = omneo::omneo_types::Id::from(format!("t-{number}"));
    let at: omneo::omneo_types::Timestamp = "2024-01-31 10:00:00".parse().unwrap();
    TransactionBatchRowInput::new(id, None, "Australia/Melbourne", 10, at)
}

/// A transaction that the server treats in some way.
pub(crate) fn marked(number: usize, mark: &str) -> TransactionBatchRowInput {
    TransactionBatchRowInput {
        receipt_ref: mark.to_owned().into(),
        ..transaction(number)
    }
}

pub(crate) fn transactions(count: usize) -> Vec<TransactionBatchRowInput> {
    (0..count).map(transaction).collect()
}

pub(crate) fn reward(number: usize) -> RewardBatchItem {
    RewardBatchItem::new(
        omneo::omneo_types::Id::from(format!("p-{number}")),
        None,
        "Australia/Melbourne",
    )
}

pub(crate) fn profile(number: usize) -> ProfileBatchItem {
    ProfileBatchItem::new(format!("p{number}@example.com"), "Ada", "Byron")
}

/// Runs to the end, and holds that each record of the input has exactly one outcome.
pub(crate) async fn outcomes<R: Record>(
    batch: Batch<R>,
    records: Vec<R>,
) -> BTreeMap<u64, Outcome> {
    let count = records.len() as u64;
    let outcomes = collect(batch.send(stream::iter(records))).await;
    assert!(outcomes.keys().copied().eq(0..count), "{outcomes:?}");
    outcomes
}

/// The outcomes by index, of which none comes twice.
pub(crate) async fn collect(mut run: omneo::batch::Run<'_>) -> BTreeMap<u64, Outcome> {
    let mut outcomes = BTreeMap::new();
    while let Some(outcome) = run.next().await {
        let index = outcome.index;
        assert!(
            outcomes.insert(index, outcome).is_none(),
            "{index} came twice"
        );
    }
    outcomes
}

/// The indexes in each state: succeeded, failed, unknown, accepted.
pub(crate) fn tally(outcomes: &BTreeMap<u64, Outcome>) -> [Vec<u64>; 4] {
    let mut tally = [const { Vec::new() }; 4];
    for outcome in outcomes.values() {
        let place = match &outcome.state {
            State::Succeeded { .. } => 0,
            State::Failed(_) => 1,
            State::Unknown(_) => 2,
            State::Accepted { .. } => 3,
            other => panic!("{other:?}"),
        };
        tally[place].push(outcome.index);
    }
    tally
}

/// Why a record is in its state.
pub(crate) fn why(outcome: &Outcome) -> &str {
    match &outcome.state {
        State::Failed(why) | State::Unknown(why) => why,
        _ => "",
    }
}
