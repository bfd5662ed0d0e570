//! Addresses of profiles, one of which is the default.

use serde_json::Value;

use super::inline;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::changes::{ALL, KEPT, tell};
use crate::rules::{Change, Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[Rule {
        operation: "profiles.addresses.upsert",
        fact: "An address with the external id of one that the profile has changes that one [seen].",
        answer: upsert,
    }],
    changes: &[Change {
        kind: "Address",
        fact: "One address of a profile is the default: the one that was made so last, else the first [inferred].",
        before: Some(before),
        after: Some(after),
    }],
    views: &[],
    work: &[],
};

fn before(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    if old.is_none() && new.has("profile_id") && new.flag("is_default") != Some(true) {
        let profile = new.value("profile_id");
        let is_first = context
            .store()
            .count("Address", &[("profile_id", &profile)])?
            == 0;
        new.set("is_default", is_first);
    }
    Ok(())
}

fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let Some(profile) = new.or(old).and_then(|address| address.text("profile_id")) else {
        return Ok(());
    };
    let held = context.find("Address", &[("profile_id", profile.into())])?;
    match new {
        Some(new) if new.flag("is_default") == Some(true) => {
            let others = held
                .into_iter()
                .filter(|other| other.get("id") != new.get("id"));
            for mut other in others {
                other.set("is_default", false);
                context.store().put("Address", &other)?;
            }
        }
        // The default was removed.
        None if old.is_some_and(|old| old.flag("is_default") == Some(true)) => {
            if let Some(mut first) = held.into_iter().next() {
                first.set("is_default", true);
                context.store().put("Address", &first)?;
            }
        }
        _ => {}
    }
    tell(context, "address", KEPT, "Address", old, new)?;
    tell(context, "profile.address", ALL, "Address", old, new)
}

/// The addresses of a profile's body are all that it has. Inferred from tags and statuses, which are replaced so.
pub(super) fn replace_all(
    context: &mut Context<'_>,
    profile: &str,
    items: &Value,
) -> Result<(), Refusal> {
    inline::replace(context, "Address", profile, items)
}

fn upsert(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    let mut address = call.body.clone();
    address.insert("profile_id".to_owned(), profile.value("id"));
    let old = match address.text("external_id") {
        Some(external) => {
            let equal = [
                ("external_id", external.into()),
                ("profile_id", profile.value("id")),
            ];
            call.first("Address", &equal)?
        }
        None => None,
    };
    let mut new = old.clone().unwrap_or_default();
    new.extend(address);
    call.save("Address", old.as_ref(), new).map(Answer::One)
}
