//! What the lines of a checkpoint say of the records.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use omneo_types::Id;
use omneo_types::jiff;
use rangemap::RangeMap;

use super::entry::VERSION;
use super::{Ending, Entry, Indexes};

/// How many records at most are held against one digest: less is forgotten by more, and a change is seen later.
const GROUP: u64 = 10_000;

/// What had become of the records.
#[derive(Default)]
pub(in crate::batch) struct Past {
    /// What was sent.
    records: Option<String>,
    /// The import and the job that the batches belong to.
    import: Option<(Id, Id)>,
    fates: RangeMap<u64, Fate>,
    /// When each request began that may have had no answer.
    requests: Vec<jiff::Timestamp>,
    /// The batches that requests became, those that ended too.
    batches: Vec<Id>,
    /// The digest of each record's group.
    groups: RangeMap<u64, usize>,
    digests: Vec<Digest>,
}

/// What had become of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::batch) enum Fate {
    /// It is to be sent.
    Open,
    /// It was sent with a request that has this number, and there was no answer yet.
    Sent(usize),
    /// It is in a batch of the server's.
    Taken(Id),
    /// Nothing more will come of it.
    Ended(Arc<Ending>),
}

/// What records were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Digest {
    count: u64,
    sum: u64,
}

impl Past {
    pub(super) fn add(&mut self, line: &str) -> io::Result<()> {
        let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidData, message);
        let entry = serde_json::from_str(line)
            .map_err(|error| invalid(format!("this is not a line of a checkpoint: {error}")))?;
        match entry {
            Entry::Load { version, records } if self.records.is_none() => {
                if version > VERSION {
                    let message = "a newer version of this library wrote this checkpoint: use that";
                    return Err(invalid(message.to_owned()));
                }
                self.records = Some(records);
            }
            Entry::Load { .. } => {
                return Err(invalid(
                    "this starts a second load: use a checkpoint for each".to_owned(),
                ));
            }
            Entry::Import { import, job } => self.import = Some((import, job)),
            _ if self.records.is_none() => {
                return Err(invalid(
                    "the first line of a checkpoint is missing".to_owned(),
                ));
            }
            Entry::Sending {
                indexes,
                at,
                digest,
            } => {
                if let Some(sum) = digest {
                    self.digest(&indexes, sum);
                }
                let fate = Fate::Sent(self.requests.len());
                self.requests.push(at);
                self.set(&indexes, &fate);
            }
            Entry::Taken { indexes, batch } => {
                self.batches.push(batch.clone());
                self.set(&indexes, &Fate::Taken(batch));
            }
            Entry::Ended { indexes, state } => self.set(&indexes, &Fate::Ended(Arc::new(state))),
            Entry::Open { indexes } => self.set(&indexes, &Fate::Open),
        }
        Ok(())
    }

    fn set(&mut self, indexes: &Indexes, fate: &Fate) {
        for range in indexes.ranges() {
            self.fates.insert(range, fate.clone());
        }
    }

    fn digest(&mut self, indexes: &Indexes, sum: u64) {
        // Of which a part was sent before: that part can't be told from the rest.
        if indexes.ranges().any(|range| self.groups.overlaps(&range)) {
            return;
        }
        let new = Digest {
            count: indexes.count(),
            sum,
        };
        let before = indexes.ranges().next().and_then(|range| {
            let group = *self.groups.get(&range.start.checked_sub(1)?)?;
            Some((group, self.digests.get(group)?.plus(new)))
        });
        let group = match before {
            Some((group, both)) if both.count <= GROUP => {
                self.digests[group] = both;
                group
            }
            _ => {
                self.digests.push(new);
                self.digests.len() - 1
            }
        };
        for range in indexes.ranges() {
            self.groups.insert(range, group);
        }
    }

    pub(in crate::batch) fn is_empty(&self) -> bool {
        self.records.is_none()
    }

    /// What was sent; `None` if nothing was.
    pub(in crate::batch) fn records(&self) -> Option<&str> {
        self.records.as_deref()
    }

    pub(in crate::batch) fn fate(&self, index: u64) -> &Fate {
        self.fates.get(&index).unwrap_or(&Fate::Open)
    }

    pub(super) fn import(&self) -> Option<&(Id, Id)> {
        self.import.as_ref()
    }

    pub(in crate::batch) fn batches(&self) -> &[Id] {
        &self.batches
    }

    /// When a request began.
    pub(in crate::batch) fn began(&self, request: usize) -> Option<jiff::Timestamp> {
        self.requests.get(request).copied()
    }

    /// Where the records end of which something is known.
    pub(in crate::batch) fn end(&self) -> u64 {
        self.fates
            .last_range_value()
            .map_or(0, |(range, _)| range.end)
    }

    /// How many records have each fate that they share with others.
    pub(in crate::batch) fn sizes(&self) -> (HashMap<usize, usize>, HashMap<Id, usize>) {
        let (mut requests, mut batches) = (HashMap::new(), HashMap::new());
        for (range, fate) in self.fates.iter() {
            let count = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
            match fate {
                Fate::Sent(request) => *requests.entry(*request).or_default() += count,
                Fate::Taken(batch) => *batches.entry(batch.clone()).or_default() += count,
                Fate::Open | Fate::Ended(_) => {}
            }
        }
        (requests, batches)
    }

    /// Holds a record that was read against what it was; `false` if it and those around it are others.
    pub(in crate::batch) fn is_same(&mut self, index: u64, digest: u64) -> bool {
        let Some(group) = self.groups.get(&index) else {
            return true;
        };
        let left = &mut self.digests[*group];
        // What is left when all are read is nothing.
        left.count = left.count.saturating_sub(1);
        left.sum = left.sum.wrapping_sub(digest);
        left.count > 0 || left.sum == 0
    }
}

impl Digest {
    fn plus(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: self.sum.wrapping_add(other.sum),
        }
    }
}
