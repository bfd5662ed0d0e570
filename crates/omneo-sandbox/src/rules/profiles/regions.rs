//! The regions that a profile is in, one of which is active.

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Change, Family, Rule, View};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[Change {
        kind: KIND,
        fact: "A profile is in a region that exists, and in one region actively [inferred].",
        before: Some(before),
        after: Some(after),
    }],
    views: &[View {
        kind: KIND,
        fact: "A profile's region has the id, name and handle of the region, and the country and state of the profile in it [inferred].",
        complete,
    }],
    work: &[],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "profiles.regions.store",
        fact: "Adding a region answers all regions of the profile [sent]; one that it is in is changed [inferred].",
        answer: store,
    },
    Rule {
        operation: "profiles.regions.show",
        fact: "A profile's region is named by the id of the region [inferred].",
        answer: |call| named(call).map(Answer::One),
    },
    Rule {
        operation: "profiles.regions.update",
        fact: "Changing a region answers all regions of the profile [sent].",
        answer: update,
    },
    Rule {
        operation: "profiles.regions.destroy",
        fact: "A profile leaves a region without a trace of it [inferred].",
        answer: destroy,
    },
];

pub(super) const KIND: &str = "ProfileRegion";

fn before(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    let region = new.text("region_id").unwrap_or_default();
    if old.and_then(|old| old.text("region_id")).as_ref() != Some(&region) {
        let region = context.store().get("Region", &region)?;
        let region = region.ok_or_else(|| Refusal::unknown("region_id"))?;
        new.insert("region_id".to_owned(), region.value("id"));
    }
    if !new.has("is_active") {
        new.set("is_active", true);
    }
    Ok(())
}

fn after(
    context: &mut Context<'_>,
    _: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let Some(new) = new.filter(|new| new.flag("is_active") == Some(true)) else {
        return Ok(());
    };
    for mut other in context.find(KIND, &[("profile_id", new.text("profile_id").into())])? {
        if other.get("id") != new.get("id") && other.flag("is_active") == Some(true) {
            other.set("is_active", false);
            context.store().put(KIND, &other)?;
        }
    }
    Ok(())
}

fn complete(context: &Context<'_>, shown: &mut Record) -> Result<(), Refusal> {
    let Some(region) = shown.get("region_id").cloned() else {
        return Ok(());
    };
    let id = crate::record::text(&region).unwrap_or_default();
    if let Some(record) = context.store().get("Region", &id)? {
        for member in ["name", "handle"] {
            let value = record.value(member);
            shown.insert(member.to_owned(), value);
        }
    }
    shown.insert("id".to_owned(), region);
    Ok(())
}

/// The regions of a profile as they are shown, and the active one.
pub(super) fn shown(
    context: &Context<'_>,
    profile: &str,
) -> Result<(Vec<Value>, Option<Value>), Refusal> {
    let mut regions = context.find(KIND, &[("profile_id", profile.into())])?;
    for region in &mut regions {
        complete(context, region)?;
    }
    let active = regions
        .iter()
        .find(|region| region.flag("is_active") == Some(true))
        .cloned();
    let regions = regions.into_iter().map(Value::Object).collect();
    Ok((regions, active.map(Value::Object)))
}

fn held(context: &Context<'_>, profile: &str, region: &str) -> Result<Option<Record>, Refusal> {
    let equal = [("profile_id", profile.into()), ("region_id", region.into())];
    context.first(KIND, &equal)
}

/// Adds a region, or changes it if the profile is in it.
fn put(context: &mut Context<'_>, profile: &str, members: &Record) -> Result<(), Refusal> {
    let region = members.text("region_id").unwrap_or_default();
    let old = held(context, profile, &region)?;
    let mut record = old.clone().unwrap_or_default();
    record.copy(members, &["region_id", "country", "state", "is_active"]);
    record.set("profile_id", profile);
    context.save(KIND, old.as_ref(), record)?;
    Ok(())
}

/// Stores the regions of a profile's body; others stay.
pub(super) fn store_all(
    context: &mut Context<'_>,
    profile: &str,
    items: &Value,
) -> Result<(), Refusal> {
    let items = items.as_array().into_iter().flatten();
    for (index, item) in items.filter_map(Value::as_object).enumerate() {
        let mut item = item.clone();
        if let (false, Some(id)) = (item.has("region_id"), item.get("id").cloned()) {
            item.insert("region_id".to_owned(), id);
        }
        super::within(&format!("regions.{index}"), put(context, profile, &item))?;
    }
    Ok(())
}

/// Puts a profile into the region with an id.
pub(super) fn store_id(
    context: &mut Context<'_>,
    profile: &str,
    id: &Value,
) -> Result<(), Refusal> {
    let mut members = Record::new();
    members.set("region_id", id.clone());
    members.set("is_active", true);
    put(context, profile, &members)
}

/// Puts a profile into the region with a handle.
pub(super) fn store_handle(
    context: &mut Context<'_>,
    profile: &str,
    handle: &Value,
) -> Result<(), Refusal> {
    let region = context.first("Region", &[("handle", handle.clone())])?;
    let region = region.ok_or_else(|| Refusal::unknown("region"))?;
    store_id(context, profile, &region.value("id"))
}

/// Sets where a profile is in its active region, if it has one.
pub(super) fn place(
    context: &mut Context<'_>,
    profile: &str,
    place: Record,
) -> Result<(), Refusal> {
    if place.is_empty() {
        return Ok(());
    }
    let regions = context.find(KIND, &[("profile_id", profile.into())])?;
    let active = regions
        .into_iter()
        .find(|region| region.flag("is_active") == Some(true));
    if let Some(old) = active {
        let mut new = old.clone();
        new.extend(place);
        context.update(KIND, &old, new)?;
    }
    Ok(())
}

fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let members = call.body.clone();
    put(call, &profile, &members)?;
    call.all_owned(KIND)
}

fn named(call: &Call<'_>) -> Result<Record, Refusal> {
    let profile = call.profile_id()?;
    held(call, &profile, call.param("region"))?.ok_or(Refusal::NotFound)
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = named(call)?;
    let mut new = old.clone();
    let members = call.body.iter().filter(|(_, value)| !value.is_null());
    new.extend(members.map(|(name, value)| (name.clone(), value.clone())));
    for own in ["id", "profile_id"] {
        new.insert(own.to_owned(), old.value(own));
    }
    call.update(KIND, &old, new)?;
    call.all_owned(KIND)
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let region = named(call)?;
    call.delete(KIND, &region)?;
    Ok(Answer::Empty)
}
