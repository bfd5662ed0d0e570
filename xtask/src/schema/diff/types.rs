//! Types: their fields, variants and traits.

use std::collections::{BTreeMap, BTreeSet};

use super::operations::both;
use super::{Change, Context, Happened, Item, Kind, Place};
use crate::schema::surface::{Field, RustType, Shape, Type};

pub(super) fn diff(context: Context<'_>, changes: &mut Vec<Change>) {
    let mut arrived = BTreeSet::new();
    for (name, old) in &context.old.types {
        let after = context.renames.ty(name);
        arrived.insert(after);
        let Some(new) = context.new.types.get(after) else {
            let gone = Happened::new(Kind::Removed, Item::Type, path(name));
            changes.push(gone.breaking("a caller may name it", places(&[old])));
            continue;
        };
        if after != name {
            let renamed = Happened::new(Kind::Renamed, Item::Type, path(name))
                .from(path(name))
                .to(path(after));
            changes.push(renamed.breaking("a caller may name it", places(&[old, new])));
        }
        let comparison = Comparison {
            context,
            name: path(name),
            new_name: path(after),
            old,
            new,
        };
        comparison.shapes(changes);
        comparison.traits(changes);
    }
    for (name, new) in &context.new.types {
        if !arrived.contains(name.as_str()) {
            let added = Happened::new(Kind::Added, Item::Type, path(name));
            changes.push(added.compatible("nothing used it before", places(&[new])));
        }
    }
}

pub(super) fn path(name: &str) -> String {
    format!("types::{name}")
}

pub(super) fn places(types: &[&Type]) -> Vec<Place> {
    let origins = types.iter().flat_map(|ty| &ty.origins);
    origins.map(|origin| Place::all(origin)).collect()
}

/// One type before and after.
struct Comparison<'a> {
    context: Context<'a>,
    name: String,
    new_name: String,
    old: &'a Type,
    new: &'a Type,
}

