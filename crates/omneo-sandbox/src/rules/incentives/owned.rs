//! The records that a path names below a profile.

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};

/// The id of the profile that the path names.
pub(super) fn profile(call: &Call<'_>) -> Result<String, Refusal> {
    Ok(call.profile()?.text("id").unwrap_or_default())
}

/// The record of a kind that a parameter of the path names; of this profile.
///
/// # Errors
///
/// 404 for one of another profile.
pub(super) fn by(
    call: &Call<'_>,
    kind: &str,
    parameter: &str,
    profile: &str,
) -> Result<Record, Refusal> {
    let record = call.get(kind, call.param(parameter))?;
    if record.text("profile_id").as_deref() == Some(profile) {
        Ok(record)
    } else {
        Err(Refusal::NotFound)
    }
}

/// The page of a list that the query asks for.
pub(super) fn page(call: &Call<'_>, records: Vec<Record>) -> Answer {
    let (number, size) = call.query.page();
    let total = records.len();
    let skip = number.saturating_sub(1).saturating_mul(size);
    let skip = usize::try_from(skip).unwrap_or(usize::MAX);
    let take = usize::try_from(size).unwrap_or(usize::MAX);
    Answer::Page {
        records: records.into_iter().skip(skip).take(take).collect(),
        total: total as u64,
        number,
        size,
    }
}

/// A text as a value that equals ids: whole numbers are numbers.
pub(super) fn id(record: &Record) -> Value {
    record.get("id").cloned().unwrap_or(Value::Null)
}
