//! The lines of transactions and orders.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::sale::figure;
use super::{Sale, product};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, text};

const PLAIN: [&str; 7] = [
    "department",
    "discounts",
    "external_id",
    "meta",
    "name",
    "sku",
    "tags",
];
const AMOUNTS: [&str; 6] = [
    "price_current",
    "price_margin",
    "price_original",
    "price_sell",
    "price_tax",
    "quantity",
];

/// Brings the lines of a sale to what a body lists: those with the same id or external id are changed, the others added. A line that has neither
/// takes the place of the next one that has neither, so that a repeated request adds none. `delete_existing_items` removes those that are not listed.
///
/// # Errors
///
/// 422 for a product that there isn't, under `items.0`.
pub(super) fn replace(
    context: &mut Context<'_>,
    sale: &Sale,
    owner: &Record,
    body: &Record,
) -> Result<(), Refusal> {
    if !body.contains_key("items") {
        return Ok(());
    }
    let id = owner.value("id");
    let mut there = context.find(sale.item, &[(sale.owner, id)])?;
    for (place, line) in body.list("items").iter().enumerate() {
        let Value::Object(line) = line else {
            continue;
        };
        let old = matching(&there, line).map(|place| there.remove(place));
        let done = match old {
            Some(old) => change(context, sale, owner, &old, line),
            None => add(context, sale, owner, line),
        };
        done.map_err(|refusal| under(&format!("items.{place}"), refusal))?;
    }
    if body.flag("delete_existing_items") == Some(true) {
        for item in there {
            context.delete(sale.item, &item)?;
        }
    }
    Ok(())
}

/// Which of the lines is meant.
fn matching(there: &[Record], line: &Record) -> Option<usize> {
    let by = |member: &str| {
        let wanted = line.text(member)?;
        there
            .iter()
            .position(|item| item.text(member).as_deref() == Some(&wanted))
    };
    let is_nameless = line.text("id").is_none() && line.text("external_id").is_none();
    by("id").or_else(|| by("external_id")).or_else(|| {
        let nameless = |item: &Record| is_nameless && item.text("external_id").is_none();
        there.iter().position(nameless)
    })
}

/// Adds a line to a sale.
pub(in crate::rules) fn add(
    context: &mut Context<'_>,
    sale: &Sale,
    owner: &Record,
    line: &Record,
) -> Result<Record, Refusal> {
    let mut item = Record::new();
    item.set("is_void", false);
    take(context, sale, owner, &mut item, line)?;
    context.create(sale.item, item)
}

/// Changes a line of a sale.
pub(in crate::rules) fn change(
    context: &mut Context<'_>,
    sale: &Sale,
    owner: &Record,
    old: &Record,
    line: &Record,
) -> Result<Record, Refusal> {
    let mut item = old.clone();
    take(context, sale, owner, &mut item, line)?;
    context.update(sale.item, old, item)
}

fn take(
    context: &mut Context<'_>,
    sale: &Sale,
    owner: &Record,
    item: &mut Record,
    line: &Record,
) -> Result<(), Refusal> {
    item.copy(line, &PLAIN);
    for member in AMOUNTS {
        figure(item, line, member);
    }
    if let Some(flag) = line.flag("is_void") {
        item.set("is_void", flag);
    }
    item.set("is_return", is_return(item));
    product::take(context, item, line)?;
    let id = owner.value("id");
    item.insert(sale.owner.to_owned(), id);
    // Who is told of a new line is told whose it is, though the sale is stored after its lines.
    item.set(sale.summary, summary(owner));
    Ok(())
}

/// Whether a line gives goods back.
pub(in crate::rules) fn is_return(item: &Record) -> bool {
    item.amount("quantity")
        .is_some_and(|quantity| quantity < Decimal::ZERO)
}

fn summary(owner: &Record) -> Value {
    let members = ["transacted_at", "receipt_ref", "external_id"];
    let members = members.map(|member| (member.to_owned(), json!(owner.get(member))));
    Value::Object(Map::from_iter(members))
}

/// A refusal of a nested record, by its place in the body.
pub(super) fn under(place: &str, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Invalid(problems) => {
            let problems = problems.into_iter();
            let nested = problems.map(|(field, message)| (format!("{place}.{field}"), message));
            Refusal::Invalid(nested.collect())
        }
        other => other,
    }
}

/// The members by which a line names a product variant, as texts.
pub(super) fn named(line: &Record, member: &str) -> Option<String> {
    line.get(member).and_then(text)
}
