//! What the parts of a run share.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use omneo_api::types::Batch;
use omneo_api::{Client, Error};
use omneo_types::Id;
use omneo_types::jiff;
use tokio::sync::Semaphore;

use crate::client::Omneo;
use crate::timer::Timer;

pub(super) struct Context {
    omneo: Omneo,
    /// The import job that the batches belong to.
    pub(super) import_job: Option<Id>,
    /// How long a batch is waited for.
    pub(super) wait: Duration,
    /// The batches that chunks of this run have become.
    batches: Mutex<HashSet<Id>>,
    /// Batches are read by no more requests at once than records are sent by.
    reads: Semaphore,
}

impl Context {
    pub(super) fn new(
        omneo: Omneo,
        import_job: Option<Id>,
        wait: Duration,
        concurrency: usize,
    ) -> Self {
        Self {
            omneo,
            import_job,
            wait,
            batches: Mutex::default(),
            reads: Semaphore::new(concurrency.min(Semaphore::MAX_PERMITS)),
        }
    }

    pub(super) fn omneo(&self) -> &Omneo {
        &self.omneo
    }

    pub(super) fn client(&self) -> &Client {
        self.omneo.api()
    }

    pub(super) fn timer(&self) -> &Arc<dyn Timer> {
        &self.omneo.shared.core.timer
    }

    pub(super) fn now(&self) -> jiff::Timestamp {
        let now = self.timer().system_now();
        jiff::Timestamp::try_from(now).unwrap_or(jiff::Timestamp::MAX)
    }

    /// Reads a batch.
    pub(super) async fn read(&self, batch: &Id) -> Result<Batch, Error> {
        // It is never closed.
        let _permit = self.reads.acquire().await;
        let answer = self.client().batches_show(batch).await?;
        Ok(answer.into_inner().into_inner())
    }

    /// Takes a batch for a chunk; `false` if another has it.
    pub(super) fn claim(&self, batch: &Id) -> bool {
        self.batches().insert(batch.clone())
    }

    pub(super) fn knows(&self, batch: &Id) -> bool {
        self.batches().contains(batch)
    }

    fn batches(&self) -> MutexGuard<'_, HashSet<Id>> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
