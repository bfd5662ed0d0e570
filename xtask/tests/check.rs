//! Whether the project fits its schema, and what is said where it does not.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::schema::check::check;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A folder with the project's schema, corrections and baseline, changed.
fn folder(change: impl FnOnce(&mut Value, &mut Value)) -> TempDir {
    let read = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(root().join(name)).unwrap()).unwrap()
    };
    let (mut schema, mut corrections) = (read("openapi.json"), read("corrections.json"));
    change(&mut schema, &mut corrections);
    let folder = TempDir::new().unwrap();
    for (name, contents) in [("openapi.json", schema), ("corrections.json", corrections)] {
        fs::write(folder.path().join(name), contents.to_string()).unwrap();
    }
    let baseline = "xtask/baseline/lowering.txt";
    fs::create_dir_all(folder.path().join("xtask/baseline")).unwrap();
    fs::copy(root().join(baseline), folder.path().join(baseline)).unwrap();
    folder
}

fn first_operation(schema: &mut Value) -> &mut Value {
    let path = schema["paths"].as_object_mut().unwrap();
    let item = path.values_mut().next().unwrap().as_object_mut().unwrap();
    item.values_mut().next().unwrap()
}

#[test]
fn the_project_fits_its_schema() {
    let findings = check(root(), false).unwrap();
    assert_eq!(findings.problems, Vec::<String>::new());
    let summary = findings.summary();
    assert!(summary.starts_with("the schema fits: "), "{summary}");
    for part in [
        "corrections needed",
        "lossy steps as known",
        "reached by handles",
    ] {
        assert!(summary.contains(part), "{summary}");
    }
}

#[test]
fn what_does_not_fit_is_named_with_what_to_do() {
    let folder = folder(|schema, corrections| {
        first_operation(schema)["tags"] = json!(["Brand New"]);
        schema["components"]["schemas"]["Webhook"]["properties"]["never"] = json!(false);
        let title = schema["info"]["title"].clone();
        let actions = corrections["actions"].as_array_mut().unwrap();
        actions.push(json!({"target": "$.components.schemas.Gone", "remove": true}));
        actions.push(json!({"target": "$.info", "update": {"title": title}}));
    });
    let findings = check(folder.path(), false).unwrap();
    let problems = findings.problems.join("\n");
    for said in [
        "with target `$.components.schemas.Gone` matches nothing; find where",
        "with target `$.info` is no longer needed: the document already says so; take it out of corrections.json",
        "no section has the tag `Brand New`, so its operations are in every build; add it",
        "the lowering did not lose this before: dropped: /components/schemas/Webhook/properties/never",
    ] {
        assert!(problems.contains(said), "no {said:?} in {problems}");
    }
    let summary = findings.summary();
    let count = findings.problems.len();
    assert_eq!(
        summary,
        format!("the schema does not fit: {count} problems")
    );
}

#[test]
fn what_is_blessed_is_known_from_then_on() {
    let folder = folder(|schema, _| {
        schema["components"]["schemas"]["Webhook"]["properties"]["never"] = json!(false);
    });
    assert_eq!(check(folder.path(), false).unwrap().problems.len(), 1);
    assert_eq!(check(folder.path(), true).unwrap().problems.len(), 0);
    assert_eq!(check(folder.path(), false).unwrap().problems.len(), 0);

    fs::copy(
        root().join("openapi.json"),
        folder.path().join("openapi.json"),
    )
    .unwrap();
    let problems = check(folder.path(), false).unwrap().problems;
    let said = "the lowering does not lose this any more: dropped: /components/schemas/Webhook";
    assert!(
        problems.len() == 1 && problems[0].starts_with(said),
        "{problems:?}"
    );
}

#[test]
fn the_command_ends_with_one_line_and_fails_where_something_does_not_fit() {
    let folder = folder(|schema, _| first_operation(schema)["tags"] = json!(["Brand New"]));
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["schema", "check", "--root"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let problems = String::from_utf8(output.stderr).unwrap();
    assert!(problems.contains("`Brand New`"), "{problems}");
    let summary = String::from_utf8(output.stdout).unwrap();
    assert!(
        summary.starts_with("the schema does not fit: "),
        "{summary}"
    );
    assert_eq!(summary.lines().count(), 1, "{summary}");
}
