//! Handles and the ways between them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Context, Happened, Item, Kind};
use crate::schema::surface::{Handle, shown_call};

pub(super) fn diff(context: Context<'_>, changes: &mut Vec<Change>) {
    let (old, new) = (&context.old.handles, &context.new.handles);
    let mut arrived = BTreeSet::new();
    for (name, handle) in old {
        let after = context.renames.handle(name);
        arrived.insert(after);
        let Some(other) = new.get(after) else {
            let gone = Happened::new(Kind::Removed, Item::Handle, name).from(&handle.chain);
            changes.push(gone.breaking("a caller may hold one", Vec::new()));
            continue;
        };
        if after != name {
            let renamed = Happened::new(Kind::Renamed, Item::Handle, name)
                .from(name)
                .to(after);
            changes.push(renamed.breaking("a caller may hold one, by its type", Vec::new()));
        }
        accessors(context, (name, handle), (after, other), changes);
    }
    for (name, handle) in new {
        if !arrived.contains(name.as_str()) {
            let added = Happened::new(Kind::Added, Item::Handle, name).to(&handle.chain);
            changes.push(added.compatible("nothing used it before", Vec::new()));
        }
    }
}

fn accessors(
    context: Context<'_>,
    (name, old): (&str, &Handle),
    (new_name, new): (&str, &Handle),
    changes: &mut Vec<Change>,
) {
    // What led to a handle that still is leads to it under another name.
    let targets = new
        .accessors
        .iter()
        .filter(|(name, _)| !old.accessors.contains_key(*name))
        .map(|(name, accessor)| (accessor.returns.to_string(), name))
        .collect::<BTreeMap<_, _>>();
    let mut arrived = BTreeSet::new();
    for (accessor, before) in &old.accessors {
        let named = format!("{name}::{accessor}");
        let target = context
            .renames
            .handle(&before.returns.to_string())
            .to_owned();
        let same = new.accessors.get(accessor).map(|after| (accessor, after));
        let found = same.or_else(|| {
            let renamed = *targets.get(&target)?;
            Some((renamed, new.accessors.get(renamed)?))
        });
        let Some((other, after)) = found else {
            let gone = Happened::new(Kind::Removed, Item::Accessor, named).from(shown_call(before));
            let why = match context.new.handles.get(&target) {
                Some(handle) => format!("callers get there by `{}` now", handle.chain),
                None => "what lay behind it has no handle any more".to_owned(),
            };
            changes.push(gone.breaking(&why, Vec::new()));
            continue;
        };
        arrived.insert(other);
        if other != accessor {
            let renamed = Happened::new(Kind::Renamed, Item::Accessor, &named)
                .from(&named)
                .to(format!("{new_name}::{other}"));
            changes.push(renamed.breaking("callers go through it by that name", Vec::new()));
        }
        let arguments = context
            .renames
            .are_same(&before.arguments, &after.arguments);
        if !arguments || after.returns.to_string() != target {
            let shown = |accessor: &crate::schema::surface::Method| {
                let arguments = accessor.shown_arguments();
                format!("{}{arguments} -> {}", accessor.name, accessor.returns)
            };
            let changed = Happened::new(Kind::Changed, Item::Accessor, named)
                .from(shown(before))
                .to(shown(after));
            changes.push(changed.breaking("callers go through it", Vec::new()));
        }
    }
    for (accessor, after) in &new.accessors {
        if !arrived.contains(accessor) {
            let added = Happened::new(
                Kind::Added,
                Item::Accessor,
                format!("{new_name}::{accessor}"),
            )
            .to(shown_call(after));
            changes.push(added.compatible("nothing used it before", Vec::new()));
        }
    }
}
