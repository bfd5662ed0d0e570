//! Records that are sent in batches, and belong to one import.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use futures_util::Stream;
use omneo_api::filters::batch;
use omneo_api::runtime::BoxFuture;
use omneo_api::types::{ImportJobFinalizeInput, ImportJobInput, ImportManualInput, ImportStatus};
use omneo_api::{Error, types};
use omneo_types::{Field, Id, Integer, Map, OpenEnum};
use serde_json::Value;

use super::ImportRecord;
use super::follow::is_done;
use super::look::{Before, make, named};
use super::poll::poll;
use crate::batch::{Batch, Canceller, Progress, Record, Report, Run};
use crate::client::Omneo;

impl<R: Record> Batch<R> {
    /// Makes the batches part of an import: one is made, with a job; each batch carries the job's id; and the job is told
    /// how many there were.
    ///
    /// ```no_run
    /// # #[cfg(feature = "profiles")]
    /// # async fn run(omneo: omneo::Omneo, rows: Vec<omneo::types::ProfileBatchItem>) -> Result<(), omneo::Error> {
    /// use futures_util::stream;
    ///
    /// let import = omneo.batch().match_criteria("email").expect(rows.len() as u64).import();
    /// let loaded = import.send(stream::iter(rows)).await?;
    /// println!("{loaded}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// That this is the order of things is inferred: Omneo documents the calls, and not how they go together.
    pub fn import(self) -> ManualImport<R>
    where
        R: ImportRecord,
    {
        ManualImport {
            batch: self,
            handler: R::HANDLER.to_owned(),
            data: Map::default(),
            begun: None,
            finalize_partial: false,
        }
    }
}

/// An import that is to be made for some records: see [`Batch::import`].
#[must_use = "nothing is sent before `send`"]
#[derive(Debug)]
pub struct ManualImport<R: ImportRecord> {
    batch: Batch<R>,
    handler: String,
    data: Map<Value>,
    begun: Option<(Id, Id)>,
    finalize_partial: bool,
}

impl<R: ImportRecord> ManualImport<R> {
    /// The handler of the job, in place of the [record's](ImportRecord::HANDLER).
    pub fn handler(mut self, handler: impl Into<String>) -> Self {
        self.handler = handler.into();
        self
    }

    /// What the job is to keep. Nothing, unless it is said otherwise.
    pub fn data(mut self, data: impl Into<Map<Value>>) -> Self {
        self.data = data.into();
        self
    }

    /// Goes on with an import and a job that were made before, which a [`Checkpoint`](crate::batch::Checkpoint) does by
    /// itself: the [ids](Loaded::import) of a run that stopped half way.
    /// The batches that the job has already are counted with the new ones.
    pub fn resume(mut self, import: impl Into<Id>, job: impl Into<Id>) -> Self {
        self.begun = Some((import.into(), job.into()));
        self
    }

    /// Finalizes the job also if the run stops half way, or if it is not known of some records whether they were taken. Else
    /// the job stays open, so that it can be [gone on with](Self::resume).
    pub fn finalize_partial(mut self) -> Self {
        self.finalize_partial = true;
        self
    }

    /// Makes the import and its job, and sends no record yet: for callers who keep the ids before they go on.
    ///
    /// # Errors
    ///
    /// Whatever keeps the two from being made; of the records nothing was sent. Where an answer was lost, the message says
    /// which imports may have been made of it: they are empty.
    pub async fn open(self) -> Result<OpenImport<R>, Error> {
        let omneo = &self.batch.omneo;
        let checkpoint = self.batch.checkpoint.as_ref();
        let noted = checkpoint.and_then(|checkpoint| checkpoint.import().cloned());
        let begun = self.begun.or(noted);
        let is_resumed = begun.is_some();
        let (import, job) = match begun {
            Some(begun) => begun,
            None => {
                let import = new_import(omneo, self.batch.expected).await?;
                let job = ImportJobInput::new(self.data, self.handler, ImportStatus::Pending);
                let job = new_job(omneo, &import, &job)
                    .await
                    .map_err(|error| error.with_note(format!("import {import} has no job yet")))?;
                if let Some(checkpoint) = checkpoint {
                    checkpoint.note_import(&import, &job).await?;
                }
                (import, job)
            }
        };
        Ok(OpenImport {
            end: End {
                omneo: omneo.clone(),
                import,
                job,
                wait: self.batch.wait,
                is_resumed,
                finalize_partial: self.finalize_partial,
            },
            batch: self.batch,
        })
    }

