//! The variants of products.

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};

const KIND: &str = "ProductVariant";
const AMOUNTS: [&str; 6] = [
    "available_quantity",
    "position",
    "price",
    "price_comparison",
    "price_cost",
    "price_discounted",
];

pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.whole_list(KIND, &[])
}

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let product = call.get("Product", call.param("product"))?;
    let body = call.body.clone();
    create(call, &product, &body).map(Answer::One)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let product = call.get("Product", call.param("product"))?;
    let old = call.get(KIND, call.param("variant"))?;
    if old.text("product_id") != product.text("id") {
        return Err(Refusal::NotFound);
    }
    let body = call.body.clone();
    change(call, &old, &body).map(Answer::One)
}

/// Brings the variants of a product to what a body lists: those with the same id or SKU are changed, the others added. `archive_existing_variants`
/// removes those that are not listed.
pub(super) fn replace(
    context: &mut Context<'_>,
    product: &Record,
    body: &Record,
) -> Result<(), Refusal> {
    let id = product.value("id");
    let mut there = context.find(KIND, &[("product_id", id)])?;
    for row in body.list("variants").iter().filter_map(Value::as_object) {
        let by = |member: &str| {
            let wanted = row.text(member)?;
            there
                .iter()
                .position(|variant| variant.text(member).as_ref() == Some(&wanted))
        };
        match by("id").or_else(|| by("sku")) {
            Some(place) => {
                let old = there.remove(place);
                change(context, &old, row)?;
            }
            None => {
                create(context, product, row)?;
            }
        }
    }
    if body.flag("archive_existing_variants") == Some(true) {
        for variant in there {
            context.delete(KIND, &variant)?;
        }
    }
    Ok(())
}

fn create(context: &mut Context<'_>, product: &Record, row: &Record) -> Result<Record, Refusal> {
    let mut variant = Record::new();
    variant.set("position", 0);
    variant.set("tags", Vec::<Value>::new());
    variant.set("options", Vec::<Value>::new());
    take(&mut variant, row);
    let id = product.value("id");
    variant.insert("product_id".to_owned(), id);
    context.create(KIND, variant)
}

fn change(context: &mut Context<'_>, old: &Record, row: &Record) -> Result<Record, Refusal> {
    let mut variant = old.clone();
    take(&mut variant, row);
    context.update(KIND, old, variant)
}

fn take(variant: &mut Record, row: &Record) {
    let given = row
        .iter()
        .filter(|(name, _)| *name != "id" && *name != "product_id");
    variant.extend(given.map(|(name, value)| (name.clone(), value.clone())));
    for member in AMOUNTS {
        if let Some(amount) = row.amount(member) {
            variant.insert(member.to_owned(), number(amount));
        }
    }
}
