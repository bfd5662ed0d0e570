//! The jobs of an import as text.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt, text};

/// The column of what went wrong.
const ERROR: &str = "error";

pub(super) fn answer(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let import = call.get("Import", call.param("import"))?;
    let status = call.body.text("status").unwrap_or_default();
    let id = import.value("id");
    let jobs = call.find(
        "ImportJob",
        &[("import_id", id), ("status", Value::from(status))],
    )?;
    let written = write(&jobs).map_err(|error| Refusal::Internal(error.to_string()))?;
    Ok(Answer::Json(json!({ "data": written })))
}

fn write(jobs: &[Record]) -> Result<String, csv::Error> {
    let data = jobs.iter().filter_map(|job| job.map("data"));
    let columns: BTreeSet<&String> = data.flat_map(Record::keys).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let headings = columns.iter().map(|column| column.as_str());
    writer.write_record(headings.chain([ERROR]))?;
    let none = Record::new();
    for job in jobs {
        let data = job.map("data").unwrap_or(&none);
        let cells = columns
            .iter()
            .map(|column| data.get(*column).map_or_else(String::new, cell));
        let result = job.map("result").and_then(|result| result.text("message"));
        writer.write_record(cells.chain([result.unwrap_or_default()]))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A text or number as it is, what nests as JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        value => text(value).unwrap_or_else(|| match value {
            Value::String(_) => String::new(),
            value => value.to_string(),
        }),
    }
}
