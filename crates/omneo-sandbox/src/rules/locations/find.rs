//! What a body's `location_id` means.

use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::Record;

/// The location with this id, or else with this external id, or else with this code.
pub(in crate::rules) fn named(
    context: &Context<'_>,
    name: &str,
) -> Result<Option<Record>, Refusal> {
    if let Some(found) = context.store().get("Location", name)? {
        return Ok(Some(found));
    }
    for member in ["external_id", "external_code"] {
        if let Some(found) = context.first("Location", &[(member, name.into())])? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The location of a name; a placeholder is made for a name that is new, which is its external id. A real answer shows such a one: without a name,
/// and not published.
pub(in crate::rules) fn named_or_made(
    context: &mut Context<'_>,
    name: &str,
) -> Result<Record, Refusal> {
    if let Some(found) = named(context, name)? {
        return Ok(found);
    }
    let mut location = Record::new();
    location.insert("external_id".to_owned(), Value::from(name));
    location.insert("is_published".to_owned(), Value::from(false));
    location.insert("is_permanently_closed".to_owned(), Value::from(false));
    context.create("Location", location)
}
