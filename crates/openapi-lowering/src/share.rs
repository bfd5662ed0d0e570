//! Enums that list the same values, and unions of the same types, become one type.
//!
//! A schema without named enums repeats them at every use: a definition, its input and its update
//! would each have a type of their own for the same values, none assignable to another.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use heck::ToSnakeCase;

use crate::naming::Names;
use crate::resolve::Definitions;
use crate::ty::{Kind, Type, Union};

/// Merges the types that are not in `named`, and names each after what its uses have in common.
pub(crate) fn types(
    definitions: &mut Definitions,
    named: &BTreeSet<String>,
    others: &mut [&mut Type],
    names: &mut Names,
) {
    let mut groups = BTreeMap::<Vec<String>, Vec<String>>::new();
    for (name, definition) in definitions
        .iter()
        .filter(|(name, _)| !named.contains(*name))
    {
        if let Some(key) = key(&definition.ty.kind) {
            groups.entry(key).or_default().push(name.clone());
        }
    }
    let mut renamed = BTreeMap::new();
    for group in groups.into_values().filter(|group| group.len() > 1) {
        for name in &group {
            names.release(name);
        }
        let shared = names.take(&common_name(&group));
        let Some(mut definition) = group.first().and_then(|name| definitions.remove(name)) else {
            continue;
        };
        // What describes one use does not describe the others.
        definition.ty.doc = None;
        for name in group {
            definitions.remove(&name);
            renamed.insert(name, shared.clone());
        }
        definitions.insert(shared, definition);
    }
    if renamed.is_empty() {
        return;
    }
    for definition in definitions.values_mut() {
        rename(&mut definition.ty, &renamed);
    }
    for ty in others {
        rename(ty, &renamed);
    }
}

/// What is the same for types that can be one.
fn key(kind: &Kind) -> Option<Vec<String>> {
    let mut key = match kind {
        Kind::Enum(values) => values.clone(),
        Kind::Union(Union {
            tag: None,
            variants,
        }) => variants
            .iter()
            .map(|variant| match &variant.ty.kind {
                Kind::Object(_) | Kind::Union(_) => None,
                kind => Some(format!("{kind:?}")),
            })
            .collect::<Option<_>>()?,
        _ => return None,
    };
    key.sort();
    Some(key)
}

fn rename(ty: &mut Type, renamed: &BTreeMap<String, String>) {
    if let Kind::Ref(name) = &mut ty.kind
        && let Some(new) = renamed.get(name)
    {
        name.clone_from(new);
    }
    ty.each_child_mut(&mut |child| rename(child, renamed));
}

/// The words that all names begin with and those that all end with; the shortest name where that
/// is too little to go by.
fn common_name(names: &[String]) -> String {
    let words = names
        .iter()
        .map(|name| {
            name.to_snake_case()
                .split('_')
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();
    let shortest = words.iter().map(Vec::len).min().unwrap_or(0);
    let first = &words[0];
    let prefix = (0..shortest)
        .take_while(|&i| words.iter().all(|other| other[i] == first[i]))
        .count();
    let suffix = (1..=shortest - prefix)
        .take_while(|&i| {
            words
                .iter()
                .all(|other| other[other.len() - i] == first[first.len() - i])
        })
        .count();
    if prefix + suffix < 2 || suffix == 0 {
        let mut names = names.iter().collect::<Vec<_>>();
        names.sort_by_key(|name| (name.len(), *name));
        return names[0].clone();
    }
    first[..prefix]
        .iter()
        .chain(&first[first.len() - suffix..])
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("_")
        .to_pascal_case()
}

#[cfg(test)]
mod tests {
    use super::common_name;

    fn name(names: &[&str]) -> String {
        common_name(
            &names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn a_shared_enum_is_named_after_what_its_uses_have_in_common() {
        assert_eq!(
            name(&["RewardDefinitionInputType", "RewardDefinitionType"]),
            "RewardDefinitionType"
        );
        assert_eq!(
            name(&["PointDefinitionPeriodType", "RewardDefinitionPeriodType"]),
            "DefinitionPeriodType"
        );
        assert_eq!(name(&["AddressType", "ListDefinitionType"]), "AddressType");
        assert_eq!(name(&["A", "A"]), "A");
    }
}
