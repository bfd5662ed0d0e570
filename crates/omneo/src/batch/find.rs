//! Batches whose answer was lost: looked for before their records are sent again.

use std::time::Duration;

use omneo_api::filters::batch;
use omneo_api::types::Batch;
use omneo_api::{Api, Error};
use omneo_types::Id;
use omneo_types::jiff::{self, SignedDuration};

use super::context::Context;

/// The pauses before each look: the server may be at it still.
const LOOKS: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// How much older than its request a batch may look: clocks differ.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// The batches of one size that are looked at, the newest first.
const MOST: u64 = 100;

pub(super) enum Found {
    Batch(Id),
    Nothing,
    Unsure(&'static str),
}

/// Looks for the batch of some records, which was sent at a time.
pub(super) async fn find(
    context: &Context,
    keys: &[(u64, Option<Id>)],
    sent_at: jiff::Timestamp,
) -> Result<Found, Error> {
    let mut last = Found::Nothing;
    for pause in LOOKS {
        context.timer().sleep(pause).await;
        last = look(context, keys, sent_at).await?;
        if matches!(last, Found::Batch(_)) {
            break;
        }
    }
    Ok(last)
}

async fn look(
    context: &Context,
    keys: &[(u64, Option<Id>)],
    sent_at: jiff::Timestamp,
) -> Result<Found, Error> {
    let api = Api::from_client(context.client().clone());
    let mut list = api
        .batches()
        .list()
        .filter(batch::total_count.eq(keys.len() as u64))
        .sort("-created_at");
    if let Some(job) = &context.common.import_job {
        list = list.filter(batch::import_job_id.eq(job.clone()));
    }
    let since = sent_at.saturating_sub(SKEW).unwrap_or(jiff::Timestamp::MIN);
    let mut candidates = Vec::new();
    let mut items = list.items();
    let mut seen = 0;
    while let Some(found) = items.try_next().await? {
        seen += 1;
        let is_new = |found: &Batch| {
            let made_at = found.created_at.as_ref();
            made_at.is_none_or(|made_at| made_at.to_instant_utc() >= since)
        };
        let is_size = found
            .total_count
            .is_none_or(|count| count == keys.len() as i64);
        let Some(id) = found.id.clone().filter(|_| is_size && is_new(&found)) else {
            if seen >= MOST {
                break;
            }
            continue;
        };
        if !context.knows(&id) {
            candidates.push(id);
        }
        if seen >= MOST {
            break;
        }
    }
    if candidates.is_empty() {
        return Ok(Found::Nothing);
    }
    let ids: Option<Vec<&Id>> = keys.iter().map(|(_, id)| id.as_ref()).collect();
    let Some(mut ids) = ids else {
        // Nothing tells this run's batches from others of the same size, unless they carry a job of its own.
        return Ok(match (candidates.as_slice(), &context.common.import_job) {
            ([only], Some(_)) => claim(context, only.clone()),
            _ => Found::Unsure(
                "the answer was lost, and the records have no `external_id` by which their batch could be told from others",
            ),
        });
    };
    ids.sort();
    for candidate in candidates {
        let read = context.client().batches_show(&candidate).await?;
        let items = read.into_inner().into_inner().items;
        let items = items.unwrap_or_default();
        let mut found: Vec<&Id> = items
            .iter()
            .filter_map(|item| item.external_id.as_ref())
            .collect();
        found.sort();
        if found == ids {
            return Ok(claim(context, candidate));
        }
    }
    Ok(Found::Nothing)
}

/// A batch is one chunk's only.
fn claim(context: &Context, batch: Id) -> Found {
    match context.claim(&batch) {
        true => Found::Batch(batch),
        false => Found::Nothing,
    }
}
