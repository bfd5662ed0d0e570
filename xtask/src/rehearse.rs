//! The rehearsal of a new schema, with the compiler.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use omneo_codegen::Source;
use serde_json::Value;
use xtask::schema::diff::{Diff, Side};
use xtask::schema::rehearsal::rehearsals;

use crate::{cargo, root};

pub(crate) fn run() -> Result<bool> {
    let source = Source::read(root())?;
    let side = Side::read(&source)?;
    let all = rehearsals(&side, &source.correct()?)?;
    let mut document = side.published.clone();
    for rehearsal in &all {
        rehearsal.apply(&mut document)?;
    }
    let corrections = fs::read(root().join("corrections.json"))?;
    let changed = Source::new(serde_json::to_vec(&document)?, corrections);
    let diff = Diff::between(&side, &Side::read(&changed)?);
    println!("{}", diff.text());
    let mut good = true;
    for rehearsal in &all {
        for missing in rehearsal.missing(&diff) {
            println!("{}, which is not in the diff: {missing:?}", rehearsal.what);
            good = false;
        }
    }
    compile(&document)?;
    println!("the bindings and mocks of the changed schema compile");
    Ok(good)
}

/// Compiles a copy of the repository that has another schema and no other difference.
fn compile(document: &Value) -> Result<()> {
    let copy = cargo::target().join("rehearsal");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    fs::create_dir_all(&copy)?;
    for entry in fs::read_dir(root())? {
        let entry = entry?;
        let name = entry.file_name();
        // Neither builds nor history belong to it.
        if name != "target" && !name.to_string_lossy().starts_with('.') {
            copy_all(&entry.path(), &copy.join(name))?;
        }
    }
    fs::write(copy.join("openapi.json"), serde_json::to_vec(document)?)?;
    let status = cargo::command()
        .current_dir(&copy)
        .args(["check", "--quiet", "--locked"])
        .args(["--package", "omneo-api", "--package", "omneo-mock"])
        // What both have in common is compiled already.
        .env("CARGO_TARGET_DIR", cargo::target())
        .stdin(Stdio::null())
        .status()
        .context("cargo can not be run")?;
    fs::remove_dir_all(&copy)?;
    if !status.success() {
        bail!("the bindings or mocks of the changed schema do not compile");
    }
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy_all(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else {
        fs::copy(from, to)?;
    }
    Ok(())
}
