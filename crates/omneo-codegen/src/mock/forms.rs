//! Which fields of an answer the server sends otherwise than their types write them: numbers as text, 0 and 1 for
//! flags, `[]` for an empty map.

use std::collections::BTreeSet;
use std::fmt::Write;

use openapi_lowering::Lowered;
use serde_json::Value;

use super::{named, referenced};

/// A table of the fields by type, sorted by both names.
pub(super) fn generate(lowered: &Lowered, answered: &BTreeSet<String>) -> String {
    let definitions = &lowered.document["components"]["schemas"];
    let mut out = String::from("&[\n");
    for name in answered {
        let properties = definitions[name]["properties"].as_object();
        let mut fields = properties
            .into_iter()
            .flatten()
            .filter_map(|(field, schema)| Some((field, form(schema)?)))
            .collect::<Vec<_>>();
        if fields.is_empty() {
            continue;
        }
        fields.sort();
        let _ = writeln!(out, "({name:?}, &[");
        for (field, form) in fields {
            let _ = writeln!(out, "({field:?}, {form}),");
        }
        out.push_str("]),\n");
    }
    out.push(']');
    out
}

/// The form of what stands in an answer's envelope.
pub(super) fn of_answer(inner: &str) -> String {
    match named(inner) {
        Some(name) => record(name),
        None if inner.starts_with("::omneo_types::Map<") => "crate::Form::Map".to_owned(),
        None => "crate::Form::AsWritten".to_owned(),
    }
}

/// None for what is sent as it is written.
fn form(schema: &Value) -> Option<String> {
    if let Some(name) = referenced(schema) {
        return Some(record(name));
    }
    let rust_type = &schema["x-rust-type"];
    let inner = &rust_type["parameters"][0];
    let tolerant = rust_type["path"].as_str()?.strip_prefix("omneo_types::")?;
    match tolerant {
        "Amount" | "Flag" | "Integer" | "Map" => Some(format!("crate::Form::{tolerant}")),
        "List" => Some(format!("crate::Form::List(&{})", form(inner)?)),
        "Field" | "Linked" | "Record" => form(inner),
        _ => None,
    }
}

fn record(name: &str) -> String {
    format!("crate::Form::Record({name:?})")
}
