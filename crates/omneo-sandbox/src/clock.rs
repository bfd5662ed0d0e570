//! The time that a sandbox goes by.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// The clock of a sandbox: the machine's, or one that stands until it is moved.
///
/// What has become due when it is moved (an expiry, a webhook's repeat) is done soon after; [`Sandbox::settle`](crate::Sandbox::settle) waits for it.
#[derive(Clone, Debug)]
pub struct Clock {
    fixed: Arc<Mutex<Option<Timestamp>>>,
    moved: Arc<tokio::sync::Notify>,
}

impl Clock {
    pub(crate) fn new(fixed: Option<Timestamp>) -> Self {
        Self {
            fixed: Arc::new(Mutex::new(fixed)),
            moved: Arc::default(),
        }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.read().unwrap_or_else(Timestamp::now)
    }

    /// Stops the clock at a time, past or future.
    pub fn set(&self, at: Timestamp) {
        *self.fixed.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
        self.moved.notify_one();
    }

    /// Stops the clock, a span later than it shows. A span that leads out of the calendar changes nothing.
    pub fn advance(&self, span: SignedDuration) {
        if let Ok(at) = self.now().checked_add(span) {
            self.set(at);
        }
    }

    /// Goes by the machine's clock again.
    pub fn run(&self) {
        *self.fixed.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.moved.notify_one();
    }

    /// Whether it stands.
    pub fn is_fixed(&self) -> bool {
        self.read().is_some()
    }

    /// Waits until it was moved.
    pub(crate) async fn moved(&self) {
        self.moved.notified().await;
    }

    fn read(&self) -> Option<Timestamp> {
        *self.fixed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
