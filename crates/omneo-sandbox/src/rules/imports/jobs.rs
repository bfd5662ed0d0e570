//! The jobs of an import that come by themselves.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{handler, state, work};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// The most jobs of one request.
const MOST: usize = 500;

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let import = call.get("Import", call.param("import"))?;
    let body = call.body.clone();
    let job = add(call, &import, &body)?;
    if is_row(&job) {
        expect(call, &import, 1)?;
    }
    Ok(Answer::One(job))
}

pub(super) fn batch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let import = call.get("Import", call.param("import"))?;
    let jobs = call.body.list("jobs").to_vec();
    let message = match jobs.len() {
        0 => Some("The jobs field is required.".to_owned()),
        1..=MOST => None,
        _ => Some(format!("The jobs must not have more than {MOST} items.")),
    };
    if let Some(message) = message {
        return Err(Refusal::invalid("jobs", message));
    }
    let mut rows = 0;
    for job in jobs.iter().filter_map(Value::as_object) {
        let job = add(call, &import, job)?;
        rows += i64::from(is_row(&job));
    }
    expect(call, &import, rows)?;
    Ok(Answer::Json(json!({ "message": "Queued for processing." })))
}

/// Adds a job, which is worked off later if it is a row.
fn add(context: &mut Context<'_>, import: &Record, given: &Record) -> Result<Record, Refusal> {
    let mut job = Record::new();
    for member in ["status", "handler", "data", "result"] {
        let value = given.value(member);
        job.insert(member.to_owned(), value);
    }
    let id = import.value("id");
    job.insert("import_id".to_owned(), id);
    let job = context.create("ImportJob", job)?;
    if is_row(&job) {
        let what = json!({ "job_id": job.get("id") });
        context.later(work::JOB, SignedDuration::ZERO, what)?;
    }
    Ok(job)
}

/// Whether there is something to do for a job: one without data waits for batches.
fn is_row(job: &Record) -> bool {
    let has_data = job.map("data").is_some_and(|data| !data.is_empty());
    let handler = job.text("handler").unwrap_or_default();
    has_data
        && job.text("status").as_deref() == Some("PENDING")
        && handler::named(&handler).is_some()
}

/// Counts rows that are to come; an import that said how many there will be has counted them.
fn expect(context: &mut Context<'_>, import: &Record, rows: i64) -> Result<(), Refusal> {
    if rows == 0 {
        return Ok(());
    }
    let mut changed = import.clone();
    let jobs = import
        .integer("_rows")
        .unwrap_or_default()
        .saturating_add(rows);
    changed.set("_rows", jobs);
    if import.integer("count").unwrap_or_default() < jobs {
        changed.set("count", jobs);
    }
    changed.set("status", "PROCESSING");
    context.update("Import", import, changed)?;
    Ok(())
}

pub(super) fn finalize(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let import = call.get("Import", call.param("import"))?;
    let old = call.get("ImportJob", call.param("job"))?;
    if old.text("import_id") != import.text("id") {
        return Err(Refusal::NotFound);
    }
    let mut job = old.clone();
    job.set("total_batch_count", call.body.integer("total_batch_count"));
    let job = call.update("ImportJob", &old, job)?;
    let id = job.integer("id").unwrap_or_default();
    state::settle_job(call, id)?;
    call.get("ImportJob", &id.to_string()).map(Answer::One)
}