impl Comparison<'_> {
    fn places(&self, member: &str) -> Vec<Place> {
        let origins = self.old.origins.iter().chain(&self.new.origins);
        origins
            .map(|origin| Place::member(origin, member))
            .collect()
    }

    /// A member's name: that of before, where it was there before.
    fn named(&self, member: &str, was_there: bool) -> String {
        let name = if was_there {
            &self.name
        } else {
            &self.new_name
        };
        format!("{name}::{member}")
    }

    fn shapes(&self, changes: &mut Vec<Change>) {
        match (&self.old.shape, &self.new.shape) {
            (Shape::Struct(old), Shape::Struct(new)) => self.fields(old, new, changes),
            (Shape::Enum(old), Shape::Enum(new)) => self.variants(old, new, changes),
            (Shape::Tuple(old), Shape::Tuple(new)) if self.context.renames.are_same(old, new) => {}
            (old, new) => {
                let changed = Happened::new(Kind::Changed, Item::Type, &self.name)
                    .from(shown(old))
                    .to(shown(new));
                let places = places(&[self.old, self.new]);
                changes.push(changed.breaking("it is made and read in another way", places));
            }
        }
    }

    fn fields(
        &self,
        old: &BTreeMap<String, Field>,
        new: &BTreeMap<String, Field>,
        changes: &mut Vec<Change>,
    ) {
        for (name, before, after) in both(old, new) {
            let named = self.named(name, before.is_some());
            let property = before.or(after).map_or(name, |field| &field.property);
            let places = self.places(property);
            changes.push(match (before, after) {
                (Some(before), None) => Happened::new(Kind::Removed, Item::Field, named)
                    .from(&before.ty)
                    .breaking("code that names the field does not compile", places),
                (None, Some(after)) => {
                    let added = Happened::new(Kind::Added, Item::Field, named).to(&after.ty);
                    let (breaking, why) = self.added_field(name);
                    added.judged(breaking, why, places)
                }
                (Some(before), Some(after))
                    if !self.context.renames.is_same(&before.ty, &after.ty) =>
                {
                    Happened::new(Kind::Changed, Item::Field, named)
                        .from(&before.ty)
                        .to(&after.ty)
                        .breaking(of_field(&before.ty, &after.ty), places)
                }
                _ => continue,
            });
        }
    }

    /// Whether a field more breaks those who make values of the type.
    fn added_field(&self, name: &str) -> (bool, &'static str) {
        if !self.old.is_made_by_callers() {
            return (
                false,
                "the type is only read, and a reader names the fields it wants",
            );
        }
        let given = |ty: &Type| ty.constructor.clone().unwrap_or_default();
        match (self.old.has_default(), self.new.has_default()) {
            (true, true) => (false, "a literal ends in `..Default::default()`"),
            _ if given(self.new).iter().any(|given| given == name) => {
                (true, "it is required, so `new` takes an argument more")
            }
            (true, false) => (
                true,
                "the type has no default any more, so a literal has to end in `..new(…)`",
            ),
            (false, _) => (false, "a literal ends in `..new(…)`, which leaves it unset"),
        }
    }

    fn variants(
        &self,
        old: &BTreeMap<String, Vec<RustType>>,
        new: &BTreeMap<String, Vec<RustType>>,
        changes: &mut Vec<Change>,
    ) {
        for (name, before, after) in both(old, new) {
            let named = |held: Option<&Vec<RustType>>| {
                let held = held.filter(|held| !held.is_empty());
                let held = held.map(|types| self::held(types)).unwrap_or_default();
                format!("{}{held}", self.named(name, before.is_some()))
            };
            let places = places(&[self.old, self.new]);
            changes.push(match (before, after) {
                (Some(_), None) => Happened::new(Kind::Removed, Item::Variant, named(before))
                    .breaking("code that names the variant does not compile", places),
                (None, Some(_)) => {
                    let added = Happened::new(Kind::Added, Item::Variant, named(after));
                    match self.old.non_exhaustive {
                        true => added.compatible(
                            "the enum is `#[non_exhaustive]`, and the value was read as unknown",
                            places,
                        ),
                        false => added.breaking("a `match` over all variants lacks it", places),
                    }
                }
                (Some(before), Some(after)) if !self.context.renames.are_same(before, after) => {
                    Happened::new(Kind::Changed, Item::Variant, named(None))
                        .from(held(before))
                        .to(held(after))
                        .breaking("the variant holds something else", places)
                }
                _ => continue,
            });
        }
    }

    fn traits(&self, changes: &mut Vec<Change>) {
        let all = || places(&[self.old, self.new]);
        // A type has a default as long as nothing in it is required.
        let places = |implemented: &str| match implemented {
            "Default" => self.places("required"),
            _ => all(),
        };
        for lost in self.old.traits.difference(&self.new.traits) {
            let gone = Happened::new(Kind::Removed, Item::Trait, format!("{}: {lost}", self.name));
            let why = match lost.as_str() {
                "Default" => "`..Default::default()` does not compile",
                _ => "a caller may rely on it",
            };
            changes.push(gone.breaking(why, places(lost)));
        }
        for gained in self.new.traits.difference(&self.old.traits) {
            let added = Happened::new(
                Kind::Added,
                Item::Trait,
                format!("{}: {gained}", self.new_name),
            );
            changes.push(added.compatible("nothing relied on it before", places(gained)));
        }
        if self.old.non_exhaustive != self.new.non_exhaustive {
            let shown = |ty: &Type| match ty.non_exhaustive {
                true => "#[non_exhaustive]",
                false => "exhaustive",
            };
            let changed = Happened::new(Kind::Changed, Item::Type, &self.name)
                .from(shown(self.old))
                .to(shown(self.new));
            changes.push(match self.new.non_exhaustive {
                true => changed.breaking("a `match` over all variants needs one arm more", all()),
                false => changed.compatible("a `match` may have one arm more", all()),
            });
        }
    }
}

/// Why another type of a field is breaking.
fn of_field(old: &RustType, new: &RustType) -> &'static str {
    let optional = |ty: &RustType| ty.within("Option").map(str::to_owned);
    let clearable = |ty: &RustType| ty.within("Field").map(str::to_owned);
    let bare = |ty: &RustType| Some(ty.shape.clone());
    if optional(old) == bare(new) || clearable(old) == bare(new) {
        "it is required now: a literal has to give it a value, not an option"
    } else if bare(old) == optional(new) || bare(old) == clearable(new) {
        "it is no longer required: a value is wrapped, and a reader has to ask for it"
    } else if clearable(new).is_some() && clearable(new) == optional(old) {
        "it can be cleared now: a value is set with `.into()`, not with `Some`"
    } else if clearable(old).is_some() && clearable(old) == optional(new) {
        "it can no longer be cleared: a value is set with `Some`, not with `.into()`"
    } else {
        "code that sets or reads it has another type before it"
    }
}

fn held(types: &[RustType]) -> String {
    let shown = types.iter().map(ToString::to_string).collect::<Vec<_>>();
    format!("({})", shown.join(", "))
}

fn shown(shape: &Shape) -> String {
    match shape {
        Shape::Struct(_) => "a struct".to_owned(),
        Shape::Enum(_) => "an enum".to_owned(),
        Shape::Tuple(types) => format!("a struct around {}", held(types)),
    }
}
