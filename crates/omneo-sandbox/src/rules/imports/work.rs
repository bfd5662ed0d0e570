//! Working imports off, a piece at a time.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{handler, mapping, state};
use crate::answer::Refusal;
use crate::context::Context;
use crate::query::Select;
use crate::record::{Record, RecordExt};
use crate::rules::batches::{attempt, reason};

/// The names of the pieces of work.
pub(super) const ROWS: &str = "imports.rows";
pub(super) const JOB: &str = "imports.job";
pub(super) const FORGET: &str = "imports.forget";

/// Some rows of a file, each of which is a job.
pub(super) fn rows(context: &mut Context<'_>, what: &Value) -> Result<(), Refusal> {
    let id = crate::record::text(&what["import_id"]).unwrap_or_default();
    let Some(import) = context.store().get("Import", &id)? else {
        return Ok(());
    };
    let handler = what["handler"].as_str().unwrap_or_default();
    let members = what["members"].as_array().into_iter().flatten();
    let members: Vec<_> = members
        .map(|member| member.as_str().map(str::to_owned))
        .collect();
    let (mut done, mut failed) = (0, 0);
    for cells in what["rows"].as_array().into_iter().flatten() {
        let cells = cells.as_array().map_or(&[][..], Vec::as_slice);
        let mut job = Record::new();
        job.insert("import_id".to_owned(), what["import_id"].clone());
        job.set("handler", handler);
        let data = mapping::body(&members, cells);
        let outcome = match cells.len() == members.len() {
            true => store(context, &import, handler, &data)?,
            false => Err(format!(
                "The row has {} cells, and the file {} headings.",
                cells.len(),
                members.len()
            )),
        };
        job.set("data", data);
        failed += i64::from(outcome.is_err());
        done += 1;
        note(&mut job, outcome);
        context.create("ImportJob", job)?;
    }
    state::count_rows(context, &import, done, failed)
}

/// A job that came by itself.
pub(super) fn job(context: &mut Context<'_>, what: &Value) -> Result<(), Refusal> {
    let id = crate::record::text(&what["job_id"]).unwrap_or_default();
    let Some(old) = context.store().get("ImportJob", &id)? else {
        return Ok(());
    };
    let import = old.text("import_id").unwrap_or_default();
    let Some(import) = context.store().get("Import", &import)? else {
        return Ok(());
    };
    let handler = old.text("handler").unwrap_or_default();
    let data = old.map("data").cloned().unwrap_or_default();
    let outcome = store(context, &import, &handler, &data)?;
    let failed = i64::from(outcome.is_err());
    let mut job = old.clone();
    note(&mut job, outcome);
    context.update("ImportJob", &old, job)?;
    state::count_rows(context, &import, 1, failed)
}

/// Stores a row; in an error, why it was not.
fn store(
    context: &mut Context<'_>,
    import: &Record,
    handler: &str,
    data: &Record,
) -> Result<Result<Record, String>, Refusal> {
    let Some(store) = handler::named(handler) else {
        return Ok(Err(format!("There is no handler {handler}.")));
    };
    let mut row = data.clone();
    if let Some(member) = handler::definition_member(handler) {
        let id = import.value("importable_id");
        row.insert(member.to_owned(), id);
    }
    match attempt(context, |context| store(context, &row)) {
        Ok(record) => Ok(Ok(record)),
        Err(error @ Refusal::Internal(_)) => Err(error),
        Err(refusal) => Ok(Err(reason(&refusal))),
    }
}

/// Writes down what became of a job.
fn note(job: &mut Record, outcome: Result<Record, String>) {
    match outcome {
        Ok(record) => {
            job.set("status", "SUCCESS");
            job.set("result", json!({ "id": record.get("id") }));
        }
        Err(why) => {
            job.set("status", "FAILED");
            job.set("result", json!({ "message": why }));
        }
    }
}

/// How many jobs of a deleted import go at once.
const PIECE: u64 = 500;

pub(super) fn forget(context: &mut Context<'_>, what: &Value) -> Result<(), Refusal> {
    let select = Select {
        kind: "ImportJob".to_owned(),
        equal: vec![("import_id".to_owned(), what["import_id"].clone())],
        number: 1,
        size: PIECE,
        ..Select::default()
    };
    let (jobs, total) = context.store().select(&select)?;
    for job in &jobs {
        context.delete("ImportJob", job)?;
    }
    match total > PIECE {
        true => context.later(FORGET, SignedDuration::ZERO, what.clone()),
        false => Ok(()),
    }
}
