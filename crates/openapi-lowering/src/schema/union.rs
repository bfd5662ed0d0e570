//! `oneOf` and `anyOf`: a value of one of several schemas.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::{Schemas, component, keywords, null};
use crate::error::Result;
use crate::naming::have_distinct_names;
use crate::pointer;
use crate::report::Change;
use crate::source::{as_array, reference_of};
use crate::ty::{Kind, Text, Type, Union, Variant};

/// One member of a union, with its references followed and its `allOf`s merged.
struct Member {
    schema: Value,
    at: String,
    flat: Map<String, Value>,
}

impl Schemas<'_> {
    pub(super) fn union(&mut self, map: &Map<String, Value>, at: &str, hint: &str) -> Result<Type> {
        let mut base = map.clone();
        let one_of = base.remove("oneOf");
        let any_of = base.remove("anyOf");
        base.retain(|key, _| keywords::is_structural(key) || key == "additionalProperties");
        let mut nullable = map.get("nullable") == Some(&Value::Bool(true));
        if let Some(Value::Array(types)) = base.get_mut("type") {
            // `type: [object, null]` beside a union makes the whole nullable.
            let before = types.len();
            types.retain(|ty| ty != "null");
            nullable |= types.len() < before;
        }

        let mut list = Vec::new();
        for (keyword, members) in [("oneOf", one_of), ("anyOf", any_of)] {
            let Some(members) = members else { continue };
            let here = pointer::child(at, keyword);
            if !list.is_empty() {
                self.report.add(
                    &here,
                    Change::Widened,
                    "`anyOf` beside `oneOf` is not read",
                    "one value can be of one Rust enum",
                );
                break;
            }
            collect(as_array(&members, &here)?, &here, &mut list)?;
        }
        if list.iter().all(|(schema, _)| is_rule(schema)) {
            self.report.add(
                at,
                Change::Widened,
                "which properties go together is not checked",
                "the Rust type accepts more",
            );
            let mut ty = self.shape(&base, at, hint)?;
            ty.nullable |= nullable;
            return Ok(ty);
        }

        let before = list.len();
        list.retain(|(schema, _)| !is_null(schema));
        nullable |= list.len() < before;
        let mut may_be_empty_list = false;
        if let Some(loose) = &self.options.loose {
            let before = list.len();
            if before > 1 {
                list.retain(|(schema, _)| !is_empty_list(schema));
                may_be_empty_list = list.len() < before;
            }
            if may_be_empty_list && list.len() == 1 {
                let crate_name = loose.crate_name.clone();
                let (schema, here) = list.remove(0);
                let inner = self.inline(&schema, &here, hint)?;
                let mut ty = Type::native(&crate_name, "Record", vec![inner]);
                ty.nullable = nullable;
                return Ok(ty);
            }
        }

        if base.keys().any(|key| keywords::shapes_variants(key)) {
            // What stands beside the union holds for each member.
            let base = Value::Object(base);
            for (schema, _) in &mut list {
                *schema = json!({ "allOf": [schema.take(), base] });
            }
        }
        let mut seen = Vec::with_capacity(list.len());
        list.retain(|(schema, _)| {
            let new = !seen.contains(schema);
            if new {
                seen.push(schema.clone());
            }
            new
        });

        let mut ty = match list.len() {
            0 => null(),
            1 => {
                let (schema, here) = list.remove(0);
                self.build(&schema, &here, hint)?
            }
            _ => self.several(map, list, at, hint)?,
        };
        ty.nullable |= nullable;
        Ok(ty)
    }

    fn several(
        &mut self,
        map: &Map<String, Value>,
        list: Vec<(Value, String)>,
        at: &str,
        hint: &str,
    ) -> Result<Type> {
        let mut members = Vec::with_capacity(list.len());
        for (schema, here) in list {
            let flat = self.flattened(&schema, &here)?;
            members.push(Member {
                schema,
                at: here,
                flat,
            });
        }
        if let Some(ty) = self.of_texts(&members, at) {
            return Ok(ty);
        }
        if let Some(ty) = self.tagged(map.get("discriminator"), &members, at, hint)? {
            return Ok(ty);
        }
        // The reader takes the first variant that fits: the one that asks for most comes first.
        members.sort_by_key(|member| {
            Reverse(match member.flat.get("required") {
                Some(Value::Array(required)) if is_object(&member.flat) => required.len(),
                _ => 0,
            })
        });
        let mut variants = Vec::with_capacity(members.len());
        for (index, member) in members.iter().enumerate() {
            let label = match member.schema.get("title") {
                Some(Value::String(title)) => title.clone(),
                _ => format!("variant {}", index + 1),
            };
            variants.push(self.inline(&member.schema, &member.at, &format!("{hint} {label}"))?);
        }
        Ok(untagged(variants))
    }

    /// A union of texts: one enum of all their values, or plain text where one of them is.
    fn of_texts(&mut self, members: &[Member], at: &str) -> Option<Type> {
        let is_text = |member: &Member| {
            member.flat.get("type").is_some_and(|ty| ty == "string")
                || texts(&member.flat).is_some_and(|texts| !texts.is_empty())
        };
        if !members.iter().all(is_text) {
            return None;
        }
        let values = members
            .iter()
            .map(|member| texts(&member.flat))
            .collect::<Option<Vec<_>>>();
        Some(match values {
            Some(values) => self.text_enum(&values.concat(), at),
            None => Type::new(Kind::Text(Text::default())),
        })
    }

    /// A Rust enum whose variants a property tells apart, if there is such a property.
    fn tagged(
        &mut self,
        discriminator: Option<&Value>,
        members: &[Member],
        at: &str,
        hint: &str,
    ) -> Result<Option<Type>> {
        if !members.iter().all(|member| is_object(&member.flat)) {
            return Ok(None);
        }
        let found = match discriminator {
            Some(discriminator) => self.discriminated(discriminator, members, at),
            None => constant(members),
        };
        let Some((tag, values)) = found else {
            return Ok(None);
        };
        let all = values.iter().flatten().map(String::as_str);
        let mut distinct = all.clone().collect::<Vec<_>>();
        let count = distinct.len();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() < count || !have_distinct_names(all) {
            self.report.add(
                at,
                Change::Changed,
                format!("`{tag}` does not tell the variants apart"),
                "two of its values, or their Rust names, are the same",
            );
            return Ok(None);
        }
        let mut variants = Vec::new();
        for (member, values) in members.iter().zip(values) {
            for value in values {
                let mut object =
                    self.record(&member.flat, &member.at, &format!("{hint} {value}"))?;
                object.properties.remove(&tag);
                if object.extra.take().is_some() {
                    self.report.add(
                        &member.at,
                        Change::Dropped,
                        "further properties are not read",
                        "a variant can not hold them",
                    );
                }
                variants.push(Variant {
                    name: value,
                    ty: Type::new(Kind::Object(object)),
                });
            }
        }
        Ok(Some(Type::new(Kind::Union(Union {
            tag: Some(tag),
            variants,
        }))))
    }

    /// The values of a discriminator for each member: those mapped to it, its constant, or its
    /// schema's name.
    fn discriminated(
        &mut self,
        discriminator: &Value,
        members: &[Member],
        at: &str,
    ) -> Option<(String, Vec<Vec<String>>)> {
        let tag = discriminator.get("propertyName")?.as_str()?.to_owned();
        let mut mapped = Vec::new();
        for (value, target) in discriminator
            .get("mapping")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let target = target.as_str()?;
            mapped.push((value, self.mapping_target(target, at)));
        }
        let values = members
            .iter()
            .map(|member| {
                let reference = reference_of(&member.schema)
                    // A member that a base was merged into.
                    .or_else(|| reference_of(member.schema.get("allOf")?.get(0)?));
                let target =
                    reference.and_then(|reference| self.source.target(reference, &member.at).ok());
                let mut values = mapped
                    .iter()
                    .filter(|(_, mapped)| mapped.is_some() && *mapped == target)
                    .map(|(value, _)| (*value).clone())
                    .collect::<Vec<_>>();
                if values.is_empty() {
                    values.extend(
                        constant_of(&member.flat, &tag)
                            .map(str::to_owned)
                            .or_else(|| pointer::tokens(&target?).last()),
                    );
                }
                (!values.is_empty()).then_some(values)
            })
            .collect::<Option<Vec<_>>>();
        if values.is_none() {
            self.report.add(
                at,
                Change::Changed,
                format!("`{tag}` does not tell the variants apart"),
                "a member has neither a value nor a name",
            );
        }
        Some((tag, values?))
    }

    fn mapping_target(&self, target: &str, at: &str) -> Option<String> {
        if target.starts_with('#') {
            return self.source.target(target, at).ok();
        }
        let component = component(target);
        self.source
            .root
            .pointer(&component)
            .is_some()
            .then_some(component)
    }

    /// An object with a discriminator stands for those that are composed of it.
    pub(super) fn subtypes_of(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        hint: &str,
    ) -> Result<Option<Type>> {
        if self.options.loose.is_some() {
            return Ok(None);
        }
        let discriminator = map.get("discriminator");
        let mut targets = Vec::new();
        if let Some(Value::Object(mapping)) =
            discriminator.and_then(|discriminator| discriminator.get("mapping"))
        {
            for target in mapping.values().filter_map(Value::as_str) {
                targets.extend(self.mapping_target(target, at));
            }
        }
        targets.extend(self.composed_of(at)?);
        targets.sort();
        targets.dedup();
        if targets.is_empty() {
            return Ok(None);
        }
        let mut members = Vec::with_capacity(targets.len());
        for target in targets {
            let schema = json!({ "$ref": format!("#{target}") });
            let flat = self.flattened(&schema, at)?;
            members.push(Member {
                schema,
                at: target,
                flat,
            });
        }
        self.tagged(discriminator, &members, at, hint)
    }
}

