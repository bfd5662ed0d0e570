//! What lines and items of lists show beyond what is stored of them.

use super::links;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, values};

pub(super) fn item(context: &Context<'_>, record: &mut Record) -> Result<(), Refusal> {
    let variant = match record.text("product_variant_id") {
        Some(id) => context.store().get("ProductVariant", &id)?,
        None => None,
    };
    let images = variant
        .as_ref()
        .map_or(&[][..], |variant| variant.list("images"));
    record.set("product_images", images.to_vec());
    // As it is now, not as it was when the line was made.
    if let Some(id) = record.text("transaction_id")
        && let Some(transaction) = context.store().get("Transaction", &id)?
    {
        record.set("transaction", transaction);
    }
    let wishes = links::wishes(context, record)?;
    record.set("list_items", values(wishes));
    Ok(())
}

pub(super) fn list_item(context: &Context<'_>, record: &mut Record) -> Result<(), Refusal> {
    let lines = links::lines(context, record)?;
    record.set("transaction_items", values(lines));
    Ok(())
}
