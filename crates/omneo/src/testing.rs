//! A clock that only goes when it is told to, for tests.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use omneo_api::runtime::BoxFuture;

use crate::timer::Timer;

/// A clock for tests: a pause is over at once and moves the clock on by its length.
///
/// Time limits are told from pauses by their length: one of [`LIMIT`] or more never passes.
#[derive(Debug)]
pub(crate) struct ManualTimer {
    start: (Instant, SystemTime),
    state: Mutex<(Duration, Vec<Duration>)>,
}

/// What a test sets as a time limit that is not to pass.
pub(crate) const LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

impl Default for ManualTimer {
    fn default() -> Self {
        Self {
            // 2024-01-31 00:00:00 UTC
            start: (
                Instant::now(),
                SystemTime::UNIX_EPOCH + Duration::from_secs(1_706_659_200),
            ),
            state: Mutex::default(),
        }
    }
}

impl ManualTimer {
    pub(crate) fn advance(&self, by: Duration) {
        self.change(|(passed, _)| *passed += by);
    }

    /// The time since the start.
    pub(crate) fn passed(&self) -> Duration {
        self.change(|(passed, _)| *passed)
    }

    /// The pauses that were made.
    pub(crate) fn pauses(&self) -> Vec<Duration> {
        self.change(|(_, pauses)| pauses.clone())
    }

    fn change<T>(&self, change: impl FnOnce(&mut (Duration, Vec<Duration>)) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Timer for ManualTimer {
    fn now(&self) -> Instant {
        self.start.0 + self.change(|(passed, _)| *passed)
    }

    fn system_now(&self) -> SystemTime {
        self.start.1 + self.change(|(passed, _)| *passed)
    }

    fn sleep(&self, pause: Duration) -> BoxFuture<'static, ()> {
        if pause >= LIMIT {
            return Box::pin(std::future::pending());
        }
        self.change(|(passed, pauses)| {
            *passed += pause;
            pauses.push(pause);
        });
        Box::pin(async {})
    }
}
