//! What a customer agreed to, and how a customer looks: the two attribute tables of which a profile has one row each.

use serde_json::Value;

use super::{only, put_only};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Change, Family, Rule, View};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[
        Change {
            kind: COMMS,
            fact: "A change of comms attributes is an event of the profile [seen].",
            before: None,
            after: Some(attribute_changed),
        },
        Change {
            kind: APPEARANCE,
            fact: "A change of appearance attributes is an event of the profile [seen].",
            before: None,
            after: Some(attribute_changed),
        },
    ],
    views: &[View {
        kind: COMMS,
        fact: "A flag that was never set is raw null, and reads as two answers show it: email, push and some SMS purposes are on [sent], promotion is off \
               until it is asked for [inferred].",
        complete,
    }],
    work: &[],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "profiles.attributes.comms.index",
        fact: "A profile has comms attributes, even if none was ever set [sent].",
        answer: |call| show(call, COMMS),
    },
    Rule {
        operation: "profiles.attributes.comms.update",
        fact: "A change of comms attributes leaves the others as they are [sent].",
        answer: |call| update(call, COMMS),
    },
    Rule {
        operation: "profiles.comms.update",
        fact: "The older route to the comms attributes answers a list of one [sent].",
        answer: |call| match update(call, COMMS)? {
            Answer::One(comms) => Ok(Answer::Many(vec![comms])),
            other => Ok(other),
        },
    },
    Rule {
        operation: "profiles.attributes.appearance.index",
        fact: "A profile has appearance attributes, even if none was ever set [inferred].",
        answer: |call| show(call, APPEARANCE),
    },
    Rule {
        operation: "profiles.attributes.appearance.update",
        fact: "A change of appearance attributes leaves the others as they are [inferred].",
        answer: |call| update(call, APPEARANCE),
    },
];

pub(super) const COMMS: &str = "ProfileCommsAttribute";
pub(super) const APPEARANCE: &str = "ProfileAppearanceAttribute";

const CHANNELS: [&str; 5] = ["email", "sms", "push", "phone", "post"];

/// What there is of each channel, and for which channels it is on as long as nobody has said.
const PURPOSES: [(&str, &[&str]); 11] = [
    ("optout", &[]),
    ("bounced", &[]),
    ("promo", &[]),
    ("discover", &["email", "push"]),
    ("benefits", &["email", "push"]),
    ("reminders", &["email", "sms", "push"]),
    ("account", &["email", "push"]),
    ("bookings", &["email", "sms", "push"]),
    ("feedback", &["email", "push"]),
    ("location", &["push"]),
    ("service", &["email", "push"]),
];

fn complete(_: &Context<'_>, comms: &mut Record) -> Result<(), Refusal> {
    // Complete already: its flags are no longer those that were set.
    if comms.contains_key("email_promo_raw") {
        return Ok(());
    }
    for channel in CHANNELS {
        for (purpose, on) in PURPOSES {
            let name = format!("{channel}_{purpose}");
            let set = comms.flag(&name);
            comms.insert(format!("{name}_raw"), set.map(i64::from).into());
            comms.insert(name, set.unwrap_or(on.contains(&channel)).into());
        }
    }
    Ok(())
}

/// A profile's comms attributes in full.
pub(super) fn comms(context: &Context<'_>, profile: &Record) -> Result<Record, Refusal> {
    let mut comms = only(context, COMMS, profile)?;
    complete(context, &mut comms)?;
    Ok(comms)
}

/// A profile's appearance attributes.
pub(super) fn appearance(context: &Context<'_>, profile: &Record) -> Result<Record, Refusal> {
    only(context, APPEARANCE, profile)
}

/// Stores the comms attributes of a profile's body.
pub(super) fn store_comms(
    context: &mut Context<'_>,
    profile: &str,
    members: &Value,
) -> Result<(), Refusal> {
    store(context, COMMS, profile, members)
}

/// Stores the appearance attributes of a profile's body.
pub(super) fn store_appearance(
    context: &mut Context<'_>,
    profile: &str,
    members: &Value,
) -> Result<(), Refusal> {
    store(context, APPEARANCE, profile, members)
}

fn store(
    context: &mut Context<'_>,
    kind: &str,
    profile: &str,
    members: &Value,
) -> Result<(), Refusal> {
    match members.as_object() {
        Some(members) => put_only(context, kind, profile, &writable(members)).map(|_| ()),
        None => Ok(()),
    }
}

/// What a body may set: not whose they are, and not when they changed.
fn writable(members: &Record) -> Record {
    let own = ["id", "profile_id", "created_at", "updated_at"];
    let members = members.iter().filter(|(name, _)| {
        !own.contains(&name.as_str()) && !name.starts_with('_') && !name.ends_with("_raw")
    });
    members
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn show(call: &mut Call<'_>, kind: &str) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    only(call, kind, &profile).map(Answer::One)
}

fn update(call: &mut Call<'_>, kind: &str) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let members = writable(&call.body);
    put_only(call, kind, &profile, &members).map(Answer::One)
}

/// Tells that an attribute of a profile changed, of whatever kind.
pub(super) fn attribute_changed(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let Some(id) = new.or(old).and_then(|record| record.text("profile_id")) else {
        return Ok(());
    };
    match context.store().get("Profile", &id)? {
        Some(profile) => context.event("profile-attribute.updated", "Profile", &profile),
        None => Ok(()),
    }
}