/// Members, with unions directly inside them taken apart. The nesting is bounded by the document's.
fn collect(members: &[Value], at: &str, into: &mut Vec<(Value, String)>) -> Result<()> {
    for (index, member) in members.iter().enumerate() {
        let here = pointer::child(at, &index.to_string());
        let inner = member.as_object().and_then(|map| {
            let plain = map.keys().all(|key| {
                matches!(
                    key.as_str(),
                    "oneOf" | "anyOf" | "description" | "title" | "nullable"
                )
            });
            let (keyword, inner) = match (map.get("oneOf"), map.get("anyOf")) {
                (Some(inner), None) => ("oneOf", inner),
                (None, Some(inner)) => ("anyOf", inner),
                _ => return None,
            };
            plain.then_some((keyword, inner, map.get("nullable")))
        });
        match inner {
            Some((keyword, inner, nullable)) => {
                let here = pointer::child(&here, keyword);
                collect(as_array(inner, &here)?, &here, into)?;
                if nullable == Some(&Value::Bool(true)) {
                    into.push((json!({ "type": "null" }), here));
                }
            }
            None => into.push((member.clone(), here)),
        }
    }
    Ok(())
}

/// One type for what can be of any of these.
pub(crate) fn untagged(mut variants: Vec<Type>) -> Type {
    let nullable = variants.iter().any(|ty| ty.nullable);
    for variant in &mut variants {
        variant.nullable = false;
        variant.default = None;
    }
    variants.retain(|ty| ty.kind != Kind::Null);
    if variants.iter().any(|ty| ty.kind == Kind::Any) {
        return Type {
            nullable,
            ..Type::new(Kind::Any)
        };
    }
    let mut distinct = Vec::<Type>::with_capacity(variants.len());
    for variant in variants {
        if !distinct.iter().any(|seen| seen.kind == variant.kind) {
            distinct.push(variant);
        }
    }
    if distinct.iter().any(|ty| matches!(ty.kind, Kind::Number(_))) {
        distinct.retain(|ty| !matches!(ty.kind, Kind::Integer(_)));
    }
    // Plain text takes any text: what is more particular comes before it.
    distinct.sort_by_key(|ty| ty.kind == Kind::Text(Text::default()));
    match distinct.len() {
        0 => null(),
        1 => Type {
            nullable,
            ..distinct.remove(0)
        },
        _ => Type {
            nullable,
            ..Type::new(Kind::Union(Union {
                tag: None,
                variants: distinct.into_iter().map(variant).collect(),
            }))
        },
    }
}

