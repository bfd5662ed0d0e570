//! Date attributes: anniversaries and their like.

use serde_json::Value;

use super::comms::attribute_changed;
use super::within;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, civil, text};
use crate::rules::{Change, Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.attributes.dates.update",
            fact: "A date with the handle and the relationship of one that the profile has changes that one [sent].",
            answer: update,
        },
        Rule {
            operation: "profiles.attributes.dates.destroy",
            fact: "Removing a date answers the dates that remain [sent].",
            answer: destroy,
        },
    ],
    changes: &[Change {
        kind: KIND,
        fact: "A date attribute is a plain date [sent], and its change is an event of the profile [seen].",
        before: Some(before),
        after: Some(attribute_changed),
    }],
    views: &[],
    work: &[],
};

pub(super) const KIND: &str = "ProfileDatesAttribute";

fn before(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    if let Some(date) = new.text("date") {
        let date = civil(&date)
            .ok_or_else(|| Refusal::invalid("date", "The date is not a valid date."))?;
        new.set("date", date.date().to_string());
    }
    if !new.has("is_recurring") {
        new.set("is_recurring", false);
    }
    if old.and_then(|old| old.get("links")) != new.get("links") {
        links(context, new)?;
    }
    Ok(())
}

/// Completes the links of a date to other profiles, which must be there.
fn links(context: &Context<'_>, date: &mut Record) -> Result<(), Refusal> {
    let mut links = Vec::new();
    for (index, link) in date.list("links").iter().enumerate() {
        let mut link = link.as_object().cloned().unwrap_or_default();
        let field = || format!("links.{index}.profile_id");
        let linked = link.text("profile_id").unwrap_or_default();
        if context.store().get("Profile", &linked)?.is_none() {
            return Err(Refusal::unknown(field()));
        }
        if !link.has("id") {
            link.insert(
                "id".to_owned(),
                context.new_id("ProfileDatesAttributeLink")?,
            );
            link.set("created_at", context.stamp());
        }
        link.set("updated_at", context.stamp());
        links.push(Value::Object(link));
    }
    date.set("links", links);
    Ok(())
}

fn put(context: &mut Context<'_>, profile: &str, members: &Record) -> Result<Record, Refusal> {
    let held = context.find(KIND, &[("profile_id", profile.into())])?;
    let old = held.iter().find(|old| {
        ["handle", "relationship"]
            .iter()
            .all(|member| old.get(*member).and_then(text) == members.get(*member).and_then(text))
    });
    let mut record = old.cloned().unwrap_or_default();
    record.extend(members.clone());
    record.set("profile_id", profile);
    if let Some(old) = old {
        record.insert("id".to_owned(), old.value("id"));
    }
    context.save(KIND, old, record)
}

/// Stores the dates of a profile's body; others stay.
pub(super) fn store_all(
    context: &mut Context<'_>,
    profile: &str,
    items: &Value,
) -> Result<(), Refusal> {
    let items = items.as_array().into_iter().flatten();
    for (index, item) in items.filter_map(Value::as_object).enumerate() {
        let mut item = item.clone();
        item.remove("id");
        let stored = put(context, profile, &item);
        within(&format!("dates_attributes.{index}"), stored)?;
    }
    Ok(())
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let mut members = call.body.clone();
    members.remove("id");
    put(call, &profile, &members).map(Answer::One)
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let date = call.owned(KIND, "date", &profile)?;
    call.delete(KIND, &date)?;
    call.all_owned(KIND)
}
