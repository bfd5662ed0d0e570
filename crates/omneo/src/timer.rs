//! The clock and the pauses of a client.

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use omneo_api::runtime::BoxFuture;

/// Tells the time and waits: behind every pause, time limit and expiry of a client.
///
/// A test puts a [`ManualTimer`](crate::testing::ManualTimer) in place, with [`Builder::timer`](crate::Builder::timer),
/// and need not wait.
pub trait Timer: fmt::Debug + Send + Sync + 'static {
    /// A clock that never goes back.
    fn now(&self) -> Instant;

    /// The time of day: what a token's expiry and a `Retry-After` date are compared with.
    fn system_now(&self) -> SystemTime;

    /// Waits for a pause to be over: before a repeat, or for the rate limit.
    fn sleep(&self, pause: Duration) -> BoxFuture<'static, ()>;

    /// Waits for a time limit to pass, beside what is limited by it. As long as [`sleep`](Timer::sleep), unless a test
    /// tells them apart.
    fn limit(&self, limit: Duration) -> BoxFuture<'static, ()> {
        self.sleep(limit)
    }
}

/// The system's clock and tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioTimer;

impl Timer for TokioTimer {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, pause: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(pause))
    }
}
