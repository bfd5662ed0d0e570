//! Loose reading: tolerant types in the places of strict ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::options::Loose;
use crate::report::{Change, Report};
use crate::resolve::Definitions;
use crate::schema::Direction;
use crate::ty::{Kind, Native, Property, Text, Type, Union};

pub(crate) struct Loosening<'a> {
    loose: &'a Loose,
    /// The definitions that are enums of text.
    enums: BTreeSet<String>,
    /// Those that are objects.
    records: BTreeSet<String>,
    /// What each definition holds inline, so that it is part of its size.
    holds: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Loosening<'a> {
    pub(crate) fn new(loose: &'a Loose, definitions: &Definitions) -> Self {
        let of_kind = |is: fn(&Kind) -> bool| {
            definitions
                .iter()
                .filter(|(_, definition)| is(&definition.ty.kind))
                .map(|(name, _)| name.clone())
                .collect()
        };
        Self {
            loose,
            enums: of_kind(|kind| matches!(kind, Kind::Enum(_))),
            records: of_kind(|kind| matches!(kind, Kind::Object(_))),
            holds: definitions
                .iter()
                .map(|(name, definition)| (name.clone(), held(&definition.ty)))
                .collect(),
        }
    }

    pub(crate) fn definitions(&self, definitions: &mut Definitions, report: &mut Report) {
        for (name, definition) in definitions.iter_mut() {
            if matches!(definition.ty.kind, Kind::Enum(_)) {
                continue;
            }
            if definition.direction != Direction::Answer {
                self.break_circles(name, &mut definition.ty, report);
            }
            self.inside(&mut definition.ty, definition.direction);
        }
    }

    /// A field that may be cleared holds its value inline. One that would hold its own record can
    /// only be absent or a value, for which typify has a box.
    fn break_circles(&self, name: &str, ty: &mut Type, report: &mut Report) {
        let Kind::Object(object) = &mut ty.kind else {
            return;
        };
        for (field, property) in &mut object.properties {
            let Kind::Ref(target) = &property.ty.kind else {
                continue;
            };
            if property.ty.nullable && !property.required && self.reaches(target, name) {
                property.ty.nullable = false;
                report.add(
                    "/components/schemas",
                    Change::Changed,
                    format!("`{field}` of `{name}` can not be cleared"),
                    "it holds the record that it is a field of",
                );
            }
        }
    }

    fn reaches(&self, from: &str, to: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut next = vec![from];
        while let Some(name) = next.pop() {
            if name == to {
                return true;
            }
            if seen.insert(name) {
                let held = self.holds.get(name).into_iter().flatten();
                next.extend(held.map(String::as_str));
            }
        }
        false
    }

    /// What stands inside a type that keeps its own form.
    fn inside(&self, ty: &mut Type, direction: Direction) {
        match &mut ty.kind {
            Kind::Object(object) => {
                for (name, property) in &mut object.properties {
                    self.property(name, property, direction);
                }
                if let Some(extra) = &mut object.extra {
                    self.loosen(extra, None, direction);
                }
            }
            Kind::Union(union) => {
                // A record reads an empty list as itself without fields, so lists go first.
                union
                    .variants
                    .sort_by_key(|variant| !matches!(variant.ty.kind, Kind::Array(_)));
                let has = |is: fn(&Kind) -> bool| union.variants.iter().any(|v| is(&v.ty.kind));
                let both = has(|kind| matches!(kind, Kind::Array(_)))
                    && has(|kind| matches!(kind, Kind::Map(_)));
                let tagged = union.tag.is_some();
                for variant in &mut union.variants {
                    match &mut variant.ty.kind {
                        _ if tagged => self.inside(&mut variant.ty, direction),
                        // Where lists and maps are told apart, neither may take the other's form.
                        Kind::Array(inner) | Kind::Map(inner) if both => {
                            self.loosen(inner, None, direction);
                        }
                        _ => self.loosen(&mut variant.ty, None, direction),
                    }
                }
            }
            // What is still a definition of its own holds itself: typify has a newtype for lists and
            // maps, but would follow a type of another crate's without end.
            Kind::Array(inner) | Kind::Map(inner) => self.loosen(inner, None, direction),
            Kind::Native(_) => ty.kind = Kind::Any,
            _ => self.loosen(ty, None, direction),
        }
    }

    fn property(&self, name: &str, property: &mut Property, direction: Direction) {
        let ty = &mut property.ty;
        let may_be_null = ty.nullable || ty.kind == Kind::Any;
        self.loosen(ty, Some(name), direction);
        // An answer may lack anything, or send null for it.
        if direction != Direction::Request {
            property.required &= self.loose.always_present.contains(name) && !ty.nullable;
        }
        if property.required {
            return;
        }
        match direction {
            Direction::Answer => ty.nullable = false,
            Direction::Request | Direction::Both if may_be_null => {
                let doc = ty.doc.take();
                ty.nullable = false;
                let inner = std::mem::replace(ty, Type::new(Kind::Any));
                *ty = self.native("Field", vec![inner]);
                ty.doc = doc;
            }
            Direction::Request | Direction::Both => {}
        }
    }

    /// Puts a tolerant type in the place of `ty`; `name` is the property or parameter that holds it.
    pub(crate) fn loosen(&self, ty: &mut Type, name: Option<&str>, direction: Direction) {
        let is_id = name.is_some_and(self.loose.is_id);
        let kind = std::mem::replace(&mut ty.kind, Kind::Any);
        ty.kind = match kind {
            // What was always null when it was described may be anything one day.
            Kind::Null => Kind::Any,
            Kind::Boolean => self.kind("Flag"),
            Kind::Integer(_) if is_id => self.kind("Id"),
            Kind::Integer(_) => self.kind("Integer"),
            Kind::Number(_) => self.kind("Amount"),
            Kind::Text(text) => match text.format.as_deref() {
                Some("date-time" | "date") => self.kind("Timestamp"),
                None if name.is_some_and(self.loose.is_timestamp) => self.kind("Timestamp"),
                None | Some("uuid") if is_id => self.kind("Id"),
                _ => Kind::Text(Text::default()),
            },
            Kind::Union(union) if record_or_id(&union, &self.records).is_some() => {
                let record = record_or_id(&union, &self.records).cloned();
                self.native("Linked", record.into_iter().collect()).kind
            }
            Kind::Union(union)
                if union.tag.is_none() && union.variants.iter().all(|v| v.ty.is_scalar()) =>
            {
                self.kind(self.scalar(&union))
            }
            Kind::Array(mut item) => {
                // `ids` and `profile_ids` hold what `id` and `profile_id` would.
                let singular = name.and_then(|name| name.strip_suffix('s'));
                self.loosen(&mut item, singular, direction);
                self.native("List", vec![*item]).kind
            }
            Kind::Map(mut value) => {
                self.loosen(&mut value, None, direction);
                self.native("Map", vec![*value]).kind
            }
            Kind::Ref(name) if self.enums.contains(&name) => {
                self.native("OpenEnum", vec![Type::new(Kind::Ref(name))])
                    .kind
            }
            // A map reads an empty list by itself.
            Kind::Native(native) if is_record_of_map(&native) => {
                self.kind_of_map(native, direction)
            }
            Kind::Native(mut native) => {
                for parameter in &mut native.parameters {
                    self.loosen(parameter, None, direction);
                }
                Kind::Native(native)
            }
            other => other,
        };
    }

    fn kind_of_map(&self, mut record: Native, direction: Direction) -> Kind {
        let Some(mut map) = record.parameters.pop() else {
            return Kind::Any;
        };
        self.loosen(&mut map, None, direction);
        map.kind
    }

    /// The tolerant type for several scalars.
    fn scalar(&self, union: &Union) -> &'static str {
        let all = |is: fn(&Kind) -> bool| union.variants.iter().all(|v| is(&v.ty.kind));
        if all(is_decimal) {
            "Amount"
        } else if all(is_integer_or_text) {
            "Id"
        } else {
            "Scalar"
        }
    }

    fn kind(&self, path: &str) -> Kind {
        self.native(path, Vec::new()).kind
    }

    fn native(&self, path: &str, parameters: Vec<Type>) -> Type {
        Type::native(&self.loose.crate_name, path, parameters)
    }
}

