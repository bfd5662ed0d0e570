//! What becomes of each record.

use std::fmt;

use omneo_api::Error;
use omneo_types::Id;

use super::chunk::Key;

/// What became of one record.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// Its place in the input, from 0.
    pub index: u64,
    /// Its id in the caller's own system, where it has one.
    pub external_id: Option<Id>,
    /// The profile that it is of, as the record names it: an id, or an identity's identifier.
    pub profile_id: Option<Id>,
    /// What became of it.
    pub state: State,
}

impl Outcome {
    pub(super) fn all(keys: Vec<Key>, state: &State) -> impl Iterator<Item = Self> {
        keys.into_iter().map(|key| key.outcome(state.clone()))
    }
}

/// What became of a record: exactly one of four.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum State {
    /// The server took it and did not say yet what came of it.
    Accepted {
        /// The batch to read for it, `omneo.batches().get(id)`, where the server names one.
        batch: Option<Id>,
    },
    /// It is done.
    Succeeded {
        /// The id of what was made or changed, where the server tells.
        id: Option<Id>,
    },
    /// It was not done, and why.
    Failed(String),
    /// It is not known whether it was done, and why not. To be looked for before it is sent again.
    Unknown(String),
}

impl fmt::Display for State {
    /// The state in a word, or why it is as it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { .. } => f.write_str("accepted"),
            Self::Succeeded { .. } => f.write_str("succeeded"),
            Self::Failed(why) => f.write_str(why),
            Self::Unknown(why) => write!(f, "not known whether it was done: {why}"),
        }
    }
}

/// What became of all: the four counts add up to the records that were read.
#[derive(Debug, Default)]
#[non_exhaustive]
#[must_use = "it tells what was not done"]
pub struct Report {
    /// The records that were read.
    pub total: u64,
    /// Taken by the server, which did not say yet what came of them.
    pub accepted: u64,
    /// Done.
    pub succeeded: u64,
    /// Not done, and why.
    pub failed: Vec<Outcome>,
    /// Not known whether done, and why not.
    pub unknown: Vec<Outcome>,
    /// The batches of the server's that these records became; none where each was sent alone.
    pub batches: u64,
    /// What ended the run before the input did: what is wrong for all records.
    pub stopped: Option<Error>,
    /// Whether the run was cancelled before the input ended.
    pub cancelled: bool,
}

impl Report {
    pub(crate) fn count(&mut self, outcome: Outcome) {
        self.total += 1;
        match &outcome.state {
            State::Accepted { .. } => self.accepted += 1,
            State::Succeeded { .. } => self.succeeded += 1,
            State::Failed(_) => self.failed.push(outcome),
            State::Unknown(_) => self.unknown.push(outcome),
        }
    }

    /// Whether every record was read, and done.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.succeeded == self.total && self.stopped.is_none() && !self.cancelled
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} records: {} succeeded, {} accepted, {} failed, {} unknown",
            self.total,
            self.succeeded,
            self.accepted,
            self.failed.len(),
            self.unknown.len()
        )?;
        if self.cancelled {
            f.write_str("; cancelled")?;
        }
        match &self.stopped {
            Some(error) => write!(f, "; stopped: {error}"),
            None => Ok(()),
        }
    }
}
