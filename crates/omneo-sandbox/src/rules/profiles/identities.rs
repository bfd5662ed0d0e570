//! Identities: the ids that a profile has in other systems.

use serde_json::{Value, json};

use super::within;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Change, Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[Change {
        kind: "Identity",
        fact: "An identity is active and not primary unless it says so, and one of a profile at most is primary [inferred].",
        before: Some(before),
        after: Some(after),
    }],
    views: &[],
    work: &[],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "profiles.identities.id",
        fact: "A profile's identity is read by its id as well as by its handle [seen].",
        answer: show,
    },
    Rule {
        operation: "profiles.identities.id.edit_by_id",
        fact: "A profile's identity is changed by its id too [sent].",
        answer: update,
    },
    Rule {
        operation: "profiles.identities.id.delete_by_id",
        fact: "A profile's identity is removed by its id too [seen].",
        answer: destroy,
    },
    Rule {
        operation: "identities.handles",
        fact: "All handles that identities have had are listed, each once [inferred].",
        answer: handles,
    },
];

/// A handle that was used, by itself: so that they are listed without reading all identities.
const HANDLE: &str = "~identity-handle";

fn before(_: &mut Context<'_>, _: Option<&Record>, new: &mut Record) -> Result<(), Refusal> {
    for (member, value) in [("is_primary", false), ("is_active", true)] {
        if !new.has(member) {
            new.set(member, value);
        }
    }
    Ok(())
}

fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let Some(new) = new else {
        return Ok(());
    };
    if new.flag("is_primary") == Some(true) {
        let profile = new.text("profile_id");
        for mut other in context.find("Identity", &[("profile_id", profile.into())])? {
            if other.get("id") != new.get("id") && other.flag("is_primary") == Some(true) {
                other.set("is_primary", false);
                context.store().put("Identity", &other)?;
            }
        }
    }
    if old.is_some() {
        return Ok(());
    }
    let handle = new.text("handle").unwrap_or_default();
    if context.store().get(HANDLE, &handle)?.is_none() {
        let mut record = Record::new();
        record.set("id", handle);
        context.store().insert(HANDLE, &record)?;
    }
    context.event("identity.created", "Identity", new)
}

/// Stores the identities of a profile's body: one with an id, or with a handle that the profile has, is changed; others are added.
pub(super) fn store_all(
    context: &mut Context<'_>,
    profile: &str,
    items: &Value,
) -> Result<(), Refusal> {
    for (index, item) in items.as_array().into_iter().flatten().enumerate() {
        let mut changes = item.as_object().cloned().unwrap_or_default();
        let held = context.find("Identity", &[("profile_id", profile.into())])?;
        let old = match changes.remove("id") {
            Some(id) => {
                let old = held.iter().find(|old| old.get("id") == Some(&id));
                let field = || format!("identities.{index}.id");
                Some(old.ok_or_else(|| Refusal::unknown(field()))?)
            }
            None => held
                .iter()
                .find(|old| old.text("handle") == changes.text("handle")),
        };
        let stored = match old {
            Some(old) => {
                let mut new = old.clone();
                new.extend(changes);
                context.update("Identity", old, new)
            }
            None => {
                changes.set("profile_id", profile);
                context.create("Identity", changes)
            }
        };
        within(&format!("identities.{index}"), stored)?;
    }
    Ok(())
}

/// The identity that the path names by its id.
fn named(call: &Call<'_>) -> Result<Record, Refusal> {
    call.owned("Identity", "identity", &call.profile_id()?)
}

fn show(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    named(call).map(Answer::One)
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = named(call)?;
    let mut new = old.clone();
    for member in ["identifier", "is_active", "is_primary"] {
        if let Some(value) = call.body.get(member).filter(|value| !value.is_null()) {
            new.insert(member.to_owned(), value.clone());
        }
    }
    call.update("Identity", &old, new).map(Answer::One)
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let identity = named(call)?;
    call.delete("Identity", &identity)?;
    Ok(Answer::Empty)
}

fn handles(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let handles = call.find(HANDLE, &[])?;
    let handles: Vec<_> = handles.iter().filter_map(|one| one.text("id")).collect();
    Ok(Answer::Json(json!({ "data": handles })))
}
