//! Batches whose answer was lost: looked for before their records are sent again.

use std::collections::HashSet;
use std::time::Duration;

use omneo_api::filters::batch;
use omneo_api::types::Batch;
use omneo_api::{Api, Error};
use omneo_types::Id;
use omneo_types::jiff::{self, SignedDuration};

use super::chunk::Key;
use super::context::Context;
use super::record::{Common, Record};

/// The pauses before each look: the server may be at it still.
pub(crate) const LOOKS: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(15),
];

/// Further looks while the last went wrong.
const MORE: [Duration; 2] = [Duration::from_secs(15); 2];

/// How much older than its request a batch may look: clocks differ.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// The batches of one size that are looked at, the newest first.
const MOST: usize = 100;

const NAMELESS: &str =
    "the records have no `external_id` by which their batch could be told from others";
const UNTOLD: &str = "there is a batch that does not tell whether it is theirs";

#[allow(unreachable_pub)] // a sealed trait has it
pub enum Found {
    Batch(Id),
    /// The record itself, with its id where the server tells.
    Record(Option<Id>),
    Nothing,
    /// It may be there.
    Unsure(&'static str),
}

/// Looks for the batch of some records that were sent at a time.
pub(super) async fn find(
    context: &Context,
    keys: &[Key],
    sent_at: jiff::Timestamp,
) -> Result<Found, Error> {
    let mut search = Search {
        context,
        count: keys.len(),
        ids: keys.iter().map(|key| key.external_id.as_ref()).collect(),
        since: sent_at.saturating_sub(SKEW).unwrap_or(jiff::Timestamp::MIN),
        others: HashSet::new(),
    };
    if let Some(ids) = &mut search.ids {
        ids.sort();
    }
    let mut last = Ok(Found::Nothing);
    for (place, pause) in LOOKS.into_iter().chain(MORE).enumerate() {
        context.timer().sleep(pause).await;
        last = search.look().await;
        if is_enough(place, &last) {
            break;
        }
    }
    last
}

/// Looks for a record that was sent alone at a time.
pub(super) async fn find_record<R: Record>(
    context: &Context,
    common: &Common<R::Scope>,
    record: &R,
    sent_at: jiff::Timestamp,
) -> Result<Found, Error> {
    let mut last = Ok(Found::Nothing);
    for (place, pause) in LOOKS.into_iter().chain(MORE).enumerate() {
        context.timer().sleep(pause).await;
        last = record.look(context.omneo(), common, sent_at).await;
        if is_enough(place, &last) {
            break;
        }
    }
    last
}

/// Whether a look was the last. Of one that goes wrong nothing is concluded.
fn is_enough(place: usize, look: &Result<Found, Error>) -> bool {
    match look {
        Ok(Found::Batch(_) | Found::Record(_)) => true,
        Ok(Found::Nothing | Found::Unsure(_)) => place + 1 >= LOOKS.len(),
        Err(_) => false,
    }
}

struct Search<'a> {
    context: &'a Context,
    count: usize,
    /// In their order; `None` if a record has none.
    ids: Option<Vec<&'a Id>>,
    since: jiff::Timestamp,
    /// Batches that were read, and have other records.
    others: HashSet<Id>,
}

/// What a batch is by its items.
enum Likeness {
    Same,
    Other,
    /// It does not tell.
    Unknown,
}

impl Search<'_> {
    async fn look(&mut self) -> Result<Found, Error> {
        let mut unsure = Vec::new();
        for candidate in self.candidates().await? {
            if self.ids.is_none() {
                unsure.push((candidate, NAMELESS));
                continue;
            }
            let batch = self.context.read(&candidate).await?;
            match self.compare(batch) {
                // Another chunk with the same ids may have it.
                Likeness::Same if self.context.claim(&candidate) => {
                    return Ok(Found::Batch(candidate));
                }
                Likeness::Same | Likeness::Other => {
                    self.others.insert(candidate);
                }
                Likeness::Unknown => unsure.push((candidate, UNTOLD)),
            }
        }
        // Since they were listed, their own chunks may have had their answers.
        let doubt = unsure
            .iter()
            .find(|(candidate, _)| !self.context.knows(candidate));
        Ok(doubt.map_or(Found::Nothing, |(_, why)| Found::Unsure(why)))
    }

    /// The batches of this size that were made since, and are no other chunk's.
    async fn candidates(&self) -> Result<Vec<Id>, Error> {
        let api = Api::from_client(self.context.client().clone());
        let size = self.count as u64;
        let mut list = api
            .batches()
            .list()
            .filter(batch::total_count.eq(size))
            .sort("-created_at");
        if let Some(job) = &self.context.import_job {
            list = list.filter(batch::import_job_id.eq(job.clone()));
        }
        let mut items = list.items();
        let (mut candidates, mut seen) = (Vec::new(), 0);
        while seen < MOST
            && let Some(found) = items.try_next().await?
        {
            seen += 1;
            if self.is_candidate(&found)
                && let Some(id) = found.id
            {
                candidates.push(id);
            }
        }
        candidates.retain(|id| !self.context.knows(id) && !self.others.contains(id));
        Ok(candidates)
    }

    fn is_candidate(&self, batch: &Batch) -> bool {
        let made_at = batch.created_at.as_ref();
        // A server that does not know the filter sends all.
        batch
            .total_count
            .is_none_or(|count| self.is_count(count.get()))
            && made_at.is_none_or(|made_at| made_at.to_instant_utc() >= self.since)
    }

    fn is_count(&self, count: i64) -> bool {
        usize::try_from(count) == Ok(self.count)
    }

    fn compare(&self, batch: Batch) -> Likeness {
        let items = batch.items.unwrap_or_default();
        let mut ids: Vec<&Id> = items
            .iter()
            .filter_map(|item| item.external_id.as_ref())
            .collect();
        ids.sort();
        match &self.ids {
            Some(own) if ids == *own => Likeness::Same,
            Some(own) if ids.iter().any(|id| own.binary_search(id).is_err()) => Likeness::Other,
            Some(_) if ids.len() == self.count => Likeness::Other,
            // It does not list them all, or lists them without their ids.
            _ => Likeness::Unknown,
        }
    }
}
