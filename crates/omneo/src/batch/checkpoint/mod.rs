//! What a run has done so far, kept so that another can go on where it broke off.

mod digest;
mod entry;
mod file;
mod log;
mod past;

use std::fmt;
use std::io;
use std::path::Path;

use omneo_api::Error;
use omneo_api::runtime::BoxFuture;
use omneo_types::Id;

pub(super) use digest::Digest;
pub(super) use entry::{Ending, Entry, Indexes, VERSION};
pub(super) use log::Log;
pub(super) use past::{Fate, Past};

/// What a run has done so far: with it a run that broke off, by a crash or a power cut, is gone on with by another, and no
/// record is sent twice or left out.
///
/// ```no_run
/// # #[cfg(feature = "commerce")]
/// # async fn run(
/// #     omneo: omneo::Omneo,
/// #     rows: Vec<omneo::types::TransactionBatchRowInput>,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::stream;
/// use omneo::batch::Checkpoint;
///
/// // The first time this starts a load, and after a crash it goes on with it.
/// let checkpoint = Checkpoint::file("sales-2024-01-31.checkpoint")?;
/// let report = omneo.batch().checkpoint(checkpoint).send(stream::iter(rows)).report().await;
/// if report.stopped.is_none() && !report.cancelled {
///     std::fs::remove_file("sales-2024-01-31.checkpoint")?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// The run that goes on is given the same records, from the first: it skips what is done, and its [`Report`](super::Report)
/// and its stream of outcomes tell of all of them, those before included. What was done before is told without the id that
/// it got. A digest of the records is kept, and where they are others the run [stops](super::Report::stopped).
///
/// | what had become of a record | what is done |
/// |---|---|
/// | not read, not sent, or not sent because the run was cancelled or stopped | it is sent |
/// | sent, and no answer yet | as if the answer was [lost](super#answers-that-are-lost) |
/// | taken by the server as a batch, also if it was `Accepted` at last | the batch is read |
/// | `Succeeded`, `Failed`, `Unknown`, or `Accepted` without a batch | it is told again, not sent again |
///
/// A checkpoint is of one load: the next load needs another. It has indexes, times, batches' ids, digests, and what the
/// server said of the records that failed, which may have personal data in it.
pub struct Checkpoint {
    pub(super) log: Log,
    pub(super) past: Past,
}

/// Where a [`Checkpoint`] is kept, if not in a file: a table, say, with a row for each line.
pub trait Store: Send + Sync + 'static {
    /// Adds lines after those that are there, each with its `\n`; done when they would outlive a crash.
    ///
    /// It is called for many requests at a time, and not again before it is done.
    ///
    /// # Errors
    ///
    /// If they may not be there; the run ends.
    fn append(&self, lines: String) -> BoxFuture<'_, io::Result<()>>;
}

impl Checkpoint {
    /// A checkpoint in a file, which is made if there is none. As long as the checkpoint or its run is there, no other process
    /// can have it.
    ///
    /// # Errors
    ///
    /// If the file can't be read or written, if another process has it (`WouldBlock`), or if it is not a checkpoint
    /// (`InvalidData`).
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let mut past = Past::default();
        let store = file::File::open(path.as_ref(), |line| past.add(line))?;
        Ok(Self::of(store, past))
    }

    /// A checkpoint in a store of your own, with the lines that are there, in their order; none at first.
    ///
    /// # Errors
    ///
    /// If a line is not of a checkpoint (`InvalidData`).
    pub fn new(store: impl Store, lines: impl IntoIterator<Item: AsRef<str>>) -> io::Result<Self> {
        let mut past = Past::default();
        for line in lines {
            past.add(line.as_ref())?;
        }
        Ok(Self::of(store, past))
    }

    fn of(store: impl Store, past: Past) -> Self {
        Self {
            log: Log::new(store),
            past,
        }
    }

    /// Whether nothing was sent yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.past.is_empty()
    }

    /// The import and the job that the earlier run's batches belong to.
    pub(crate) fn import(&self) -> Option<&(Id, Id)> {
        self.past.import()
    }

    pub(crate) async fn note_import(&self, import: &Id, job: &Id) -> Result<(), Error> {
        let (import, job) = (import.clone(), job.clone());
        self.log.add(&Entry::Import { import, job }).await
    }
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checkpoint")
            .field("is_new", &self.is_new())
            .finish_non_exhaustive()
    }
}
