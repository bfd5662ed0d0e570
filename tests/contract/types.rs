//! What the types' own JSON Schemas take.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use schemars::r#gen::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};

use crate::documents::{Documents, child};
use crate::route::Route;
use crate::samples::Samples;
use crate::table::Outcome;

/// What the check of each component schema came to, by its name.
pub(crate) struct Types(BTreeMap<String, Outcome>);

impl Types {
    pub(crate) fn check(documents: &Documents, samples: &Samples<'_>) -> Self {
        let mut generator = SchemaGenerator::new(SchemaSettings::draft07());
        let mut schemas = Vec::new();
        macro_rules! each {
            ($($name:literal => $type:ty,)*) => {
                $(schemas.push(($name, json!(generator.subschema_for::<$type>())));)*
            };
        }
        omneo_api::for_each_schema!(each);
        let properties = schemas
            .iter()
            .map(|(name, schema)| ((*name).to_owned(), schema.clone()));
        let all = json!({
            "properties": properties.collect::<Map<_, _>>(),
            "definitions": generator.definitions(),
        });
        let validator = jsonschema::draft7::new(&all).expect("the types' schemas are valid");
        let typed = schemas.into_iter().map(|(name, _)| {
            let outcome = of_component(documents, samples, &validator, name);
            (name.to_owned(), outcome)
        });
        let mut outcomes = typed.collect::<BTreeMap<_, _>>();
        let components = &documents.corrected.value()["components"]["schemas"];
        // What has no properties is a map.
        let records = components.as_object().into_iter().flatten();
        for (name, _) in records.filter(|(_, schema)| schema.get("properties").is_some()) {
            let missing = || Outcome::failed(&format!("{name} has no type"));
            outcomes.entry(name.clone()).or_insert_with(missing);
        }
        Self(outcomes)
    }

    /// What it came to for the component schemas that an operation refers to.
    pub(crate) fn of(&self, documents: &Documents, route: &Route) -> Outcome {
        let document = documents.corrected.value();
        let mut reached = BTreeSet::new();
        for part in ["requestBody", "responses"] {
            let part = document.pointer(&child(&route.pointer, part));
            components(document, part.unwrap_or(&Value::Null), &mut reached);
        }
        let mut outcome = Outcome::default();
        for of_type in reached.iter().filter_map(|name| self.0.get(name)) {
            outcome.checked += 1;
            outcome.corrected += usize::from(of_type.corrected > 0);
            outcome.failures.extend_from_slice(&of_type.failures);
        }
        outcome
    }

    /// What is wrong with any of them, reached by an operation or not.
    pub(crate) fn failures(&self) -> impl Iterator<Item = &String> {
        self.0.values().flat_map(|outcome| &outcome.failures)
    }
}

fn of_component(
    documents: &Documents,
    samples: &Samples<'_>,
    validator: &Validator,
    name: &str,
) -> Outcome {
    let mut outcome = Outcome::default();
    let pointer = child("/components/schemas", name);
    let mut values = samples.corrected.samples(&pointer);
    for published in samples.published.samples(&pointer) {
        let fitted = documents.corrected_value(&pointer, &published);
        outcome.corrected += usize::from(fitted.as_ref().is_none_or(|(_, removed)| *removed > 0));
        values.extend(fitted.map(|(value, _)| value));
    }
    for value in values {
        outcome.checked += 1;
        let named = json!({ name: value });
        let errors = validator.iter_errors(&named);
        let failures = errors.map(|error| format!("type of {}: {error}", error.instance_path()));
        outcome.failures.extend(failures);
    }
    outcome
}

/// The names of the component schemas that a part of the document refers to.
fn components(document: &Value, part: &Value, found: &mut BTreeSet<String>) {
    match part {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                let is_new = match reference.strip_prefix("#/components/schemas/") {
                    Some(name) => found.insert(name.to_owned()),
                    // An error's answer: they refer to no schemas of components.
                    None => false,
                };
                let target = document.pointer(reference.trim_start_matches('#'));
                components(
                    document,
                    target.filter(|_| is_new).unwrap_or(&Value::Null),
                    found,
                );
            }
            members
                .values()
                .for_each(|member| components(document, member, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| components(document, item, found)),
        _ => {}
    }
}
