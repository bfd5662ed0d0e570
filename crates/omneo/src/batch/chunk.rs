//! Records gathered into requests.

use std::io;
use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use omneo_types::Id;

use super::outcome::{Outcome, State};
use super::record::Record;

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
}

/// Records that go in one request.
#[derive(Debug)]
pub(super) struct Chunk<R> {
    pub(super) indexes: Vec<u64>,
    pub(super) records: Vec<R>,
}

impl<R> Default for Chunk<R> {
    fn default() -> Self {
        Self {
            indexes: Vec::new(),
            records: Vec::new(),
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
        Self {
            indexes: self.indexes.split_off(at),
            records: self.records.split_off(at),
        }
    }

    pub(super) fn keys(&self) -> Vec<Key> {
        let records = self.indexes.iter().zip(&self.records);
        records
            .map(|(index, record)| Key::of(*index, record))
            .collect()
    }

    /// Ends all in one state.
    pub(super) fn end(&self, state: &State) -> impl Iterator<Item = Outcome> {
        Outcome::all(self.keys(), state)
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
            ended: false,
        }
    }

    /// The next chunk; can be dropped and called again without losing a record.
    pub(super) async fn next(&mut self) -> Option<Chunk<R>> {
        while !self.ended {
            let Some(record) = self.records.next().await else {
                self.ended = true;
                break;
            };
            let bytes = size(&record);
            let is_over = self.filling.len() > 0 && self.bytes + bytes > self.most_bytes;
            let full = is_over.then(|| self.take());
            self.filling.push(self.next_index, record);
            self.next_index += 1;
            self.bytes += bytes;
            if full.is_some() {
                return full;
            }
            if self.filling.len() >= self.most {
                break;
            }
        }
        let chunk = self.take();
        (chunk.len() > 0).then_some(chunk)
    }

    /// Reads no more; gives what was read and is in no chunk yet.
    pub(super) fn stop(&mut self) -> Chunk<R> {
        self.ended = true;
        self.take()
    }

    pub(super) fn ended(&self) -> bool {
        self.ended && self.filling.len() == 0
    }

    fn take(&mut self) -> Chunk<R> {
        self.bytes = 0;
        std::mem::take(&mut self.filling)
    }
}

/// The bytes of a record and its comma.
fn size(record: &impl Record) -> usize {
    let mut bytes = Bytes(1);
    // What can't be written is sent all the same, and fails there.
    let _ = serde_json::to_writer(&mut bytes, record);
    bytes.0
}

/// Counts what is written.
struct Bytes(usize);

impl io::Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
