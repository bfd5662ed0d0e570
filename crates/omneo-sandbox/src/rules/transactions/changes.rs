//! What follows when a transaction or a line is stored.

use super::claims;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::Record;

pub(super) fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let told = match (old, new) {
        (None, Some(new)) => Some(("transaction.created", new)),
        (Some(_), Some(new)) => Some(("transaction.updated", new)),
        (Some(old), None) => Some(("transaction.deleted", old)),
        (None, None) => None,
    };
    if let Some((event, record)) = told {
        context.event(event, "Transaction", record)?;
    }
    match (old, new) {
        (None, Some(new)) => claims::settle(context, new),
        _ => Ok(()),
    }
}

pub(super) fn after_item(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    match (old, new) {
        (None, Some(new)) => context.event("transaction-item.created", "TransactionItem", new),
        _ => Ok(()),
    }
}
