//! Fuzzing: whatever comes in, no panic.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::root;

/// The targets of `fuzz/`, and the folder with inputs to start from.
pub(crate) const TARGETS: [(&str, &str); 3] = [
    ("lowering", "crates/openapi-lowering/tests/corpus"),
    ("overlay", "fuzz/seeds/overlay"),
    ("types", "fuzz/seeds/types"),
];

/// Runs the targets, each for some seconds; all if none is named.
pub(crate) fn run(seconds: u32, targets: &[String]) -> Result<bool> {
    let version = Command::new("cargo-fuzz")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if !version.is_ok_and(|status| status.success()) {
        bail!("cargo-fuzz is not installed; install it with `cargo install cargo-fuzz`");
    }
    let mut failed = Vec::new();
    for (target, seeds) in TARGETS {
        if !targets.is_empty() && !targets.iter().any(|wanted| wanted == target) {
            continue;
        }
        let fuzz = root().join("fuzz");
        let corpus = fuzz.join("corpus").join(target);
        std::fs::create_dir_all(&corpus)
            .with_context(|| format!("{} can not be made", corpus.display()))?;
        eprintln!("{target}, {seconds} s");
        // Without a sanitizer it needs no nightly toolchain, and there is no `unsafe` to watch.
        let status = Command::new("cargo")
            .current_dir(&fuzz)
            .args(["fuzz", "run", "--sanitizer", "none", target])
            .args([corpus, root().join(seeds)])
            .args(["--", "-dict=seeds/openapi.dict", "-print_final_stats=1"])
            .arg(format!("-max_total_time={seconds}"))
            .status()
            .context("cargo-fuzz can not be started")?;
        if !status.success() {
            failed.push(target);
        }
    }
    match failed.is_empty() {
        true => println!("no panic"),
        false => println!(
            "{} failed; see fuzz/artifacts for the input",
            failed.join(", ")
        ),
    }
    Ok(failed.is_empty())
}
