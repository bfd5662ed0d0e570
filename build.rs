//! Makes the crate's Rust from `openapi.json` and `corrections.json`.

use std::path::PathBuf;
use std::{env, fs};

use omneo_codegen::{Extras, Source};

fn main() {
    if let Err(error) = generate() {
        // Cargo shows the lines of an error as they are; a `Result` would be shown as Rust.
        for line in error.to_string().lines() {
            println!("cargo::error={line}");
        }
    }
}

fn generate() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=openapi.json");
    println!("cargo::rerun-if-changed=corrections.json");
    // `omneo-mock` is made of the same two files, and a published crate can't read outside its own folder. By `links`
    // in Cargo.toml, cargo hands what is said here to its build script as `DEP_OMNEO_API_SOURCE`: the folder of the
    // very package that it is compiled with, wherever that lies.
    println!("cargo::metadata=source={}", env::current_dir()?.display());
    let has_feature =
        |name: &str| env::var_os(format!("CARGO_FEATURE_{}", name.to_uppercase())).is_some();

    let corrected = Source::read(".".as_ref())?.correct()?;
    for tag in corrected.tags_without_section() {
        println!(
            "cargo::warning=no section has the tag `{tag}`; its operations are in every build"
        );
    }
    let lowered = corrected.lower(has_feature)?;
    let extras = Extras::default().schemars(has_feature("schemars"));

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    for (name, code) in omneo_codegen::generate(&lowered, extras)? {
        fs::write(out.join(name), code)?;
    }
    Ok(())
}
