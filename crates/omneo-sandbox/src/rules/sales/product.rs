//! The product of a line.

use serde_json::Value;

use super::item::named;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// By what a line names its variant, in this order, and the variant's member.
const NAMES: [(&str, &str); 3] = [
    ("product_variant_sku", "sku"),
    ("sku", "sku"),
    ("variant_external_id", "external_id"),
];

/// Sets the variant and product of a line.
///
/// # Errors
///
/// 422 for the id of a variant that there isn't.
pub(super) fn take(
    context: &mut Context<'_>,
    item: &mut Record,
    line: &Record,
) -> Result<(), Refusal> {
    if line.has("product_variant_id") {
        let id = named(line, "product_variant_id").unwrap_or_default();
        let variant = context.store().get("ProductVariant", &id)?;
        let variant = variant.ok_or_else(|| Refusal::unknown("product_variant_id"))?;
        set(item, &variant);
        return Ok(());
    }
    if let Some(variant) = by_names(context, line)? {
        set(item, &variant);
    } else if let Some(snapshot) = line.map("product_variant") {
        let variant = match snapshot.get("sku") {
            Some(sku) => context.first("ProductVariant", &[("sku", sku.clone())])?,
            None => None,
        };
        let variant = match variant {
            Some(variant) => variant,
            None => made(context, snapshot)?,
        };
        set(item, &variant);
    }
    for (name, member) in NAMES {
        // A name that no product has yet is kept: the line is linked when it is recalculated.
        if let Some(name) = named(line, name)
            && !item.has(kept_as(member))
        {
            item.set(kept_as(member), name);
        }
    }
    Ok(())
}

/// Looks for the product of a line again, by the names that it kept. Whether it changed.
pub(in crate::rules) fn resolve(context: &Context<'_>, item: &mut Record) -> Result<bool, Refusal> {
    if item.has("product_variant_id") {
        return Ok(false);
    }
    let found = by_names(context, item)?;
    if let Some(variant) = &found {
        set(item, variant);
    }
    Ok(found.is_some())
}

fn kept_as(member: &str) -> &'static str {
    match member {
        "sku" => "sku",
        _ => "variant_external_id",
    }
}

fn by_names(context: &Context<'_>, line: &Record) -> Result<Option<Record>, Refusal> {
    for (name, member) in NAMES {
        if let Some(name) = named(line, name)
            && let Some(variant) = context.first("ProductVariant", &[(member, name.into())])?
        {
            return Ok(Some(variant));
        }
    }
    Ok(None)
}

fn set(item: &mut Record, variant: &Record) {
    let member = |name: &str| variant.value(name);
    item.insert("product_variant_id".to_owned(), member("id"));
    item.insert("product_id".to_owned(), member("product_id"));
    item.insert("sku".to_owned(), member("sku"));
    item.insert("variant_external_id".to_owned(), member("external_id"));
}

/// The variant, and the product if need be, that a snapshot describes.
fn made(context: &mut Context<'_>, snapshot: &Record) -> Result<Record, Refusal> {
    let member = |name: &str| snapshot.value(name);
    let external_id = snapshot.text("product_id").map(Value::from);
    let product = match &external_id {
        Some(id) => context.first("Product", &[("external_id", id.clone())])?,
        None => None,
    };
    let product = match product {
        Some(product) => product,
        None => {
            let mut product = Record::new();
            product.insert("external_id".to_owned(), external_id.unwrap_or_default());
            product.insert("title".to_owned(), member("title"));
            product.insert("brand".to_owned(), member("brand"));
            product.insert("department".to_owned(), member("category"));
            product.set("status", "active");
            product.set("position", 0);
            context.create("Product", product)?
        }
    };
    let mut variant = Record::new();
    let id = product.value("id");
    variant.insert("product_id".to_owned(), id);
    for name in ["sku", "barcode", "title", "price"] {
        variant.insert(name.to_owned(), member(name));
    }
    variant.set("position", 0);
    context.create("ProductVariant", variant)
}
