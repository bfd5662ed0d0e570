//! Regions and their countries.

use serde_json::Value;

use super::{Change, Family, View};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::changes::{KEPT, tell};

pub(super) const FAMILY: Family = Family {
    rules: &[],
    changes: &[Change {
        kind: "Region",
        fact: "A region names its countries by an ISO code alone [sent], and a country is in one region [inferred]; a region that is made or changed tells `region.created` or `region.updated` [seen].",
        before: Some(name_countries),
        after: Some(follow),
    }],
    views: &[View {
        kind: "Region",
        fact: "A region shows its countries in full [seen].",
        complete: show_countries,
    }],
    work: &[],
};

/// The ids of the countries that a body named.
const NAMED: &str = "_countries";

/// How a country is named.
const NAMES: [&str; 3] = ["iso_2", "iso_3", "iso_numeric"];

fn name_countries(
    context: &mut Context<'_>,
    _: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    new.remove(NAMED);
    let Some(Value::Array(given)) = new.remove("countries") else {
        return Ok(());
    };
    let mut ids = Vec::new();
    for (place, given) in given.iter().filter_map(Value::as_object).enumerate() {
        let mut names = NAMES.iter();
        let name = names.find_map(|name| Some((*name, given.text(name)?)));
        let (name, code) = name.unwrap_or(("iso_2", String::new()));
        let country = context.first("Country", &[(name, code.into())])?;
        let unknown = || Refusal::unknown(format!("countries.{place}.{name}"));
        ids.extend(country.ok_or_else(unknown)?.get("id").cloned());
    }
    new.set(NAMED, ids);
    Ok(())
}

fn follow(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let Some(region) = new else {
        return match old {
            Some(old) => hold(context, old, &[]),
            None => Ok(()),
        };
    };
    if region.contains_key(NAMED) {
        hold(context, region, region.list(NAMED))?;
    }
    tell(context, "region", KEPT, "Region", old, new)
}

/// Puts these countries into a region, and all others out of it.
fn hold(context: &mut Context<'_>, region: &Record, ids: &[Value]) -> Result<(), Refusal> {
    let id = region.value("id");
    for country in context.find("Country", &[("region_id", id.clone())])? {
        if !country.get("id").is_some_and(|id| ids.contains(id)) {
            place(context, &country, Value::Null)?;
        }
    }
    for country in ids.iter().filter_map(crate::record::text) {
        let country = context.get("Country", &country)?;
        if country.get("region_id") != Some(&id) {
            place(context, &country, id.clone())?;
        }
    }
    Ok(())
}

fn place(context: &mut Context<'_>, country: &Record, region: Value) -> Result<(), Refusal> {
    let mut placed = country.clone();
    placed.insert("region_id".to_owned(), region);
    context.update("Country", country, placed)?;
    Ok(())
}

fn show_countries(context: &Context<'_>, region: &mut Record) -> Result<(), Refusal> {
    let id = region.value("id");
    let countries = context.find("Country", &[("region_id", id)])?;
    let countries = countries.into_iter().map(Value::Object);
    region.set("countries", countries.collect::<Vec<_>>());
    Ok(())
}
