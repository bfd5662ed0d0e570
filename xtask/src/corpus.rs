//! Every document of a folder, lowered, generated, and compiled as a module of one crate.

use std::fmt::Write as _;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use openapi_lowering::{Change, Lowered, Options};
use progenitor::Generator;

use crate::cargo;

struct Row {
    name: String,
    outcome: std::result::Result<Lowered, String>,
}

pub(crate) fn run(folder: &Path) -> Result<bool> {
    let mut files = fs::read_dir(folder)
        .with_context(|| format!("{} can not be read", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    if files.is_empty() {
        bail!("there is no JSON document in {}", folder.display());
    }
    let krate = cargo::target().join("corpus");
    let source = krate.join("src");
    if source.exists() {
        fs::remove_dir_all(&source)?;
    }
    fs::create_dir_all(&source)?;

    let mut library = String::from("#![allow(warnings)]\n");
    let mut rows = Vec::new();
    for file in &files {
        let name = file
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        let outcome = generate(file).and_then(|(lowered, code)| {
            let module = openapi_lowering::naming::snake(&format!("doc {name}"));
            writeln!(library, "pub mod {module};").map_err(|error| error.to_string())?;
            fs::write(source.join(format!("{module}.rs")), code)
                .map_err(|error| error.to_string())?;
            Ok(lowered)
        });
        rows.push(Row { name, outcome });
    }
    fs::write(source.join("lib.rs"), library)?;
    fs::write(krate.join("Cargo.toml"), manifest())?;
    let compiled = compile(&krate)?;
    print(&rows, compiled);
    Ok(compiled && rows.iter().all(|row| row.outcome.is_ok()))
}

fn generate(file: &Path) -> std::result::Result<(Lowered, String), String> {
    let json = fs::read(file).map_err(|error| error.to_string())?;
    let lowered =
        openapi_lowering::lower(&json, &Options::default()).map_err(|error| error.to_string())?;
    // progenitor panics on what it does not take; the table says so.
    let code = panic::catch_unwind(AssertUnwindSafe(|| {
        let document = serde_json::from_value(lowered.document.clone())?;
        anyhow::Ok(Generator::default().generate_tokens(&document)?.to_string())
    }));
    match code {
        Ok(Ok(code)) => Ok((lowered, code)),
        Ok(Err(error)) => Err(format!("progenitor: {error}")),
        Err(_) => Err("progenitor panicked".to_owned()),
    }
}

fn manifest() -> String {
    // A workspace of its own, with the dependencies that progenitor's code has.
    "[package]
name = \"corpus\"
version = \"0.0.0\"
edition = \"2024\"
publish = false

[dependencies]
bytes = \"1\"
chrono = { version = \"0.4\", features = [\"serde\"] }
futures-core = \"0.3\"
progenitor-client = \"0.15\"
regress = \"0.12\"
reqwest = { version = \"0.13\", default-features = false, features = [\"json\", \"query\", \"stream\"] }
serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
uuid = { version = \"1\", features = [\"serde\"] }

[profile.dev]
debug = false

[workspace]
"
    .to_owned()
}

fn compile(krate: &PathBuf) -> Result<bool> {
    // The repository's lock file pins what both have in common.
    let lock = krate.join("Cargo.lock");
    if !lock.exists() {
        fs::copy(crate::root().join("Cargo.lock"), lock)?;
    }
    let status = cargo::command()
        .current_dir(krate)
        .args(["check", "--quiet"])
        .env("CARGO_TARGET_DIR", cargo::target().join("corpus-target"))
        .stdin(Stdio::null())
        .status()
        .context("cargo can not be run")?;
    Ok(status.success())
}

fn print(rows: &[Row], compiled: bool) {
    println!(
        "{:<44} {:>10} {:>6} {:>9} {:>7} {:>7}  outcome",
        "document", "operations", "types", "free JSON", "dropped", "changed"
    );
    let mut free_json = 0;
    for row in rows {
        match &row.outcome {
            Ok(lowered) => {
                let count = |change| lowered.report.count(change);
                free_json += count(Change::FreeJson);
                println!(
                    "{:<44} {:>10} {:>6} {:>9} {:>7} {:>7}  {}",
                    row.name,
                    lowered.operations.len(),
                    lowered.document["components"]["schemas"]
                        .as_object()
                        .map_or(0, serde_json::Map::len),
                    count(Change::FreeJson),
                    count(Change::Dropped),
                    count(Change::Changed),
                    if compiled { "compiles" } else { "generated" },
                );
            }
            Err(error) => println!("{:<44} {error}", row.name),
        }
    }
    for row in rows {
        for step in row
            .outcome
            .iter()
            .flat_map(|lowered| lowered.report.steps())
        {
            if matches!(step.change, Change::FreeJson | Change::Dropped) {
                println!("{}: {step}", row.name);
            }
        }
    }
    let good = rows.iter().filter(|row| row.outcome.is_ok()).count();
    println!(
        "{good}/{} documents lowered and generated, {}; {free_json} schemas became free JSON",
        rows.len(),
        if compiled {
            "all of them compile"
        } else {
            "not all of them compile"
        },
    );
}
