//! Every operation of the schema is in the bindings, in the table, and behind a handle.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use omneo_api::OPERATIONS;
use omneo_codegen::{Extras, Source};
use openapi_lowering::Lowered;
use openapi_lowering::table::{Answer, Body};
use serde_json::Value;

/// Method and path of every operation, with its operationId.
fn published() -> BTreeMap<(String, String), String> {
    let text = include_str!("../openapi.json");
    let document: Value = serde_json::from_str(text).unwrap();
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            operations.insert((method.to_uppercase(), path.clone()), id);
        }
    }
    operations
}

/// The operations of all sections.
fn whole() -> &'static Lowered {
    static WHOLE: LazyLock<Lowered> = LazyLock::new(lower);
    &WHOLE
}

fn lower() -> Lowered {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corrected = Source::read(root).unwrap().correct().unwrap();
    corrected.lower(|_| true).unwrap()
}

/// The files that are made of them, by name.
fn generated() -> &'static BTreeMap<&'static str, String> {
    static FILES: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| generate(whole()));
    &FILES
}

fn generate(lowered: &Lowered) -> BTreeMap<&'static str, String> {
    let files = omneo_codegen::generate(lowered, Extras::default()).unwrap();
    files.into_iter().collect()
}

#[test]
fn the_table_has_every_operation_of_the_schema_and_no_other() {
    let table = OPERATIONS
        .iter()
        .map(|operation| {
            let route = (operation.method.to_owned(), operation.path.to_owned());
            (route, operation.operation_id.to_owned())
        })
        .collect::<BTreeMap<_, _>>();
    assert_eq!(table.len(), OPERATIONS.len(), "two entries have one route");
    assert_eq!(table, published());
}

#[test]
fn the_table_has_every_query_parameter_of_the_schema() {
    let text = include_str!("../openapi.json");
    let document: Value = serde_json::from_str(text).unwrap();
    for operation in OPERATIONS {
        let published = &document["paths"][operation.path][operation.method.to_lowercase()];
        let names = published["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect::<BTreeSet<_>>();
        let table = operation.query.iter().map(|parameter| parameter.name);
        assert_eq!(table.collect::<BTreeSet<_>>(), names, "{}", operation.id);
    }
}

#[test]
fn every_operation_is_called_by_exactly_one_handle() {
    let files = generated();
    let handles = &files["resources.rs"];
    for operation in OPERATIONS {
        let call = format!(".{}(", operation.id);
        assert_eq!(handles.matches(&call).count(), 1, "{}", operation.id);
    }
    assert_eq!(
        handles.matches("pub async fn ").count() + handles.matches("List::new(").count(),
        published().len(),
        "a handle calls something else"
    );
}

#[test]
fn every_get_that_answers_several_records_is_a_list_and_nothing_else_is() {
    let files = generated();
    let handles = &files["resources.rs"];
    let mut lists = 0;
    for operation in &whole().operations {
        let answers_several = match &operation.answer {
            Answer::Json(ty) => ["Page<", "RawPage<", "List<"]
                .iter()
                .any(|list| ty.starts_with(&format!("::omneo_types::{list}"))),
            _ => false,
        };
        let only_reads = operation.method == "get" && operation.body == Body::None;
        let list = format!("List::new(&self.client, {:?}, ", operation.id);
        let expected = usize::from(answers_several && only_reads);
        assert_eq!(handles.matches(&list).count(), expected, "{}", operation.id);
        lists += expected;
    }
    assert_eq!(handles.matches("List::new(").count(), lists);
    assert!(lists > 100, "{lists}");
}

/// The record and the text of each field in `filters.rs`, without its documentation.
fn fields(filters: &str) -> BTreeSet<(&str, &str)> {
    let mut fields = BTreeSet::new();
    for module in filters.split("fields! { ").skip(1) {
        let record = module.split(' ').nth(1).unwrap();
        let lines = module.lines().filter(|line| line.starts_with("#[doc"));
        fields.extend(lines.map(|line| (record, line.rsplit_once("] ").unwrap().1)));
    }
    fields
}

#[test]
fn every_filter_of_a_list_is_a_field_or_a_search() {
    let files = generated();
    let mut found = BTreeMap::<&str, BTreeSet<&str>>::new();
    for (record, field) in fields(&files["filters.rs"]) {
        let key = field
            .rsplit_once(" = \"")
            .unwrap()
            .1
            .trim_end_matches("\",");
        found.entry(record).or_default().insert(key);
    }
    let mut wanted = BTreeMap::<&str, BTreeSet<&str>>::new();
    for operation in &whole().operations {
        let Answer::Json(answer) = &operation.answer else {
            continue;
        };
        let record = answer
            .strip_suffix('>')
            .and_then(|answer| answer.split_once("Page<types::"));
        let Some((_, record)) = record.filter(|_| operation.method == "get") else {
            continue;
        };
        let names = operation.parameters.iter().map(|p| p.name.as_str());
        let names = names
            .filter(|name| name.starts_with("filter[") || name.ends_with("[]"))
            .filter(|name| *name != "filter[search]")
            .collect::<BTreeSet<_>>();
        if !names.is_empty() {
            wanted.entry(record).or_default().extend(names);
        }
    }
    assert_eq!(found, wanted);
    assert!(wanted.len() > 50, "{}", wanted.len());
}

#[test]
fn every_operation_is_a_method_of_the_bindings() {
    let files = generated();
    let bindings = &files["bindings.rs"];
    for operation in OPERATIONS {
        let method = format!("pub async fn {} <", operation.id);
        assert_eq!(bindings.matches(&method).count(), 1, "{}", operation.id);
    }
}

#[test]
fn the_code_is_the_same_every_time() {
    assert!(*generated() == generate(&lower()));
}

#[test]
fn a_section_has_its_operations_only_and_the_names_of_the_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corrected = Source::read(root).unwrap().correct().unwrap();
    assert!(corrected.tags_without_section().is_empty());
    let whole = corrected.lower(|_| true).unwrap();
    let mut found = 0;
    for section in omneo_codegen::SECTIONS {
        let part = corrected
            .lower(|feature| feature == section.feature)
            .unwrap();
        found += part.operations.len();
        for operation in &part.operations {
            assert!(whole.operations.contains(operation), "{}", operation.id);
        }
        let types = |lowered: &Lowered| {
            let schemas = lowered.document["components"]["schemas"].as_object();
            schemas.unwrap().clone()
        };
        let all = types(&whole);
        for (name, schema) in types(&part) {
            assert_eq!(
                all.get(&name),
                Some(&schema),
                "{name} of {}",
                section.feature
            );
        }
    }
    assert_eq!(found, whole.operations.len());
}

