//! The rehearsal of a new schema, with the compiler.

use std::fs;

use anyhow::{Context, Result, bail};
use omneo_codegen::Source;
use serde_json::Value;
use xtask::schema::diff::{Diff, Side};
use xtask::schema::rehearsal::rehearsals;

use crate::copy::Copy;
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
    let copy = Copy::of_the_repository("rehearsal")?;
    copy.write("openapi.json", serde_json::to_vec(document)?)?;
    let status = copy
        .cargo("check")
        .args(["--package", "omneo-api", "--package", "omneo-mock"])
        // What both have in common is compiled already.
        .env("CARGO_TARGET_DIR", cargo::target())
        .status()
        .context("cargo can not be run")?;
    if !status.success() {
        bail!("the bindings or mocks of the changed schema do not compile");
    }
    Ok(())
}
