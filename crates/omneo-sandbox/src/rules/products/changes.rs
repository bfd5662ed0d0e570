//! What follows when a product, rate or rating is stored, and what a product shows.

use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// Functions that tell of what is made and changed, and of what is deleted where there is an event for it.
macro_rules! tell {
    ($($name:ident: $kind:literal, $created:literal, $updated:literal $(, $deleted:literal)?;)+) => {$(
        pub(super) fn $name(
            context: &mut Context<'_>,
            old: Option<&Record>,
            new: Option<&Record>,
        ) -> Result<(), Refusal> {
            match (old, new) {
                (None, Some(new)) => context.event($created, $kind, new),
                (Some(_), Some(new)) => context.event($updated, $kind, new),
                $((Some(old), None) => context.event($deleted, $kind, old),)?
                _ => Ok(()),
            }
        }
    )+};
}

tell! {
    product: "Product", "product.created", "product.updated", "product.deleted";
    rate: "Rate", "rate.created", "rate.updated";
    rating: "Rating", "rating.created", "rating.updated";
}

pub(super) fn complete(context: &Context<'_>, record: &mut Record) -> Result<(), Refusal> {
    let id = record.value("id");
    let mut options = Map::new();
    for variant in context.find("ProductVariant", &[("product_id", id)])? {
        let given = variant.list("options").iter().filter_map(Value::as_object);
        for option in given {
            let (Some(name), Some(value)) = (option.text("name"), option.get("value")) else {
                continue;
            };
            let values = options
                .entry(name)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = values
                && !values.contains(value)
            {
                values.push(value.clone());
            }
        }
    }
    record.set("options", options);
    Ok(())
}
