//! Tags and schemas that the table of sections lacks, or that the schema lacks.

use std::collections::BTreeSet;

use omneo_codegen::SECTIONS;

use super::{Checked, Findings};

const TABLE: &str = "crates/omneo-codegen/src/sections.rs";

pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let mut problems = checked
        .corrected
        .tags_without_section()
        .into_iter()
        .map(|tag| {
            format!(
                "no section has the tag `{tag}`, so its operations are in every build; add it to one in {TABLE}"
            )
        })
        .collect::<Vec<_>>();
    let tags = checked
        .lowered
        .operations
        .iter()
        .flat_map(|operation| &operation.tags)
        .map(String::as_str)
        .collect::<BTreeSet<_>>();
    let schemas = checked.corrected.document()["components"]["schemas"].as_object();
    let schemas = schemas
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect::<BTreeSet<_>>();
    for section in SECTIONS {
        for (what, names, known) in [
            ("tag", section.tags, &tags),
            ("schema", section.schemas, &schemas),
        ] {
            for name in names.iter().filter(|name| !known.contains(*name)) {
                problems.push(format!(
                    "the section {} has the {what} `{name}`, which the schema has not; take it out of {TABLE}",
                    section.feature
                ));
            }
        }
    }
    Findings::new(problems, format!("{} tags in sections", tags.len()))
}
