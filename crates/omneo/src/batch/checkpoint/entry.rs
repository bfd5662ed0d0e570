//! A line of a checkpoint.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use omneo_types::Id;
use omneo_types::jiff;
use rangemap::RangeSet;
use serde::{Deserialize, Serialize};

use crate::batch::outcome::{Outcome, State};

/// What this version writes, and can read.
pub(in crate::batch) const VERSION: u32 = 1;

/// What is written down: before records are sent, and whenever something came of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::batch) enum Entry {
    /// The first: what is sent.
    Load { version: u32, records: String },
    /// The import and the job that the batches belong to.
    Import { import: Id, job: Id },
    /// These are about to be sent, for the first time or in another company.
    Sending {
        indexes: Indexes,
        at: jiff::Timestamp,
        /// What they are, if it was not written before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        digest: Option<u64>,
    },
    /// The server took these as a batch.
    Taken { indexes: Indexes, batch: Id },
    /// Nothing more will come of these.
    Ended { indexes: Indexes, state: Ending },
    /// These were not done, and can be sent.
    Open { indexes: Indexes },
}

/// What became of records that are not to be sent again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::batch) enum Ending {
    Succeeded,
    Accepted,
    Failed(String),
    Unknown(String),
}

impl Entry {
    /// What came of records, of which some are `open` for the next run whatever is told of them.
    pub(in crate::batch) fn of(outcomes: &[Outcome], open: &HashSet<u64>) -> Vec<Self> {
        let mut ended = BTreeMap::<Option<Ending>, Vec<u64>>::new();
        for Outcome { index, state, .. } in outcomes {
            let ending = match state {
                _ if open.contains(index) => None,
                // The next run reads the batch.
                State::Accepted { batch: Some(_) } => continue,
                State::Accepted { batch: None } => Some(Ending::Accepted),
                State::Succeeded { .. } => Some(Ending::Succeeded),
                State::Failed(why) => Some(Ending::Failed(why.clone())),
                State::Unknown(why) => Some(Ending::Unknown(why.clone())),
            };
            ended.entry(ending).or_default().push(*index);
        }
        let entries = ended.into_iter().map(|(state, indexes)| {
            let indexes = indexes.into_iter().collect();
            match state {
                Some(state) => Self::Ended { indexes, state },
                None => Self::Open { indexes },
            }
        });
        entries.collect()
    }
}

/// Records by their places in the input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<(u64, u64)>", try_from = "Vec<(u64, u64)>")]
pub(in crate::batch) struct Indexes(RangeSet<u64>);

impl Indexes {
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<u64>> {
        self.0.iter().cloned()
    }

    pub(super) fn count(&self) -> u64 {
        self.ranges().map(|range| range.end - range.start).sum()
    }
}

impl FromIterator<u64> for Indexes {
    fn from_iter<I: IntoIterator<Item = u64>>(indexes: I) -> Self {
        Self(indexes.into_iter().map(|index| index..index + 1).collect())
    }
}

impl From<Indexes> for Vec<(u64, u64)> {
    fn from(indexes: Indexes) -> Self {
        indexes
            .ranges()
            .map(|range| (range.start, range.end))
            .collect()
    }
}

impl TryFrom<Vec<(u64, u64)>> for Indexes {
    type Error = &'static str;

    fn try_from(ranges: Vec<(u64, u64)>) -> Result<Self, Self::Error> {
        match ranges.iter().all(|(start, end)| start < end) {
            true => Ok(Self(
                ranges.into_iter().map(|(start, end)| start..end).collect(),
            )),
            false => Err("a range of indexes ends before it starts"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, Entry, Indexes};

    #[test]
    fn an_entry_is_a_short_line() {
        let entry = Entry::Ended {
            indexes: [0, 1, 2, 7].into_iter().collect(),
            state: Ending::Failed("no such card".to_owned()),
        };
        let line = r#"{"ended":{"indexes":[[0,3],[7,8]],"state":{"failed":"no such card"}}}"#;
        assert_eq!(serde_json::to_string(&entry).unwrap(), line);
        assert_eq!(serde_json::from_str::<Entry>(line).unwrap(), entry);
    }

    #[test]
    fn a_range_that_has_nothing_is_refused() {
        for line in ["[[3,3]]", "[[4,3]]"] {
            assert!(serde_json::from_str::<Indexes>(line).is_err(), "{line}");
        }
    }
}
