//! Records gathered into requests.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use omneo_api::Error;
use omneo_types::Id;
use omneo_types::jiff;

use super::checkpoint::{Digest, Indexes, Past};
use super::outcome::{Outcome, State};
use super::record::Record;
use super::resume::{Earlier, Place};
use super::send::Queued;

/// What a record is told by.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Its place in the input.
    pub(super) index: u64,
    /// Its id in the caller's own system.
    pub(super) external_id: Option<Id>,
    /// The profile that it is of, as it names it.
    pub(super) profile_id: Option<Id>,
}

impl Key {
    pub(super) fn of(index: u64, record: &impl Record) -> Self {
        Self {
            index,
            external_id: record.external_id().cloned(),
            profile_id: record.profile_id(),
        }
    }

    pub(super) fn outcome(self, state: State) -> Outcome {
        Outcome {
            index: self.index,
            external_id: self.external_id,
            profile_id: self.profile_id,
            state,
        }
    }
}

/// Records that go in one request.
#[derive(Debug)]
pub(super) struct Chunk<R> {
    pub(super) indexes: Vec<u64>,
    pub(super) records: Vec<R>,
    /// What the records are, before any was taken away.
    pub(super) digest: Option<u64>,
}

impl<R> Default for Chunk<R> {
    fn default() -> Self {
        Self {
            indexes: Vec::new(),
            records: Vec::new(),
            digest: None,
        }
    }
}

impl<R: Record> Chunk<R> {
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn push(&mut self, index: u64, record: R) {
        self.indexes.push(index);
        self.records.push(record);
    }

    /// Takes all from this place on.
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        self.digest = None;
        Self {
            indexes: self.indexes.split_off(at),
            records: self.records.split_off(at),
            digest: None,
        }
    }

    /// Their places in the input.
    pub(super) fn indexes(&self) -> Indexes {
        self.indexes.iter().copied().collect()
    }

    pub(super) fn keys(&self) -> Vec<Key> {
        let records = self.indexes.iter().copied().zip(&self.records);
        records
            .map(|(index, record)| Key::of(index, record))
            .collect()
    }

    /// Ends all in one state.
    pub(super) fn end(&self, state: &State) -> impl Iterator<Item = Outcome> {
        Outcome::all(self.keys(), state)
    }
}

/// What is next for the records that were read.
pub(super) enum Step<R> {
    /// To be sent.
    Send(Chunk<R>),
    /// An earlier run sent them at this time, and had no answer.
    Sent(Chunk<R>, jiff::Timestamp),
    /// An earlier run sent them, and they are in a batch.
    Taken(Queued),
    /// This came of them in an earlier run.
    Ended(Vec<Outcome>),
    /// The run can't go on.
    Stop(Error),
}

impl<R: Record> Step<R> {
    /// What is to be told of the records if the run does not go on: of those that were not sent, `not_sent`.
    fn leave(self, not_sent: &State) -> Vec<Outcome> {
        match self {
            Self::Send(chunk) => chunk.end(not_sent).collect(),
            Self::Sent(chunk, _) => {
                let why =
                    "sent by an earlier run, which had no answer; this one has not looked for them";
                chunk.end(&State::Unknown(why.to_owned())).collect()
            }
            Self::Taken(Queued { batch, keys }) => {
                let state = State::Accepted { batch: Some(batch) };
                Outcome::all(keys, &state).collect()
            }
            Self::Ended(outcomes) => outcomes,
            Self::Stop(_) => Vec::new(),
        }
    }
}

/// Gathers a stream into chunks.
pub(super) struct Chunks<R, S> {
    records: Pin<Box<S>>,
    next_index: u64,
    most: usize,
    most_bytes: usize,
    filling: Chunk<R>,
    bytes: usize,
    /// What an earlier run has done, if a checkpoint tells.
    earlier: Option<Earlier<R>>,
    ready: VecDeque<Step<R>>,
    ended: bool,
}

