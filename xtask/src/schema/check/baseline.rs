//! What the lowering loses of the schema, against what it is known to lose.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use openapi_lowering::{Change, Report};

use super::{Checked, Findings};

/// Where the baseline is, below the root.
pub(super) const PATH: &str = "xtask/baseline/lowering.txt";

const BLESS: &str = "accept it with `cargo xtask schema check --bless` and commit";

/// The known lossy steps, a line each and sorted. Rules that no type checks are only counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline(Vec<String>);

impl Baseline {
    /// The steps of a report.
    pub fn of(report: &Report) -> Self {
        let mut lines = Vec::new();
        let mut unchecked = BTreeMap::<&str, usize>::new();
        for step in report.steps() {
            if step.change == Change::Widened && step.what.ends_with("not checked") {
                *unchecked.entry(&step.what).or_default() += 1;
            } else {
                lines.push(step.to_string());
            }
        }
        lines.extend(
            unchecked
                .iter()
                .map(|(what, count)| format!("widened: {what}, in {count} schemas")),
        );
        lines.sort();
        Self(lines)
    }

    /// The lines.
    pub fn lines(&self) -> &[String] {
        &self.0
    }

    /// Reads a baseline; a file that is not there is one without steps.
    pub(super) fn read(path: &Path) -> Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self(text.lines().map(str::to_owned).collect())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{} can not be read", path.display())),
        }
    }

    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let text = self.0.iter().map(|line| format!("{line}\n"));
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        folder
            .and_then(|()| fs::write(path, text.collect::<String>()))
            .with_context(|| format!("{} can not be written", path.display()))
    }
}

pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let now = Baseline::of(&checked.lowered.report);
    let known = checked.baseline;
    let mut problems = Vec::new();
    for line in now.0.iter().filter(|line| !known.0.contains(line)) {
        problems.push(format!(
            "the lowering did not lose this before: {line}; correct the schema in corrections.json, or {BLESS}"
        ));
    }
    for line in known.0.iter().filter(|line| !now.0.contains(line)) {
        problems.push(format!(
            "the lowering does not lose this any more: {line}; {BLESS}"
        ));
    }
    Findings::new(problems, format!("{} lossy steps as known", now.0.len()))
}
