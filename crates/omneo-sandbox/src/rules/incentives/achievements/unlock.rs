//! What a level unlocks.

use serde_json::{Value, json};

use super::levels::{self, Step};
use super::progress;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::incentives::{Incentive, issue};

/// Issues the rewards and benefits that a level's meta names, each time that the level is reached if it may be earned more than once.
pub(super) fn give(
    context: &mut Context<'_>,
    profile: &str,
    definition: &Record,
    progress: Record,
    step: &Step,
) -> Result<Record, Refusal> {
    let Some(level) = levels::level(definition, &step.id) else {
        return Ok(progress);
    };
    let is_earned = progress.list("_earned").contains(&step.id);
    let again =
        level.flag("allow_multiple_earn") == Some(true) || level.flag("repeats") == Some(true);
    if is_earned && !again {
        return Ok(progress);
    }
    let unlocks = level.map("meta").map(|meta| meta.list("unlocks"));
    for unlock in unlocks
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_object)
    {
        issue_one(context, profile, definition, unlock)?;
    }
    if is_earned {
        return Ok(progress);
    }
    let mut earned = progress.list("_earned").to_vec();
    earned.push(step.id.clone());
    let mut new = progress.clone();
    new.set("_earned", earned);
    progress::keep(context, &progress, new)
}

/// Issues one thing, if there is a definition of that name.
fn issue_one(
    context: &mut Context<'_>,
    profile: &str,
    definition: &Record,
    unlock: &Record,
) -> Result<(), Refusal> {
    let incentive = match unlock.text("type").as_deref() {
        Some("reward_definition") => Incentive::Reward,
        Some("benefit_definition") => Incentive::Benefit,
        _ => return Ok(()),
    };
    let Some(name) = unlock.text("id") else {
        return Ok(());
    };
    let found = match unlock.text("id_type").as_deref() {
        Some("handle") => context.first(incentive.definition(), &[("handle", name.into())])?,
        _ => context.store().get(incentive.definition(), &name)?,
    };
    let Some(id) = found.and_then(|found| found.get("id").cloned()) else {
        return Ok(());
    };
    let zone = definition.text("timezone");
    let body = json!({
        "profile_id": profile, incentive.definition_id(): id, "timezone": zone,
        "source_type": "achievement_definition", "source_id": definition.get("id"),
    });
    if let Value::Object(body) = body {
        match incentive {
            Incentive::Benefit => issue::benefits::issue(context, &body)?,
            _ => issue::rewards::issue(context, &body)?,
        };
    }
    Ok(())
}