    /// Makes the import and its job, sends all records of a stream, and finalizes the job.
    ///
    /// # Errors
    ///
    /// As those of [`open`](Self::open). What goes wrong later is in what comes of it.
    pub async fn send<S: Stream<Item = R> + Send>(self, records: S) -> Result<Loaded, Error> {
        let import = self.open().await?;
        Ok(import.send(records).await)
    }
}

async fn new_import(omneo: &Omneo, count: Option<u64>) -> Result<Id, Error> {
    let before = Before::look(omneo).await;
    let count = count.and_then(|count| i64::try_from(count).ok());
    let body = ImportManualInput {
        count: Field::or_absent(count.map(Integer::from)),
    };
    let create = || async {
        let made = omneo.imports().manual(&body).await?;
        made.id.ok_or_else(|| nameless("import"))
    };
    let look = || async {
        let mut found = Vec::new();
        for (id, import) in before.new_since(omneo).await? {
            let is_count = import
                .count
                .is_none_or(|other| count.is_none_or(|count| count == other.get()));
            let is_bare = import.name.is_none() && import.importable_id.is_none();
            if is_count && is_bare && jobs(omneo, &id, 1).await?.is_empty() {
                found.push(id);
            }
        }
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => Err(Error::custom(format!(
                "{} are new and without jobs, and one may be this load's: pass it to `resume` with a job, or begin anew",
                named(&found)
            ))),
        }
    };
    make(omneo, create, look).await
}

async fn new_job(omneo: &Omneo, import: &Id, body: &ImportJobInput) -> Result<Id, Error> {
    let create = || async {
        let made = omneo.import(import).jobs().create(body).await?;
        made.id.ok_or_else(|| nameless("job"))
    };
    let look = || async {
        let mut found = jobs(omneo, import, 2).await?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => Err(Error::custom("the import has more than one job")),
        }
    };
    make(omneo, create, look).await
}

/// The first jobs of an import.
async fn jobs(omneo: &Omneo, import: &Id, most: u32) -> Result<Vec<Id>, Error> {
    let list = omneo.import(import).jobs().list().page_size(most);
    let page = list.page(1).await?;
    Ok(page.into_iter().filter_map(|job| job.id).collect())
}

fn nameless(what: &str) -> Error {
    Error::custom(format!(
        "the server made the {what}, and does not tell its id"
    ))
    .with_effect(omneo_api::Effect::Done)
}

/// An import that was made and has a job, and is sent its records now.
#[must_use = "no record is sent before `send`"]
#[derive(Debug)]
pub struct OpenImport<R: ImportRecord> {
    batch: Batch<R>,
    end: End,
}

impl<R: ImportRecord> OpenImport<R> {
    /// The import's id.
    #[must_use]
    pub fn import(&self) -> &Id {
        &self.end.import
    }

    /// The id of its job.
    #[must_use]
    pub fn job(&self) -> &Id {
        &self.end.job
    }

    /// Sends all records of a stream, and finalizes the job. Nothing is sent before it is awaited.
    pub fn send<'a, S: Stream<Item = R> + Send + 'a>(self, records: S) -> Loading<'a> {
        let Self { batch, end } = self;
        Loading {
            run: batch.import_job(&end.job).send(records),
            end,
        }
    }
}

/// Records of an import on their way; awaited, what came of them.
#[must_use = "nothing is sent before it is awaited"]
#[derive(Debug)]
pub struct Loading<'a> {
    run: Run<'a>,
    end: End,
}

impl<'a> Loading<'a> {
    /// What ends it early, from anywhere.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        self.run.canceller()
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.run.progress()
    }
}

impl<'a> IntoFuture for Loading<'a> {
    type Output = Loaded;
    type IntoFuture = BoxFuture<'a, Loaded>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { mut run, end } = self;
            let report = run.sum_up().await;
            end.reach(report, run.may_be_more_batches()).await
        })
    }
}

/// What is done when the records are sent.
#[derive(Debug)]
struct End {
    omneo: Omneo,
    import: Id,
    job: Id,
    wait: Duration,
    is_resumed: bool,
    finalize_partial: bool,
}

