//! One value of each schema: the same at every build, and short.

use serde_json::{Map, Value, json};

use super::names::{self, Named};

/// How often a schema may stand in itself, where that is required.
const DEEPEST: usize = 4;

/// The records of a document.
pub(super) struct Records<'d> {
    document: &'d Value,
}

/// What is known of a value besides its schema.
#[derive(Clone, Copy)]
struct Place<'d> {
    /// The schema of the record that it is in.
    record: &'d str,
    property: &'d str,
    /// The references that lead to it.
    trail: Option<&'d Trail<'d>>,
    /// Whether a record here has only what is required, and what is no record or list.
    is_short: bool,
}

struct Trail<'d> {
    reference: &'d str,
    before: Option<&'d Trail<'d>>,
}

impl Trail<'_> {
    fn count(&self, reference: &str) -> usize {
        let own = usize::from(self.reference == reference);
        own + self.before.map_or(0, |before| before.count(reference))
    }
}

impl<'d> Records<'d> {
    pub(super) fn new(document: &'d Value) -> Self {
        Self { document }
    }

    /// A value of a component schema.
    pub(super) fn sample(&self, schema: &str) -> Value {
        let place = Place {
            record: schema,
            property: "",
            trail: None,
            is_short: false,
        };
        self.value(&self.document["components"]["schemas"][schema], place)
            .unwrap_or_else(|| json!({}))
    }

    /// None where nothing is known of the value, or where it would be too deep.
    fn value(&self, schema: &Value, place: Place<'_>) -> Option<Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            let schema = self.document.pointer(reference.strip_prefix('#')?)?;
            let trail = Trail {
                reference,
                before: place.trail,
            };
            let place = Place {
                record: reference.rsplit('/').next()?,
                trail: Some(&trail),
                ..place
            };
            return match trail.count(reference) {
                ..=DEEPEST => self.value(schema, place),
                _ => None,
            };
        }
        let given = ["const", "default", "example"].iter();
        let given = given.filter_map(|key| schema.get(key));
        let listed = ["examples", "enum"].iter();
        let listed = listed.filter_map(|key| schema[key].as_array()?.first());
        if let Some(value) = given.chain(listed).find(|value| !value.is_null()) {
            return Some(value.clone());
        }
        for union in ["anyOf", "oneOf"] {
            if let Some(branches) = schema[union].as_array() {
                return branches.iter().find_map(|branch| self.value(branch, place));
            }
        }
        if schema.get("properties").is_some() || schema.get("allOf").is_some() {
            return Some(self.record(schema, place).into());
        }
        let named = Named {
            record: place.record,
            property: place.property,
            description: schema["description"].as_str().unwrap_or_default(),
            format: schema["format"].as_str().unwrap_or_default(),
        };
        let value = match kind(schema)? {
            "string" => names::text(named).into(),
            "integer" => names::integer(named).into(),
            "number" => names::number(named),
            "boolean" => names::flag(named).into(),
            "array" => self.list(schema, place),
            "object" => json!({}),
            _ => return None,
        };
        Some(value)
    }

    fn record(&self, schema: &Value, place: Place<'_>) -> Map<String, Value> {
        let mut record = Map::new();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            if let Some(Value::Object(members)) = self.value(part, place) {
                record.extend(members);
            }
        }
        let required = |name: &str| {
            let names = schema["required"].as_array();
            names.is_some_and(|names| names.iter().any(|required| required == name))
        };
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_wanted =
                !names::is_unset(property) && (!place.is_short || self.is_scalar(property));
            if !is_wanted && !required(name) {
                continue;
            }
            let place = Place {
                property: name,
                is_short: true,
                ..place
            };
            let value = self.value(property, place);
            let value = value.or_else(|| required(name).then(|| names::words(name).into()));
            if let Some(value) = value {
                record.insert(name.clone(), value);
            }
        }
        record
    }

    /// One item, or as many as there have to be.
    fn list(&self, schema: &Value, place: Place<'_>) -> Value {
        let count = schema["minItems"].as_u64().unwrap_or(1).max(1);
        let item = schema
            .get("items")
            .and_then(|items| self.value(items, place));
        item.map_or(json!([]), |item| (0..count).map(|_| item.clone()).collect())
    }

    fn is_scalar(&self, schema: &Value) -> bool {
        let target = schema["$ref"]
            .as_str()
            .and_then(|reference| self.document.pointer(reference.strip_prefix('#')?));
        let schema = target.unwrap_or(schema);
        schema.get("enum").is_some() || !matches!(kind(schema), None | Some("array" | "object"))
    }
}

/// The type, or the first one that is not null.
fn kind(schema: &Value) -> Option<&str> {
    match &schema["type"] {
        Value::String(kind) => Some(kind),
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null"),
        _ => None,
    }
}
