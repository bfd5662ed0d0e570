//! Real answers and requests through the generated types: the test target of the same name, on a
//! folder of the caller's.

use std::path::Path;

use anyhow::{Context, Result};

use crate::cargo;

pub(crate) fn run(folder: &Path) -> Result<bool> {
    let folder = folder
        .canonicalize()
        .with_context(|| format!("{} can not be read", folder.display()))?;
    let status = cargo::command()
        .args([
            "test",
            "--quiet",
            "--package",
            "omneo-api",
            "--test",
            "payloads",
            "--",
        ])
        .arg(folder)
        .status()
        .context("cargo can not be run")?;
    Ok(status.success())
}
