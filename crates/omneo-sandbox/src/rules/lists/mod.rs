//! Product lists: their definitions, items, shares and reservations.

use crate::answer::Refusal;
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};

pub(super) mod definitions;
pub(super) mod items;
pub(super) mod product_lists;
mod products;
pub(super) mod reservations;
pub(super) mod shares;

/// The list of the path's profile that the path names by its id or its handle.
pub(super) fn named(call: &Call<'_>) -> Result<Record, Refusal> {
    let profile = call.profile()?;
    let list = call.param("list");
    let found = call.store().get("ProductList", list)?;
    if let Some(found) = found
        && found.text("profile_id") == profile.text("id")
    {
        return Ok(found);
    }
    let equal = [
        ("profile_id", profile.text("id").into()),
        ("handle", list.into()),
    ];
    call.first("ProductList", &equal)?.ok_or(Refusal::NotFound)
}

/// A handle that no list of the profile has: the one given, or with the next number.
pub(super) fn free_handle(
    context: &Context<'_>,
    profile: &str,
    wanted: &str,
) -> Result<String, Refusal> {
    let lists = context.find("ProductList", &[("profile_id", profile.into())])?;
    let is_taken = |handle: &str| {
        let mut lists = lists.iter();
        lists.any(|list| list.text("handle").as_deref() == Some(handle))
    };
    if !is_taken(wanted) {
        return Ok(wanted.to_owned());
    }
    let numbered = (2_u32..).map(|number| format!("{wanted}-{number}"));
    let mut free = numbered.filter(|handle| !is_taken(handle));
    Ok(free.next().unwrap_or_default())
}

/// Refuses what a list's definition does not allow. A list without one allows everything.
fn allowed(
    context: &Context<'_>,
    list: &Record,
    switch: &str,
    field: &str,
    message: &str,
) -> Result<(), Refusal> {
    match definition(context, list)? {
        Some(definition) if definition.flag(switch) == Some(false) => {
            Err(Refusal::invalid(field, message))
        }
        _ => Ok(()),
    }
}

/// A list's definition, if it has one.
fn definition(context: &Context<'_>, list: &Record) -> Result<Option<Record>, Refusal> {
    match list.text("list_definition_id") {
        Some(id) => Ok(context.store().get("ListDefinition", &id)?),
        None => Ok(None),
    }
}
