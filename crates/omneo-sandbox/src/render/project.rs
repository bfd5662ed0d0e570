//! A record as its component schema shows it.

use serde_json::{Map, Value};

use super::form::{Form, Member, Object, SHAPES, Shape};
use super::habits::Habits;
use super::kinds;
use super::source::Source;
use super::{coerce, empty};
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules;

/// How many records are looked up within each other.
const DEPTH: usize = 3;

/// Shows one record and those within it.
pub(super) struct Projection<'c, 'e> {
    context: &'c Context<'e>,
    habits: Habits,
    /// The kinds and ids of the records that are being shown, so that none is shown within itself.
    path: Vec<(&'static str, String)>,
}

impl<'c, 'e> Projection<'c, 'e> {
    pub(super) fn new(context: &'c Context<'e>) -> Self {
        Self {
            context,
            habits: context.habits(),
            path: Vec::new(),
        }
    }

    /// A record by the form of what is answered; of several, by the one of the model.
    pub(super) fn content(
        &mut self,
        form: Option<&'static Form>,
        model: Option<&str>,
        record: &Record,
    ) -> Value {
        let shapes = match form.map(|form| &form.object) {
            Some(Some(Object::Shapes(shapes))) => &shapes[..],
            _ => &[],
        };
        let mut shapes = shapes.iter().filter_map(|shape| SHAPES.shape(*shape));
        let first = shapes.next();
        let shape = first
            .filter(|shape| model.is_none_or(|model| shape.component == model))
            .or_else(|| shapes.find(|shape| model.is_some_and(|model| shape.component == model)))
            .or(first);
        match shape {
            Some(shape) => self.record(shape, &shape.kind, record),
            None => Value::Object(visible(record)),
        }
    }

    /// A record of a kind with what its views add; it is then on the path.
    fn record(&mut self, shape: &'static Shape, kind: &'static str, record: &Record) -> Value {
        self.path
            .push((kind, record.text("id").unwrap_or_default()));
        let shown = if shape.is_viewed {
            let completed = self.completed(shape, kind, record);
            self.object(shape, &completed)
        } else {
            self.object(shape, record)
        };
        self.path.pop();
        shown
    }

    fn object(&mut self, shape: &'static Shape, record: &Record) -> Value {
        let mut shown = Map::new();
        for member in &shape.members {
            let value = record
                .get(&member.name)
                .filter(|value| !value.is_null())
                .and_then(|value| self.member(member, value, record))
                .or_else(|| self.related(member.source.as_ref()?, record))
                .or_else(|| empty::member(self.context, member));
            if let Some(value) = value {
                shown.insert(member.name.clone(), value);
            }
        }
        if let Some(form) = &shape.others {
            let others = record.iter().filter(|(name, _)| !name.starts_with('_'));
            for (name, value) in others {
                if let Some(value) = self.value(form, value, None) {
                    shown.entry(name.as_str()).or_insert(value);
                }
            }
        }
        Value::Object(shown)
    }

    /// A record with what its views add.
    fn completed(&self, shape: &'static Shape, kind: &'static str, record: &Record) -> Record {
        let mut record = record.clone();
        let component = shape.component.as_str();
        let mut kinds = vec![kind];
        kinds.extend((component != kind).then_some(component));
        for kind in kinds {
            if let Err(refusal) = rules::complete(self.context, kind, &mut record) {
                // What is stored is shown all the same: the answer was given already.
                tracing::error!(kind, ?refusal, "a record can not be completed");
            }
        }
        record
    }

    fn member(&mut self, member: &'static Member, value: &Value, record: &Record) -> Option<Value> {
        if member.is_iso {
            let time = value
                .as_str()
                .and_then(|text| coerce::time(text, self.habits));
            return time.map(Value::from);
        }
        self.value(&member.form, value, Some(record))
    }

    /// A value in a form that the schema allows; none if it can't be. `around` tells which of several shapes an object has.
    fn value(
        &mut self,
        form: &'static Form,
        value: &Value,
        around: Option<&Record>,
    ) -> Option<Value> {
        if form.free {
            return Some(value.clone());
        }
        match value {
            Value::Null => form.null.then_some(Value::Null),
            Value::Array(items) => self.list(form, items, around),
            Value::Object(members) => self.map(form, members, around),
            scalar => coerce::scalar(form, self.habits, scalar),
        }
    }