fn variant(ty: Type) -> Variant {
    let name = match &ty.kind {
        Kind::Boolean => "Boolean",
        Kind::Integer(_) => "Integer",
        Kind::Number(_) => "Number",
        Kind::Text(_) | Kind::Enum(_) => "Text",
        Kind::Array(_) => "List",
        Kind::Map(_) => "Map",
        Kind::Ref(name) => name,
        Kind::Native(native) => &native.path,
        Kind::Any | Kind::Null | Kind::Object(_) | Kind::Union(_) => "Other",
    };
    Variant {
        name: name.to_owned(),
        ty,
    }
}

/// A property whose value is another constant in each member.
fn constant(members: &[Member]) -> Option<(String, Vec<Vec<String>>)> {
    let first = members.first()?.flat.get("properties")?.as_object()?;
    first.keys().find_map(|tag| {
        let values = members
            .iter()
            .map(|member| {
                let required = member.flat.get("required")?.as_array()?;
                required.iter().find(|name| *name == tag)?;
                Some(vec![constant_of(&member.flat, tag)?.to_owned()])
            })
            .collect::<Option<Vec<_>>>()?;
        let mut distinct = values.clone();
        distinct.sort();
        distinct.dedup();
        (distinct.len() == values.len()).then(|| (tag.clone(), values))
    })
}

