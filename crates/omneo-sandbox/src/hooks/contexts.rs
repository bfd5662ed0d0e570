//! What a webhook is sent: the context of an event.
//!
//! A context is not the API's answer. Its base is the record as answers nest it; the table says what comes on top.

use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::render;

/// What the context of a kind has beyond its record.
struct Addition {
    kind: &'static str,
    add: fn(&Context<'_>, &Record, &mut Record) -> Result<(), Refusal>,
}

/// Kinds that are not here have the profile that they belong to, if they belong to one: so it is documented of transactions, and read into the others.
const ADDITIONS: &[Addition] = &[
    Addition {
        kind: "Profile",
        add: flattened,
    },
    Addition {
        kind: "Address",
        add: owner,
    },
    Addition {
        kind: "Order",
        add: order,
    },
    Addition {
        kind: "OrderItem",
        add: order_item,
    },
];

/// Triggers whose context is the profile, plus the definition that it is about.
const OF_TIERS: &str = "tier.";

/// Kinds that are part of their profile: its context has them. Omneo counts `aggregation.updated` among the events of a profile.
const PARTS: [&str; 1] = ["ProfileAggregation"];

/// The context of an event of a record.
pub(super) fn of(
    context: &Context<'_>,
    trigger: &str,
    kind: &str,
    record: &Record,
) -> Result<Record, Refusal> {
    if trigger.starts_with(OF_TIERS) {
        return tier(context, kind, record);
    }
    if PARTS.contains(&kind)
        && let Some(profile) = profile_of(context, record)?
    {
        return of(context, trigger, "Profile", &profile);
    }
    let mut body = base(context, kind, record);
    match ADDITIONS.iter().find(|addition| addition.kind == kind) {
        Some(addition) => (addition.add)(context, record, &mut body)?,
        None => profile(context, record, &mut body)?,
    }
    Ok(body)
}

fn base(context: &Context<'_>, kind: &str, record: &Record) -> Record {
    match render::record(context, kind, record) {
        Value::Object(body) => body,
        // A kind that no schema describes.
        _ => {
            let shown = record.iter().filter(|(name, _)| !name.starts_with('_'));
            shown
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        }
    }
}

/// The profile that a record belongs to, even if it was deleted.
fn profile_of(context: &Context<'_>, record: &Record) -> Result<Option<Record>, Refusal> {
    match record.text("profile_id") {
        Some(id) => Ok(context.store().get("Profile", &id)?),
        None => Ok(None),
    }
}

/// The profile that a record belongs to, in full.
fn profile(context: &Context<'_>, record: &Record, body: &mut Record) -> Result<(), Refusal> {
    if let Some(profile) = profile_of(context, record)? {
        body.set("profile", of(context, "", "Profile", &profile)?);
    }
    Ok(())
}

/// The handles of a profile's tags and statuses, as plain lists.
fn flattened(_: &Context<'_>, record: &Record, body: &mut Record) -> Result<(), Refusal> {
    for (from, to) in [
        ("tags", "flattened_tags"),
        ("statuses", "flattened_statuses"),
    ] {
        // As answers have them they are texts already, whatever they were.
        let items = match (record.list(from), body.get(from)) {
            ([], Some(Value::Array(items))) => items,
            (items, _) => items,
        };
        let handles: Value = items.iter().filter_map(handle).collect();
        body.set(to, handles);
    }
    Ok(())
}

fn handle(item: &Value) -> Option<Value> {
    match item {
        Value::Object(item) => item.text("handle").map(Value::String),
        other => crate::record::text(other).map(Value::String),
    }
}

/// Whose an address is: the profile's id and email.
fn owner(context: &Context<'_>, record: &Record, body: &mut Record) -> Result<(), Refusal> {
    let Some(profile) = profile_of(context, record)? else {
        return Ok(());
    };
    let id = profile.text("id");
    body.set("resource_owner_id", id.clone());
    body.set("resource_owner_type", "profile");
    body.set(
        "profile",
        json!({ "id": id, "email": profile.get("email") }),
    );
    Ok(())
}

fn order(context: &Context<'_>, record: &Record, body: &mut Record) -> Result<(), Refusal> {
    profile(context, record, body)?;
    if let Some(id) = record.text("staff_id")
        && let Some(staff) = context.store().get("Staff", &id)?
    {
        body.set("staff", base(context, "Staff", &staff));
    }
    if let Some(payments) = body.remove("payments") {
        body.set("payment", payments);
    }
    let Some(id) = record.get("id") else {
        return Ok(());
    };
    let transactions = context.find("Transaction", &[("order_id", id.clone())])?;
    let transactions: Value = transactions
        .iter()
        .map(|transaction| Value::Object(base(context, "Transaction", transaction)))
        .collect();
    body.set("transactions", transactions);
    Ok(())
}

fn order_item(context: &Context<'_>, record: &Record, body: &mut Record) -> Result<(), Refusal> {
    let order = match record.text("order_id") {
        Some(id) => context.store().get("Order", &id)?,
        None => None,
    };
    let profile = profile_of(context, order.as_ref().unwrap_or(record))?;
    if let Some(profile) = profile {
        let full = of(context, "", "Profile", &profile)?;
        let part = json!({ "email": profile.get("email"), "flattened_statuses": full.get("flattened_statuses") });
        body.set("profile_id", profile.text("id"));
        body.set("profile", part);
    }
    if let Some(order) = order {
        body.set("is_order_void", order.flag("is_void").unwrap_or_default());
        let mut full = base(context, "Order", &order);
        let mut part = |member| full.remove(member);
        let part = json!({ "meta": part("meta"), "location": part("location"), "transacted_at": part("transacted_at") });
        body.set("order", part);
    }
    let quantity = record.amount("quantity").unwrap_or_default();
    body.set("quantity_abs", crate::record::number(quantity.abs()));
    Ok(())
}

/// The profile plus the definition of the tier; the record is the profile, its tier, or the definition.
fn tier(context: &Context<'_>, kind: &str, record: &Record) -> Result<Record, Refusal> {
    let profile = match kind {
        "Profile" => Some(record.clone()),
        _ => profile_of(context, record)?,
    };
    let definition = match kind {
        "TierDefinition" => Some(record.clone()),
        _ => definition(context, record)?.or(match &profile {
            Some(profile) => definition(context, profile)?,
            None => None,
        }),
    };
    let mut body = match profile {
        Some(profile) => of(context, "", "Profile", &profile)?,
        None => base(context, kind, record),
    };
    if let Some(definition) = definition {
        body.set("definition", base(context, "TierDefinition", &definition));
    }
    Ok(body)
}

/// The tier definition that a record names.
fn definition(context: &Context<'_>, record: &Record) -> Result<Option<Record>, Refusal> {
    for member in ["tier_definition_id", "definition_id"] {
        if let Some(id) = record.text(member) {
            return Ok(context.store().get("TierDefinition", &id)?);
        }
    }
    match record.text("tier_handle") {
        Some(handle) => context.first("TierDefinition", &[("handle", handle.into())]),
        None => Ok(None),
    }
}
