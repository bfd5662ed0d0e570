//! What `omneo-mock` is made of: its operations, what the server makes of their answers, and samples.

mod forms;
mod operations;
mod samples;

use std::collections::BTreeSet;

use openapi_lowering::Lowered;
use openapi_lowering::table::Answer;
use serde_json::Value;

use crate::{Corrected, SECTIONS};

/// The files that the build script of `omneo-mock` writes, by name. `lowered` is made of `corrected`.
pub fn mock(corrected: &Corrected, lowered: &Lowered) -> [(&'static str, String); 4] {
    let answered = answered(lowered);
    [
        ("forms.rs", forms::generate(lowered, &answered)),
        (
            "operations.rs",
            operations::generate(corrected.document(), lowered),
        ),
        ("path.rs", operations::path_parameters(lowered)),
        (
            "samples.rs",
            samples::generate(corrected.document(), lowered, &answered),
        ),
    ]
}

/// The types that an answer holds, however deep, and those of the schemas that are received in other ways.
fn answered(lowered: &Lowered) -> BTreeSet<String> {
    let definitions = &lowered.document["components"]["schemas"];
    let mut found = BTreeSet::new();
    let mut open = lowered
        .operations
        .iter()
        .filter_map(|operation| match &operation.answer {
            Answer::Json(ty) => named(ty).map(str::to_owned),
            _ => None,
        })
        .collect::<Vec<_>>();
    let received = SECTIONS.iter().flat_map(|section| section.schemas);
    open.extend(received.filter_map(|received| {
        let (_, ty) = lowered.schemas.iter().find(|(name, _)| name == received)?;
        Some(ty.clone())
    }));
    while let Some(name) = open.pop() {
        if !found.contains(&name) {
            references(&definitions[&name], &mut open);
            found.insert(name);
        }
    }
    found
}

/// The generated type in a Rust type: `Reward` of `::omneo_types::Data<types::Reward>`.
fn named(ty: &str) -> Option<&str> {
    // The last one: the envelope's is that of the crate `omneo_types`.
    let (before, name) = ty.rsplit_once("types::")?;
    (!before.ends_with('_')).then(|| name.trim_end_matches('>'))
}

/// The definition that a reference leads to.
fn referenced(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            found.extend(referenced(schema).map(str::to_owned));
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
