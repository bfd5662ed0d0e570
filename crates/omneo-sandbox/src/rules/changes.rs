//! What belongs to a change, run in the order of the tables.

use super::{Change, FAMILIES};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::Record;

fn of(kind: &str) -> impl Iterator<Item = &'static Change> {
    FAMILIES
        .iter()
        .flat_map(|family| family.changes)
        .filter(move |change| change.kind == kind)
}

/// Before a record is stored.
pub(crate) fn before(
    context: &mut Context<'_>,
    kind: &str,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    crate::resource::unique(context, kind, old, new)?;
    for change in of(kind) {
        if let Some(before) = change.before {
            before(context, old, new)?;
        }
    }
    Ok(())
}

/// After a record was stored or removed.
pub(crate) fn after(
    context: &mut Context<'_>,
    kind: &str,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    for change in of(kind) {
        if let Some(after) = change.after {
            after(context, old, new)?;
        }
    }
    Ok(())
}

/// Tells the webhooks of a change: `order.created`, `order.updated` or `order.deleted`, if that is one of the verbs.
pub(super) fn tell(
    context: &Context<'_>,
    of: &str,
    verbs: &[&str],
    kind: &str,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let verb = match (old, new) {
        (None, _) => "created",
        (Some(_), Some(_)) => "updated",
        (Some(_), None) => "deleted",
    };
    match new.or(old) {
        Some(record) if verbs.contains(&verb) => {
            context.event(&format!("{of}.{verb}"), kind, record)
        }
        _ => Ok(()),
    }
}

/// The verbs of [`tell`], where each change has an event.
pub(super) const ALL: &[&str] = &["created", "updated", "deleted"];

/// The verbs of [`tell`], where what is removed has none.
pub(super) const KEPT: &[&str] = &["created", "updated"];
