//! Rows that the server failed.

use futures_util::{Stream, TryStreamExt as _};
use omneo_api::filters::import_job;
use omneo_api::resources::ImportJobs;
use omneo_api::types::{ImportJob, ImportStatus};
use omneo_api::{Error, List};
use omneo_types::{Id, Map};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::jobs::why;

/// A job of an import that failed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FailedRow {
    /// The job.
    pub job: Option<Id>,
    /// Why it failed, by its result.
    pub why: String,
    /// What it was to do.
    pub data: Map<Value>,
}

impl FailedRow {
    /// What it was to do, as a type of the caller's.
    ///
    /// # Errors
    ///
    /// If the data does not fit the type.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        let data = self
            .data
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()));
        serde_json::from_value(Value::Object(data.collect()))
    }
}

/// The jobs in one state.
pub(super) fn in_state(jobs: &ImportJobs, state: ImportStatus) -> List<ImportJob> {
    jobs.list().filter(import_job::status.eq(state.to_string()))
}

pub(super) fn failed(
    jobs: &ImportJobs,
) -> impl Stream<Item = Result<FailedRow, Error>> + Send + Unpin + use<> {
    let jobs = in_state(jobs, ImportStatus::Failed).sort("id").items();
    Box::pin(jobs.try_filter_map(async |job| {
        // A server that does not know the filter sends all.
        let is_failed = job
            .status
            .as_ref()
            .is_some_and(|state| *state == ImportStatus::Failed);
        Ok(is_failed.then(|| FailedRow {
            why: why(job.result.as_ref()),
            job: job.id,
            data: job.data.unwrap_or_default(),
        }))
    }))
}
