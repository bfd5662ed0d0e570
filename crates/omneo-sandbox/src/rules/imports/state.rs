//! The states of jobs and imports.

use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// Brings a job to what its batches say, once it was told how many they are.
///
/// # Errors
///
/// What keeps a record from being stored.
pub(in crate::rules) fn settle_job(context: &mut Context<'_>, job: i64) -> Result<(), Refusal> {
    let Some(old) = context.store().get("ImportJob", &job.to_string())? else {
        return Ok(());
    };
    let mut job = old.clone();
    let Some(told) = old.integer("total_batch_count") else {
        // Records come, so it is under way.
        if old.text("status").as_deref() == Some("PENDING") {
            job.set("status", "PROCESSING");
            context.update("ImportJob", &old, job)?;
        }
        return Ok(());
    };
    let id = old.value("id");
    let batches = context.find("Batch", &[("import_job_id", id)])?;
    let of = |batch: &Record, status: &str| batch.text("status").as_deref() == Some(status);
    let count = i64::try_from(batches.len()).unwrap_or(i64::MAX);
    let is_over = count >= told && !batches.iter().any(|batch| of(batch, "pending"));
    let is_failed = count > told || batches.iter().any(|batch| of(batch, "failed"));
    let state = match (is_over, is_failed) {
        (false, _) => "PROCESSING",
        (true, true) => "FAILED",
        (true, false) => "SUCCESS",
    };
    if old.text("status").as_deref() != Some(state) {
        job.set("status", state);
        let job = context.update("ImportJob", &old, job)?;
        settle_import(context, &job, &batches)?;
    }
    Ok(())
}

/// Brings an import without a file to what its jobs say.
fn settle_import(
    context: &mut Context<'_>,
    job: &Record,
    batches: &[Record],
) -> Result<(), Refusal> {
    let id = job.text("import_id").unwrap_or_default();
    let Some(old) = context.store().get("Import", &id)? else {
        return Ok(());
    };
    let jobs = context.find("ImportJob", &[("import_id", Value::from(id))])?;
    let is = |job: &Record, states: &[&str]| {
        job.text("status")
            .is_some_and(|state| states.contains(&state.as_str()))
    };
    let open = jobs
        .iter()
        .filter(|job| is(job, &["PENDING", "PROCESSING"]))
        .count();
    let done = jobs.len() - open;
    let state = match open {
        0 if jobs.iter().all(|job| is(job, &["FAILED"])) => "FAILED",
        0 => "SUCCESS",
        _ => "PROCESSING",
    };
    let mut import = old.clone();
    import.set("status", state);
    import.set(
        "progress",
        done.saturating_mul(100)
            .checked_div(jobs.len())
            .unwrap_or(0),
    );
    let failed = batches
        .iter()
        .filter_map(|batch| batch.integer("failed_count"));
    if open == 0 {
        import.set("failed_count", failed.sum::<i64>());
    }
    context.update("Import", &old, import)?;
    Ok(())
}

/// Counts rows that were worked off.
pub(super) fn count_rows(
    context: &mut Context<'_>,
    old: &Record,
    done: i64,
    failed: i64,
) -> Result<(), Refusal> {
    let mut import = old.clone();
    let done = old
        .integer("_done")
        .unwrap_or_default()
        .saturating_add(done);
    let failed = old
        .integer("failed_count")
        .unwrap_or_default()
        .saturating_add(failed);
    let count = old.integer("count").unwrap_or_default();
    import.set("_done", done);
    import.set("failed_count", failed);
    import.set(
        "progress",
        done.saturating_mul(100).checked_div(count).unwrap_or(100),
    );
    let state = match done {
        _ if done < count => "PROCESSING",
        _ if failed >= count => "FAILED",
        _ => "SUCCESS",
    };
    import.set("status", state);
    context.update("Import", old, import)?;
    Ok(())
}
