//! The address and the hours of a location.

use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, stamp, time};

/// The member, the kind of its records, and which of their members are times.
const LISTS: [(&str, &str, &[&str]); 2] = [
    ("normal_hours", "LocationNormalHour", &[]),
    (
        "special_hours",
        "LocationSpecialHour",
        &["start_at", "end_at"],
    ),
];

/// Gives the nested records of a location ids and times.
pub(super) fn complete(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    if !new.has("id") {
        let id = context.new_id("Location")?;
        new.insert("id".to_owned(), id);
    }
    for member in ["is_published", "is_permanently_closed"] {
        if !new.has(member) {
            new.set(member, false);
        }
    }
    address(context, old, new)?;
    for (member, kind, times) in LISTS {
        hours(context, new, member, kind, times)?;
    }
    Ok(())
}

/// An address that is changed stays the same record, with the members that are not given.
fn address(context: &Context<'_>, old: Option<&Record>, new: &mut Record) -> Result<(), Refusal> {
    let Some(given) = new.map("address") else {
        return Ok(());
    };
    let before = old.and_then(|old| old.map("address"));
    if before == Some(given) {
        return Ok(());
    }
    let mut address = before.cloned().unwrap_or_default();
    address.extend(given.clone());
    if !address.has("id") {
        let id = context.new_id("LocationAddress")?;
        address.insert("id".to_owned(), id);
    }
    if !address.has("is_default") {
        address.set("is_default", false);
    }
    stamped(context, &mut address);
    new.set("address", address);
    Ok(())
}

fn hours(
    context: &Context<'_>,
    new: &mut Record,
    member: &str,
    kind: &str,
    times: &[&str],
) -> Result<(), Refusal> {
    let mut hours = new.list(member).to_vec();
    if hours.is_empty() {
        return Ok(());
    }
    for hour in hours.iter_mut().filter_map(Value::as_object_mut) {
        if hour.has("id") {
            continue;
        }
        let id = context.new_id(kind)?;
        hour.insert("id".to_owned(), id);
        hour.insert("location_id".to_owned(), new.value("id"));
        for name in times {
            if let Some(at) = hour.text(name).as_deref().and_then(time) {
                hour.set(name, stamp(at));
            }
        }
        if kind == "LocationSpecialHour" && !hour.has("is_repeating") {
            hour.set("is_repeating", false);
        }
        stamped(context, hour);
    }
    new.set(member, hours);
    Ok(())
}

fn stamped(context: &Context<'_>, record: &mut Record) {
    if !record.has("created_at") {
        record.set("created_at", context.stamp());
    }
    record.set("updated_at", context.stamp());
}
