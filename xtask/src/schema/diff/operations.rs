//! Operations: their names, arguments, answers and parameters.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Context, Happened, Item, Kind, Place};
use crate::schema::nameless;
use crate::schema::surface::{Operation, Part, Route, Surface};

/// An operation that both schemas have.
pub(super) struct Pair<'a> {
    pub(super) old_route: &'a Route,
    pub(super) new_route: &'a Route,
    pub(super) old: &'a Operation,
    pub(super) new: &'a Operation,
}

/// The operations that both schemas have: of the same route; else of the same route but for the
/// names of its parameters; else with the same binding.
pub(super) fn pairs<'a>(old: &'a Surface, new: &'a Surface) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    let mut left = old.operations.iter().collect::<BTreeMap<_, _>>();
    let mut right = new.operations.iter().collect::<BTreeMap<_, _>>();
    let keys: [fn(&Route, &Operation) -> String; 3] = [
        |route, _| route.to_string(),
        |route, _| format!("{} {}", route.method, nameless(&route.path)),
        |_, operation| operation.binding.name.clone(),
    ];
    for key in keys {
        let index = |operations: &BTreeMap<&'a Route, &'a Operation>| {
            let mut index = BTreeMap::<String, Vec<&'a Route>>::new();
            for (route, operation) in operations {
                index.entry(key(route, operation)).or_default().push(route);
            }
            index
        };
        let others = index(&right);
        for (key, routes) in index(&left) {
            if let ([old_route], Some([new_route])) =
                (&routes[..], others.get(&key).map(Vec::as_slice))
                && let (Some(old), Some(new)) = (left.remove(old_route), right.remove(new_route))
            {
                pairs.push(Pair {
                    old_route,
                    new_route,
                    old,
                    new,
                });
            }
        }
    }
    pairs
}

pub(super) fn diff(context: Context<'_>, pairs: &[Pair<'_>], changes: &mut Vec<Change>) {
    let paired = pairs
        .iter()
        .map(|pair| (pair.old_route, pair.new_route))
        .collect::<BTreeMap<_, _>>();
    for (route, operation) in &context.old.operations {
        if !paired.contains_key(route) {
            let gone = Happened::new(Kind::Removed, Item::Operation, route.to_string())
                .from(calls(context.old, operation));
            changes.push(gone.breaking("nothing can be called in its place", places(operation)));
        }
    }
    let arrived = paired.values().collect::<BTreeSet<_>>();
    for (route, operation) in &context.new.operations {
        if !arrived.contains(&route) {
            let new = Happened::new(Kind::Added, Item::Operation, route.to_string())
                .to(calls(context.new, operation));
            changes.push(new.compatible("nothing called it before", places(operation)));
        }
    }
    for pair in pairs {
        pair.names(context, changes);
        pair.types(context, changes);
        pair.parameters(changes);
        pair.parts(changes);
    }
}

/// What a caller writes to call an operation.
fn calls(surface: &Surface, operation: &Operation) -> String {
    format!(
        "{}, Client::{}",
        surface.call(operation),
        operation.binding.name
    )
}

fn places(operation: &Operation) -> Vec<Place> {
    vec![Place::all(&operation.pointer)]
}

