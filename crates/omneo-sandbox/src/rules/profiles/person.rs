//! What belongs to every change of a profile, whoever makes it.

use serde_json::Value;

use super::{birthday, inline, names, phone, statuses};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, text};
use crate::rules::changes::{ALL, tell};
use crate::rules::{Change, Family};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[],
    changes: &[Change {
        kind: "Profile",
        fact: "Email and mobile are unique over all live profiles, names are normalised and missing ones are Unknown, phones are E.164, unknown statuses \
               are ignored, spaces in tags become hyphens, and what is nested in the body is stored with its own kind [seen].",
        before: Some(prepare),
        after: Some(follow),
    }],
    views: &[],
    work: &[],
};

fn prepare(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    inline::set_aside(new);
    names::normalise(new);
    phone::normalise(new)?;
    birthday::check(new)?;
    currency(context, old, new)?;
    for door in ["joined", "preferred"] {
        location(context, new, door)?;
    }
    let tags = new.list("tags").iter().filter_map(text);
    let tags: Vec<_> = tags.map(|tag| tag.trim().replace(' ', "-")).collect();
    new.set("tags", tags);
    statuses::keep_known(context, old, new)?;
    if old.is_none() {
        defaults(context, new);
    }
    unique(context, new)
}

/// What a new profile has, if its body doesn't say. Inferred.
fn defaults(context: &Context<'_>, new: &mut Record) {
    let defaults = [
        ("joined_at", Value::from(context.stamp())),
        ("profile_type", "active".into()),
        ("is_public", false.into()),
        ("is_completed", true.into()),
    ];
    for (member, value) in defaults {
        if !new.has(member) {
            new.set(member, value);
        }
    }
}

/// A currency must be one of those that are configured; as long as none is, any is.
fn currency(context: &Context<'_>, old: Option<&Record>, new: &Record) -> Result<(), Refusal> {
    let Some(currency) = new.text("currency") else {
        return Ok(());
    };
    let is_new = old.and_then(|old| old.text("currency")).as_ref() != Some(&currency);
    if !is_new || context.store().count("Currency", &[])? == 0 {
        return Ok(());
    }
    for member in ["from", "to"] {
        if context
            .first("Currency", &[(member, currency.as_str().into())])?
            .is_some()
        {
            return Ok(());
        }
    }
    Err(Refusal::unknown("currency"))
}

/// A location that is named by its external id or code is stored by its id.
fn location(context: &Context<'_>, new: &mut Record, door: &str) -> Result<(), Refusal> {
    for member in ["external_id", "external_code"] {
        let name = format!("{door}_location_{member}");
        let Some(value) = new.remove(&name).as_ref().and_then(text) else {
            continue;
        };
        let location = context.first("Location", &[(member, value.into())])?;
        let location = location.ok_or_else(|| Refusal::unknown(name))?;
        let id = location.value("id");
        new.insert(format!("{door}_location_id"), id);
    }
    Ok(())
}

fn unique(context: &Context<'_>, new: &Record) -> Result<(), Refusal> {
    let mut messages = Vec::new();
    let rules = [
        ("email", "The email has already been taken."),
        ("mobile_phone", "The phone number exists"),
    ];
    for (member, message) in rules {
        let Some(value) = new.text(member) else {
            continue;
        };
        let others = context.find("Profile", &[(member, value.into())])?;
        if others.iter().any(|other| other.get("id") != new.get("id")) {
            messages.push((member.to_owned(), message.to_owned()));
        }
    }
    if messages.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Invalid(messages))
    }
}

fn follow(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    if let Some(new) = new {
        inline::store(context, new)?;
    }
    tell(context, "profile", ALL, "Profile", old, new)
}
