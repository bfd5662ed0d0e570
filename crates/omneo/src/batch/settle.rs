//! What becomes of a batch that the server took.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use omneo_api::types::{Batch, BatchItem, BatchStatus};
use omneo_types::{Id, OpenEnum};

use super::context::Context;
use super::outcome::{Outcome, State};
use super::send::Queued;

/// The first pause before a batch is read, and the longest.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// Reads a batch, with growing pauses, until it is worked off.
pub(super) async fn settle(context: &Context, queued: Queued) -> Vec<Outcome> {
    let (mut pause, mut waited) = (PAUSE, Duration::ZERO);
    while waited < context.wait {
        context.timer().sleep(pause).await;
        waited += pause;
        pause = (pause * 3 / 2).min(LONGEST);
        // What can't be read now can be read later, perhaps: the pause is over soon enough.
        let Ok(batch) = context.client().batches_show(&queued.batch).await else {
            continue;
        };
        let batch = batch.into_inner().into_inner();
        if is_done(&batch) {
            return outcomes(queued, batch);
        }
    }
    all(&queued.keys, &State::Accepted)
}

fn is_done(batch: &Batch) -> bool {
    batch
        .status
        .as_ref()
        .is_some_and(|status| *status != BatchStatus::Pending)
}

fn all(keys: &[(u64, Option<Id>)], state: &State) -> Vec<Outcome> {
    let outcome = |(index, external_id): &(u64, Option<Id>)| Outcome {
        index: *index,
        external_id: external_id.clone(),
        state: state.clone(),
    };
    keys.iter().map(outcome).collect()
}

/// Pairs records with a batch's items: by `external_id`, else by place where all are there, else by the counts.
fn outcomes(queued: Queued, batch: Batch) -> Vec<Outcome> {
    let items = batch.items.unwrap_or_default();
    let by_place = items.len() == queued.keys.len();
    let mut by_id: HashMap<Id, VecDeque<&BatchItem>> = HashMap::new();
    for item in &items {
        if let Some(id) = &item.external_id {
            by_id.entry(id.clone()).or_default().push_back(item);
        }
    }
    let (succeeded, failed) = (batch.success_count, batch.failed_count);
    let count = i64::try_from(queued.keys.len()).unwrap_or(i64::MAX);
    let by_counts = match (succeeded, failed) {
        (Some(done), _) if done == count => State::Succeeded { id: None },
        (_, Some(failed)) if failed == count => {
            State::Failed("the server failed the whole batch, and does not say why".to_owned())
        }
        _ => State::Unknown(format!(
            "the batch does not tell its records apart: {} succeeded and {} failed of {count}",
            succeeded.unwrap_or_default(),
            failed.unwrap_or_default()
        )),
    };
    let keys = queued.keys.into_iter().enumerate();
    let outcome = |(place, (index, external_id)): (usize, (u64, Option<Id>))| {
        let by_id = external_id
            .as_ref()
            .and_then(|id| by_id.get_mut(id)?.pop_front());
        let item = by_id.or_else(|| {
            let item = items.get(place).filter(|_| by_place)?;
            // By place only what is not told apart by an id.
            (external_id.is_none() || item.external_id.is_none()).then_some(item)
        });
        Outcome {
            index,
            external_id,
            state: item.map_or_else(|| by_counts.clone(), state),
        }
    };
    keys.map(outcome).collect()
}

fn state(item: &BatchItem) -> State {
    match item.status.as_ref().and_then(OpenEnum::known) {
        Some(BatchStatus::Success) => State::Succeeded {
            id: item.entity_id.clone(),
        },
        Some(BatchStatus::Failed) => State::Failed(
            item.error
                .clone()
                .unwrap_or_else(|| "the server failed it, and does not say why".to_owned()),
        ),
        Some(BatchStatus::Pending) => State::Accepted,
        _ => State::Unknown(format!(
            "the server calls it {:?}",
            item.status.as_ref().map(ToString::to_string)
        )),
    }
}
