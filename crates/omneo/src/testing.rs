//! What a test of code that uses this crate needs not to wait.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use omneo_api::runtime::BoxFuture;
use tokio::sync::Notify;

use crate::timer::Timer;

/// A clock that stands still: a pause is over at once and moves it on by its length, and a time limit passes only when
/// the test says so.
///
/// It starts on 31 January 2024 at midnight, UTC. Clones are the same clock.
///
/// ```
/// use std::time::Duration;
///
/// use omneo::testing::ManualTimer;
///
/// let timer = ManualTimer::new();
/// let omneo = omneo::Omneo::builder().tenant("acme").token("t").timer(timer.clone()).build()?;
/// // Whatever `omneo` is asked to do here, it waits for nothing but the server.
/// assert_eq!(timer.pauses(), []);
/// timer.advance(Duration::from_secs(3600));
/// # Ok::<(), omneo::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ManualTimer {
    start: (Instant, SystemTime),
    state: Arc<Mutex<State>>,
    expired: Arc<Notify>,
}

#[derive(Debug, Default)]
struct State {
    passed: Duration,
    pauses: Vec<Duration>,
}

impl State {
    fn pass(&mut self, time: Duration) {
        // Clocks have an end, and pauses that a server asks for may go beyond it.
        let century = Duration::from_secs(100 * 365 * 86_400);
        self.passed = self.passed.saturating_add(time).min(century);
    }
}

impl Default for ManualTimer {
    fn default() -> Self {
        Self::new()
    }
}

impl ManualTimer {
    /// A clock at its start.
    #[must_use]
    pub fn new() -> Self {
        Self {
            start: (
                Instant::now(),
                SystemTime::UNIX_EPOCH + Duration::from_secs(1_706_659_200),
            ),
            state: Arc::default(),
            expired: Arc::default(),
        }
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        change(&self.state, |state| {
            state.pass(by);
        });
    }

    /// Lets every time limit pass that something waits for, and moves the clock on by its length.
    pub fn expire_limits(&self) {
        self.expired.notify_waiters();
    }

    /// The time since the start.
    #[must_use]
    pub fn passed(&self) -> Duration {
        change(&self.state, |state| state.passed)
    }

    /// The pauses that were made, in their order.
    #[must_use]
    pub fn pauses(&self) -> Vec<Duration> {
        change(&self.state, |state| state.pauses.clone())
    }
}

fn change<T>(state: &Mutex<State>, change: impl FnOnce(&mut State) -> T) -> T {
    change(&mut state.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Timer for ManualTimer {
    fn now(&self) -> Instant {
        self.start.0 + self.passed()
    }

    fn system_now(&self) -> SystemTime {
        self.start.1 + self.passed()
    }

    fn sleep(&self, pause: Duration) -> BoxFuture<'static, ()> {
        change(&self.state, |state| {
            state.pass(pause);
            state.pauses.push(pause);
        });
        Box::pin(async {})
    }

    fn limit(&self, limit: Duration) -> BoxFuture<'static, ()> {
        // It counts from here on, not from the first poll.
        let expired = self.expired.clone().notified_owned();
        let state = self.state.clone();
        Box::pin(async move {
            expired.await;
            change(&state, |state| {
                state.pass(limit);
            });
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::ManualTimer;
    use crate::timer::Timer;

    #[tokio::test]
    async fn no_time_is_too_long() {
        let timer = ManualTimer::new();
        timer.sleep(Duration::MAX).await;
        timer.advance(Duration::MAX);
        assert!(timer.now() < timer.now() + Duration::from_secs(1));
        assert!(timer.system_now() > std::time::SystemTime::UNIX_EPOCH + timer.passed());
    }
}