impl Pair<'_> {
    fn places(&self, member: &str) -> Vec<Place> {
        [self.old, self.new]
            .map(|operation| Place::member(&operation.pointer, member))
            .into()
    }

    /// Where the schema describes a parameter: the path has those of all its operations.
    fn places_of_parameter(&self, name: &str) -> Vec<Place> {
        let mut places = self.places(name);
        for operation in [self.old, self.new] {
            let path = operation.pointer.rsplit_once('/').map(|(path, _)| path);
            places.extend(path.map(|path| Place::member(&format!("{path}/parameters"), name)));
        }
        places
    }

    /// Where the schema describes what an operation takes, or what it answers.
    fn parts_of_schema(&self, are_answers: bool) -> Vec<Place> {
        let parts: &[&str] = match are_answers {
            true => &["responses"],
            false => &["parameters", "requestBody"],
        };
        let mut places = Vec::new();
        for operation in [self.old, self.new] {
            for part in parts {
                places.push(Place::all(&format!("{}/{part}", operation.pointer)));
            }
        }
        places
    }

    /// A member's name: that of before, where it was there before.
    fn named(&self, member: &str, was_there: bool) -> String {
        let route = if was_there {
            self.old_route
        } else {
            self.new_route
        };
        format!("{route}: {member}")
    }

    fn names(&self, context: Context<'_>, changes: &mut Vec<Change>) {
        let Self { old, new, .. } = self;
        if self.old_route != self.new_route {
            let moved = Happened::new(Kind::Changed, Item::Route, self.old_route.to_string())
                .from(self.old_route)
                .to(self.new_route);
            let places = vec![Place::all(&old.pointer), Place::all(&new.pointer)];
            changes.push(moved.compatible("the route is inside the bindings", places));
        }
        if old.binding.name != new.binding.name {
            let name = |operation: &Operation| format!("Client::{}", operation.binding.name);
            let renamed = Happened::new(Kind::Renamed, Item::Binding, name(old))
                .from(name(old))
                .to(name(new));
            changes.push(renamed.breaking(
                "callers of the binding call it by that name, and errors show it",
                self.places("operationId"),
            ));
        }
        let owner = context.renames.handle(&old.handle) == new.handle;
        if !owner || old.call.name != new.call.name {
            let name =
                |operation: &Operation| format!("{}::{}", operation.handle, operation.call.name);
            let moved = Happened::new(Kind::Renamed, Item::Call, name(old))
                .from(context.old.call(old))
                .to(context.new.call(new));
            let places = vec![Place::all(&old.pointer), Place::all(&new.pointer)];
            changes.push(moved.breaking("callers of the handle call it by that name", places));
        }
    }

    fn types(&self, context: Context<'_>, changes: &mut Vec<Change>) {
        let Self { old, new, .. } = self;
        let renames = context.renames;
        // The binding takes what the handle holds too, so its arguments are shown where only they
        // differ.
        let sides = [(&old.call, &new.call), (&old.binding, &new.binding)];
        let arguments = sides.iter().find(|(old, new)| {
            old.is_reordered(new) || !renames.are_same(&old.arguments, &new.arguments)
        });
        if let Some((before, after)) = arguments {
            let change = Happened::new(Kind::Changed, Item::Arguments, self.old_route.to_string())
                .from(format!("{}{}", before.name, before.shown_arguments()))
                .to(format!("{}{}", after.name, after.shown_arguments()));
            let why = match before.is_reordered(after) {
                true => "a call with the arguments of before may compile, and mean something else",
                false => "a call with the arguments of before does not compile",
            };
            changes.push(change.breaking(why, self.parts_of_schema(false)));
        }
        let answer = sides
            .iter()
            .find(|(old, new)| !renames.is_same(&old.returns, &new.returns));
        if let Some((before, after)) = answer {
            let change = Happened::new(Kind::Changed, Item::Answer, self.old_route.to_string())
                .from(&before.returns)
                .to(&after.returns);
            changes.push(change.breaking(
                "code that reads the answer has another type before it",
                self.parts_of_schema(true),
            ));
        }
    }

    fn parameters(&self, changes: &mut Vec<Change>) {
        let rules = |required: &bool| if *required { "required" } else { "optional" };
        for (name, before, after) in both(&self.old.parameters, &self.new.parameters) {
            let named = self.named(name, before.is_some());
            let change = match (before, after) {
                (Some(before), None) => {
                    Happened::new(Kind::Removed, Item::Parameter, named).from(rules(before))
                }
                (None, Some(after)) => {
                    Happened::new(Kind::Added, Item::Parameter, named).to(rules(after))
                }
                (Some(before), Some(after)) if before != after => {
                    Happened::new(Kind::Changed, Item::Parameter, named)
                        .from(rules(before))
                        .to(rules(after))
                }
                _ => continue,
            };
            let places = self.places_of_parameter(name);
            changes.push(match (before, after) {
                (_, Some(true)) => {
                    change.breaking("a call without it is refused before it is sent", places)
                }
                (_, None) => change.compatible(
                    "a call with it is sent as before; what becomes of it is up to the server",
                    places,
                ),
                _ => change.compatible("a call without it is sent", places),
            });
        }
    }

    fn parts(&self, changes: &mut Vec<Change>) {
        let rules = |part: &Part| {
            let required = if part.required {
                "required"
            } else {
                "optional"
            };
            format!("{required} {}", if part.is_file { "file" } else { "text" })
        };
        for (name, before, after) in both(&self.old.parts, &self.new.parts) {
            let named = self.named(name, before.is_some());
            let change = match (before, after) {
                (Some(before), None) => {
                    Happened::new(Kind::Removed, Item::Part, named).from(rules(before))
                }
                (None, Some(after)) => {
                    Happened::new(Kind::Added, Item::Part, named).to(rules(after))
                }
                (Some(before), Some(after)) if before != after => {
                    Happened::new(Kind::Changed, Item::Part, named)
                        .from(rules(before))
                        .to(rules(after))
                }
                _ => continue,
            };
            let places = self.places(name);
            let was_required = before.is_some_and(|part| part.required);
            changes.push(match after {
                Some(after) if after.required && !was_required => {
                    change.breaking("a call without it is refused before it is sent", places)
                }
                _ => change.compatible("the parts of before are sent as before", places),
            });
        }
    }
}

/// Everything in two maps, with what each has of it.
pub(super) fn both<'a, K: Ord, V>(
    old: &'a BTreeMap<K, V>,
    new: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = (&'a K, Option<&'a V>, Option<&'a V>)> {
    let names = old.keys().chain(new.keys()).collect::<BTreeSet<_>>();
    names
        .into_iter()
        .map(|name| (name, old.get(name), new.get(name)))
}
