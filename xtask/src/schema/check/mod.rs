//! Whether the project still fits its schema.
//!
//! Each check goes over the schema as the build script reads it, and says of what does not fit what
//! to do about it.

mod baseline;
mod corrections;
mod handles;
mod repeat;
mod sections;

use std::path::Path;

use anyhow::Result;
use omneo_codegen::{Corrected, Source};
use openapi_lowering::Lowered;

pub use baseline::Baseline;

/// What a check finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What does not fit, and what to do about it; a line each.
    pub problems: Vec<String>,
    /// What fits, in a few words.
    pub good: String,
}

/// What every check sees.
pub struct Checked<'a> {
    /// The schema with the corrections that fit.
    pub corrected: &'a Corrected,
    /// All of it, lowered.
    pub lowered: &'a Lowered,
    /// The lossy steps that are known.
    pub baseline: &'a Baseline,
}

/// Every check; one more is one line more. Each reads the schema, none the network.
const CHECKS: &[fn(&Checked<'_>) -> Findings] = &[
    corrections::check,
    sections::check,
    baseline::check,
    handles::check,
    repeat::check,
];

/// Checks the schema in a folder; with `bless`, accepts what the lowering loses of it from now on.
///
/// # Errors
///
/// If the schema can't be read or lowered, or the baseline can't be read or written.
pub fn check(root: &Path, bless: bool) -> Result<Findings> {
    let corrected = Source::read(root)?.correct_where_fitting()?;
    let lowered = corrected.lower(|_| true)?;
    let path = root.join(baseline::PATH);
    if bless {
        Baseline::of(&lowered.report).write(&path)?;
    }
    let baseline = Baseline::read(&path)?;
    let checked = Checked {
        corrected: &corrected,
        lowered: &lowered,
        baseline: &baseline,
    };
    let mut all = Findings::default();
    let mut good = Vec::new();
    for check in CHECKS {
        let findings = check(&checked);
        match findings.problems.is_empty() {
            true => good.push(findings.good),
            false => all.problems.extend(findings.problems),
        }
    }
    all.good = good.join(", ");
    Ok(all)
}

impl Findings {
    fn good(text: String) -> Self {
        Self {
            problems: Vec::new(),
            good: text,
        }
    }

    fn new(problems: Vec<String>, good: String) -> Self {
        Self { problems, good }
    }

    /// All that was found in one line.
    pub fn summary(&self) -> String {
        match self.problems.len() {
            0 => format!("the schema fits: {}", self.good),
            1 => "the schema does not fit: 1 problem".to_owned(),
            several => format!("the schema does not fit: {several} problems"),
        }
    }
}