impl<R: Record, S: Stream<Item = R>> Chunks<R, S> {
    pub(super) fn new(records: S, most: usize, most_bytes: usize) -> Self {
        Self {
            records: Box::pin(records),
            next_index: 0,
            most,
            most_bytes,
            filling: Chunk::default(),
            bytes: 0,
            earlier: None,
            ready: VecDeque::new(),
            ended: false,
        }
    }

    /// Goes on where an earlier run broke off.
    pub(super) fn after(mut self, past: Past) -> Self {
        match past.records() {
            Some(others) if others != R::KIND => {
                self.ready.push_back(Step::Stop(Error::invalid_request(format!(
                    "the checkpoint is of `{others}`, not of `{}`: give each load a checkpoint of its own",
                    R::KIND
                ))));
            }
            _ => self.earlier = Some(Earlier::new(past)),
        }
        self
    }

    /// The next step; can be dropped and called again without losing a record.
    pub(super) async fn next(&mut self) -> Option<Step<R>> {
        loop {
            if let Some(step) = self.ready.pop_front() {
                return Some(step);
            }
            if self.ended {
                return None;
            }
            match self.records.next().await {
                Some(record) => self.read(record),
                None => {
                    self.ended = true;
                    let chunk = self.take();
                    self.ready
                        .extend((chunk.len() > 0).then_some(Step::Send(chunk)));
                    if let Some(earlier) = &mut self.earlier {
                        self.ready.extend(earlier.end(self.next_index));
                    }
                }
            }
        }
    }

    fn read(&mut self, record: R) {
        let index = self.next_index;
        self.next_index += 1;
        let mut digest = self.earlier.is_some().then(|| Digest::of(index));
        let bytes = measure(&record, digest.as_mut());
        let digest = digest.map(Digest::sum);
        let record = match (&mut self.earlier, digest) {
            (Some(earlier), Some(digest)) => match earlier.place(index, record, digest) {
                Ok(Place::New(record)) => record,
                Ok(Place::Kept) => return,
                Ok(Place::Step(step)) => return self.ready.push_back(step),
                Err(record) => {
                    self.filling.push(index, record);
                    return self.ready.push_back(Step::Stop(Error::invalid_request(format!(
                        "record {index}, or one shortly before, is not what it was when the checkpoint was made: give the run \
                         the input that the checkpoint was made with, or a new checkpoint"
                    ))));
                }
            },
            _ => record,
        };
        if self.filling.len() > 0 && self.bytes + bytes > self.most_bytes {
            let chunk = self.take();
            self.ready.push_back(Step::Send(chunk));
        }
        self.filling.push(index, record);
        self.filling.digest = digest.map(|digest| {
            let before = self.filling.digest.unwrap_or_default();
            before.wrapping_add(digest)
        });
        self.bytes += bytes;
        if self.filling.len() >= self.most {
            let chunk = self.take();
            self.ready.push_back(Step::Send(chunk));
        }
    }

    /// Reads no more; tells what becomes of those that were read and not begun.
    pub(super) fn stop(&mut self, not_sent: &State) -> Vec<Outcome> {
        self.ended = true;
        let mut steps = std::mem::take(&mut self.ready);
        steps.push_back(Step::Send(self.take()));
        if let Some(earlier) = &mut self.earlier {
            steps.extend(earlier.rest());
        }
        let outcomes = steps.into_iter().map(|step| step.leave(not_sent));
        outcomes.flatten().collect()
    }

    pub(super) fn ended(&self) -> bool {
        self.ended && self.ready.is_empty()
    }

    fn take(&mut self) -> Chunk<R> {
        self.bytes = 0;
        std::mem::take(&mut self.filling)
    }
}

/// The bytes of a record and its comma, which are also digested.
fn measure(record: &impl Record, digest: Option<&mut Digest>) -> usize {
    let mut bytes = Bytes { count: 1, digest };
    // What can't be written is sent all the same, and fails there.
    let _ = serde_json::to_writer(&mut bytes, record);
    bytes.count
}

/// Counts what is written.
struct Bytes<'a> {
    count: usize,
    digest: Option<&'a mut Digest>,
}

impl io::Write for Bytes<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.count += bytes.len();
        if let Some(digest) = &mut self.digest {
            digest.add(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
