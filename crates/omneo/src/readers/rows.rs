//! Rows, whatever the file's format.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::error::{Bad, FileError};
use super::raw::RawRow;
use super::{Csv, Ndjson, csv, ndjson};

/// How long a row may be unless told otherwise.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// A row of a file, as a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<T> {
    /// The line of the file that it starts on, from 1.
    pub line: u64,
    /// Its place among the records, from 0: that of the record in a batch of all of them. Bad rows are not counted.
    pub index: u64,
    /// The record.
    pub record: T,
}

/// The rows of a file: an iterator, and by `futures::stream::iter` a stream. It waits for the disk as it reads.
///
/// A bad row is an item, and the next row comes after it. After [`Bad::File`] nothing comes.
#[must_use = "an iterator reads nothing unless it is asked for rows"]
pub struct Rows<T> {
    state: State,
    index: u64,
    record: PhantomData<fn() -> T>,
}

enum State {
    Csv(Box<Csv>),
    Ndjson(Box<Ndjson>),
    CsvRows(Box<csv::Reader>),
    NdjsonRows(Box<ndjson::Reader>),
    Over,
}

impl<T: DeserializeOwned> Rows<T> {
    pub(super) fn csv(csv: Csv) -> Self {
        Self::of(State::Csv(Box::new(csv)))
    }

    pub(super) fn ndjson(ndjson: Ndjson) -> Self {
        Self::of(State::Ndjson(Box::new(ndjson)))
    }

    fn of(state: State) -> Self {
        Self {
            state,
            index: 0,
            record: PhantomData,
        }
    }

    fn start(&mut self) -> Result<(), FileError> {
        self.state = match std::mem::replace(&mut self.state, State::Over) {
            State::Csv(csv) => State::CsvRows(Box::new(csv::Reader::new::<T>(*csv)?)),
            State::Ndjson(ndjson) => State::NdjsonRows(Box::new(ndjson::Reader::new(*ndjson)?)),
            started => started,
        };
        Ok(())
    }
}

impl<T> Rows<T> {
    /// The row that came last, good or bad, as it stands in the file; none before the first and after the end.
    #[must_use]
    pub fn raw(&self) -> Option<RawRow> {
        match &self.state {
            State::CsvRows(rows) => Some(rows.raw()),
            State::NdjsonRows(rows) => Some(rows.raw()),
            State::Csv(_) | State::Ndjson(_) | State::Over => None,
        }
    }
}

impl<T: DeserializeOwned> Iterator for Rows<T> {
    type Item = Result<Row<T>, Bad>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.start() {
            return Some(Err(Bad::File(error)));
        }
        let next = match &mut self.state {
            State::CsvRows(rows) => rows.next(),
            State::NdjsonRows(rows) => rows.next(),
            State::Csv(_) | State::Ndjson(_) | State::Over => None,
        };
        if matches!(next, None | Some(Err(Bad::File(_)))) {
            self.state = State::Over;
        }
        Some(next?.map(|(line, record)| {
            let index = self.index;
            self.index += 1;
            Row {
                line,
                index,
                record,
            }
        }))
    }
}

impl<T: DeserializeOwned> std::iter::FusedIterator for Rows<T> {}

impl<T> std::fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}
