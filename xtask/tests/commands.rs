//! The commands as a developer runs them.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use support::{CORRECTIONS, schema};
use tempfile::TempDir;

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .current_dir(folder)
        .args([
            "-c",
            "user.name=Test",
            "-c",
            "user.email=test@example.invalid",
        ])
        .args(arguments)
        .output()
        .unwrap()
        .status;
    assert!(status.success(), "git {arguments:?}");
}

/// A repository whose working tree has an operation renamed since its commit.
fn repository() -> TempDir {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    fs::write(path.join("openapi.json"), schema().to_string()).unwrap();
    fs::write(path.join("corrections.json"), CORRECTIONS).unwrap();
    git(path, &["init", "--quiet"]);
    git(path, &["add", "."]);
    git(
        path,
        &["commit", "--quiet", "--no-gpg-sign", "--message", "Schema"],
    );
    let mut changed = schema();
    changed["paths"]["/v3/rewards"]["get"]["operationId"] = json!("rewards.list");
    fs::write(path.join("openapi.json"), changed.to_string()).unwrap();
    folder
}

fn diff(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["schema", "diff", "--root"])
        .arg(folder.path())
        .args(arguments)
        .output()
        .unwrap()
}

#[track_caller]
fn printed(output: Output) -> String {
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

const RENAMED: &str = "renamed binding Client::rewards_index to Client::rewards_list";

#[test]
fn the_working_tree_is_compared_with_the_last_commit() {
    let folder = repository();
    let text = printed(diff(&folder, &[]));
    assert!(text.contains(RENAMED), "{text}");
    let summary = text.lines().last().unwrap();
    assert!(summary.starts_with("1 breaking, 0 compatible"), "{summary}");
    assert!(
        summary.ends_with("minor while the version is 0.x, major from 1.0 on"),
        "{summary}"
    );
}

#[test]
fn another_revision_or_a_file_may_be_the_base() {
    let folder = repository();
    git(
        folder.path(),
        &[
            "commit",
            "--quiet",
            "--no-gpg-sign",
            "--all",
            "--message",
            "Renamed",
        ],
    );
    assert_eq!(printed(diff(&folder, &[])), "no difference\n");
    let text = printed(diff(&folder, &["--base", "HEAD~1"]));
    assert!(text.contains(RENAMED), "{text}");

    let file = folder.path().join("old.json");
    fs::write(&file, schema().to_string()).unwrap();
    let text = printed(diff(&folder, &["--base", file.to_str().unwrap()]));
    assert!(text.contains(RENAMED), "{text}");
}

#[test]
fn a_base_that_is_neither_is_named() {
    for base in ["no-such-thing", "--output=/dev/null"] {
        let output = diff(&repository(), &[&format!("--base={base}")]);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8(output.stderr).unwrap();
        let named = format!("`{base}` is no file, and git has no openapi.json of a revision");
        assert!(said.starts_with(&named), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn the_forms_for_machines_and_release_notes_have_the_same_change() {
    let folder = repository();
    let json: Value = serde_json::from_str(&printed(diff(&folder, &["--json"]))).unwrap();
    assert_eq!(json["changes"][0]["name"], "Client::rewards_index");
    let markdown = printed(diff(&folder, &["--markdown"]));
    assert!(markdown.starts_with("## Breaking\n"), "{markdown}");
    let both = diff(&folder, &["--json", "--markdown"]);
    assert_eq!(both.status.code(), Some(2));
}

fn bindings(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("bindings")
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_bindings_are_printed_formatted_and_filtered() {
    let all = printed(bindings(&["--section", "lists"]));
    let some = printed(bindings(&["--section", "lists", "Reservation"]));
    for code in [&all, &some] {
        assert!(syn::parse_file(code).is_ok());
        assert!(code.contains("    pub mod types {\n"), "not formatted");
        assert!(code.contains("Reservation"));
    }
    assert!(some.len() * 4 < all.len());
    let method_lines = some.lines().filter(|line| line.contains("pub async fn "));
    assert!(method_lines.count() > 0);
}

#[test]
fn a_filter_that_nothing_has_in_its_name_is_an_error() {
    let output = bindings(&["--section", "lists", "nothing_is_called_so"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        said,
        "no type or method has `nothing_is_called_so` in its name\n"
    );
    assert_eq!(bindings(&["--section", "none"]).status.code(), Some(2));
}
