//! Which types and handles only have another name.
//!
//! A type is followed through what stayed: if an operation takes `B` where it took `A`, and neither
//! schema has both, `A` was renamed.

use std::collections::{BTreeMap, BTreeSet};

use super::operations::Pair;
use crate::schema::surface::{RustType, Shape, Surface};

/// New names by old ones.
#[derive(Debug, Default)]
pub(super) struct Renames {
    pub(super) types: BTreeMap<String, String>,
    pub(super) handles: BTreeMap<String, String>,
}

impl Renames {
    /// The new name of a type.
    pub(super) fn ty<'n>(&'n self, old: &'n str) -> &'n str {
        self.types.get(old).map_or(old, String::as_str)
    }

    /// The new name of a handle.
    pub(super) fn handle<'n>(&'n self, old: &'n str) -> &'n str {
        self.handles.get(old).map_or(old, String::as_str)
    }

    /// Whether a type is the same, apart from names.
    pub(super) fn is_same(&self, old: &RustType, new: &RustType) -> bool {
        old.shape == new.shape
            && old.mentions.len() == new.mentions.len()
            && old
                .mentions
                .iter()
                .zip(&new.mentions)
                .all(|(old, new)| self.ty(old) == new)
    }

    /// Whether lists of types are the same, apart from names.
    pub(super) fn are_same(&self, old: &[RustType], new: &[RustType]) -> bool {
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.is_same(old, new))
    }
}

pub(super) fn find(old: &Surface, new: &Surface, pairs: &[Pair<'_>]) -> Renames {
    Renames {
        types: types(old, new, pairs),
        handles: handles(old, new, pairs),
    }
}

fn types(old: &Surface, new: &Surface, pairs: &[Pair<'_>]) -> BTreeMap<String, String> {
    let mut walk = Walk::default();
    for name in old
        .types
        .keys()
        .filter(|name| new.types.contains_key(*name))
    {
        walk.meet(name, name);
    }
    for pair in pairs {
        let (before, after) = (pair.old, pair.new);
        for (before, after) in before.sent().zip(after.sent()) {
            walk.mentions(before, after);
        }
        for (before, after) in before.read().zip(after.read()) {
            walk.mentions(before, after);
        }
    }
    while let Some((before, after)) = walk.next.pop() {
        let (Some(before), Some(after)) = (old.types.get(&before), new.types.get(&after)) else {
            continue;
        };
        match (&before.shape, &after.shape) {
            (Shape::Struct(before), Shape::Struct(after)) => {
                for (name, field) in before {
                    if let Some(other) = after.get(name) {
                        walk.mentions(&field.ty, &other.ty);
                    }
                }
            }
            (Shape::Enum(before), Shape::Enum(after)) => {
                for (name, held) in before {
                    let others = after.get(name).into_iter().flatten();
                    for (before, after) in held.iter().zip(others) {
                        walk.mentions(before, after);
                    }
                }
            }
            (Shape::Tuple(before), Shape::Tuple(after)) => {
                for (before, after) in before.iter().zip(after) {
                    walk.mentions(before, after);
                }
            }
            _ => {}
        }
    }
    walk.renamed(
        |name| old.types.contains_key(name),
        |name| new.types.contains_key(name),
    )
}

fn handles(old: &Surface, new: &Surface, pairs: &[Pair<'_>]) -> BTreeMap<String, String> {
    let mut walk = Walk::default();
    for name in old
        .handles
        .keys()
        .filter(|name| new.handles.contains_key(*name))
    {
        walk.meet(name, name);
    }
    for pair in pairs {
        walk.meet(&pair.old.handle, &pair.new.handle);
    }
    let (old_owners, new_owners) = (owners(old), owners(new));
    while let Some((before, after)) = walk.next.pop() {
        // A scope has no operation of its own; it is known by what it leads to.
        if let (Some([before]), Some([after])) = (
            old_owners.get(&before).map(Vec::as_slice),
            new_owners.get(&after).map(Vec::as_slice),
        ) {
            walk.meet(before, after);
        }
        let (Some(before), Some(after)) = (old.handles.get(&before), new.handles.get(&after))
        else {
            continue;
        };
        for (name, accessor) in &before.accessors {
            if let Some(other) = after.accessors.get(name) {
                walk.meet(&accessor.returns.to_string(), &other.returns.to_string());
            }
        }
    }
    walk.renamed(
        |name| old.handles.contains_key(name),
        |name| new.handles.contains_key(name),
    )
}

/// The handles that lead to each handle.
fn owners(surface: &Surface) -> BTreeMap<String, Vec<&str>> {
    let mut owners = BTreeMap::<String, Vec<&str>>::new();
    for (name, handle) in &surface.handles {
        for accessor in handle.accessors.values() {
            let led_to = owners.entry(accessor.returns.to_string()).or_default();
            led_to.push(name);
        }
    }
    owners
}

/// The names that met at the same place.
#[derive(Default)]
struct Walk {
    met: BTreeSet<(String, String)>,
    next: Vec<(String, String)>,
}

impl Walk {
    fn meet(&mut self, old: &str, new: &str) {
        let pair = (old.to_owned(), new.to_owned());
        if self.met.insert(pair.clone()) {
            self.next.push(pair);
        }
    }

    fn mentions(&mut self, old: &RustType, new: &RustType) {
        if old.mentions.len() == new.mentions.len() {
            for (old, new) in old.mentions.iter().zip(&new.mentions) {
                self.meet(old, new);
            }
        }
    }

    /// The pairs of a name that is gone and one that is new, where each met no other such name.
    fn renamed(
        self,
        is_old: impl Fn(&str) -> bool,
        is_new: impl Fn(&str) -> bool,
    ) -> BTreeMap<String, String> {
        let candidates = self
            .met
            .into_iter()
            .filter(|(old, new)| is_old(old) && is_new(new) && !is_new(old) && !is_old(new))
            .collect::<Vec<_>>();
        let mut counts = (BTreeMap::new(), BTreeMap::new());
        for (old, new) in &candidates {
            *counts.0.entry(old.clone()).or_insert(0) += 1;
            *counts.1.entry(new.clone()).or_insert(0) += 1;
        }
        candidates
            .into_iter()
            .filter(|(old, new)| counts.0.get(old) == Some(&1) && counts.1.get(new) == Some(&1))
            .collect()
    }
}
