//! The schema that another is compared with: of a revision, or in a file.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use omneo_codegen::Source;

/// Reads the schema of a revision with the corrections of that revision, or that of a file with
/// the corrections at hand.
///
/// # Errors
///
/// If `base` is neither a file nor a revision that has the schema.
pub fn read(root: &Path, base: &str) -> Result<Source> {
    let corrections = root.join("corrections.json");
    let at_hand = || {
        std::fs::read(&corrections)
            .with_context(|| format!("{} can not be read", corrections.display()))
    };
    let file = Path::new(base);
    if file.is_file() {
        let schema =
            std::fs::read(file).with_context(|| format!("{} can not be read", file.display()))?;
        return Ok(Source::new(schema, at_hand()?));
    }
    let schema = show(root, base, "openapi.json")?;
    let corrections = match show(root, base, "corrections.json") {
        Ok(corrections) => corrections,
        Err(_) => at_hand()?,
    };
    Ok(Source::new(schema, corrections))
}

/// A file as a revision has it.
fn show(root: &Path, revision: &str, file: &str) -> Result<Vec<u8>> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["show", "--end-of-options", &format!("{revision}:./{file}")])
        .output()
        .context("git can not be run")?;
    if !output.status.success() {
        bail!(
            "`{revision}` is no file, and git has no {file} of a revision of that name: {}",
            String::from_utf8_lossy(&output.stderr)
                .lines()
                .next()
                .unwrap_or_default()
        );
    }
    Ok(output.stdout)
}