fn constant_of<'m>(flat: &'m Map<String, Value>, property: &str) -> Option<&'m str> {
    let schema = flat.get("properties")?.get(property)?.as_object()?;
    match texts(schema)?[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// The texts that a schema lists; `None` if it lists none.
fn texts(map: &Map<String, Value>) -> Option<Vec<&str>> {
    match (map.get("const"), map.get("enum")) {
        (Some(value), _) => Some(vec![value.as_str()?]),
        (None, Some(Value::Array(values))) => values.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

fn is_object(flat: &Map<String, Value>) -> bool {
    flat.get("properties")
        .is_some_and(|properties| properties.as_object().is_some_and(|map| !map.is_empty()))
        && flat.get("type").is_none_or(|ty| ty == "object")
}

fn is_null(schema: &Value) -> bool {
    let Value::Object(map) = schema else {
        return false;
    };
    map.get("type").is_some_and(|ty| ty == "null")
        || map.get("const") == Some(&Value::Null)
        || matches!(map.get("enum"), Some(Value::Array(values)) if values.iter().all(Value::is_null))
}

/// How a server that knows no empty objects says that there is none.
fn is_empty_list(schema: &Value) -> bool {
    schema.get("type").is_some_and(|ty| ty == "array")
        && schema.get("maxItems").and_then(Value::as_u64) == Some(0)
}

/// A member that only says which properties go together.
fn is_rule(schema: &Value) -> bool {
    schema.as_object().is_some_and(|map| {
        map.keys().all(|key| {
            matches!(
                key.as_str(),
                "required" | "not" | "title" | "description" | "minProperties" | "maxProperties"
            )
        }) && !map.is_empty()
    })
}
