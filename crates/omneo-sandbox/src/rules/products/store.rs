//! Making, changing and deleting products.

use serde_json::Value;

use super::variants;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// What a body has beside the members of a product.
const OTHERS: [&str; 3] = ["id", "variants", "archive_existing_variants"];

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body.clone();
    create(call, &body).map(Answer::One)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = call.get("Product", call.param("product"))?;
    let body = call.body.clone();
    change(call, &old, &body).map(Answer::One)
}

pub(super) fn update_create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body.clone();
    upsert(call, &body).map(Answer::One)
}

pub(super) fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let product = call.get("Product", call.param("product"))?;
    let id = product.value("id");
    for variant in call.find("ProductVariant", &[("product_id", id)])? {
        call.delete("ProductVariant", &variant)?;
    }
    call.delete("Product", &product)?;
    Ok(Answer::Empty)
}

/// Changes the product with the body's external id; adds one if there is none.
///
/// # Errors
///
/// What keeps a record from being stored.
pub(in crate::rules) fn upsert(
    context: &mut Context<'_>,
    body: &Record,
) -> Result<Record, Refusal> {
    save(context, body, &["external_id"])
}

/// As [`upsert`], for a row of a batch, which need not have an external id, but has a handle.
pub(in crate::rules) fn row(context: &mut Context<'_>, body: &Record) -> Result<Record, Refusal> {
    save(context, body, &["external_id", "handle"])
}

/// The first of the names that a body has is the one that counts.
fn save(context: &mut Context<'_>, body: &Record, names: &[&str]) -> Result<Record, Refusal> {
    let mut names = names.iter();
    let name = names.find_map(|name| Some((*name, body.text(name)?)));
    let old = match name {
        Some((name, value)) => context.first("Product", &[(name, value.into())])?,
        None => None,
    };
    match old {
        Some(old) => change(context, &old, body),
        None => create(context, body),
    }
}

fn create(context: &mut Context<'_>, body: &Record) -> Result<Record, Refusal> {
    let mut record = Record::new();
    record.set("status", "active");
    record.set("position", 0);
    for member in ["tags", "channels", "systems"] {
        record.set(member, Vec::<Value>::new());
    }
    record.extend(given(body));
    // The variants are there before whoever is told of the product looks for them.
    record.insert("id".to_owned(), context.new_id("Product")?);
    variants::replace(context, &record, body)?;
    context.create("Product", record)
}

fn change(context: &mut Context<'_>, old: &Record, body: &Record) -> Result<Record, Refusal> {
    let mut record = old.clone();
    record.extend(given(body));
    variants::replace(context, &record, body)?;
    context.update("Product", old, record)
}

fn given(body: &Record) -> Record {
    let own = body
        .iter()
        .filter(|(name, _)| !OTHERS.contains(&name.as_str()));
    own.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
