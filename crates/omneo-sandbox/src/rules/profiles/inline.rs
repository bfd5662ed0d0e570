//! What a profile's body nests: it is stored with its own kind after the profile.

use serde_json::Value;

use super::{addresses, comms, custom_attributes, dates, identities, members, regions, within};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// Where it waits until the profile is stored.
const ASIDE: &str = "_inline";

type Store = fn(&mut Context<'_>, profile: &str, &Value) -> Result<(), Refusal>;

/// The members, and what stores them, in this order.
const MEMBERS: [(&str, Store); 12] = [
    ("identities", identities::store_all),
    ("addresses", addresses::replace_all),
    ("attributes", attributes),
    ("comms_attributes", comms::store_comms),
    ("dates_attributes", dates::store_all),
    ("custom_attributes", custom_attributes::store_all),
    ("region", regions::store_handle),
    ("region_id", regions::store_id),
    ("regions", regions::store_all),
    ("organisations", members::store_all),
    ("normal_hours", |context, profile, value| {
        replace(context, "ProfileNormalHour", profile, value)
    }),
    ("special_hours", |context, profile, value| {
        replace(context, "ProfileSpecialHour", profile, value)
    }),
];

/// Takes the nested members out of a profile that is about to be stored.
pub(super) fn set_aside(profile: &mut Record) {
    let mut aside = Record::new();
    let names = MEMBERS.iter().map(|(name, _)| *name);
    for name in names.chain(["region_country", "region_state"]) {
        if let Some(value) = profile.remove(name).filter(|value| !value.is_null()) {
            aside.insert(name.to_owned(), value);
        }
    }
    profile.remove(ASIDE);
    if !aside.is_empty() {
        profile.set(ASIDE, aside);
    }
}

/// Stores what was set aside.
pub(super) fn store(context: &mut Context<'_>, profile: &Record) -> Result<(), Refusal> {
    let Some(aside) = profile.map(ASIDE) else {
        return Ok(());
    };
    let mut profile = profile.clone();
    profile.remove(ASIDE);
    context.store().put("Profile", &profile)?;
    let id = profile.text("id").unwrap_or_default();
    for (name, store) in MEMBERS {
        if let Some(value) = aside.get(name) {
            store(context, &id, value)?;
        }
    }
    let place = [("country", "region_country"), ("state", "region_state")];
    let place = place.into_iter().filter_map(|(member, name)| {
        let value = aside.get(name)?;
        Some((member.to_owned(), value.clone()))
    });
    regions::place(context, &id, place.collect())
}

/// `attributes` of a body has up to three kinds in it.
fn attributes(context: &mut Context<'_>, profile: &str, value: &Value) -> Result<(), Refusal> {
    if let Some(appearance) = value.get("appearance") {
        comms::store_appearance(context, profile, appearance)?;
    }
    if let Some(flags) = value.get("comms") {
        comms::store_comms(context, profile, flags)?;
    }
    match value.get("dates") {
        Some(days) => within("attributes", dates::store_all(context, profile, days)),
        None => Ok(()),
    }
}

/// Replaces all records of a kind that the profile has.
pub(super) fn replace(
    context: &mut Context<'_>,
    kind: &str,
    profile: &str,
    items: &Value,
) -> Result<(), Refusal> {
    for old in context.find(kind, &[("profile_id", profile.into())])? {
        context.delete(kind, &old)?;
    }
    for item in items.as_array().into_iter().flatten() {
        let mut record = item.as_object().cloned().unwrap_or_default();
        record.set("profile_id", profile);
        context.create(kind, record)?;
    }
    Ok(())
}
