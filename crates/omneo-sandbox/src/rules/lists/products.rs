//! Which product an item of a list means.

use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// The members by which an item names its product, the member of the record that they name, and its kind.
const NAMES: [(&str, &str, &str); 6] = [
    ("product_variant_id", "id", "ProductVariant"),
    ("product_variant_sku", "sku", "ProductVariant"),
    ("product_variant_barcode", "barcode", "ProductVariant"),
    ("product_id", "id", "Product"),
    ("product_category_id", "id", "ProductCategory"),
    ("external_id", "external_id", "ProductVariant"),
];

/// Replaces a product's names in an item by ids: a variant's sku, barcode or external id, and a variant's product.
pub(super) fn resolve(context: &Context<'_>, item: &mut Record) -> Result<(), Refusal> {
    for (name, member, kind) in NAMES {
        let Some(value) = item.text(name) else {
            continue;
        };
        let found = if member == "id" {
            context.store().get(kind, &value)?
        } else {
            context.first(kind, &[(member, value.as_str().into())])?
        };
        let found = match found {
            Some(found) => found,
            // An external id may be a product's, and may be the caller's own.
            None if name == "external_id" => {
                match context.first("Product", &[("external_id", value.into())])? {
                    Some(product) => {
                        fill(item, "product_id", product.get("id"));
                        continue;
                    }
                    None => continue,
                }
            }
            None => return Err(Refusal::unknown(name)),
        };
        if kind == "ProductVariant" {
            fill(item, "product_variant_id", found.get("id"));
            fill(item, "product_id", found.get("product_id"));
        }
        if ![
            "product_variant_id",
            "product_id",
            "product_category_id",
            "external_id",
        ]
        .contains(&name)
        {
            item.remove(name);
        }
    }
    Ok(())
}

fn fill(item: &mut Record, member: &str, value: Option<&Value>) {
    if let (false, Some(value)) = (item.has(member), value) {
        item.insert(member.to_owned(), value.clone());
    }
}

/// Whether an item names any product.
pub(super) fn is_named(item: &Record) -> bool {
    NAMES.iter().any(|(name, _, _)| item.has(name)) || item.has("custom_product_id")
}
