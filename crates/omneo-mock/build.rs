//! Makes the crate's Rust from the schema that `omneo-api` is made of.

use std::path::PathBuf;
use std::{env, fs};

use omneo_codegen::Source;

fn main() {
    if let Err(error) = generate() {
        // Cargo shows the lines of an error as they are; a `Result` would be shown as Rust.
        for line in error.to_string().lines() {
            println!("cargo::error={line}");
        }
    }
}

fn generate() -> Result<(), Box<dyn std::error::Error>> {
    // The folder of `omneo-api`, by that package's `links`: its build script says where it is.
    let source = env::var_os("DEP_OMNEO_API_SOURCE")
        .map(PathBuf::from)
        .ok_or("the build script of omneo-api does not say where the schema is; use the version of it that belongs to this omneo-mock")?;
    for file in ["openapi.json", "corrections.json"] {
        println!("cargo::rerun-if-changed={}", source.join(file).display());
    }
    let has_feature =
        |name: &str| env::var_os(format!("CARGO_FEATURE_{}", name.to_uppercase())).is_some();

    let corrected = Source::read(&source)?.correct()?;
    let lowered = corrected.lower(has_feature)?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    for (name, code) in omneo_codegen::mock(&corrected, &lowered) {
        fs::write(out.join(name), code)?;
    }
    Ok(())
}
