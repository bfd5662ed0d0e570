//! After lowering: what has no name of its own in Rust takes the place of the references to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{Change, Report};
use crate::schema::{Definition, Direction};
use crate::ty::{Kind, Type};

/// How many aliases may lead to one another before they stay types of their own.
const MAX_ALIASES: usize = 32;

pub(crate) type Definitions = BTreeMap<String, Definition>;

/// Replaces references to lists, maps, scalars and other references by what they refer to, so that
/// typify makes no newtype of them. Recursive ones stay. With `loose`, unions that one tolerant
/// type reads are replaced too.
pub(crate) fn inline_aliases(
    definitions: &mut Definitions,
    others: &mut [&mut Type],
    loose: bool,
    report: &mut Report,
) {
    free_circles(definitions, report);
    if loose {
        for definition in definitions.values_mut() {
            if let Some(list) = list_or_numbered(&definition.ty) {
                definition.ty = list;
            }
        }
    }
    let aliases = definitions
        .iter()
        .filter(|(_, definition)| {
            is_alias(&definition.ty, loose) || loose && is_record_or_id(&definition.ty, definitions)
        })
        .map(|(name, definition)| (name.clone(), definition.ty.clone()))
        .collect::<BTreeMap<_, _>>();
    // `null` belongs to the places that refer to a type, not to the type.
    let nullable = definitions
        .iter()
        .filter(|(_, definition)| definition.ty.nullable)
        .map(|(name, _)| name.clone())
        .collect::<BTreeSet<_>>();
    let mut path = Vec::new();
    for (name, definition) in definitions.iter_mut() {
        path.push(name.clone());
        if let Kind::Ref(_) = definition.ty.kind {
            replace(&mut definition.ty, &aliases, &nullable, &mut path);
        } else {
            definition
                .ty
                .each_child_mut(&mut |ty| replace(ty, &aliases, &nullable, &mut path));
        }
        path.pop();
        if definition.ty.is_nominal() {
            definition.ty.nullable = false;
        }
    }
    for ty in others {
        replace(ty, &aliases, &nullable, &mut path);
    }
}

/// A schema that is only a reference, and leads back to itself, says nothing of its values.
fn free_circles(definitions: &mut Definitions, report: &mut Report) {
    let next = |definition: &Definition| match &definition.ty.kind {
        Kind::Ref(name) => Some(name.clone()),
        _ => None,
    };
    let mut arriving = BTreeSet::new();
    let mut circular = BTreeSet::new();
    for start in definitions.keys() {
        let mut path = Vec::new();
        let mut here = Some(start.clone());
        while let Some(name) = here {
            if arriving.contains(&name) || circular.contains(&name) {
                break;
            }
            if let Some(first) = path.iter().position(|seen| *seen == name) {
                circular.extend(path.split_off(first));
                break;
            }
            here = definitions.get(&name).and_then(next);
            path.push(name);
        }
        arriving.extend(path);
    }
    for name in circular {
        report.add(
            "/components/schemas",
            Change::FreeJson,
            format!("`{name}` is anything"),
            "it refers to itself and nothing else",
        );
        if let Some(definition) = definitions.get_mut(&name) {
            definition.ty = Type::new(Kind::Any);
        }
    }
}

/// A list that is sent as an object with numbers for keys when it has gaps.
fn list_or_numbered(ty: &Type) -> Option<Type> {
    let Kind::Union(union) = &ty.kind else {
        return None;
    };
    let [a, b] = &union.variants[..] else {
        return None;
    };
    match (&a.ty.kind, &b.ty.kind) {
        (Kind::Array(item), Kind::Map(value)) | (Kind::Map(value), Kind::Array(item))
            if item.kind == value.kind && item.kind != Kind::Any =>
        {
            Some(Type {
                kind: Kind::Array(item.clone()),
                ..ty.clone()
            })
        }
        _ => None,
    }
}

/// A record, or only the number by which it is known.
fn is_record_or_id(ty: &Type, definitions: &Definitions) -> bool {
    let Kind::Union(union) = &ty.kind else {
        return false;
    };
    let is_record = |kind: &Kind| {
        let Kind::Ref(name) = kind else { return false };
        let target = definitions.get(name).map(|definition| &definition.ty.kind);
        matches!(target, Some(Kind::Object(_)))
    };
    match &union.variants[..] {
        [a, b] => [(a, b), (b, a)]
            .into_iter()
            .any(|(a, b)| is_record(&a.ty.kind) && matches!(b.ty.kind, Kind::Integer(_))),
        _ => false,
    }
}

fn is_alias(ty: &Type, loose: bool) -> bool {
    match &ty.kind {
        Kind::Union(union) => loose && union.variants.iter().all(|variant| variant.ty.is_scalar()),
        _ => !ty.is_nominal(),
    }
}

fn replace(
    ty: &mut Type,
    aliases: &BTreeMap<String, Type>,
    nullable: &BTreeSet<String>,
    path: &mut Vec<String>,
) {
    let Kind::Ref(name) = &ty.kind else {
        ty.each_child_mut(&mut |child| replace(child, aliases, nullable, path));
        return;
    };
    let name = name.clone();
    ty.nullable |= nullable.contains(&name);
    let Some(target) = aliases.get(&name) else {
        return;
    };
    if path.contains(&name) || path.len() > MAX_ALIASES {
        return;
    }
    ty.kind = target.kind.clone();
    ty.nullable |= target.nullable;
    if ty.doc.is_none() {
        ty.doc.clone_from(&target.doc);
    }
    path.push(name);
    replace(ty, aliases, nullable, path);
    path.pop();
}

/// Notes which of the definitions that answers hold are sent too, by the types of payloads.
pub(crate) fn note_both<'t>(
    definitions: &mut Definitions,
    payloads: impl Iterator<Item = &'t Type>,
) {
    for name in reached(definitions, payloads, std::iter::empty()) {
        if let Some(definition) = definitions.get_mut(&name)
            && definition.direction == Direction::Answer
        {
            definition.direction = Direction::Both;
        }
    }
}

/// Keeps the definitions that the given types and names reach.
pub(crate) fn prune<'t>(
    definitions: &mut Definitions,
    types: impl Iterator<Item = &'t Type>,
    names: impl Iterator<Item = String>,
) {
    let reached = reached(definitions, types, names);
    definitions.retain(|name, _| reached.contains(name));
}

fn reached<'t>(
    definitions: &Definitions,
    types: impl Iterator<Item = &'t Type>,
    names: impl Iterator<Item = String>,
) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next = names
        .filter(|name| {
            definitions
                .get(name)
                .is_some_and(|definition| definition.ty.is_nominal())
        })
        .collect::<Vec<_>>();
    for ty in types {
        ty.each_ref(&mut |name| next.push(name.to_owned()));
    }
    while let Some(name) = next.pop() {
        if let Some(definition) = definitions.get(&name)
            && reached.insert(name)
        {
            definition
                .ty
                .each_ref(&mut |name| next.push(name.to_owned()));
        }
    }
    reached
}