/// The handle, the method and the operation of each call in `resources.rs`, where a method is a line.
fn calls(handles: &str) -> BTreeSet<[String; 3]> {
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
        text[..end.unwrap()].to_owned()
    };
    let mut calls = BTreeSet::new();
    for handle in handles.split("\nimpl ").skip(1) {
        for line in handle.lines() {
            let (method, operation) = if let Some(method) = line.strip_prefix("pub async fn ") {
                (method, method.split_once("{ self.client.").unwrap().1)
            } else if let Some((method, list)) = line.split_once("List::new(&self.client, \"") {
                let call = format!("client.{}(", word(list));
                assert!(list.contains(&call), "{line}");
                (method.strip_prefix("pub fn ").unwrap(), list)
            } else {
                continue;
            };
            calls.insert([word(handle), word(method), word(operation)]);
        }
    }
    calls
}

#[test]
fn calls_and_filters_are_written_alike_in_every_build_that_has_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corrected = Source::read(root).unwrap().correct().unwrap();
    let whole = generated();
    assert_eq!(calls(&whole["resources.rs"]).len(), OPERATIONS.len());
    for section in omneo_codegen::SECTIONS {
        let lowered = corrected.lower(|feature| feature == section.feature);
        let part = generate(&lowered.unwrap());
        let (all, some) = (&whole["resources.rs"], &part["resources.rs"]);
        let (all, some) = (calls(all), calls(some));
        let others = some.difference(&all).collect::<Vec<_>>();
        assert!(others.is_empty(), "{}: {others:#?}", section.feature);
        let (all, some) = (&whole["filters.rs"], &part["filters.rs"]);
        let (all, some) = (fields(all), fields(some));
        let others = some.difference(&all).collect::<Vec<_>>();
        assert!(others.is_empty(), "{}: {others:#?}", section.feature);
    }
}