/// The definitions that a type holds inline: not in lists or maps.
fn held(ty: &Type) -> BTreeSet<String> {
    let mut held = BTreeSet::new();
    let mut add = |ty: &Type| {
        if let Kind::Ref(name) = &ty.kind {
            held.insert(name.clone());
        }
    };
    match &ty.kind {
        Kind::Object(object) => object.properties.values().for_each(|p| add(&p.ty)),
        Kind::Union(union) => {
            for variant in &union.variants {
                match &variant.ty.kind {
                    Kind::Object(object) => object.properties.values().for_each(|p| add(&p.ty)),
                    _ => add(&variant.ty),
                }
            }
        }
        _ => add(ty),
    }
    held
}

fn is_record_of_map(native: &Native) -> bool {
    native.path == "Record"
        && matches!(
            native.parameters[..],
            [Type {
                kind: Kind::Map(_),
                ..
            }]
        )
}

fn is_decimal(kind: &Kind) -> bool {
    match kind {
        Kind::Number(_) | Kind::Integer(_) => true,
        Kind::Text(text) => text.format.as_deref() == Some("decimal"),
        _ => false,
    }
}

fn is_integer_or_text(kind: &Kind) -> bool {
    matches!(kind, Kind::Integer(_) | Kind::Text(_))
}

/// The record of a union of a record and the number by which it is known.
fn record_or_id<'u>(union: &'u Union, records: &BTreeSet<String>) -> Option<&'u Type> {
    let is_record = |kind: &Kind| matches!(kind, Kind::Ref(name) if records.contains(name));
    match &union.variants[..] {
        [a, b] if is_record(&a.ty.kind) && matches!(b.ty.kind, Kind::Integer(_)) => Some(&a.ty),
        [a, b] if is_record(&b.ty.kind) && matches!(a.ty.kind, Kind::Integer(_)) => Some(&b.ty),
        _ => None,
    }
}
