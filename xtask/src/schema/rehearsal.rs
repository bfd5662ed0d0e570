//! A new schema before there is one: Omneo's own, changed in each way that one may be.
//!
//! What is changed is found by what it is, so that the rehearsal goes with the schema; what a
//! correction is about is left alone, so that the corrections fit all the same.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use omneo_codegen::Corrected;
use openapi_lowering::naming;
use serde_json::{Value, json};

use super::diff::{Diff, Item, Kind, Side};
use super::pointer;
use super::surface::{Field, Shape, Type};

/// A change of the schema, and what it is for callers.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// The change in words.
    pub what: &'static str,
    /// What callers have to find in the diff.
    pub expected: Vec<Expected>,
    edits: Vec<(String, Edit)>,
}

/// A change for callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// What happens.
    pub kind: Kind,
    /// To what.
    pub item: Item,
    /// Its name.
    pub name: String,
    /// Whether it is breaking.
    pub breaking: bool,
}

#[derive(Clone, Debug)]
enum Edit {
    Set(Value),
    Push(Value),
    Remove,
}

type Way<'s> = fn(&mut Picker<'s>) -> Option<Rehearsal>;

/// The word that is new in every change.
const NEW: &str = "rehearsed";

/// One rehearsal for each way in which a schema changes. No two are about the same thing.
///
/// # Errors
///
/// If the schema has nothing that could change in one of the ways.
pub fn rehearsals<'s>(side: &'s Side, corrected: &'s Corrected) -> Result<Vec<Rehearsal>> {
    let mut picker = Picker {
        side,
        corrected: corrected
            .applied()
            .actions
            .iter()
            .flat_map(|action| action.matched.iter().map(String::as_str))
            .collect(),
        taken: BTreeSet::new(),
    };
    let ways: [(&str, Way<'s>); 6] = [
        ("an operation whose operationId can change", Picker::rename),
        ("a type that can have one field more", Picker::add_field),
        ("a field that can become required", Picker::require),
        ("an operation that can go", Picker::drop_operation),
        ("an enum that can have one value more", Picker::add_value),
        ("a field that can have another type", Picker::change_type),
    ];
    ways.into_iter()
        .map(|(what, way)| way(&mut picker).with_context(|| format!("the schema has not {what}")))
        .collect()
}

impl Rehearsal {
    /// Makes the change.
    ///
    /// # Errors
    ///
    /// If what it changes is not in the document.
    pub fn apply(&self, document: &mut Value) -> Result<()> {
        for (at, edit) in &self.edits {
            self.edit(document, at, edit)
                .with_context(|| format!("there is no {at} to change"))?;
        }
        Ok(())
    }

    fn edit(&self, document: &mut Value, at: &str, edit: &Edit) -> Option<()> {
        let (around, _) = at.rsplit_once('/')?;
        let name = pointer::last(at);
        let members = document.pointer_mut(around)?.as_object_mut()?;
        match edit {
            Edit::Set(value) => {
                members.insert(name, value.clone());
            }
            Edit::Push(value) => {
                let list = members.entry(name).or_insert_with(|| json!([]));
                list.as_array_mut()?.push(value.clone());
            }
            Edit::Remove => {
                members.remove(&name)?;
            }
        }
        Some(())
    }

    /// What was expected and is not in the diff.
    pub fn missing<'r>(&'r self, diff: &'r Diff) -> impl Iterator<Item = &'r Expected> {
        self.expected.iter().filter(|expected| {
            !diff.changes.iter().any(|change| {
                (change.kind, change.item, change.breaking)
                    == (expected.kind, expected.item, expected.breaking)
                    && change.name == expected.name
                    && !change.published.is_empty()
            })
        })
    }
}

/// Finds what can be changed.
struct Picker<'a> {
    side: &'a Side,
    /// The places that corrections are about.
    corrected: BTreeSet<&'a str>,
    taken: BTreeSet<String>,
}

