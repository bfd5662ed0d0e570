//! A profile as answers show it.

use serde_json::Value;

use super::{
    aggregations, birthday, comms, custom_attributes, dates, members, names, regions, statuses,
};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, values};
use crate::rules::{Family, View};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[],
    changes: &[],
    views: &[View {
        kind: "Profile",
        fact: "A profile comes with its name in full, birthdays, identities, addresses, attributes, aggregations, regions, statuses and organisations [seen]; \
                   its external id is the identifier of its primary identity [seen].",
        complete,
    }],
    work: &[],
};

fn complete(context: &Context<'_>, profile: &mut Record) -> Result<(), Refusal> {
    let id = profile.text("id").unwrap_or_default();
    profile.set("full_name", names::full(profile));
    birthday::complete(profile, context.now());
    statuses::complete(context, profile)?;
    let identities = context.find("Identity", &[("profile_id", id.as_str().into())])?;
    let primary = identities
        .iter()
        .find(|identity| identity.flag("is_primary") == Some(true))
        .and_then(|identity| identity.text("identifier"));
    profile.set("external_id", primary);
    profile.set("identities", values(identities));
    let addresses = context.find("Address", &[("profile_id", id.as_str().into())])?;
    let default = addresses
        .iter()
        .find(|address| address.flag("is_default") == Some(true))
        .cloned();
    profile.set("address", default.map(Value::Object));
    profile.set("addresses", values(addresses));
    let dates = context.find(dates::KIND, &[("profile_id", id.as_str().into())])?;
    let mut attributes = Record::new();
    attributes.set("appearance", comms::appearance(context, profile)?);
    attributes.set("comms", comms::comms(context, profile)?);
    attributes.set("dates", values(dates));
    profile.set("attributes", attributes);
    let custom = custom_attributes::by_namespace(context, &id)?;
    profile.set("custom_attributes", custom);
    profile.set("aggregations", aggregations::shown(context, profile)?);
    let (regions, region) = regions::shown(context, &id)?;
    profile.set("regions", regions);
    profile.set("region", region);
    profile.set("organisations", members::organisations(context, &id)?);
    for (member, kind) in [
        ("normal_hours", "ProfileNormalHour"),
        ("special_hours", "ProfileSpecialHour"),
    ] {
        let hours = context.find(kind, &[("profile_id", id.as_str().into())])?;
        profile.set(member, values(hours));
    }
    Ok(())
}
