//! Batches against a server that fails at random: the test of the same name, for as long as is asked for.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::cargo;

/// Prints a line for each seed, and the sum at the end.
pub(crate) fn run(seeds: u64, records: u64) -> Result<bool> {
    let arguments = "test --quiet --release --package omneo --test batch -- \
                     soak::as_told --exact --ignored --nocapture";
    let mut child = cargo::command()
        .args(arguments.split_whitespace())
        .env("SOAK_SEEDS", seeds.to_string())
        .env("SOAK_RECORDS", records.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo can not be run")?;
    let out = child.stdout.take().context("cargo has no output")?;
    let sum = format!("{seeds} seeds, ");
    let mut last = None;
    for line in BufReader::new(out).lines() {
        let line = line.context("the output can not be read")?;
        match line.starts_with(&sum) {
            true => last = Some(line),
            // The rest is the test harness's.
            false if line.starts_with("seed ") || line.starts_with("all: ") => println!("{line}"),
            false => {}
        }
    }
    let is_ok = child.wait()?.success();
    let last = last.context("the soak test ended before its end; see above")?;
    println!("{last}");
    Ok(is_ok)
}
