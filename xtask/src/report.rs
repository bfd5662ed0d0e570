//! What the lowering loses of Omneo's schema, and what the bindings cost to build.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use omneo_codegen::{Extras, SECTIONS, Source};
use openapi_lowering::{Change, Lowered};
use xtask::schema::check::Baseline;

use crate::{cargo, root};

pub(crate) fn run(build: bool) -> Result<bool> {
    let corrected = Source::read(root())?.correct()?;
    println!(
        "corrections: {} actions, all needed",
        corrected.applied().actions.len()
    );
    for tag in corrected.tags_without_section() {
        println!("no section has the tag `{tag}`");
    }
    let all = corrected.lower(|_| true)?;
    let incentives = corrected.lower(|feature| feature == "incentives")?;
    println!();
    let loses_nothing = print_steps(&all);
    println!();
    println!(
        "{:<12} {:>10} {:>6} {:>9}",
        "sections", "operations", "types", "lines"
    );
    for (name, lowered) in [("all", &all), ("incentives", &incentives)] {
        let generated = omneo_codegen::generate(lowered, Extras::default())?;
        println!(
            "{name:<12} {:>10} {:>6} {:>9}",
            lowered.operations.len(),
            lowered.document["components"]["schemas"]
                .as_object()
                .map_or(0, serde_json::Map::len),
            lines(&generated)?,
        );
    }
    if build {
        println!();
        let sections = SECTIONS
            .iter()
            .map(|section| section.feature)
            .collect::<Vec<_>>();
        for (name, features) in [("all", &sections[..]), ("incentives", &["incentives"])] {
            let cost = cost(features)?;
            println!(
                "{name:<12} build script {:>5.1} s, omneo-api {:>5.1} s",
                cost.script.as_secs_f64(),
                cost.compile.as_secs_f64(),
            );
        }
    }
    Ok(loses_nothing)
}

/// Prints every lossy step.
fn print_steps(lowered: &Lowered) -> bool {
    for line in Baseline::of(&lowered.report).lines() {
        println!("{line}");
    }
    let dropped = lowered.report.count(Change::Dropped);
    let free = lowered.report.count(Change::FreeJson);
    println!("{dropped} dropped, {free} became free JSON");
    dropped == 0
}

/// The lines of the generated code as rustfmt would break them: those of the file itself are as
/// long as a module.
fn lines(generated: &[(&str, String)]) -> Result<usize> {
    let folder = cargo::target().join("report");
    fs::create_dir_all(&folder)?;
    let mut lines = 0;
    for (name, code) in generated
        .iter()
        .filter(|(name, _)| !matches!(*name, "contract.rs" | "operations.rs"))
    {
        let file = folder.join(name);
        fs::write(&file, code)?;
        let formatted = Command::new("rustfmt")
            .args(["--edition", "2024", "--emit", "stdout", "--quiet"])
            .arg(&file)
            .stderr(Stdio::null())
            .output()
            .context("rustfmt can not be run")?;
        lines += formatted
            .stdout
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
    }
    Ok(lines)
}

struct Cost {
    script: Duration,
    compile: Duration,
}

/// Builds omneo-api in a dev build of its own, with its dependencies built before.
fn cost(features: &[&str]) -> Result<Cost> {
    let target = cargo::target().join("report-target");
    let build = || -> Result<Duration> {
        let started = Instant::now();
        let status = cargo::command()
            .args([
                "build",
                "--quiet",
                "--package",
                "omneo-api",
                "--no-default-features",
            ])
            .args(["--features", &features.join(",")])
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_INCREMENTAL", "0")
            .status()
            .context("cargo can not be run")?;
        if !status.success() {
            bail!("omneo-api does not build with {}", features.join(", "));
        }
        Ok(started.elapsed())
    };
    build()?;
    // A newer source file makes cargo compile the crate anew, and leave its build script alone.
    let library = root().join("src/lib.rs");
    fs::File::options()
        .append(true)
        .open(&library)?
        .set_modified(SystemTime::now())?;
    let compile = build()?;
    let script = run_build_script(&target, features)?;
    Ok(Cost { script, compile })
}

/// Runs the newest build script by itself, as cargo would.
fn run_build_script(target: &Path, features: &[&str]) -> Result<Duration> {
    let mut scripts = Vec::new();
    for entry in fs::read_dir(target.join("debug/build"))? {
        let entry = entry?;
        let script = entry.path().join("build-script-build");
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with("omneo-api-")
            && script.exists()
        {
            scripts.push((script.metadata()?.modified()?, script));
        }
    }
    let (_, script) = scripts
        .into_iter()
        .max()
        .context("there is no build script")?;
    let out = target.join("report-out");
    fs::create_dir_all(&out)?;
    let mut command = Command::new(script);
    command
        .current_dir(root())
        .env("OUT_DIR", out)
        .stdout(Stdio::null());
    for feature in features {
        command.env(format!("CARGO_FEATURE_{}", feature.to_uppercase()), "1");
    }
    let started = Instant::now();
    if !command.status()?.success() {
        bail!("the build script fails");
    }
    Ok(started.elapsed())
}
