//! Making and changing a transaction or an order.

use serde_json::Value;

use super::{Sale, currency, item};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::locations;

/// What a body gives as it is.
const PLAIN: [&str; 20] = [
    "custom_fields",
    "external_id",
    "external_order_id",
    "fees",
    "linked_receipt_ref",
    "meta",
    "order_id",
    "order_number",
    "organisation_id",
    "payments",
    "receipt_email",
    "receipt_ref",
    "redemption_id",
    "staff_id",
    "status",
    "tender",
    "timezone",
    "transacted_at",
    "type",
    "due_date",
];

const AMOUNTS: [&str; 4] = ["total", "total_original", "rounding", "margin"];
const FLAGS: [&str; 3] = ["is_void", "receipt_is_email", "need_action"];
/// Lists of handles. One that is not given is empty.
const HANDLES: [&str; 2] = ["tags", "systems"];

/// Without them there is no sale, though an update may leave them out.
const REQUIRED: [&str; 3] = ["total", "transacted_at", "timezone"];

/// Adds a sale with its lines.
///
/// # Errors
///
/// 422 for a profile or a product that there isn't, and for what a sale can't be without.
pub(in crate::rules) fn store(
    context: &mut Context<'_>,
    sale: &Sale,
    body: &Record,
) -> Result<Record, Refusal> {
    let mut record = Record::new();
    let missing = REQUIRED.iter().filter(|member| !body.has(member));
    let missing: Vec<_> = missing
        .map(|member| {
            let field = member.replace('_', " ");
            (
                (*member).to_owned(),
                format!("The {field} field is required."),
            )
        })
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::Invalid(missing));
    }
    for member in FLAGS {
        record.set(member, false);
    }
    for member in HANDLES {
        record.set(member, Vec::<Value>::new());
    }
    // The lines are there before whoever is told of the sale looks for them.
    record.insert("id".to_owned(), context.new_id(sale.kind)?);
    take(context, sale, &mut record, body)?;
    item::replace(context, sale, &record, body)?;
    context.create(sale.kind, record)
}

/// Changes a sale by the members that a body gives, and its lines if it has any.
///
/// # Errors
///
/// 422 for a profile or a product that there isn't.
pub(in crate::rules) fn change(
    context: &mut Context<'_>,
    sale: &Sale,
    old: &Record,
    body: &Record,
) -> Result<Record, Refusal> {
    let mut record = old.clone();
    take(context, sale, &mut record, body)?;
    item::replace(context, sale, &record, body)?;
    context.update(sale.kind, old, record)
}

/// Changes the sale with the `external_id` of a body, else with its `id`; adds one if there is none.
///
/// # Errors
///
/// As those of [`store`] and [`change`].
pub(in crate::rules) fn upsert(
    context: &mut Context<'_>,
    sale: &Sale,
    body: &Record,
) -> Result<Record, Refusal> {
    let mut old = None;
    if let Some(id) = body.text("external_id") {
        old = context.first(sale.kind, &[("external_id", id.into())])?;
    }
    if old.is_none()
        && let Some(id) = body.text("id")
    {
        old = context.store().get(sale.kind, &id)?;
    }
    match old {
        Some(old) => change(context, sale, &old, body),
        None => store(context, sale, body),
    }
}

/// Removes a sale and its lines.
pub(in crate::rules) fn destroy(
    context: &mut Context<'_>,
    sale: &Sale,
    record: &Record,
) -> Result<(), Refusal> {
    let id = record.value("id");
    for item in context.find(sale.item, &[(sale.owner, id)])? {
        context.delete(sale.item, &item)?;
    }
    context.delete(sale.kind, record)
}

fn take(
    context: &mut Context<'_>,
    sale: &Sale,
    record: &mut Record,
    body: &Record,
) -> Result<(), Refusal> {
    record.copy(body, &PLAIN);
    record.copy(body, &HANDLES);
    for member in AMOUNTS {
        figure(record, body, member);
    }
    for member in FLAGS {
        if let Some(flag) = body.flag(member) {
            record.set(member, flag);
        }
    }
    if body.contains_key("profile_id") {
        let profile = context.profile_of(body)?;
        let id = profile.and_then(|profile| profile.get("id").cloned());
        record.insert("profile_id".to_owned(), id.unwrap_or_default());
    }
    if body.contains_key("location_id") {
        let location = match body.text("location_id") {
            Some(name) => Some(locations::named_or_made(context, &name)?),
            None => None,
        };
        let id = location.and_then(|location| location.get("id").cloned());
        record.insert("location_id".to_owned(), id.unwrap_or_default());
    }
    currency::take(context, sale, record, body)
}

/// Sets an amount that a body gives; a text that is a number as that.
pub(super) fn figure(record: &mut Record, body: &Record, member: &str) {
    if let Some(amount) = body.amount(member) {
        record.insert(member.to_owned(), number(amount));
    } else if body.get(member).is_some_and(Value::is_null) {
        record.insert(member.to_owned(), Value::Null);
    }
}
