//! The five plain operations of a resource.

use std::collections::HashMap;
use std::sync::LazyLock;

use http::Method;
use serde_json::Value;

use super::owner;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::schema::{Envelope, Operation, SCHEMA};

/// What a plain operation does with the records of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Index,
    Show,
    Store,
    Update,
    Destroy,
}

/// The plain operations of the schema, by their places.
static PLAIN: LazyLock<Vec<Option<(Plain, &'static str)>>> = LazyLock::new(|| {
    let operations = SCHEMA.operations();
    // Which records live at which path: of what is read there, or else listed, or else made.
    let mut kinds: HashMap<&str, (u8, &str)> = HashMap::new();
    for operation in operations {
        let Some((plain, collection)) = by_form(operation) else {
            continue;
        };
        let rank = match plain {
            Plain::Show => 0,
            Plain::Store => 1,
            Plain::Index => 2,
            Plain::Update => 3,
            Plain::Destroy => continue,
        };
        if let Some(model) = operation.model.as_deref() {
            let kind = crate::render::kind(model);
            let known = kinds.entry(collection).or_insert((rank, kind));
            if rank < known.0 {
                *known = (rank, kind);
            }
        }
    }
    operations
        .iter()
        .map(|operation| {
            let (plain, collection) = by_form(operation)?;
            kinds.get(collection).map(|(_, kind)| (plain, *kind))
        })
        .collect()
});

/// What an operation's form says: its action, and the path of its collection.
fn by_form(operation: &Operation) -> Option<(Plain, &str)> {
    let path = operation.path.as_str();
    let (parent, last) = path.rsplit_once('/')?;
    let is_item = last.starts_with('{');
    let is_list = matches!(
        operation.envelope,
        Envelope::List | Envelope::Page | Envelope::BareList
    );
    let (plain, collection) = match (&operation.method, is_item) {
        (&Method::GET, false) if is_list => (Plain::Index, path),
        (&Method::GET, true) if !is_list => (Plain::Show, parent),
        (&Method::POST, false) => (Plain::Store, path),
        (&Method::PUT, true) => (Plain::Update, parent),
        (&Method::DELETE, true) => (Plain::Destroy, parent),
        _ => return None,
    };
    // Its name is the collection's and the action's; anything else at such a path does something of its own.
    let action = operation.id.rsplit('.').next()?;
    let named = match plain {
        Plain::Index => "index",
        Plain::Show => "show",
        Plain::Store => "store",
        Plain::Update => "update",
        Plain::Destroy => "destroy",
    };
    (action == named).then_some((plain, collection))
}

/// What a plain operation does, and with records of which kind.
pub(crate) fn plain(operation: &Operation) -> Option<(Plain, &'static str)> {
    PLAIN.get(operation.index).copied().flatten()
}

/// Answers an operation that has no rule: plainly if it is one of a resource's, else by its shape.
pub(crate) fn answer(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let Some((plain, kind)) = plain(call.operation) else {
        owner::members(call, call.values.len())?;
        return Ok(crate::render::sample(&call.context, call.operation));
    };
    match plain {
        Plain::Index => {
            let owners = owner::members(call, call.values.len())?;
            let equal: Vec<_> = owners
                .iter()
                .map(|(member, value)| (member.as_str(), value.clone()))
                .collect();
            match call.operation.envelope {
                Envelope::Page => call.list(kind, &equal),
                _ => call.whole_list(kind, &equal),
            }
        }
        Plain::Show => one(call, kind).map(Answer::One),
        Plain::Store => {
            let mut record = given(call);
            for (member, value) in owner::members(call, call.values.len())? {
                record.insert(member, value);
            }
            call.create(kind, record).map(Answer::One)
        }
        Plain::Update => {
            let old = one(call, kind)?;
            let mut new = old.clone();
            new.extend(given(call));
            call.update(kind, &old, new).map(Answer::One)
        }
        Plain::Destroy => {
            let record = one(call, kind)?;
            call.delete(kind, &record)?;
            Ok(Answer::Empty)
        }
    }
}

/// The record that the path names.
fn one(call: &Call<'_>, kind: &str) -> Result<Record, Refusal> {
    let owners = owner::members(call, call.values.len().saturating_sub(1))?;
    let value = call.values.last().map_or("", String::as_str);
    let record = match owner::key(call.operation) {
        "id" => call.get(kind, value)?,
        key => {
            let owned = owners
                .iter()
                .map(|(member, value)| (member.as_str(), value.clone()));
            let equal: Vec<_> = owned.chain([(key, Value::from(value))]).collect();
            call.first(kind, &equal)?.ok_or(Refusal::NotFound)?
        }
    };
    let is_there = owner::is_of(&record, &owners) && !record.has("deleted_at");
    is_there.then_some(record).ok_or(Refusal::NotFound)
}

/// What the body gives a record: the members that its schema names; all but the server's own where the schema leaves them free.
fn given(call: &Call<'_>) -> Record {
    let named = call.operation.body.as_ref().map(|body| &body.members);
    let is_given = |name: &str| match named {
        Some(named) if !named.is_empty() => named.iter().any(|member| member == name),
        _ => !name.starts_with('_') && !["id", "created_at", "updated_at"].contains(&name),
    };
    let members = call.body.iter().filter(|(name, _)| is_given(name));
    members
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
