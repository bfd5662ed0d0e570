//! What follows when a transaction or a line is stored.

use super::claims;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::Record;
use crate::rules::changes::{ALL, tell};

pub(super) fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    tell(context, "transaction", ALL, "Transaction", old, new)?;
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
    tell(
        context,
        "transaction-item",
        &["created"],
        "TransactionItem",
        old,
        new,
    )
}
