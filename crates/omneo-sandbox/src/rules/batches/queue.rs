//! Taking the records of a request.

use serde_json::{Value, json};

use super::{entity, work};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};

/// The most records of one request.
pub(super) const MOST: usize = 500;

pub(super) fn answer(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.operation.id.as_str();
    let entity = entity::of_operation(id)
        .ok_or_else(|| Refusal::Internal(format!("`{id}` takes no records")))?;
    let records = records(&call.body, entity.member)?.to_vec();
    let mut common = call.body.clone();
    common.remove(entity.member);
    let batch = work::queue(call, entity, &common, &records)?;
    let message = "Queued for processing.";
    let answer = json!({ "message": message, "batch_id": batch });
    Ok(match id {
        "profiles.batch.batch" => {
            Answer::Data(json!({ "message": "Profiles queued for batch import." }))
        }
        _ if id.starts_with("profile.") => Answer::Data(answer),
        _ => Answer::Json(answer),
    })
}

/// The records of a body, 1 to 500.
pub(super) fn records<'b>(body: &'b Record, member: &str) -> Result<&'b [Value], Refusal> {
    let records = body.list(member);
    match records.len() {
        0 => Err(Refusal::invalid(
            member,
            format!("The {member} field is required."),
        )),
        1..=MOST => Ok(records),
        _ => Err(Refusal::invalid(
            member,
            format!("The {member} must not have more than {MOST} items."),
        )),
    }
}
