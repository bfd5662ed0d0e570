//! Pools of codes that are handed out with the instances of a definition.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::queue;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::RecordExt;

/// The name of the work.
pub(super) const WORK: &str = "allocations.perform";

const KIND: &str = "Allocation";

/// The types of definitions, and their kinds.
const DEFINITIONS: [(&str, &str); 3] = [
    ("benefit_definition", "BenefitDefinition"),
    ("point_definition", "PointDefinition"),
    ("reward_definition", "RewardDefinition"),
];

pub(super) fn batch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let codes = queue::records(&call.body, "allocations")?.to_vec();
    let definition = call.body.map("definition").cloned().unwrap_or_default();
    let kind = definition.text("type");
    let kind = DEFINITIONS
        .iter()
        .find(|(name, _)| kind.as_deref() == Some(name));
    let id = definition.text("id").unwrap_or_default();
    let (Some((name, kind)), false) = (kind, id.is_empty()) else {
        return Err(Refusal::invalid(
            "definition",
            "The definition field is required.",
        ));
    };
    let found = call.store().get(kind, &id)?;
    let found = found.ok_or_else(|| Refusal::unknown("definition.id"))?;
    let what = json!({
        "definition_id": found.integer("id"), "definition_type": name, "codes": codes,
    });
    call.later(WORK, SignedDuration::ZERO, what)?;
    Ok(Answer::Json(json!({ "message": "Queued for processing." })))
}

pub(super) fn run(context: &mut Context<'_>, what: &Value) -> Result<(), Refusal> {
    for code in what["codes"].as_array().into_iter().flatten() {
        let Value::Object(given) = code else {
            continue;
        };
        let mut allocation = given.clone();
        for member in ["definition_id", "definition_type"] {
            allocation.insert(member.to_owned(), what[member].clone());
        }
        let key = ["code", "definition_id", "definition_type"];
        let key = key.map(|name| (name, allocation.value(name)));
        if context.first(KIND, &key)?.is_none() {
            context.create(KIND, allocation)?;
        }
    }
    Ok(())
}
