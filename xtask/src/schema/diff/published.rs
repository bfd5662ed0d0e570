//! Which change of the schema lies behind a change for callers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Change, Edit, Place, Side, edits};
use crate::schema::pointer;
use crate::schema::surface::Surface;

/// Puts the edits of the schema beside the changes that they make; returns those that make none,
/// and how many are about texts only.
pub(super) fn attach(old: &Side, new: &Side, changes: &mut [Change]) -> (Vec<Edit>, usize) {
    let (texts, published) = edits(&old.published, &new.published)
        .into_iter()
        .partition::<Vec<_>, _>(Edit::is_text);
    // What the schema does not say may follow from a correction that does not fit any more.
    let mut corrected = edits(&old.corrected, &new.corrected);
    corrected.retain(|edit| !edit.is_text() && !published.contains(edit));
    let mut used = BTreeSet::new();
    for change in changes {
        let mut places = change.places.clone();
        for place in &change.places {
            for side in [old, new] {
                places.extend(place.refers_to(side));
            }
        }
        let is_behind = |edit: &Edit| places.iter().any(|place| place.is_behind(edit));
        for (index, edit) in published.iter().enumerate() {
            if is_behind(edit) {
                used.insert(index);
                change.published.push(edit.clone());
            }
        }
        if change.published.is_empty() {
            let behind = corrected.iter().filter(|edit| is_behind(edit));
            change.published.extend(behind.cloned());
        }
    }
    let rest = published
        .into_iter()
        .enumerate()
        .filter(|(index, _)| !used.contains(index))
        .map(|(_, edit)| edit)
        .collect();
    (rest, texts.len())
}

impl Place {
    /// Whether an edit is about this place.
    fn is_behind(&self, edit: &Edit) -> bool {
        // Something around the place came or went.
        if pointer::is_within(&self.pointer, &edit.pointer) {
            return true;
        }
        if !pointer::is_within(&edit.pointer, &self.pointer) {
            return false;
        }
        let Some(member) = &self.member else {
            return true;
        };
        let mut values = [&edit.from, &edit.to].into_iter().flatten();
        values.any(|value| value.as_str() == Some(member))
            || pointer::names(&edit.pointer[self.pointer.len()..])
                // A parameter stands under its place and its name.
                .any(|name| {
                    name == *member || name.split_once(' ').is_some_and(|(_, name)| name == member)
                })
    }

    /// What the place refers to and has no Rust type of its own, so that it is part of the place.
    fn refers_to(&self, side: &Side) -> Vec<Place> {
        let Some(member) = &self.member else {
            let targets = references(side, &self.pointer);
            return targets.iter().map(|target| Place::all(target)).collect();
        };
        let property = pointer::child(&format!("{}/properties", self.pointer), member);
        let mut places = references(side, &property)
            .iter()
            .map(|target| Place::all(target))
            .collect::<Vec<_>>();
        for target in references(side, &self.pointer) {
            let name = side.corrected.pointer(&format!("{target}/name"));
            places.push(match name.and_then(Value::as_str) == Some(member) {
                true => Place::all(&target),
                false => Place::member(&target, member),
            });
        }
        places
    }
}

/// The places that a place refers to, unless they have a Rust type of their own. What a schema is
/// composed of is part of it all the same.
fn references(side: &Side, at: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = vec![at.to_owned()];
    while let Some(at) = next.pop() {
        let Some(value) = side.corrected.pointer(&at) else {
            continue;
        };
        let mut references = Vec::new();
        collect(value, false, &mut references);
        for (reference, is_composed) in references {
            let Some(target) = reference.strip_prefix('#') else {
                continue;
            };
            if (is_composed || !has_type(&side.surface, target)) && found.insert(target.to_owned())
            {
                next.push(target.to_owned());
            }
        }
    }
    found
}

/// The references in a value, and whether each stands in an `allOf`.
fn collect<'v>(value: &'v Value, is_composed: bool, references: &mut Vec<(&'v str, bool)>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                references.push((reference, is_composed));
            }
            for (name, value) in map {
                collect(value, name == "allOf", references);
            }
        }
        Value::Array(list) => {
            for value in list {
                collect(value, is_composed, references);
            }
        }
        _ => {}
    }
}

fn has_type(surface: &Surface, pointer: &str) -> bool {
    let mut origins = surface.types.values().map(|ty| &ty.origins);
    origins.any(|origins| origins.contains(pointer))
}
