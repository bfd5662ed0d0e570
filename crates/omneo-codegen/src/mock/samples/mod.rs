//! A sample of each record that an answer holds, as JSON that its type reads.

mod names;
mod record;

use std::collections::BTreeSet;
use std::fmt::Write;

use openapi_lowering::{Lowered, naming};
use serde_json::Value;

use record::Records;

/// A function for each record, and a macro that names them for tests that go over all of them.
pub(super) fn generate(document: &Value, lowered: &Lowered, answered: &BTreeSet<String>) -> String {
    let definitions = &lowered.document["components"]["schemas"];
    let records = Records::new(document);
    let (mut out, mut each) = (String::new(), String::new());
    for (schema, type_name) in &lowered.schemas {
        let is_record = definitions[type_name]["properties"].is_object();
        if !is_record || !answered.contains(type_name) {
            continue;
        }
        let function = naming::snake(type_name);
        let sample = records.sample(schema);
        let _ = writeln!(
            out,
            "sample! {{ {function} {type_name} {:?} {:?} }}",
            doc(type_name, &definitions[type_name]),
            sample.to_string(),
        );
        let _ = writeln!(each, "{function} {schema:?} {type_name},");
    }
    let _ = writeln!(
        out,
        "/// Calls a macro with the function, the schema's name and the type of each sample of this build.\n\
         #[doc(hidden)]\n\
         #[macro_export]\n\
         macro_rules! for_each_sample {{\n\
         ($callback:ident) => {{ $callback! {{ {each} }} }};\n\
         }}"
    );
    out
}

fn doc(type_name: &str, definition: &Value) -> String {
    let described = definition["description"].as_str();
    let described = described.map(|text| format!("\n\n{text}"));
    format!(
        "A sample of [`{type_name}`](types::{type_name}).{}",
        described.unwrap_or_default()
    )
}
