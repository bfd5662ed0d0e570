//! Profiles, and what belongs to one.

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

pub(super) mod addresses;
pub(super) mod aggregations;
mod birthday;
pub(super) mod comms;
pub(super) mod custom_attributes;
pub(super) mod dates;
pub(super) mod deletion;
pub(super) mod identities;
mod inline;
pub(super) mod interactions;
pub(super) mod lookup;
pub(super) mod members;
pub(super) mod merge;
mod names;
pub(super) mod person;
mod phone;
pub(super) mod regions;
pub(super) mod search;
pub(super) mod staff;
mod statuses;
pub(super) mod sync;
pub(super) mod view;

/// Adds the record of which a profile has one, under the profile's id, or changes its members.
fn put_only(
    context: &mut Context<'_>,
    kind: &str,
    profile: &str,
    members: &Record,
) -> Result<Record, Refusal> {
    let old = context.first(kind, &[("profile_id", profile.into())])?;
    let mut record = old.clone().unwrap_or_default();
    record.extend(members.clone());
    record.set("profile_id", profile);
    if old.is_none() {
        record.set("id", profile);
    }
    context.save(kind, old.as_ref(), record)
}

/// The record of which a profile has one; as it would be if nothing was ever set, if there is none.
fn only(context: &Context<'_>, kind: &str, profile: &Record) -> Result<Record, Refusal> {
    let id = profile.text("id").unwrap_or_default();
    if let Some(record) = context.first(kind, &[("profile_id", id.as_str().into())])? {
        return Ok(record);
    }
    let mut record = Record::new();
    record.set("id", id.as_str());
    record.set("profile_id", id);
    for time in ["created_at", "updated_at"] {
        record.insert(time.to_owned(), profile.value("created_at"));
    }
    Ok(record)
}

/// Puts the fields of a refusal below the member that the refused record came in: `identities.0`.
pub(super) fn within<T>(member: &str, result: Result<T, Refusal>) -> Result<T, Refusal> {
    result.map_err(|refusal| match refusal {
        Refusal::Invalid(messages) => Refusal::Invalid(
            messages
                .into_iter()
                .map(|(field, message)| (format!("{member}.{field}"), message))
                .collect(),
        ),
        other => other,
    })
}
