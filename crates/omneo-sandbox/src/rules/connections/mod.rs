//! Connections: links between two profiles, made from definitions.

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::changes::{ALL, tell};
use crate::rules::{Change, Family, Rule};

mod shown;

pub(super) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "connections.create-update",
            fact: "A connection between the same two profiles from the same definition is changed, else added [inferred].",
            answer: create_or_update,
        },
        Rule {
            operation: "profiles.connections.index",
            fact: "A profile's connections are those in which it is either end, or the end that type names [seen].",
            answer: index,
        },
        Rule {
            operation: "profiles.connections.show",
            fact: "A profile reads a connection in which it is one end [seen].",
            answer: |call| named(call).map(|(_, connection)| Answer::One(connection)),
        },
        Rule {
            operation: "profiles.connections.update",
            fact: "A profile changes a connection in which it is one end [seen].",
            answer: update,
        },
        Rule {
            operation: "profiles.connections.profileInfo",
            fact: "The profile at the other end is shown, as far as the definition shares it [seen].",
            answer: |call| {
                let (end, connection) = named(call)?;
                let other = if end == "connected" {
                    "connector"
                } else {
                    "connected"
                };
                let profile = shown::end(call, &connection, other)?;
                Ok(Answer::Data(Value::Object(profile)))
            },
        },
    ],
    changes: &[Change {
        kind: KIND,
        fact: "Both ends are profiles, and the definition is named by its id or handle [seen]; its changes are events [seen].",
        before: Some(before),
        after: Some(after),
    }],
    views: &[shown::VIEW],
    work: &[],
};

const KIND: &str = "Connection";

/// The ends of a connection.
const ENDS: [&str; 2] = ["connected", "connector"];

fn before(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    if old.is_none() {
        for end in ENDS {
            let name = format!("{end}_id");
            let id = new.text(&name).unwrap_or_default();
            if context.store().get("Profile", &id)?.is_none() {
                return Err(Refusal::unknown(name));
            }
        }
        if new.get("connected_id") == new.get("connector_id") {
            return Err(Refusal::invalid(
                "connected_id",
                "The connected id and connector id must be different.",
            ));
        }
        for flag in ["archived", "default", "invalid", "primary", "published"] {
            let member = format!("is_{flag}");
            if !new.has(&member) {
                new.set(&member, false);
            }
        }
    }
    resolve_definition(context, new)?;
    // The time of the link, if the caller doesn't know a better one.
    let accepted = |record: &Record| record.text("status").as_deref() == Some("accepted");
    if accepted(new) && !old.is_some_and(accepted) && !new.has("connected_at") {
        new.set("connected_at", context.stamp());
    }
    Ok(())
}

/// A definition that is named by its handle is stored by its id.
fn resolve_definition(context: &Context<'_>, new: &mut Record) -> Result<(), Refusal> {
    const HANDLE: &str = "connection_definition_handle";
    const ID: &str = "connection_definition_id";
    if let Some(handle) = new.remove(HANDLE).filter(|handle| !handle.is_null()) {
        let definition = context.first("ConnectionDefinition", &[("handle", handle)])?;
        let definition = definition.ok_or_else(|| Refusal::unknown(HANDLE))?;
        new.insert(ID.to_owned(), definition.value("id"));
    } else if let Some(id) = new.text(ID)
        && context.store().get("ConnectionDefinition", &id)?.is_none()
    {
        return Err(Refusal::unknown(ID));
    }
    Ok(())
}

fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    tell(context, "connection", ALL, KIND, old, new)
}

fn create_or_update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut members = call.body.clone();
    resolve_definition(call, &mut members)?;
    let same = ["connected_id", "connector_id", "connection_definition_id"];
    let equal = [("connected_id", members.text("connected_id").into())];
    let held = call.find(KIND, &equal)?;
    let old = held.iter().find(|held| {
        same.iter()
            .all(|name| held.text(name) == members.text(name))
    });
    let stored = match old {
        Some(old) => {
            let mut new = old.clone();
            new.extend(members);
            new.insert("id".to_owned(), old.value("id"));
            call.update(KIND, old, new)
        }
        None => call.create(KIND, members),
    };
    stored.map(Answer::One)
}

fn index(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    let id = profile.value("id");
    match call.query.text(&["type"]) {
        Some("connected") => return call.list(KIND, &[("connected_id", id)]),
        Some("connector") => return call.list(KIND, &[("connector_id", id)]),
        Some(_) => return Err(Refusal::unknown("type")),
        None => {}
    }
    let mut connections = call.find(KIND, &[("connected_id", id.clone())])?;
    connections.extend(call.find(KIND, &[("connector_id", id)])?);
    connections.sort_by_key(|connection| connection.integer("id"));
    Ok(Answer::Many(connections))
}

/// The end of the path's profile, and the connection that the path names.
fn named(call: &Call<'_>) -> Result<(&'static str, Record), Refusal> {
    let profile = call.profile()?;
    let connection = call.get(KIND, call.param("connection"))?;
    let end = ENDS
        .into_iter()
        .find(|end| connection.text(&format!("{end}_id")) == profile.text("id"));
    end.map(|end| (end, connection)).ok_or(Refusal::NotFound)
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (_, old) = named(call)?;
    let mut new = old.clone();
    new.extend(call.body.clone());
    for own in [
        "id",
        "connected_id",
        "connector_id",
        "connection_definition_id",
    ] {
        if let Some(value) = old.get(own) {
            new.insert(own.to_owned(), value.clone());
        }
    }
    call.update(KIND, &old, new).map(Answer::One)
}
