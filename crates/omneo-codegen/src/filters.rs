//! Typed filters, of the query parameters of the operations that list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use openapi_lowering::{Lowered, naming};
use serde_json::Value;

use crate::lists::listed;
use crate::source::{is_flag, is_id, is_timestamp};

/// A field that a list is filtered by.
struct Field {
    kind: &'static str,
    description: Option<String>,
    /// The operations that take it, as they are documented.
    operations: Vec<String>,
}

/// By the query parameter's name.
type Fields = BTreeMap<String, Field>;

pub(crate) fn generate(lowered: &Lowered) -> String {
    let mut records = BTreeMap::<&str, Fields>::new();
    let mut words = BTreeSet::new();
    for operation in &lowered.operations {
        let Some(record) =
            listed(operation).and_then(|listed| listed.record.strip_prefix("types::"))
        else {
            continue;
        };
        for parameter in operation.parameters.iter().filter(|p| is_filter(&p.name)) {
            let property = property(lowered, record, &parameter.name);
            words.extend(property.and_then(word));
            let field = records
                .entry(record)
                .or_default()
                .entry(parameter.name.clone())
                .or_insert_with(|| Field {
                    kind: match property {
                        Some(property) => by_type(property),
                        None => by_name(&parameter.name, &parameter.kind),
                    },
                    description: parameter.description.clone(),
                    operations: Vec::new(),
                });
            field.operations.push(format!("`GET {}`", operation.path));
        }
    }
    let mut out = String::new();
    for (record, fields) in &records {
        let _ = writeln!(out, "fields! {{ {} {record} {{", naming::snake(record));
        for (name, key) in names(fields) {
            let field = &fields[key];
            let mut doc = format!("`{key}` of {}.", field.operations.join(", "));
            if let Some(description) = &field.description {
                let _ = write!(doc, "\n\n{description}");
            }
            let _ = writeln!(out, "#[doc = {doc:?}] {name}: {} = {key:?},", field.kind);
        }
        out.push_str("} }\n");
    }
    if !words.is_empty() {
        let words = words.into_iter().collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "words! {{ {words} }}");
    }
    out
}

/// `filter[..]`, and what is sent once for each value. A search is `List::search`.
fn is_filter(name: &str) -> bool {
    (name.starts_with("filter[") && name != "filter[search]") || name.ends_with("[]")
}

/// The name without the brackets around it: `definition][type`.
fn inner(key: &str) -> &str {
    let inner = key.strip_prefix("filter[").unwrap_or(key);
    inner.trim_end_matches(['[', ']'])
}

/// The Rust name of each field. Where two meet, a field of the record goes before one of a relation.
fn names(fields: &Fields) -> BTreeMap<String, &str> {
    let mut keys = fields.keys().map(String::as_str).collect::<Vec<_>>();
    keys.sort_by_key(|key| (inner(key).contains(['.', '[']), *key));
    let mut names = BTreeMap::new();
    for key in keys {
        let name = naming::snake(&inner(key).replace("][", "."));
        let numbered = (2..).map(|n| format!("{name}_{n}"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| !names.contains_key(name));
        names.insert(free.unwrap_or(name), key);
    }
    names
}

/// The record's property of the same name.
fn property<'l>(lowered: &'l Lowered, record: &str, key: &str) -> Option<&'l Value> {
    lowered.document["components"]["schemas"][record]["properties"].get(inner(key))
}

/// The kind of a property.
fn by_type(property: &Value) -> &'static str {
    let tolerant = property["x-rust-type"]["path"].as_str();
    let tolerant = tolerant.and_then(|path| path.strip_prefix("omneo_types::"));
    match (tolerant, property["type"].as_str()) {
        (Some("Amount" | "Integer"), _) | (None, Some("integer" | "number")) => "Number",
        (Some("Flag"), _) | (None, Some("boolean")) => "Bool",
        (Some("Id"), _) => "Id",
        (Some("OpenEnum"), _) | (None, Some("string")) => "Text",
        (Some("Timestamp"), _) => "Time",
        _ => "Any",
    }
}

/// The kind of a parameter that no property has the name of.
fn by_name(key: &str, kind: &str) -> &'static str {
    let last = inner(key).rsplit(['.', '[']).next().unwrap_or_default();
    match kind {
        _ if key.ends_with("[]") => "Each",
        "object" => "Members",
        "array" => "Any",
        "boolean" => "Bool",
        "integer" | "number" => "Number",
        // What the schema calls text is whatever the server's generator didn't know better.
        _ if is_timestamp(last) => "Time",
        _ if is_id(last) => "Id",
        _ if is_flag(last) => "Bool",
        _ => "Text",
    }
}

/// The enum that a property is one of.
fn word(property: &Value) -> Option<String> {
    let rust_type = &property["x-rust-type"];
    let reference = rust_type["parameters"][0]["$ref"].as_str()?;
    let name = reference.rsplit('/').next()?;
    (rust_type["path"] == "omneo_types::OpenEnum").then(|| naming::pascal(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Field, Fields, by_name, by_type, names};

    #[test]
    fn where_names_meet_the_records_own_field_has_it() {
        let field = || Field {
            kind: "Text",
            description: None,
            operations: Vec::new(),
        };
        let fields: Fields = [
            "filter[definition.type]",
            "filter[definition][type]",
            "filter[definition_type]",
            "filter[type]",
            "tags[]",
        ]
        .into_iter()
        .map(|key| (key.to_owned(), field()))
        .collect();
        let names = names(&fields);
        let names = names.iter().map(|(name, key)| (name.as_str(), *key));
        assert!(names.eq([
            ("definition_type", "filter[definition_type]"),
            ("definition_type_2", "filter[definition.type]"),
            ("definition_type_3", "filter[definition][type]"),
            ("tags", "tags[]"),
            ("type_", "filter[type]"),
        ]));
    }

    #[test]
    fn a_property_decides_the_kind() {
        let tolerant =
            |name: &str| json!({"x-rust-type": {"path": format!("omneo_types::{name}")}});
        for (property, kind) in [
            (tolerant("Amount"), "Number"),
            (tolerant("Integer"), "Number"),
            (tolerant("Flag"), "Bool"),
            (tolerant("Id"), "Id"),
            (tolerant("OpenEnum"), "Text"),
            (tolerant("Timestamp"), "Time"),
            (tolerant("Map"), "Any"),
            (json!({"type": "string"}), "Text"),
            (json!({"type": "boolean"}), "Bool"),
            (json!({"$ref": "#/components/schemas/A"}), "Any"),
            (json!({}), "Any"),
        ] {
            assert_eq!(by_type(&property), kind, "{property}");
        }
    }

    #[test]
    fn without_a_property_the_name_decides_what_the_schema_calls_text() {
        for (key, parameter, kind) in [
            ("filter[redemption][redeem_at]", "string", "Time"),
            ("filter[run_at]", "string", "Text"),
            ("filter[definitionLocations][location_id]", "string", "Id"),
            ("filter[id]", "string", "Id"),
            ("filter[definitionLocations][is_active]", "string", "Bool"),
            ("filter[has_point]", "string", "Bool"),
            ("filter[tags.handle]", "string", "Text"),
            ("filter[custom_field]", "object", "Members"),
            ("filter[count]", "integer", "Number"),
            ("filter[count_id]", "integer", "Number"),
            ("tags[]", "string", "Each"),
        ] {
            assert_eq!(by_name(key, parameter), kind, "{key}");
        }
    }
}
