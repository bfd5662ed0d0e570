//! What the parts of a run share.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use omneo_api::types::Batch;
use omneo_api::{Client, Error};
use omneo_types::Id;
use omneo_types::jiff;
use tokio::sync::Semaphore;

use super::checkpoint::{Entry, Log, Past, VERSION};
use super::outcome::Outcome;
use super::record::Record;
use crate::client::Omneo;
use crate::timer::Timer;

pub(super) struct Context {
    omneo: Omneo,
    /// The import job that the batches belong to.
    pub(super) import_job: Option<Id>,
    /// How long a batch is waited for.
    pub(super) wait: Duration,
    /// Where it is written down what is done.
    log: Option<Log>,
    /// Whether the server took anything in this run.
    has_taken: AtomicBool,
    /// The batches that chunks of this run, or the one before it, have become.
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
            log: None,
            has_taken: AtomicBool::new(false),
            batches: Mutex::default(),
            reads: Semaphore::new(concurrency.min(Semaphore::MAX_PERMITS)),
        }
    }

    /// Writes down what is done, after what was done before.
    pub(super) fn write<R: Record>(&mut self, log: Log, past: &Past) {
        self.batches().extend(past.batches().iter().cloned());
        if past.is_empty() {
            log.put(&Entry::Load {
                version: VERSION,
                records: R::KIND.to_owned(),
            });
        }
        self.log = Some(log);
    }

    /// Writes something down, if there is a checkpoint.
    pub(super) async fn note(&self, entry: impl FnOnce() -> Entry) -> Result<(), Error> {
        match &self.log {
            Some(log) => log.add(&entry()).await,
            None => Ok(()),
        }
    }

    /// Writes down what came of records: of those that the next run should send, that they are open.
    pub(super) async fn note_all(
        &self,
        outcomes: &[Outcome],
        open: &HashSet<u64>,
    ) -> Result<(), Error> {
        let Some(log) = &self.log else {
            return Ok(());
        };
        for entry in Entry::of(outcomes, open) {
            log.put(&entry);
        }
        log.flush().await
    }

    pub(super) fn took(&self) {
        self.has_taken.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_taken(&self) -> bool {
        self.has_taken.load(Ordering::Relaxed)
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
