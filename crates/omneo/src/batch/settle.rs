//! What becomes of a batch that the server took.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use omneo_api::types::{Batch, BatchItem, BatchStatus};
use omneo_api::{Error, ErrorKind};
use omneo_types::{Id, OpenEnum};

use super::chunk::Key;
use super::context::Context;
use super::outcome::{Outcome, State};
use super::send::Queued;

/// The first pause before what the server works off is read, and the longest.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// The pause after one.
pub(crate) fn longer(pause: Duration) -> Duration {
    (pause * 3 / 2).min(LONGEST)
}

/// How often in a row a read is refused before it is waited for no longer. What is new may be unknown to the server that is
/// asked for it.
pub(crate) const REFUSALS: usize = 5;

/// Reads a batch, with growing pauses, until it is worked off.
pub(super) async fn settle(context: &Context, queued: Queued) -> (Vec<Outcome>, Result<(), Error>) {
    let outcomes = read(context, queued).await;
    let noted = context.note_all(&outcomes, &HashSet::new()).await;
    (outcomes, noted)
}

async fn read(context: &Context, queued: Queued) -> Vec<Outcome> {
    let Queued { batch: id, keys } = queued;
    let (mut pause, mut waited) = (PAUSE, Duration::ZERO);
    let mut refusals = 0;
    while waited < context.wait && refusals < REFUSALS {
        let short = pause.min(context.wait - waited);
        context.timer().sleep(short).await;
        waited += short;
        pause = longer(pause);
        match context.read(&id).await {
            // At the end of the time a part is better than nothing.
            Ok(batch) if is_done(&batch) || waited >= context.wait => {
                return outcomes(keys, batch, &id);
            }
            Ok(_) => refusals = 0,
            Err(error) if is_refusal(&error) => {
                refusals += 1;
                tracing::warn!(%error, batch = %id, "a batch can not be read");
            }
            // The pause is over soon enough.
            Err(_) => {}
        }
    }
    let state = State::Accepted { batch: Some(id) };
    Outcome::all(keys, &state).collect()
}

/// Whether a batch can't be read, now or later.
pub(crate) fn is_refusal(error: &Error) -> bool {
    !matches!(
        error.kind(),
        ErrorKind::Transport(_)
            | ErrorKind::Timeout(_)
            | ErrorKind::RateLimited(_)
            | ErrorKind::Server(_)
    )
}

fn is_done(batch: &Batch) -> bool {
    match batch.status.as_ref().and_then(OpenEnum::known) {
        Some(BatchStatus::Pending) => false,
        Some(_) => true,
        // A state that is not known, or none.
        None => {
            let counts = batch.processed_count.zip(batch.total_count);
            counts.is_some_and(|(done, total)| done.get() >= total.get())
        }
    }
}

/// Pairs records with a batch's items: by `external_id`, else by place where all are there, else by the counts.
fn outcomes(keys: Vec<Key>, batch: Batch, id: &Id) -> Vec<Outcome> {
    let by_counts = by_counts(keys.len(), &batch, id);
    let items = batch.items.unwrap_or_default();
    let by_place = items.len() == keys.len();
    let mut by_id: HashMap<&Id, VecDeque<&BatchItem>> = HashMap::new();
    for item in &items {
        if let Some(id) = &item.external_id {
            by_id.entry(id).or_default().push_back(item);
        }
    }
    let mut item = |place: usize, external_id: Option<&Id>| {
        let named = external_id.and_then(|id| by_id.get_mut(id)?.pop_front());
        named.or_else(|| {
            let item = items.get(place).filter(|_| by_place)?;
            // By place only what is not told apart by an id.
            (external_id.is_none() || item.external_id.is_none()).then_some(item)
        })
    };
    let keys = keys.into_iter().enumerate();
    keys.map(|(place, key)| {
        let item = item(place, key.external_id.as_ref());
        key.outcome(item.map_or_else(|| by_counts.clone(), |item| by_item(item, id)))
    })
    .collect()
}

fn by_item(item: &BatchItem, batch: &Id) -> State {
    match item.status.as_ref().and_then(OpenEnum::known) {
        Some(BatchStatus::Success) => State::Succeeded {
            id: item.entity_id.clone(),
        },
        Some(BatchStatus::Failed) => {
            let why = item.error.clone();
            let unsaid = || "the server failed it, and does not say why".to_owned();
            State::Failed(why.unwrap_or_else(unsaid))
        }
        Some(BatchStatus::Pending) => State::Accepted {
            batch: Some(batch.clone()),
        },
        _ => State::Unknown(match &item.status {
            Some(status) => format!("batch {batch} has it as `{status}`"),
            None => format!("batch {batch} does not say what became of it"),
        }),
    }
}

/// What records are of which a batch has no item.
fn by_counts(records: usize, batch: &Batch, id: &Id) -> State {
    let count = |count: Option<omneo_types::Integer>| {
        count.and_then(|count| usize::try_from(count.get()).ok())
    };
    let (succeeded, failed) = (count(batch.success_count), count(batch.failed_count));
    if !is_done(batch) {
        return State::Accepted {
            batch: Some(id.clone()),
        };
    }
    if succeeded == Some(records) {
        return State::Succeeded { id: None };
    }
    if failed == Some(records) {
        return State::Failed(format!(
            "batch {id} failed as a whole, and does not say why"
        ));
    }
    State::Unknown(format!(
        "batch {id} does not tell its records apart: {} succeeded and {} failed of {records}",
        succeeded.unwrap_or_default(),
        failed.unwrap_or_default()
    ))
}