impl Picker<'_> {
    /// Takes a place, if no correction and no other rehearsal is about it.
    fn take(&mut self, pointer: &str) -> bool {
        let is_corrected = self
            .corrected
            .iter()
            .any(|other| pointer::is_within(other, pointer));
        let is_taken = self
            .taken
            .iter()
            .any(|other| pointer::is_within(other, pointer) || pointer::is_within(pointer, other));
        !is_corrected && !is_taken && self.taken.insert(pointer.to_owned())
    }

    fn rename(&mut self) -> Option<Rehearsal> {
        let operations = self.side.surface.operations.values();
        for operation in operations {
            let Some(id) = &operation.operation_id else {
                continue;
            };
            if naming::method(id) == operation.binding.name && self.take(&operation.pointer) {
                return Some(Rehearsal {
                    what: "an operationId is renamed",
                    expected: vec![Expected {
                        kind: Kind::Renamed,
                        item: Item::Binding,
                        name: format!("Client::{}", operation.binding.name),
                        breaking: true,
                    }],
                    edits: vec![(
                        pointer::child(&operation.pointer, "operationId"),
                        Edit::Set(json!(format!("{id}.{NEW}"))),
                    )],
                });
            }
        }
        None
    }

    fn drop_operation(&mut self) -> Option<Rehearsal> {
        for (route, operation) in &self.side.surface.operations {
            if self.take(&operation.pointer) {
                return Some(Rehearsal {
                    what: "an operation is dropped",
                    expected: vec![Expected {
                        kind: Kind::Removed,
                        item: Item::Operation,
                        name: route.to_string(),
                        breaking: true,
                    }],
                    edits: vec![(operation.pointer.clone(), Edit::Remove)],
                });
            }
        }
        None
    }

    fn add_field(&mut self) -> Option<Rehearsal> {
        let (name, origin) = self.component(|ty| ty.sent && ty.has_default())?;
        Some(Rehearsal {
            what: "a field is added",
            expected: vec![Expected {
                kind: Kind::Added,
                item: Item::Field,
                name: format!("types::{name}::{NEW}"),
                breaking: false,
            }],
            edits: vec![(
                format!("{origin}/properties/{NEW}"),
                Edit::Set(json!({"type": "string"})),
            )],
        })
    }

    fn require(&mut self) -> Option<Rehearsal> {
        let is_text = |field: &Field| field.ty.to_string() == "Option<String>";
        let (name, origin, (field, property)) =
            self.field(|ty| ty.sent && !ty.read && ty.has_default(), is_text)?;
        let expected = |kind, item, name| Expected {
            kind,
            item,
            name,
            breaking: true,
        };
        Some(Rehearsal {
            what: "a field becomes required",
            expected: vec![
                expected(
                    Kind::Removed,
                    Item::Trait,
                    format!("types::{name}: Default"),
                ),
                expected(
                    Kind::Changed,
                    Item::Field,
                    format!("types::{name}::{field}"),
                ),
            ],
            edits: vec![(format!("{origin}/required"), Edit::Push(json!(property)))],
        })
    }

    fn change_type(&mut self) -> Option<Rehearsal> {
        let is_text = |field: &Field| field.ty.to_string() == "Option<String>";
        let (name, origin, (field, property)) = self.field(|ty| ty.read, is_text)?;
        Some(Rehearsal {
            what: "a field has another type",
            expected: vec![Expected {
                kind: Kind::Changed,
                item: Item::Field,
                name: format!("types::{name}::{field}"),
                breaking: true,
            }],
            edits: vec![(
                pointer::child(&format!("{origin}/properties"), &property),
                Edit::Set(json!({"type": "boolean"})),
            )],
        })
    }

    fn add_value(&mut self) -> Option<Rehearsal> {
        for (name, ty) in &self.side.surface.types {
            let origins = ty.origins.iter().collect::<Vec<_>>();
            let ([origin], true) = (&origins[..], ty.non_exhaustive) else {
                continue;
            };
            let at = format!("{origin}/enum");
            let is_list = self
                .side
                .published
                .pointer(&at)
                .is_some_and(Value::is_array);
            if is_list && self.take(origin) {
                return Some(Rehearsal {
                    what: "an enum has one value more",
                    expected: vec![Expected {
                        kind: Kind::Added,
                        item: Item::Variant,
                        name: format!("types::{name}::{}", naming::pascal(NEW)),
                        breaking: false,
                    }],
                    edits: vec![(at, Edit::Push(json!(NEW)))],
                });
            }
        }
        None
    }

    /// A struct of a component schema that has its properties itself: its name and its place.
    fn component(&mut self, fits: impl Fn(&Type) -> bool) -> Option<(String, String)> {
        for (name, ty) in &self.side.surface.types {
            let origins = ty.origins.iter().collect::<Vec<_>>();
            let ([origin], Shape::Struct(_)) = (&origins[..], &ty.shape) else {
                continue;
            };
            let has_properties = self.side.published.pointer(&format!("{origin}/properties"));
            if fits(ty) && has_properties.is_some_and(Value::is_object) && self.take(origin) {
                return Some((name.clone(), (*origin).clone()));
            }
        }
        None
    }

    /// A field of such a struct, with its property.
    fn field(
        &mut self,
        fits: impl Fn(&Type) -> bool,
        fits_field: impl Fn(&Field) -> bool,
    ) -> Option<(String, String, (String, String))> {
        let of = |ty: &Type| match &ty.shape {
            Shape::Struct(fields) => fields
                .iter()
                .find(|(_, field)| fits_field(field))
                .map(|(name, field)| (name.clone(), field.property.clone())),
            _ => None,
        };
        let (name, origin) = self.component(|ty| fits(ty) && of(ty).is_some())?;
        let found = of(self.side.surface.types.get(&name)?)?;
        Some((name, origin, found))
    }
}
