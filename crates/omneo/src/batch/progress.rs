//! How far a run is.

use std::fmt;
use std::time::{Duration, Instant};

use super::outcome::{Outcome, State};

/// How far a run is: what came of the records so far.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Progress {
    /// Taken by the server, which did not say what came of them in time.
    pub accepted: u64,
    /// Done.
    pub succeeded: u64,
    /// Not done.
    pub failed: u64,
    /// Not known whether done.
    pub unknown: u64,
    /// How many of these are of an earlier run, as its [`Checkpoint`](super::Checkpoint) tells.
    pub earlier: u64,
    /// How many records there are in all, if [`Batch::expect`](super::Batch::expect) was told.
    pub expected: Option<u64>,
    /// How long it has taken so far.
    pub elapsed: Duration,
    started: Instant,
}

impl Progress {
    pub(super) fn new(started: Instant, expected: Option<u64>) -> Self {
        Self {
            accepted: 0,
            succeeded: 0,
            failed: 0,
            unknown: 0,
            earlier: 0,
            expected,
            elapsed: Duration::ZERO,
            started,
        }
    }

    pub(super) fn count(&mut self, outcome: &Outcome) {
        *match outcome.state {
            State::Accepted { .. } => &mut self.accepted,
            State::Succeeded { .. } => &mut self.succeeded,
            State::Failed(_) => &mut self.failed,
            State::Unknown(_) => &mut self.unknown,
        } += 1;
    }

    pub(super) fn at(&mut self, now: Instant) {
        self.elapsed = now.saturating_duration_since(self.started);
    }

    /// The records of which it is known what came.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.accepted + self.succeeded + self.failed + self.unknown
    }

    /// How many a second in this run, on the average; 0 before the first.
    #[must_use]
    pub fn rate(&self) -> f64 {
        #[allow(clippy::cast_precision_loss)] // nobody counts that far
        let done = self.done().saturating_sub(self.earlier) as f64;
        // At once is as quick as can be told.
        done / self.elapsed.as_secs_f64().max(1e-3)
    }

    /// How long the rest takes at this rate; `None` while there is nothing to tell it by.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let left = self.expected?.saturating_sub(self.done());
        #[allow(clippy::cast_precision_loss)]
        Duration::try_from_secs_f64(left as f64 / self.rate()).ok()
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.done())?;
        if let Some(expected) = self.expected {
            write!(f, " of {expected}")?;
        }
        write!(f, " records, {:.0}/s", self.rate())?;
        if let Some(remaining) = self.remaining() {
            write!(f, ", {} s left", remaining.as_secs())?;
        }
        for (count, state) in [(self.failed, "failed"), (self.unknown, "unknown")] {
            if count > 0 {
                write!(f, ", {count} {state}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Progress;

    #[test]
    fn what_remains_follows_from_the_rate() {
        let start = Instant::now();
        let mut progress = Progress::new(start, Some(1_000));
        assert_eq!((progress.rate(), progress.remaining()), (0.0, None));
        progress.at(start + Duration::from_secs(10));
        progress.succeeded = 190;
        progress.failed = 10;
        assert_eq!(progress.rate(), 20.0);
        assert_eq!(progress.remaining(), Some(Duration::from_secs(40)));
        assert_eq!(
            progress.to_string(),
            "200 of 1000 records, 20/s, 40 s left, 10 failed"
        );
    }

    #[test]
    fn more_than_was_expected_leaves_nothing() {
        let start = Instant::now();
        let mut progress = Progress::new(start, Some(1));
        progress.succeeded = 5;
        assert_eq!(progress.remaining(), Some(Duration::ZERO));
    }
}
