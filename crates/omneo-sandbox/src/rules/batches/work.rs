//! Working a batch off, a piece at a time.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::entity::{self, Entity};
use super::perform::{attempt, id_of, reason};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, text};
use crate::rules::imports;

/// The name of the work.
pub(super) const WORK: &str = "batches.perform";

/// How many records are stored before other requests have their turn.
const PIECE: usize = 25;

/// Makes a batch of records, and has them stored later. Its id.
pub(super) fn queue(
    context: &mut Context<'_>,
    entity: &Entity,
    common: &Record,
    records: &[Value],
) -> Result<Value, Refusal> {
    let mut items = Vec::new();
    for record in records {
        let external_id = record.get("external_id").and_then(text);
        items.push(item(context, "pending", external_id.as_deref())?);
    }
    let mut batch = Record::new();
    let job = common.integer("import_job_id");
    batch.set("import_job_id", job);
    batch.set("entity_type", entity.name);
    batch.set("items", items);
    count(&mut batch);
    let batch = make(context, batch)?;
    let id = batch.value("id");
    for (place, piece) in records.chunks(PIECE).enumerate() {
        let what = json!({
            "batch_id": id, "entity": entity.name, "from": place * PIECE,
            "common": common, "records": piece,
        });
        context.later(WORK, SignedDuration::ZERO, what)?;
    }
    Ok(id)
}

/// Adds a batch, which is found by its id as `uuid` too.
pub(super) fn make(context: &mut Context<'_>, mut batch: Record) -> Result<Record, Refusal> {
    let id = context.new_id("Batch")?;
    batch.insert("uuid".to_owned(), id.clone());
    batch.insert("id".to_owned(), id);
    context.create("Batch", batch)
}

/// An item of a batch.
pub(super) fn item(
    context: &Context<'_>,
    status: &str,
    external_id: Option<&str>,
) -> Result<Value, Refusal> {
    let id = context.new_id("BatchItem")?;
    let stamp = context.stamp();
    Ok(json!({
        "id": id, "entity_id": null, "external_id": external_id, "status": status,
        "error": null, "created_at": stamp, "updated_at": stamp,
    }))
}

/// Brings the counts and the state of a batch to what its items say.
pub(super) fn count(batch: &mut Record) {
    let items = batch.list("items");
    let total = items.len();
    let of = |status: &str| items.iter().filter(|item| item["status"] == status).count();
    let (succeeded, failed) = (of("success"), of("failed"));
    let done = succeeded + failed;
    batch.set("total_count", total);
    batch.set("success_count", succeeded);
    batch.set("failed_count", failed);
    batch.set("processed_count", done);
    let status = match done {
        _ if done < total || total == 0 => "pending",
        _ if succeeded == 0 => "failed",
        _ => "success",
    };
    batch.set("status", status);
}

pub(super) fn run(context: &mut Context<'_>, what: &Value) -> Result<(), Refusal> {
    let id = what["batch_id"].as_str().unwrap_or_default();
    let Some(old) = context.store().get("Batch", id)? else {
        return Ok(());
    };
    let entity = what["entity"].as_str().and_then(entity::named);
    let Some(entity) = entity else {
        return Ok(());
    };
    let none = Record::new();
    let common = what["common"].as_object().unwrap_or(&none);
    let from = what["from"]
        .as_u64()
        .and_then(|from| usize::try_from(from).ok());
    let mut items = old.list("items").to_vec();
    let places = items.iter_mut().skip(from.unwrap_or_default());
    let records = what["records"].as_array().map_or(&[][..], Vec::as_slice);
    for (item, record) in places.zip(records) {
        let outcome = match record.as_object() {
            Some(row) => attempt(context, |context| (entity.store)(context, row, common)),
            None => Err(Refusal::invalid("", "The record must be an object.")),
        };
        settle(context, item, outcome)?;
    }
    let mut batch = old.clone();
    batch.set("items", items);
    count(&mut batch);
    let batch = context.update("Batch", &old, batch)?;
    match batch.integer("import_job_id") {
        Some(job) => imports::settle_job(context, job),
        None => Ok(()),
    }
}

/// Writes down what became of a record.
fn settle(
    context: &Context<'_>,
    item: &mut Value,
    outcome: Result<Record, Refusal>,
) -> Result<(), Refusal> {
    match outcome {
        Ok(record) => {
            item["status"] = "success".into();
            item["entity_id"] = id_of(&record).unwrap_or_default();
        }
        Err(error @ Refusal::Internal(_)) => return Err(error),
        Err(refusal) => {
            item["status"] = "failed".into();
            item["error"] = reason(&refusal).into();
        }
    }
    item["updated_at"] = context.stamp().into();
    Ok(())
}
