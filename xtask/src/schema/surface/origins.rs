//! Where the schema describes each type, and whether it is sent or read.

use std::collections::{BTreeMap, BTreeSet};

use openapi_lowering::Lowered;

use super::{Operation, RustType, Surface};
use crate::schema::pointer;

pub(super) fn set(surface: &mut Surface, lowered: &Lowered) {
    let sent = reached(
        surface,
        surface.operations.values().flat_map(Operation::sent),
    );
    let read = reached(
        surface,
        surface.operations.values().flat_map(Operation::read),
    );
    let origins = origins(surface, lowered);
    for (name, ty) in &mut surface.types {
        ty.sent = sent.contains(name);
        ty.read = read.contains(name);
        ty.origins = origins.get(name).cloned().unwrap_or_default();
    }
}

/// The generated types that these types reach.
fn reached<'t>(surface: &Surface, from: impl Iterator<Item = &'t RustType>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut next = from.flat_map(|ty| ty.mentions.clone()).collect::<Vec<_>>();
    while let Some(name) = next.pop() {
        if let Some(ty) = surface.types.get(&name)
            && reached.insert(name)
        {
            let members = ty.members().into_iter();
            next.extend(members.flat_map(|(_, member)| member.mentions.clone()));
        }
    }
    reached
}

type Origins = BTreeMap<String, BTreeSet<String>>;

/// A component schema has a place of its own; any other type stands where it is first mentioned,
/// going out from operations and component schemas.
fn origins(surface: &Surface, lowered: &Lowered) -> Origins {
    let mut origins = Origins::new();
    for (name, type_name) in &lowered.schemas {
        let pointer = pointer::child("/components/schemas", name);
        origins
            .entry(type_name.clone())
            .or_default()
            .insert(pointer);
    }
    let mut level = Origins::new();
    for operation in surface.operations.values() {
        for (types, part) in [
            (operation.sent().collect::<Vec<_>>(), ""),
            (operation.read().collect(), "/responses"),
        ] {
            let pointer = format!("{}{part}", operation.pointer);
            for name in types.iter().flat_map(|ty| &ty.mentions) {
                mention(&mut level, &origins, name, &pointer);
            }
        }
    }
    let mut fresh = origins.clone();
    while !(level.is_empty() && fresh.is_empty()) {
        fresh.append(&mut level.clone());
        origins.append(&mut level);
        for (name, pointers) in &fresh {
            let Some(ty) = surface.types.get(name) else {
                continue;
            };
            for (property, member) in ty.members() {
                for (mentioned, pointer) in member
                    .mentions
                    .iter()
                    .flat_map(|mentioned| pointers.iter().map(move |pointer| (mentioned, pointer)))
                {
                    let pointer = match property {
                        Some(property) => {
                            pointer::child(&format!("{pointer}/properties"), property)
                        }
                        None => pointer.clone(),
                    };
                    mention(&mut level, &origins, mentioned, &pointer);
                }
            }
        }
        fresh.clear();
    }
    origins
}

/// Notes a place of a type that has none yet.
fn mention(level: &mut Origins, origins: &Origins, name: &str, pointer: &str) {
    if !origins.contains_key(name) {
        let places = level.entry(name.to_owned()).or_default();
        places.insert(pointer.to_owned());
    }
}
