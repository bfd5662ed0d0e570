//! Sections: a tag that moves takes its operations to another cargo feature.

use std::collections::BTreeSet;

use omneo_codegen::SECTIONS;

use super::operations::Pair;
use super::{Change, Context, Happened, Item, Kind, Place, types};

pub(super) fn diff(context: Context<'_>, pairs: &[Pair<'_>], changes: &mut Vec<Change>) {
    for pair in pairs {
        let places = [pair.old, pair.new]
            .map(|operation| Place::member(&operation.pointer, "tags"))
            .into();
        let name = pair.old_route.to_string();
        moved(
            name,
            &pair.old.features,
            &pair.new.features,
            places,
            changes,
        );
    }
    for (name, old) in &context.old.types {
        if let Some(new) = context.new.types.get(context.renames.ty(name)) {
            let places = types::places(&[old, new]);
            let name = types::path(name);
            moved(name, &old.features, &new.features, places, changes);
        }
    }
}

fn moved(
    name: String,
    old: &BTreeSet<&str>,
    new: &BTreeSet<&str>,
    places: Vec<Place>,
    changes: &mut Vec<Change>,
) {
    if old == new {
        return;
    }
    let list = |features: &BTreeSet<&str>| match features.len() {
        0 => "no section alone".to_owned(),
        all if all == SECTIONS.len() => "every section".to_owned(),
        _ => features.iter().copied().collect::<Vec<_>>().join(", "),
    };
    let change = Happened::new(Kind::Changed, Item::Features, name)
        .from(list(old))
        .to(list(new));
    let lost = old.difference(new).copied().collect::<BTreeSet<_>>();
    changes.push(match lost.is_empty() {
        true => change.compatible("it is in every build that had it", places),
        false => change.breaking(
            &format!("a build of {} alone lacks it", list(&lost)),
            places,
        ),
    });
}
