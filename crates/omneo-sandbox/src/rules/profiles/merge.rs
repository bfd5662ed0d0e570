//! Merging two profiles of one person.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{comms, custom_attributes, dates, deletion, members, regions};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, text};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[Rule {
        operation: "profiles.merge",
        fact: "All that names the source names the destination then, and the source is deleted [seen]; what both have of a thing that a profile has once stays \
               the destination's [inferred].",
        answer: merge,
    }],
    changes: &[],
    views: &[],
    work: &[],
};

/// The work that finds out which tier the points of a profile reach.
const TIER: &str = "incentives.tier";

/// Members by which records name profiles.
const NAMES: [&str; 6] = [
    "profile_id",
    "connected_id",
    "connector_id",
    "joined_staff_id",
    "preferred_staff_id",
    "staff_id",
];

/// Of what a profile has one each by these members.
const ONCE: [(&str, &[&str]); 6] = [
    (super::aggregations::KIND, &[]),
    // Where a profile stands; the tier points are what moves.
    ("TierProgress", &[]),
    (custom_attributes::KIND, &["namespace", "handle"]),
    (dates::KIND, &["handle", "relationship"]),
    (regions::KIND, &["region_id"]),
    (members::KIND, &["organisation_id"]),
];

/// Flags of which one record of a profile has each: the source's give way.
const SINGLE: [(&str, &str); 3] = [
    ("Identity", "is_primary"),
    ("Address", "is_default"),
    (regions::KIND, "is_active"),
];

fn merge(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let source = named(call, "source_profile_id")?;
    let destination = named(call, "destination_profile_id")?;
    let (from, to) = (
        source.text("id").unwrap_or_default(),
        destination.text("id").unwrap_or_default(),
    );
    if from == to {
        return Err(Refusal::invalid(
            "source_profile_id",
            "The source profile id and destination profile id must be different.",
        ));
    }
    for kind in [comms::COMMS, comms::APPEARANCE] {
        complete_only(call, kind, &from, &to)?;
    }
    for (kind, _) in call.store().counts()? {
        for name in NAMES {
            for record in call.find(&kind, &[(name, from.as_str().into())])? {
                hand_over(call, &kind, name, record, &to)?;
            }
        }
    }
    custom_fields(call, &from, &to)?;
    call.store().delete("Profile", &from)?;
    let mut notes = Record::new();
    notes.set("merged_into", to.as_str());
    deletion::set_aside(call, source, notes)?;
    super::aggregations::calculate(call, &destination)?;
    let what = json!({ "profile_id": to });
    call.later(TIER, SignedDuration::ZERO, what)?;
    call.event("profile.merged", "Profile", &destination)?;
    Ok(Answer::One(destination))
}

fn named(call: &Call<'_>, member: &str) -> Result<Record, Refusal> {
    let id = call.body.text(member).unwrap_or_default();
    let profile = call.store().get("Profile", &id)?;
    profile.ok_or_else(|| Refusal::unknown(member))
}

/// Adds to the one record that the destination has of a kind what only the source's says.
fn complete_only(context: &Context<'_>, kind: &str, from: &str, to: &str) -> Result<(), Refusal> {
    let Some(mut theirs) = context.first(kind, &[("profile_id", from.into())])? else {
        return Ok(());
    };
    context.store().delete(kind, from)?;
    if let Some(ours) = context.first(kind, &[("profile_id", to.into())])? {
        theirs.extend(ours.into_iter().filter(|(_, value)| !value.is_null()));
        context.store().put(kind, &theirs)?;
        return Ok(());
    }
    theirs.set("id", to);
    theirs.set("profile_id", to);
    Ok(context.store().insert(kind, &theirs)?)
}

/// Makes a record name the destination.
fn hand_over(
    context: &Context<'_>,
    kind: &str,
    name: &str,
    mut record: Record,
    to: &str,
) -> Result<(), Refusal> {
    if name == "profile_id" {
        let same = ONCE.iter().find(|(once, _)| *once == kind);
        if let Some((_, members)) = same {
            let mut equal: Vec<(&str, Value)> = vec![("profile_id", to.into())];
            let members = members.iter().map(|member| {
                let value = record.get(*member).cloned().unwrap_or_default();
                (*member, value)
            });
            equal.extend(members);
            if context.first(kind, &equal)?.is_some() {
                let id = record.text("id").unwrap_or_default();
                context.store().delete(kind, &id)?;
                return Ok(());
            }
        }
        for (_, flag) in SINGLE.iter().filter(|(single, _)| *single == kind) {
            let held = context.find(kind, &[("profile_id", to.into())])?;
            if held.iter().any(|held| held.flag(flag) == Some(true)) {
                record.set(flag, false);
            }
        }
        if kind == "Identity" {
            let from = record.get("profile_id").and_then(text);
            record.set("merged_from", from);
        }
        if kind == "ProductList" {
            let handle = record.text("handle").unwrap_or_default();
            let handle = crate::rules::lists::free_handle(context, to, &handle)?;
            record.set("handle", handle);
        }
    }
    record.set(name, to);
    context.store().put(kind, &record)?;
    Ok(())
}

/// Custom fields name their owner by its type too.
fn custom_fields(context: &Context<'_>, from: &str, to: &str) -> Result<(), Refusal> {
    use crate::rules::custom_fields::{KIND, owned_by};
    for mut field in owned_by(context, "profile", from)? {
        let (namespace, handle) = (field.text("namespace"), field.text("handle"));
        let is_theirs = owned_by(context, "profile", to)?
            .iter()
            .any(|other| other.text("namespace") == namespace && other.text("handle") == handle);
        if is_theirs {
            context
                .store()
                .delete(KIND, &field.text("id").unwrap_or_default())?;
        } else {
            field.set("custom_fieldable_id", to);
            context.store().put(KIND, &field)?;
        }
    }
    Ok(())
}
