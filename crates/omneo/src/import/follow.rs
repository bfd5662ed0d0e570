//! An import at the server.

use std::fmt;
use std::time::Duration;

use futures_util::Stream;
use omneo_api::Error;
use omneo_api::resources::ImportJobs;
use omneo_api::types::{Import, ImportJobExportInput, ImportStatus};
use omneo_types::{Id, OpenEnum};

use super::poll::poll;
use super::{Export, FailedRow, jobs, rows};
use crate::batch::{Outcome, Report};
use crate::client::Omneo;

/// How long an import is waited for, unless it is said otherwise.
const WAIT: Duration = Duration::from_secs(60 * 60);

/// An import at the server: what an upload gives, or [`Omneo::follow`] by its id.
pub struct Follow {
    omneo: Omneo,
    id: Id,
    wait: Duration,
    tell: Option<Tell>,
}

type Tell = Box<dyn FnMut(&Import) + Send>;

impl Follow {
    pub(super) fn new(omneo: &Omneo, id: Id) -> Self {
        Self {
            omneo: omneo.clone(),
            id,
            wait: WAIT,
            tell: None,
        }
    }

    /// The import's id.
    #[must_use]
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// How long [`report`](Self::report) waits for the import. An hour; with no time at all it says how things are.
    #[must_use]
    pub fn wait(mut self, time: Duration) -> Self {
        self.wait = time;
        self
    }

    /// Is called each time that the import was read, with its state, its counts and its progress. Of what the progress is a
    /// part is not documented.
    #[must_use]
    pub fn on_progress(mut self, call: impl FnMut(&Import) + Send + 'static) -> Self {
        self.tell = Some(Box::new(call));
        self
    }

    /// Waits until the import is worked off, and sums up its jobs. The failed and the unknown ones are all held; where that
    /// may be too many, read [`outcomes`](Self::outcomes).
    ///
    /// Of more jobs than a page has, only those that failed are read if the server's counts tell the rest.
    ///
    /// # Errors
    ///
    /// Whatever keeps the import or its jobs from being read: see [`Error`]. That the time is up is none.
    pub async fn report(self) -> Result<Imported, Error> {
        let Self {
            omneo,
            id,
            wait,
            mut tell,
        } = self;
        let imports = omneo.imports();
        let import = poll(
            &omneo,
            wait,
            || imports.get(&id),
            |import| {
                if let Some(tell) = &mut tell {
                    tell(import);
                }
                is_done(import.status.as_ref())
            },
        )
        .await?;
        let jobs = jobs::report(&omneo.import(&id).jobs()).await?;
        Ok(Imported { import, jobs })
    }

    /// What became of each job so far, in the order of their ids; none of them is held.
    ///
    /// An error ends the stream.
    pub fn outcomes(&self) -> impl Stream<Item = Result<Outcome, Error>> + Send + Unpin + use<> {
        jobs::outcomes(&self.jobs())
    }

    /// The jobs that failed so far, with their data.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), Box<dyn std::error::Error>> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// #[derive(Debug, serde::Deserialize)]
    /// struct Customer {
    ///     email: String,
    /// }
    ///
    /// let mut rows = omneo.follow(7).failed_rows();
    /// while let Some(row) = rows.try_next().await? {
    ///     eprintln!("{:?}: {}", row.read::<Customer>()?, row.why);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// An error ends the stream.
    pub fn failed_rows(
        &self,
    ) -> impl Stream<Item = Result<FailedRow, Error>> + Send + Unpin + use<> {
        rows::failed(&self.jobs())
    }

    /// Has the server write out the jobs in one state.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding: see [`Error`].
    pub async fn export(&self, state: impl Into<OpenEnum<ImportStatus>>) -> Result<Export, Error> {
        let text = self
            .jobs()
            .export(&ImportJobExportInput::new(state))
            .await?;
        Ok(text.into())
    }

    fn jobs(&self) -> ImportJobs {
        self.omneo.import(&self.id).jobs()
    }
}

impl fmt::Debug for Follow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow")
            .field("id", &self.id)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

/// Whether nothing more will come of it.
pub(super) fn is_done(state: Option<&OpenEnum<ImportStatus>>) -> bool {
    matches!(
        state.and_then(OpenEnum::known),
        Some(ImportStatus::Success | ImportStatus::Failed)
    )
}

/// What became of an import.
#[derive(Debug)]
#[non_exhaustive]
pub struct Imported {
    /// The import as it was read last: its state, and the rows that it counts.
    pub import: Import,
    /// What became of its jobs. The index of an outcome is the place of the job in the order of the ids, and its
    /// `external_id` that of the job's data. Rows of the file, if [they are one job each](Self::has_a_job_for_each_row).
    pub jobs: Report,
}

impl Imported {
    /// Whether the server has worked it off, and no row has failed.
    #[must_use]
    pub fn is_success(&self) -> bool {
        let failed = self
            .import
            .failed_count
            .map_or(0, omneo_types::Integer::get);
        let status = self.import.status.as_ref();
        status.is_some_and(|status| *status == ImportStatus::Success)
            && failed == 0
            && self.jobs.is_success()
    }

    /// Whether the server is done with it, well or not. Else the time was up.
    #[must_use]
    pub fn is_done(&self) -> bool {
        is_done(self.import.status.as_ref())
    }

    /// Whether there are as many jobs as the import counts rows, so that an outcome is a row's. Where not, only the import's
    /// counts tell of rows.
    #[must_use]
    pub fn has_a_job_for_each_row(&self) -> bool {
        let count = self
            .import
            .count
            .and_then(|count| u64::try_from(count.get()).ok());
        count == Some(self.jobs.total)
    }
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { import, jobs } = self;
        f.write_str("import")?;
        if let Some(id) = &import.id {
            write!(f, " {id}")?;
        }
        match &import.status {
            Some(status) => write!(f, ": {status}")?,
            None => f.write_str(": no state")?,
        }
        if let Some(count) = import.count {
            write!(f, ", {count} rows")?;
        }
        if let Some(failed) = import.failed_count {
            write!(f, ", {failed} failed")?;
        }
        write!(f, "; jobs: {jobs}")
    }
}
