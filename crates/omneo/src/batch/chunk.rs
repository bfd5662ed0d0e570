//! Records gathered into requests.

use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use omneo_types::Id;

use super::record::Record;

/// Records that go in one request.
#[derive(Debug)]
pub(super) struct Chunk<R> {
    pub(super) indexes: Vec<u64>,
    pub(super) records: Vec<R>,
    pub(super) bytes: usize,
}

impl<R> Default for Chunk<R> {
    fn default() -> Self {
        Self {
            indexes: Vec::new(),
            records: Vec::new(),
            bytes: 0,
        }
    }
}

impl<R: Record> Chunk<R> {
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    fn push(&mut self, index: u64, record: R, bytes: usize) {
        self.indexes.push(index);
        self.records.push(record);
        self.bytes += bytes;
    }

    /// Its second half.
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        Self {
            indexes: self.indexes.split_off(at),
            records: self.records.split_off(at),
            bytes: 0,
        }
    }

    /// What its outcomes are told apart by.
    pub(super) fn keys(&self) -> Vec<(u64, Option<Id>)> {
        let ids = self
            .records
            .iter()
            .map(|record| record.external_id().cloned());
        self.indexes.iter().copied().zip(ids).collect()
    }
}

/// Gathers a stream into chunks.
pub(super) struct Chunks<R, S> {
    records: Pin<Box<S>>,
    next_index: u64,
    most: usize,
    most_bytes: usize,
    filling: Chunk<R>,
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
            let index = self.next_index;
            self.next_index += 1;
            // A record that can't be written is sent all the same, and fails by itself.
            let bytes = serde_json::to_vec(&record).map_or(0, |json| json.len() + 1);
            let is_over = self.filling.len() > 0 && self.filling.bytes + bytes > self.most_bytes;
            let full = is_over.then(|| std::mem::take(&mut self.filling));
            self.filling.push(index, record, bytes);
            if full.is_some() {
                return full;
            }
            if self.filling.len() >= self.most {
                break;
            }
        }
        let chunk = std::mem::take(&mut self.filling);
        (chunk.len() > 0).then_some(chunk)
    }

    pub(super) fn ended(&self) -> bool {
        self.ended && self.filling.len() == 0
    }
}
