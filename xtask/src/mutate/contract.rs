//! A run of the contract tests in a copy of the repository.

use std::fmt;
use std::process::{Command, Output};

use anyhow::{Context, Result};

use crate::cargo;
use crate::copy::Copy;

/// How a run ends.
pub(crate) enum Outcome {
    Passed,
    Failed {
        /// The operations whose checks failed.
        operations: Vec<String>,
        /// What was wrong with the first.
        first: String,
    },
    /// The code can't be compiled; with what the compiler says.
    NotCompiled(String),
    /// The tests ended without a verdict; with what they said.
    BrokenOff(String),
}

/// Compiles and runs the contract tests.
pub(crate) fn contract(copy: &Copy) -> Result<Outcome> {
    let compiled = output(test(copy).arg("--no-run"))?;
    if !compiled.status.success() {
        return Ok(Outcome::NotCompiled(text(&compiled.stderr)));
    }
    let ran = output(&mut test(copy))?;
    if ran.status.success() {
        return Ok(Outcome::Passed);
    }
    Ok(failed(&text(&ran.stdout)).unwrap_or_else(|| Outcome::BrokenOff(text(&ran.stderr))))
}

/// One target for all runs, and none of the workspace's: nothing with a mistake may be left where a later build, or
/// whoever runs what was built, could take it for good.
fn test(copy: &Copy) -> Command {
    let mut command = copy.cargo("test");
    command
        .args(["--package", "omneo-api", "--test", "contract"])
        .env("CARGO_TARGET_DIR", copy.path("target"))
        .envs(cargo::ONCE);
    command
}

fn output(command: &mut Command) -> Result<Output> {
    command.output().context("cargo can not be run")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Reads the table that the contract tests print: a row for each operation that failed, then what failed.
fn failed(table: &str) -> Option<Outcome> {
    let is_row = |line: &&str| line.split_whitespace().skip(1).any(|cell| cell == "FAILED");
    let rows = table.lines().filter(is_row);
    let names = rows.filter_map(|row| row.split_whitespace().next());
    let operations = names.filter(|name| !name.ends_with(':'));
    let operations = operations.map(str::to_owned).collect::<Vec<_>>();
    let start = format!("{}: ", operations.first()?);
    let first = table.lines().find_map(|line| line.strip_prefix(&start))?;
    Some(Outcome::Failed {
        first: first.to_owned(),
        operations,
    })
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => f.write_str("no contract test fails"),
            Self::Failed { operations, first } => {
                let count = match operations.len() {
                    1 => "1 operation fails,".to_owned(),
                    count => format!("{count} operations fail, first"),
                };
                let first = first.chars().take(120).collect::<String>();
                write!(f, "{count} {}: {first}", operations[0])
            }
            Self::NotCompiled(why) => write!(f, "the code does not compile\n{why}"),
            Self::BrokenOff(why) => write!(f, "the contract tests broke off\n{why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::failed;

    #[test]
    fn the_operations_that_failed_and_why_are_read_from_the_table() {
        let table = "\
operation            request    answer    errors
profiles_index          3        FAILED        12
profiles_show           4 c2         80    FAILED
profiles_index: answer (flags as text): /data/is_active: \"0\" became true
profiles_show: error 403: it became Refused
request: 3878 requests sent that fit the schema
contract: 610/612 operations
";
        assert_eq!(
            failed(table).unwrap().to_string(),
            "2 operations fail, first profiles_index: answer (flags as text): /data/is_active: \"0\" became true"
        );
    }

    #[test]
    fn a_run_without_a_table_has_no_verdict() {
        assert!(failed("").is_none());
        assert!(failed("thread 'main' panicked: FAILED").is_none());
    }
}
