//! `allOf`: what all members say together, as one schema.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{Schemas, component, keywords};
use crate::error::{Error, Result};
use crate::pointer;
use crate::report::{Change, Report};
use crate::source::{Source, as_array, reference_of};
use crate::ty::Type;

/// How many schemas may be composed of one another.
const MAX_LEVELS: usize = 96;

impl Schemas<'_> {
    pub(super) fn all_of(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        hint: &str,
    ) -> Result<Type> {
        let here = pointer::child(at, "allOf");
        let members = as_array(&map["allOf"], &here)?;
        let alone = !map
            .keys()
            .any(|key| key != "allOf" && keywords::is_structural(key));
        let shaping = members
            .iter()
            .enumerate()
            .filter(|(_, member)| shapes(member))
            .collect::<Vec<_>>();
        let nullable = |map: &Map<String, Value>| map.get("nullable") == Some(&Value::Bool(true));
        if let (true, [(index, only)]) = (alone, &shaping[..]) {
            // A wrapper around one schema, to describe it anew or to make it nullable.
            let here = pointer::child(&here, &index.to_string());
            let mut ty = self.build(only, &here, hint)?;
            ty.nullable |=
                nullable(map) || members.iter().filter_map(Value::as_object).any(nullable);
            return Ok(ty);
        }
        let mut merged = Merge::new(self.source, &mut self.report).schema(map, at)?;
        // What the members leave open is an object, if anything is known of it at all.
        merged.remove("allOf");
        self.shape(&merged, at, hint)
    }

    /// A schema with its references followed and its `allOf`s merged.
    pub(crate) fn flattened(&mut self, schema: &Value, at: &str) -> Result<Map<String, Value>> {
        Merge::new(self.source, &mut self.report).value(schema, at)
    }

    /// The component schemas that are composed of the one at `at`, directly or not.
    pub(super) fn composed_of(&mut self, at: &str) -> Result<Vec<String>> {
        if self.subtypes.is_none() {
            self.subtypes = Some(self.index_subtypes()?);
        }
        let mut found = Vec::new();
        let mut next = vec![at.to_owned()];
        while let (Some(parent), Some(index)) = (next.pop(), &self.subtypes) {
            for child in index.get(&parent).into_iter().flatten() {
                if child != at && !found.contains(child) {
                    found.push(child.clone());
                    next.push(child.clone());
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn index_subtypes(&self) -> Result<HashMap<String, Vec<String>>> {
        let mut index = HashMap::<_, Vec<_>>::new();
        for name in self.component_names()? {
            let child = component(&name);
            let members = self.source.root.pointer(&pointer::child(&child, "allOf"));
            for member in members.and_then(Value::as_array).into_iter().flatten() {
                if let Some(reference) = reference_of(member) {
                    let parent = self.source.target(reference, &child)?;
                    index.entry(parent).or_default().push(child.clone());
                }
            }
        }
        Ok(index)
    }
}

/// Whether a member of an `allOf` says anything of the type.
fn shapes(member: &Value) -> bool {
    match member {
        Value::Object(map) => {
            map.contains_key("$ref")
                || map.keys().any(|key| keywords::is_structural(key))
                || keywords::implied_type(map).is_some()
        }
        Value::Bool(true) => false,
        _ => true,
    }
}

struct Merge<'s, 'a> {
    source: &'s Source<'a>,
    report: &'s mut Report,
    /// The references that are being followed, so that none is followed into itself.
    path: Vec<String>,
}

impl<'s, 'a> Merge<'s, 'a> {
    fn new(source: &'s Source<'a>, report: &'s mut Report) -> Self {
        Self {
            source,
            report,
            path: Vec::new(),
        }
    }

    fn value(&mut self, schema: &Value, at: &str) -> Result<Map<String, Value>> {
        let Value::Object(map) = schema else {
            return Ok(Map::new());
        };
        self.schema(map, at)
    }

    fn schema(&mut self, map: &Map<String, Value>, at: &str) -> Result<Map<String, Value>> {
        if self.path.len() > MAX_LEVELS {
            return Err(Error::TooDeep {
                limit: MAX_LEVELS,
                pointer: at.to_owned(),
            });
        }
        let mut merged = map.clone();
        if let Some(Value::String(reference)) = merged.remove("$ref") {
            let target = self.target(&reference, at)?;
            self.merge(&mut merged, target, at);
        }
        if let Some(members) = merged.remove("allOf") {
            let here = pointer::child(at, "allOf");
            // An inline member's nesting is bounded by the document's; a reference's is by `path`.
            for (index, member) in as_array(&members, &here)?.iter().enumerate() {
                let here = pointer::child(&here, &index.to_string());
                let mut member = self.value(member, &here)?;
                if reference_of(&members[index]).is_some() {
                    // What describes another schema does not describe this one.
                    for keyword in ["description", "title", "discriminator", "nullable"] {
                        member.remove(keyword);
                    }
                }
                self.merge(&mut merged, member, at);
            }
        }
        Ok(merged)
    }

    fn target(&mut self, reference: &str, at: &str) -> Result<Map<String, Value>> {
        let target = self.source.target(reference, at)?;
        if self.path.contains(&target) {
            self.report.add(
                at,
                Change::Changed,
                format!("`{reference}` is left out"),
                "a schema can not be composed of itself",
            );
            return Ok(Map::new());
        }
        let Some(value) = self.source.root.pointer(&target) else {
            return Ok(Map::new());
        };
        self.path.push(target.clone());
        let mut merged = self.value(value, &target)?;
        self.path.pop();
        for keyword in ["description", "title", "discriminator", "nullable"] {
            merged.remove(keyword);
        }
        Ok(merged)
    }

    fn merge(&mut self, into: &mut Map<String, Value>, from: Map<String, Value>, at: &str) {
        for (keyword, theirs) in from {
            let Some(ours) = into.get_mut(&keyword) else {
                // A member that forbids further properties would forbid the other members'.
                if !(keyword == "additionalProperties" && theirs == Value::Bool(false)) {
                    into.insert(keyword, theirs);
                }
                continue;
            };
            if *ours == theirs {
                continue;
            }
            match (keyword.as_str(), &mut *ours, theirs) {
                ("properties", Value::Object(ours), Value::Object(theirs)) => {
                    for (name, schema) in theirs {
                        match ours.get_mut(&name) {
                            None => {
                                ours.insert(name, schema);
                            }
                            Some(ours) if *ours == schema => {}
                            Some(ours) => *ours = json!({ "allOf": [ours.take(), schema] }),
                        }
                    }
                }
                ("required", Value::Array(ours), Value::Array(theirs)) => {
                    for name in theirs {
                        if !ours.contains(&name) {
                            ours.push(name);
                        }
                    }
                }
                ("items", ours, theirs) if ours.is_object() && theirs.is_object() => {
                    *ours = json!({ "allOf": [ours.take(), theirs] });
                }
                ("type", ours, theirs) => match common_types(ours, &theirs) {
                    Some(common) => *ours = common,
                    None => self.report.add(
                        at,
                        Change::Changed,
                        format!("the type {theirs} is left out"),
                        "another member says otherwise",
                    ),
                },
                ("enum", Value::Array(ours), Value::Array(theirs)) => {
                    let common = ours
                        .iter()
                        .filter(|value| theirs.contains(value))
                        .cloned()
                        .collect::<Vec<_>>();
                    if !common.is_empty() {
                        *ours = common;
                    }
                }
                ("oneOf" | "anyOf", _, _) => self.report.add(
                    at,
                    Change::Widened,
                    format!("a second {keyword} is not read"),
                    "one value can be of one Rust enum",
                ),
                // Of descriptions, formats and bounds the outermost holds.
                _ => {}
            }
        }
    }
}

fn common_types(ours: &Value, theirs: &Value) -> Option<Value> {
    let list = |value: &Value| match value {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    let (ours, theirs) = (list(ours), list(theirs));
    let both = |a: &[Value], b: &[Value]| {
        a.iter()
            .filter(|ty| b.contains(ty) || (**ty == "integer" && b.iter().any(|b| b == "number")))
            .cloned()
            .collect::<Vec<_>>()
    };
    let mut common = both(&ours, &theirs);
    for ty in both(&theirs, &ours) {
        if !common.contains(&ty) {
            common.push(ty);
        }
    }
    match common.len() {
        0 => None,
        1 => common.pop(),
        _ => Some(Value::Array(common)),
    }
}
