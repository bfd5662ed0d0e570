//! The actions of triggers and automations.

use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

const ACTION: &str = "Action";

/// Actions that came with their owner, until it is stored.
const SENT: &str = "_actions";

/// What names an action's owner, of the one sort or the other.
const OWNERS: [&str; 2] = ["trigger_id", "automation_id"];

/// Takes the actions out of their owner.
pub(super) fn taken(
    _: &mut Context<'_>,
    _: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    match new.remove("actions") {
        Some(actions @ Value::Array(_)) => new.set(SENT, actions),
        _ => {
            new.remove(SENT);
        }
    }
    Ok(())
}

pub(super) fn of_trigger(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    made(context, "trigger_id", old, new)
}

pub(super) fn of_automation(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    made(context, "automation_id", old, new)
}

/// Makes the actions that came with their owner, in place of those that it had; removes those of an owner that is gone.
fn made(
    context: &mut Context<'_>,
    owner: &'static str,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let sent = new.and_then(|new| new.get(SENT));
    if let Some(old) = old
        && (new.is_none() || sent.is_some())
    {
        let id = old.value("id");
        for action in context.find(ACTION, &[(owner, id)])? {
            context.delete(ACTION, &action)?;
        }
    }
    let (Some(new), Some(Value::Array(sent))) = (new, sent) else {
        return Ok(());
    };
    let id = new.value("id");
    for (place, action) in sent.iter().enumerate() {
        let mut action = action.as_object().cloned().unwrap_or_default();
        action.retain(|name, _| !name.starts_with('_') && name != "id");
        action.set(owner, id.clone());
        if !action.has("sort_order") {
            action.set("sort_order", place);
        }
        context.create(ACTION, action)?;
    }
    Ok(())
}

/// Gives an action what it is named by.
pub(super) fn named(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    if !new.has("uuid") {
        let kept = old.and_then(|old| old.text("uuid"));
        let uuid = match kept {
            Some(uuid) => uuid,
            None => context.uuid(ACTION, context.store().next_number("~action-uuid")?),
        };
        new.set("uuid", uuid);
    }
    let owner = OWNERS.iter().find_map(|owner| new.get(*owner));
    if let Some(owner) = owner.cloned() {
        new.set("references_id", owner);
    }
    Ok(())
}