    fn list(
        &mut self,
        form: &'static Form,
        items: &[Value],
        around: Option<&Record>,
    ) -> Option<Value> {
        if items.is_empty() && matches!(form.object, Some(Object::Map(_))) {
            return Some(if form.is_list() {
                Value::Array(Vec::new())
            } else {
                self.habits.empty_map(form)
            });
        }
        match &form.list {
            Some(list) if list.is_empty && !items.is_empty() => None,
            Some(list) => Some(Value::Array(
                items
                    .iter()
                    .filter_map(|item| self.value(&list.items, item, around))
                    .collect(),
            )),
            None if form.is_text() => serde_json::to_string(items).ok().map(Value::from),
            None => None,
        }
    }

    fn map(
        &mut self,
        form: &'static Form,
        members: &Record,
        around: Option<&Record>,
    ) -> Option<Value> {
        if members.is_empty() && (form.object.is_some() || form.list.is_some()) {
            return match &form.object {
                Some(Object::Shapes(shapes)) if form.list.is_none() => {
                    let shape = shapes.first().and_then(|shape| SHAPES.shape(*shape))?;
                    Some(self.object(shape, members))
                }
                _ => Some(self.habits.empty_map(form)),
            };
        }
        match &form.object {
            Some(Object::Map(values)) if values.free => Some(Value::Object(members.clone())),
            Some(Object::Map(values)) => {
                let members = members.iter().filter_map(|(name, value)| {
                    Some((name.clone(), self.value(values, value, None)?))
                });
                Some(Value::Object(members.collect()))
            }
            Some(Object::Shapes(shapes)) => {
                let shape = chosen(shapes, around)?;
                // A part of the record around it, if it has no id of its own.
                Some(if members.contains_key("id") {
                    self.record(shape, &shape.kind, members)
                } else {
                    self.object(shape, members)
                })
            }
            None if form.is_text() => serde_json::to_string(members).ok().map(Value::from),
            None => None,
        }
    }

    /// A record that is looked up; none if there is none, or if it would be too far within others.
    fn related(&mut self, source: &'static Source, record: &Record) -> Option<Value> {
        if self.path.len() >= DEPTH {
            return None;
        }
        match source {
            Source::One {
                kind,
                members,
                other,
                shape,
            } => {
                let id = members.iter().find_map(|member| {
                    let value = record.get(member)?;
                    (value.is_string() || value.is_number()).then_some(value)
                })?;
                self.found(kind, other, id, *shape)
            }
            Source::Many { kind, other, shape } => {
                let id = record.get("id")?;
                let store = self.context.store();
                let found = store.find(kind, &[(other.as_str(), id)]).ok()?;
                let shape = SHAPES.shape(*shape)?;
                let found = found.iter().filter(|found| !self.is_shown(kind, found));
                let found: Vec<_> = found.collect();
                let found = found
                    .into_iter()
                    .map(|found| self.record(shape, kind, found));
                Some(Value::Array(found.collect()))
            }
            Source::Typed {
                type_member,
                id_member,
                kinds,
            } => {
                let name = record.text(type_member)?;
                let mut kinds = kinds.iter();
                let (_, kind, shape) =
                    kinds.find(|(known, kind, _)| *known == name || *kind == name)?;
                self.found(kind, "id", record.get(id_member)?, *shape)
            }
        }
    }

    fn found(
        &mut self,
        kind: &'static str,
        other: &str,
        id: &Value,
        shape: usize,
    ) -> Option<Value> {
        let store = self.context.store();
        let found = if other == "id" {
            match id {
                Value::String(id) => store.get(kind, id),
                id => store.get(kind, &id.to_string()),
            }
        } else {
            store.first(kind, &[(other, id)])
        };
        let found = found.ok()??;
        if self.is_shown(kind, &found) {
            return None;
        }
        Some(self.record(SHAPES.shape(shape)?, kind, &found))
    }

    fn is_shown(&self, kind: &str, record: &Record) -> bool {
        let id = record.text("id").unwrap_or_default();
        let mut path = self.path.iter();
        path.any(|(known, shown)| *known == kind && *shown == id)
    }
}

/// The shape of several that an object has, by the type that the record around it names.
fn chosen(shapes: &[usize], around: Option<&Record>) -> Option<&'static Shape> {
    let mut all = shapes.iter().filter_map(|shape| SHAPES.shape(*shape));
    if let [_] = shapes {
        return all.next();
    }
    let name = around.and_then(|around| around.text("type"));
    let named = all.clone().find(|shape| {
        name.as_ref().is_some_and(|name| {
            shape.kind == *name || kinds::snake(&shape.kind).eq_ignore_ascii_case(name)
        })
    });
    named.or_else(|| all.next())
}

/// A record without the sandbox's own members.
fn visible(record: &Record) -> Record {
    record
        .iter()
        .filter(|(name, _)| !name.starts_with('_'))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
