//! What became of an import's jobs.

use futures_util::{Stream, StreamExt as _};
use omneo_api::Error;
use omneo_api::resources::ImportJobs;
use omneo_api::types::{ImportJob, ImportStatus};
use omneo_types::{Id, Map, OpenEnum};
use serde_json::Value;

use super::rows::in_state;
use crate::batch::{Outcome, Report, State};

/// What became of each, by the order of their ids.
pub(super) fn outcomes(
    jobs: &ImportJobs,
) -> impl Stream<Item = Result<Outcome, Error>> + Send + Unpin + use<> {
    let jobs = jobs.list().sort("id").items();
    let numbered = jobs.enumerate();
    numbered.map(|(index, job)| job.map(|job| outcome(index as u64, &job)))
}

/// What became of all. Only the failed and the unknown are held.
pub(super) async fn report(jobs: &ImportJobs) -> Result<Report, Error> {
    let mut pages = jobs.list().sort("id").prefetch(0).pages();
    let mut page = pages.try_next().await?;
    let read = page.as_ref().map_or(0, |page| page.len() as u64);
    if let Some(total) = pages.total()
        && total > read
        && let Some(report) = by_counts(jobs, total).await?
    {
        return Ok(report);
    }
    let mut report = Report::default();
    while let Some(jobs) = page {
        for job in jobs {
            report.count(outcome(report.total, &job));
        }
        page = pages.try_next().await?;
    }
    Ok(report)
}

/// What became of many, without reading those that succeeded: a million of them are ten thousand pages.
///
/// `None` if the server's counts do not add up, so that the filters are not to be trusted, or the ids have gaps, so that
/// they do not tell the places.
async fn by_counts(jobs: &ImportJobs, total: u64) -> Result<Option<Report>, Error> {
    let count = |state| in_state(jobs, state).count();
    let succeeded = count(ImportStatus::Success).await?;
    let failed = count(ImportStatus::Failed).await?;
    let waiting = count(ImportStatus::Pending).await? + count(ImportStatus::Processing).await?;
    if succeeded + failed + waiting != total {
        return Ok(None);
    }
    let id = |job: Option<ImportJob>| job.and_then(|job| number(&job));
    let first = id(jobs.list().sort("id").first().await?);
    let last = id(jobs.list().sort("-id").first().await?);
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(None);
    };
    let place = |id: i64| u64::try_from(id.checked_sub(first)?).ok();
    // As many numbers as there are jobs, so that each is one's.
    if place(last).is_none_or(|place| place + 1 != total) {
        return Ok(None);
    }
    let mut report = Report {
        total,
        accepted: waiting,
        succeeded,
        ..Report::default()
    };
    let mut items = in_state(jobs, ImportStatus::Failed).sort("id").items();
    while let Some(job) = items.try_next().await? {
        let index = number(&job).and_then(place);
        let Some(index) = index.filter(|index| *index < total) else {
            return Ok(None);
        };
        report.failed.push(outcome(index, &job));
    }
    let are_all = report.failed.len() as u64 == failed;
    Ok(are_all.then_some(report))
}

fn number(job: &ImportJob) -> Option<i64> {
    job.id.as_ref()?.as_i64()
}

fn outcome(index: u64, job: &ImportJob) -> Outcome {
    let data = job.data.as_ref();
    let external_id = data.and_then(|data| data.get("external_id"));
    Outcome {
        index,
        profile_id: None,
        external_id: external_id.and_then(id),
        state: state(job),
    }
}

fn id(value: &Value) -> Option<Id> {
    serde_json::from_value(value.clone()).ok()
}

fn state(job: &ImportJob) -> State {
    let name = || match &job.id {
        Some(id) => format!("job {id}"),
        None => "a job".to_owned(),
    };
    match job.status.as_ref().map(OpenEnum::known) {
        Some(Some(ImportStatus::Success)) => State::Succeeded { id: None },
        Some(Some(ImportStatus::Failed)) => State::Failed(why(job.result.as_ref())),
        Some(Some(ImportStatus::Pending | ImportStatus::Processing)) => {
            State::Accepted { batch: None }
        }
        _ => State::Unknown(match &job.status {
            Some(status) => format!("{} is `{status}`", name()),
            None => format!("{} does not say what became of it", name()),
        }),
    }
}

/// Why a job failed. The form of its result is not documented.
pub(super) fn why(result: Option<&Map<Value>>) -> String {
    let result = result.filter(|result| !result.is_empty());
    let Some(result) = result else {
        return "the server failed it, and does not say why".to_owned();
    };
    let text = ["message", "error"]
        .iter()
        .find_map(|key| result.get(*key)?.as_str());
    match text {
        Some(text) => text.to_owned(),
        None => serde_json::to_string(result).unwrap_or_default(),
    }
}
