//! Envelopes around answers become generic types.

use crate::options::Envelopes;
use crate::resolve::Definitions;
use crate::ty::{Kind, Object, Type};

/// The generic type that an answer's type is an instance of, if it is one.
pub(crate) fn unwrap(ty: &Type, definitions: &Definitions, envelopes: &Envelopes) -> Option<Type> {
    let Kind::Ref(name) = &ty.kind else {
        return None;
    };
    let envelope = |path: &str, inner: Type| Type {
        nullable: ty.nullable,
        ..Type::native(&envelopes.crate_name, path, vec![inner])
    };
    match &definitions.get(name)?.ty.kind {
        Kind::Object(object) => {
            if object.extra.is_some() {
                return None;
            }
            let data = data(object)?;
            match &data.kind {
                Kind::Array(item) if is_raw_page(object) => {
                    Some(envelope("RawPage", (**item).clone()))
                }
                Kind::Array(item) if is_page(object, definitions) => {
                    Some(envelope("Page", (**item).clone()))
                }
                _ if object.properties.len() == 1 => Some(envelope("Data", data.clone())),
                _ => None,
            }
        }
        Kind::Union(union) => {
            let [a, b] = &union.variants[..] else {
                return None;
            };
            [(&a.ty, &b.ty), (&b.ty, &a.ty)]
                .into_iter()
                .find_map(|(wrapped, bare)| {
                    let inner = only_data(wrapped, definitions)?;
                    match &bare.kind {
                        kind if *kind != inner.kind => None,
                        Kind::Array(item) => Some(envelope("Page", (**item).clone())),
                        kind if may_hold_data(kind, definitions) => None,
                        _ => Some(envelope("MaybeData", bare.clone())),
                    }
                })
        }
        _ => None,
    }
}

fn only_data<'d>(ty: &Type, definitions: &'d Definitions) -> Option<&'d Type> {
    let Kind::Ref(name) = &ty.kind else {
        return None;
    };
    match &definitions.get(name)?.ty.kind {
        Kind::Object(object) if object.properties.len() == 1 => data(object),
        _ => None,
    }
}

/// What an envelope holds. One that may lack it is a record of its own.
fn data(object: &Object) -> Option<&Type> {
    let data = object.properties.get("data")?;
    data.required.then_some(&data.ty)
}

/// Whether `data` may be a member of what is in the envelope, so that it does not tell the envelope.
fn may_hold_data(kind: &Kind, definitions: &Definitions) -> bool {
    match kind {
        Kind::Ref(name) => match definitions.get(name).map(|definition| &definition.ty.kind) {
            Some(Kind::Object(object)) => {
                object.extra.is_some() || object.properties.contains_key("data")
            }
            Some(Kind::Enum(_)) => false,
            _ => true,
        },
        Kind::Any | Kind::Map(_) => true,
        _ => false,
    }
}

/// `{data: [X]}`, with or without links and the metadata of pagination.
fn is_page(object: &Object, definitions: &Definitions) -> bool {
    let known = object
        .properties
        .keys()
        .all(|name| matches!(name.as_str(), "data" | "links" | "meta"));
    let meta = object.properties.get("meta").map(|meta| &meta.ty.kind);
    known
        && match meta {
            None => true,
            Some(Kind::Ref(name)) => match definitions.get(name).map(|meta| &meta.ty.kind) {
                Some(Kind::Object(meta)) => meta.properties.contains_key("current_page"),
                _ => false,
            },
            Some(_) => false,
        }
}

/// Laravel's paginator as it stands, not taken apart into links and meta.
fn is_raw_page(object: &Object) -> bool {
    let has = |name: &str| object.properties.contains_key(name);
    has("current_page") && has("per_page") && has("last_page") && !has("meta")
}
