//! Starting and deleting imports.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{file, handler, mapping, work};
use crate::answer::{Answer, Refusal};
use crate::call::{Call, Upload};
use crate::context::Context;
use crate::record::{Record, RecordExt};

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let upload = upload(call)?;
    let name = call.body.text("handler").unwrap_or_default();
    if handler::named(&name).is_none() {
        return Err(Refusal::unknown("handler"));
    }
    let mut import = Record::new();
    import.set("name", upload.name.clone());
    begin(call, import, &upload, &name, |_| Ok(None)).map(Answer::One)
}

pub(super) fn file(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let upload = upload(call)?;
    let mapping = mapping::read(&call.body)?;
    let kind = call.body.text("importable_type").unwrap_or_default();
    let handler =
        handler::of_definition(&kind).ok_or_else(|| Refusal::unknown("importable_type"))?;
    let id = call.body.text("importable_id").unwrap_or_default();
    let definition = call.store().get(handler.definition, &id)?;
    let definition = definition.ok_or_else(|| Refusal::unknown("importable_id"))?;
    let mut import = Record::new();
    let given = call.body.text("name");
    import.set("name", given.unwrap_or_else(|| upload.name.clone()));
    import.set("importable_type", kind);
    import.set("importable_id", definition.integer("id"));
    import.set("mapping_fields", mapping.clone());
    if let Some(meta) = call.body.text("meta") {
        import.set("meta", mapping::json(&meta, "meta")?);
    }
    let headings = |found: &[String]| mapping::members(&mapping, found).map(Some);
    begin(call, import, &upload, handler.name, headings).map(Answer::One)
}

/// The file of the body.
fn upload(call: &Call<'_>) -> Result<Upload, Refusal> {
    let missing = || Refusal::invalid("file", "The file field is required.");
    call.file.clone().ok_or_else(missing)
}

/// Adds an import and its rows, which are worked off later.
fn begin(
    context: &mut Context<'_>,
    mut import: Record,
    upload: &Upload,
    handler: &str,
    members: impl FnOnce(&[String]) -> Result<Option<Vec<Option<String>>>, Refusal>,
) -> Result<Record, Refusal> {
    let read = file::read(&upload.bytes)?;
    let members = match members(&read.headings)? {
        Some(members) => members,
        None => read.headings.iter().cloned().map(Some).collect(),
    };
    let count = read.count();
    import.set("count", count);
    import.set("failed_count", 0);
    import.set("_done", 0);
    let is_empty = count == 0;
    import.set("progress", if is_empty { 100 } else { 0 });
    import.set("status", if is_empty { "SUCCESS" } else { "PENDING" });
    let import = context.create("Import", import)?;
    for rows in read.pieces {
        let what = json!({
            "import_id": import.get("id"), "handler": handler, "members": members, "rows": rows,
        });
        context.later(work::ROWS, SignedDuration::ZERO, what)?;
    }
    Ok(import)
}

pub(super) fn manual(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut import = Record::new();
    import.set("count", call.body.integer("count"));
    import.set("failed_count", 0);
    import.set("progress", 0);
    import.set("status", "PENDING");
    call.create("Import", import).map(Answer::One)
}

/// The members of an import that a condition may come with.
const CONDITION: [&str; 8] = [
    "condition",
    "exclude_if_related_exists",
    "importable_id",
    "importable_type",
    "issued_at",
    "meta",
    "name",
    "run_condition_on_issue_date",
];

pub(super) fn condition(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut import = Record::new();
    import.copy(&call.body, &CONDITION);
    import.set("use_condition", true);
    import.set("failed_count", 0);
    import.set("status", "PENDING");
    let import = call.create("Import", import)?;
    Ok(Answer::Many(vec![import]))
}

pub(super) fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let import = call.get("Import", call.param("import"))?;
    call.delete("Import", &import)?;
    let id: Value = import.value("id");
    call.later(
        work::FORGET,
        SignedDuration::ZERO,
        json!({ "import_id": id }),
    )?;
    Ok(Answer::Empty)
}
