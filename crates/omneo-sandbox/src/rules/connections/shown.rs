//! A connection as answers show it.

use serde_json::Value;

use super::{ENDS, KIND};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, text};
use crate::rules::View;

pub(super) const VIEW: View = View {
    kind: KIND,
    fact: "A connection shows both ends, each as far as the definition shares it [seen].",
    complete,
};

/// What of a profile every connection shows.
const BASIC: [&str; 7] = [
    "id",
    "email",
    "first_name",
    "last_name",
    "birth_day",
    "birth_month",
    "birth_year",
];

/// What of a profile a connection shows if its definition shares it. Which names share it is inferred.
const SHAREABLE: [&str; 3] = ["attributes", "custom_attributes", "identities"];

fn complete(context: &Context<'_>, connection: &mut Record) -> Result<(), Refusal> {
    for name in ENDS {
        let profile = end(context, connection, name)?;
        connection.set(name, profile);
    }
    Ok(())
}

fn definition(context: &Context<'_>, connection: &Record) -> Result<Option<Record>, Refusal> {
    match connection.text("connection_definition_id") {
        Some(id) => Ok(context.store().get("ConnectionDefinition", &id)?),
        None => Ok(None),
    }
}

/// The profile at an end of a connection; no more than its id, if it was deleted.
pub(super) fn end(
    context: &Context<'_>,
    connection: &Record,
    name: &str,
) -> Result<Record, Refusal> {
    let id = connection.text(&format!("{name}_id")).unwrap_or_default();
    let mut shown = Record::new();
    shown.set("id", id.as_str());
    let Some(mut profile) = context.store().get("Profile", &id)? else {
        return Ok(shown);
    };
    crate::rules::complete(context, "Profile", &mut profile)?;
    let definition = definition(context, connection)?;
    let shared = definition.map(|definition| {
        let shared = definition.list("shareable_attributes").iter();
        shared.filter_map(text).collect::<Vec<_>>()
    });
    shown.copy(&profile, &BASIC);
    for member in SHAREABLE {
        // Without a definition nothing says that it is kept back.
        let is_shared = shared.as_ref().is_none_or(|shared| {
            shared.iter().any(|name| {
                name == member
                    || name
                        .strip_prefix(member)
                        .is_some_and(|rest| rest.starts_with('.'))
            })
        });
        let value = profile.remove(member).filter(|_| is_shared);
        shown.insert(member.to_owned(), value.unwrap_or(Value::Null));
    }
    Ok(shown)
}
