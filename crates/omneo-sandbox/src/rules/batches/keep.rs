//! Batches that a caller keeps by itself.

use serde_json::{Value, json};

use super::{queue, work};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut batch = Record::new();
    let job = call.body.integer("import_job_id");
    batch.set("entity_type", call.body.text("entity_type"));
    batch.set("import_job_id", job);
    batch.set("items", Vec::<Value>::new());
    work::count(&mut batch);
    let batch = work::make(call, batch)?;
    Ok(Answer::Data(json!({
        "batch_id": batch.get("id"),
        "entity_type": batch.get("entity_type"),
        "import_job_id": job,
    })))
}

pub(super) fn add(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = call.get("Batch", call.param("batch"))?;
    let given = queue::records(&call.body, "items")?.to_vec();
    let mut items = old.list("items").to_vec();
    for given in given.iter().filter_map(Value::as_object) {
        let status = given.text("status").unwrap_or_default();
        let mut item = work::item(&call.context, &status, given.text("external_id").as_deref())?;
        item["entity_id"] = given.value("entity_id");
        item["error"] = given.value("error");
        items.push(item);
    }
    let mut batch = old.clone();
    batch.set("items", items);
    work::count(&mut batch);
    call.update("Batch", &old, batch).map(Answer::One)
}
