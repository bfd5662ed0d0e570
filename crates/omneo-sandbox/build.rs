//! Hands the crate the corrected schema that `omneo-api` is made of.

use std::path::PathBuf;
use std::{env, fs};

use omneo_codegen::Source;

fn main() {
    if let Err(error) = hand_on() {
        // Cargo shows the lines of an error as they are; a `Result` would be shown as Rust.
        for line in error.to_string().lines() {
            println!("cargo::error={line}");
        }
    }
}

fn hand_on() -> Result<(), Box<dyn std::error::Error>> {
    // The folder of `omneo-api`, by that package's `links`: its build script says where it is.
    let source = env::var_os("DEP_OMNEO_API_SOURCE")
        .map(PathBuf::from)
        .ok_or("the build script of omneo-api does not say where the schema is; use the version of it that belongs to this omneo-sandbox")?;
    for file in ["openapi.json", "corrections.json"] {
        println!("cargo::rerun-if-changed={}", source.join(file).display());
    }
    let corrected = Source::read(&source)?.correct()?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    fs::write(
        out.join("openapi.json"),
        serde_json::to_vec(corrected.document())?,
    )?;
    Ok(())
}
