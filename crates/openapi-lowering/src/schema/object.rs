//! Objects: records with known properties, and maps.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::Schemas;
use crate::error::Result;
use crate::naming;
use crate::pointer;
use crate::report::Change;
use crate::source::{as_array, as_object};
use crate::ty::{Kind, Object, Property, Type};

impl Schemas<'_> {
    pub(super) fn object(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        hint: &str,
    ) -> Result<Type> {
        if map.contains_key("discriminator")
            && let Some(union) = self.subtypes_of(map, at, hint)?
        {
            return Ok(union);
        }
        let object = self.record(map, at, hint)?;
        if object.properties.is_empty() {
            if map.get("additionalProperties") == Some(&Value::Bool(false)) {
                self.report.add(
                    at,
                    Change::Widened,
                    "an object without properties is a map",
                    "nothing can be read from it",
                );
            }
            let value = object.extra.map_or(Type::new(Kind::Any), |extra| *extra);
            return Ok(Type::new(Kind::Map(Box::new(value))));
        }
        Ok(Type::new(Kind::Object(object)))
    }

    /// The properties of an object, whether it has any or not.
    pub(super) fn record(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        hint: &str,
    ) -> Result<Object> {
        let required = match map.get("required") {
            Some(Value::Array(names)) => names
                .iter()
                .filter_map(Value::as_str)
                .collect::<BTreeSet<_>>(),
            // Draft 3 had a boolean here, which some writers still use on properties.
            Some(Value::Bool(_)) | None => BTreeSet::new(),
            Some(other) => as_array(other, &pointer::child(at, "required"))?
                .iter()
                .filter_map(Value::as_str)
                .collect(),
        };
        let mut properties = BTreeMap::new();
        if let Some(listed) = map.get("properties") {
            let here = pointer::child(at, "properties");
            for (name, schema) in as_object(listed, &here)? {
                let here = pointer::child(&here, name);
                if *schema == Value::Bool(false) {
                    self.report.add(
                        &here,
                        Change::Dropped,
                        format!("`{name}` is no field"),
                        "the schema forbids the property",
                    );
                    continue;
                }
                let ty = self.inline(schema, &here, &format!("{hint} {name}"))?;
                let required = required.contains(name.as_str());
                properties.insert(name.clone(), Property { required, ty });
            }
        }
        for name in required {
            properties
                .entry(name.to_owned())
                .or_insert_with(|| Property {
                    required: true,
                    ty: Type::new(Kind::Any),
                });
        }
        let extra = self.further_properties(map, at, hint)?;
        let mut object = Object { properties, extra };
        self.part_fields(&mut object, at);
        Ok(object)
    }

    /// What the properties hold that are not listed by name.
    fn further_properties(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        hint: &str,
    ) -> Result<Option<Box<Type>>> {
        let mut schemas = Vec::new();
        let mut here = at.to_owned();
        if let Some(Value::Object(patterns)) = map.get("patternProperties") {
            here = pointer::child(at, "patternProperties");
            self.report.add(
                &here,
                Change::Widened,
                "the patterns of property names are not checked",
                "OpenAPI 3.0 has none",
            );
            schemas.extend(patterns.values().cloned());
        }
        if let Some(schema @ Value::Object(_)) = map.get("additionalProperties") {
            here = pointer::child(at, "additionalProperties");
            schemas.push(schema.clone());
        }
        let schema = match schemas.len() {
            0 => return Ok(None),
            1 => schemas.remove(0),
            _ => json!({ "anyOf": schemas }),
        };
        if schema.as_object().is_some_and(Map::is_empty) {
            return Ok(None);
        }
        let ty = self.inline(&schema, &here, &format!("{hint} value"))?;
        Ok(Some(Box::new(ty)))
    }

    /// Two properties that make the same Rust name can't both be fields: the second is left to the
    /// map of further properties.
    fn part_fields(&mut self, object: &mut Object, at: &str) {
        let mut fields = HashMap::new();
        let mut clashing = Vec::new();
        for name in object.properties.keys() {
            let field = naming::snake(name);
            match fields.get(&field) {
                None => {
                    fields.insert(field, name.clone());
                }
                // The one that is spelled as the field stays.
                Some(other) if *name == field => {
                    clashing.push(other.clone());
                    fields.insert(field, name.clone());
                }
                Some(_) => clashing.push(name.clone()),
            }
        }
        let extra_is_a_field = fields.contains_key("extra");
        let extra_is_needed = !clashing.is_empty();
        for name in clashing {
            object.properties.remove(&name);
            let here = pointer::child(&pointer::child(at, "properties"), &name);
            if extra_is_a_field {
                self.report.add(
                    &here,
                    Change::Dropped,
                    format!("`{name}` is no field"),
                    "another property makes the same Rust name",
                );
            } else {
                object.extra = Some(Box::new(Type::new(Kind::Any)));
                self.report.add(
                    &here,
                    Change::FreeJson,
                    format!("`{name}` is found in the field `extra`"),
                    "another property makes the same Rust name",
                );
            }
        }
        let has_fields = !object.properties.is_empty();
        let unread = if extra_is_a_field {
            Some("a field has the name that the map of further properties would have")
        } else if self.options.loose.is_some() && !extra_is_needed {
            Some("reading them would slow down every other field")
        } else {
            None
        };
        if let (true, Some(why)) = (has_fields && object.extra.is_some(), unread) {
            object.extra = None;
            self.report
                .add(at, Change::Dropped, "further properties are not read", why);
        }
    }
}