impl End {
    async fn reach(self, report: Report, may_be_more: bool) -> Loaded {
        let finalized = match self.objection(&report) {
            Some(why) => Finalized::No(why),
            None => self.finalize(&report, may_be_more).await,
        };
        let status = match finalized {
            Finalized::Yes { .. } => self.settle().await,
            Finalized::No(_) => None,
        };
        Loaded {
            import: self.import,
            job: self.job,
            finalized,
            status,
            report,
        }
    }

    /// Why the job is left open.
    fn objection(&self, report: &Report) -> Option<String> {
        let is_partial = report.stopped.is_some() || report.cancelled;
        match report.unknown.len() {
            _ if self.finalize_partial => None,
            _ if is_partial => Some("the run ended before its input did".to_owned()),
            0 => None,
            unknown => Some(format!(
                "it is not known of {unknown} records whether they were taken"
            )),
        }
    }

    async fn finalize(&self, report: &Report, may_be_more: bool) -> Finalized {
        let batches = match self.is_resumed || may_be_more {
            true => self.count().await.map(|count| count.max(report.batches)),
            false => Ok(report.batches),
        };
        let batches = match batches {
            Ok(batches) => batches,
            Err(error) => {
                return Finalized::No(format!("the job's batches can't be counted: {error}"));
            }
        };
        match self.tell(batches).await {
            Ok(_) => Finalized::Yes { batches },
            Err(error) => Finalized::No(error.to_string()),
        }
    }

    /// How many batches the server has of the job.
    async fn count(&self) -> Result<u64, Error> {
        let list = self.omneo.batches().list();
        let list = list.filter(batch::import_job_id.eq(self.job.clone()));
        let mut items = list.sort("-created_at").items();
        let mut count = 0;
        while let Some(found) = items.try_next().await? {
            // A server that does not know the filter sends all.
            let is_own = found.import_job_id.is_none_or(|job| job == self.job);
            count += u64::from(is_own);
        }
        Ok(count)
    }

    async fn tell(&self, batches: u64) -> Result<types::ImportJob, Error> {
        let count = i64::try_from(batches).unwrap_or(i64::MAX);
        let body = ImportJobFinalizeInput::new(count);
        let scope = self.omneo.import(&self.import).job(&self.job);
        let create = || scope.finalize(&body);
        let look = || async {
            let job = self.read().await?;
            let told = job.total_batch_count.map(Integer::get);
            Ok((told == Some(count)).then_some(job))
        };
        make(&self.omneo, create, look).await
    }

    async fn settle(&self) -> Option<OpenEnum<ImportStatus>> {
        let job = poll(
            &self.omneo,
            self.wait,
            || self.read(),
            |job| is_done(job.status.as_ref()),
        );
        match job.await {
            Ok(job) => job.status,
            Err(error) => {
                tracing::warn!(%error, job = %self.job, "an import job can not be read");
                None
            }
        }
    }

    async fn read(&self) -> Result<types::ImportJob, Error> {
        self.omneo.import(&self.import).jobs().get(&self.job).await
    }
}

/// What came of the records of an import.
#[derive(Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The import's id.
    pub import: Id,
    /// The id of its job.
    pub job: Id,
    /// Whether the job was told how many batches it has.
    pub finalized: Finalized,
    /// The job's state, when it was worked off or the batch's [time](Batch::wait) was up; `None` if it was not finalized, or
    /// could not be read.
    pub status: Option<OpenEnum<ImportStatus>>,
    /// What came of the records.
    pub report: Report,
}

/// Whether a job was told how many batches it has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finalized {
    /// It was.
    Yes {
        /// How many.
        batches: u64,
    },
    /// It was not, and why. It can be gone on with ([`ManualImport::resume`]), or told by the caller:
    /// `omneo.import(import).job(job).finalize(..)`.
    No(String),
}

impl Loaded {
    /// Whether every record was read and done, the job was finalized, and did not fail.
    #[must_use]
    pub fn is_success(&self) -> bool {
        let status = self.status.as_ref();
        self.report.is_success()
            && matches!(self.finalized, Finalized::Yes { .. })
            && status.is_none_or(|status| *status != ImportStatus::Failed)
    }
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "import {}, job {}: {}; ",
            self.import, self.job, self.report
        )?;
        match &self.finalized {
            Finalized::Yes { batches } => write!(f, "finalized with {batches} batches")?,
            Finalized::No(why) => write!(f, "not finalized: {why}")?,
        }
        match &self.status {
            Some(status) => write!(f, ", {status}"),
            None => Ok(()),
        }
    }
}
