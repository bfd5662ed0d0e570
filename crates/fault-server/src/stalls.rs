//! Requests that wait for the test.

use tokio::sync::{Notify, Semaphore};

#[derive(Debug)]
pub(crate) struct Stalls {
    pub(crate) reached: Events,
    pub(crate) abandoned: Events,
    release: Notify,
}

impl Stalls {
    pub(crate) fn new() -> Self {
        Self {
            reached: Events(Semaphore::new(0)),
            abandoned: Events(Semaphore::new(0)),
            release: Notify::new(),
        }
    }

    /// Reports a stall, and waits until it is released.
    pub(crate) async fn stall(&self) {
        // Made before the report: who hears of it may release at once.
        let released = self.release.notified();
        self.reached.report();
        released.await;
    }

    pub(crate) fn release(&self) {
        self.release.notify_waiters();
    }

    pub(crate) fn close(&self) {
        self.reached.0.close();
        self.abandoned.0.close();
    }
}

/// Events that a test waits for: a permit for each that no wait has taken yet.
#[derive(Debug)]
pub(crate) struct Events(Semaphore);

impl Events {
    pub(crate) fn report(&self) {
        self.0.add_permits(1);
    }

    /// Waits for the next event.
    ///
    /// # Panics
    ///
    /// If there can be none any more.
    pub(crate) async fn next(&self) {
        self.0
            .acquire()
            .await
            .expect("the server has ended: a closure that it was given panicked")
            .forget();
    }
}
