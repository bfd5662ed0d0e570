//! `Deserialize` and `Serialize` for the generated structs, in the place of serde's derives.
//!
//! The derives took 24 of the 28 s that the types needed to compile; with the code here the whole
//! crate takes 16. What all records have in common is in `omneo_types::ReadFields`.

use std::fmt::Write;

use openapi_lowering::{Lowered, naming};
use serde_json::{Map, Value};

/// A generated struct.
struct Record<'a> {
    name: String,
    properties: &'a Map<String, Value>,
    required: Vec<&'a str>,
}

/// The structs whose derives are replaced: all but those with a map of further properties, which
/// are not known by name.
fn records(lowered: &Lowered) -> impl Iterator<Item = Record<'_>> {
    let schemas = lowered.document["components"]["schemas"].as_object();
    schemas.into_iter().flatten().filter_map(|(name, schema)| {
        if schema.get("additionalProperties").is_some() {
            return None;
        }
        let required = schema["required"].as_array().into_iter().flatten();
        Some(Record {
            name: naming::pascal(name),
            properties: schema.get("properties")?.as_object()?,
            required: required.filter_map(Value::as_str).collect(),
        })
    })
}

/// The names of the structs whose derives are replaced.
pub(crate) fn names(lowered: &Lowered) -> Vec<String> {
    records(lowered).map(|record| record.name).collect()
}

pub(crate) fn generate(lowered: &Lowered) -> String {
    let mut out = String::new();
    for record in records(lowered) {
        self::record(&mut out, &record);
    }
    out
}

fn record(out: &mut String, record: &Record<'_>) {
    let name = &record.name;
    let wire = record.properties.keys();
    let is_required = |wire: &str| record.required.contains(&wire);
    let (mut names, mut read, mut written) = (String::new(), String::new(), String::new());
    for (index, wire) in wire.clone().enumerate() {
        let field = naming::snake(wire);
        let _ = writeln!(names, "{wire:?} => {index},");
        let pattern = match index + 1 == record.properties.len() {
            true => "_".to_owned(),
            false => index.to_string(),
        };
        let _ = match (record.required.is_empty(), is_required(wire)) {
            (true, _) => writeln!(read, "{pattern} => read_field(map, &mut read.{field}),"),
            (_, false) => writeln!(read, "{pattern} => read_field(map, &mut f_{field}),"),
            (_, true) => writeln!(read, "{pattern} => read_required(map, &mut f_{field}),"),
        };
        let _ = match is_required(wire) {
            true => writeln!(written, "map.serialize_entry({wire:?}, &self.{field})?;"),
            false => writeln!(written, "self.{field}.write({wire:?}, map)?;"),
        };
    }
    let (before, after, empty) = if record.required.is_empty() {
        (
            "let mut read = Self::default();\n".to_owned(),
            "Ok(read)".to_owned(),
            "fn empty() -> Option<Self> { Some(Self::default()) }\n",
        )
    } else {
        let (mut before, mut after) = (String::new(), String::from("Ok(Self {\n"));
        for wire in wire {
            let field = naming::snake(wire);
            let _ = match is_required(wire) {
                true => writeln!(before, "let mut f_{field} = None;")
                    .and_then(|()| writeln!(after, "{field}: required(f_{field}, {wire:?})?,")),
                false => writeln!(before, "let mut f_{field} = Default::default();")
                    .and_then(|()| writeln!(after, "{field}: f_{field},")),
            };
        }
        after.push_str("})");
        (before, after, "")
    };
    let _ = writeln!(
        out,
        "impl ReadFields for types::{name} {{
fn index(name: &str) -> Option<usize> {{
Some(match name {{
{names}_ => return None,
}})
}}
fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {{
{before}while let Some(field) = next_field(map, Self::index)? {{
match field {{
{read}}}?;
}}
{after}
}}
{empty}}}
impl WriteFields for types::{name} {{
fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {{
{written}Ok(())
}}
}}
record!({name});"
    );
}
