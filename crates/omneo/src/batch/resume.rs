//! Records of which an earlier run has sent some.

use std::collections::HashMap;
use std::sync::Arc;

use omneo_api::Error;
use omneo_types::Id;
use omneo_types::jiff;

use super::checkpoint::{Ending, Fate, Past};
use super::chunk::{Chunk, Key, Step};
use super::outcome::{Outcome, State};
use super::record::Record;
use super::send::Queued;

/// Outcomes that are told at once.
const OUTCOMES: usize = 500;

/// Puts each record that is read to those that it was with in the earlier run.
pub(super) struct Earlier<R> {
    past: Past,
    /// How many records are to come of each request and batch.
    requests: HashMap<usize, usize>,
    batches: HashMap<Id, usize>,
    /// Those that came.
    sent: HashMap<usize, Chunk<R>>,
    taken: HashMap<Id, Vec<Key>>,
    ended: Vec<Outcome>,
}

/// Where a record belongs.
pub(super) enum Place<R> {
    /// It is to be sent.
    New(R),
    /// It waits for others.
    Kept,
    /// With it these are all there.
    Step(Step<R>),
}

impl<R: Record> Earlier<R> {
    pub(super) fn new(past: Past) -> Self {
        let (requests, batches) = past.sizes();
        Self {
            past,
            requests,
            batches,
            sent: HashMap::new(),
            taken: HashMap::new(),
            ended: Vec::new(),
        }
    }

    /// Where a record belongs.
    ///
    /// # Errors
    ///
    /// If it is not the one that was there; it is handed back.
    pub(super) fn place(&mut self, index: u64, record: R, digest: u64) -> Result<Place<R>, R> {
        if !self.past.is_same(index, digest) {
            return Err(record);
        }
        Ok(match self.past.fate(index).clone() {
            Fate::Open => Place::New(record),
            Fate::Sent(request) => {
                let chunk = self.sent.entry(request).or_default();
                chunk.push(index, record);
                let began = self.past.began(request);
                match self.requests.get(&request) == Some(&chunk.len()) {
                    true => step(
                        self.sent
                            .remove(&request)
                            .map(|chunk| Step::Sent(chunk, began.unwrap_or(jiff::Timestamp::MIN))),
                    ),
                    false => Place::Kept,
                }
            }
            Fate::Taken(batch) => {
                let keys = self.taken.entry(batch.clone()).or_default();
                keys.push(Key::of(index, &record));
                match self.batches.get(&batch) == Some(&keys.len()) {
                    true => step(
                        self.taken
                            .remove(&batch)
                            .map(|keys| Step::Taken(Queued { batch, keys })),
                    ),
                    false => Place::Kept,
                }
            }
            Fate::Ended(ending) => {
                let state = told(&ending);
                self.ended.push(Key::of(index, &record).outcome(state));
                match self.ended.len() < OUTCOMES {
                    true => Place::Kept,
                    false => Place::Step(Step::Ended(std::mem::take(&mut self.ended))),
                }
            }
        })
    }

    /// What is left when the input has ended after so many records.
    pub(super) fn end(&mut self, records: u64) -> Vec<Step<R>> {
        let mut steps = vec![Step::Ended(std::mem::take(&mut self.ended))];
        if records < self.past.end() {
            steps.push(Step::Stop(Error::invalid_request(format!(
                "the input has ended after {records} records, and the checkpoint is of one with {} at least: give the run \
                 the input that the checkpoint was made with, or a new checkpoint",
                self.past.end()
            ))));
        }
        steps.extend(self.rest());
        steps
    }

    /// Those that came, as the others never will.
    pub(super) fn rest(&mut self) -> impl Iterator<Item = Step<R>> + use<R> {
        let ended = std::mem::take(&mut self.ended);
        let sent = std::mem::take(&mut self.sent).into_values();
        let taken = std::mem::take(&mut self.taken).into_iter();
        let steps = sent.map(|chunk| Step::Sent(chunk, jiff::Timestamp::MIN));
        let steps = steps.chain(taken.map(|(batch, keys)| Step::Taken(Queued { batch, keys })));
        steps.chain([Step::Ended(ended)])
    }
}

fn step<R>(step: Option<Step<R>>) -> Place<R> {
    step.map_or(Place::Kept, Place::Step)
}

fn told(ending: &Arc<Ending>) -> State {
    match &**ending {
        Ending::Succeeded => State::Succeeded { id: None },
        Ending::Accepted => State::Accepted { batch: None },
        Ending::Failed(why) => State::Failed(why.clone()),
        Ending::Unknown(why) => State::Unknown(why.clone()),
    }
}
