//! What a caller of the generated crate can name: its methods, its types and their fields, read
//! from the very code that the build script writes.

mod features;
mod handles;
mod operations;
mod origins;
mod rust;
mod types;

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};

use anyhow::{Context, Result, anyhow, bail};
use omneo_codegen::{Corrected, Extras};
use openapi_lowering::Lowered;
use syn::Item;

pub use handles::Handle;
pub(crate) use handles::shown_call;
pub use operations::{Operation, Part};
pub use rust::{Method, RustType};
pub use types::{Field, Shape, Type};

/// What a caller of the generated crate can name, with all sections built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    /// The operations, by route.
    pub operations: BTreeMap<Route, Operation>,
    /// The types, by name.
    pub types: BTreeMap<String, Type>,
    /// The handles, by name.
    pub handles: BTreeMap<String, Handle>,
}

/// A method and a path: what an operation is, whatever it is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The path template.
    pub path: String,
    /// The HTTP method in capitals.
    pub method: String,
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Surface {
    /// Lowers and generates a corrected schema, and reads what came out.
    ///
    /// # Errors
    ///
    /// If the schema can't be lowered, or no code can be made of it.
    pub fn read(corrected: &Corrected) -> Result<Self> {
        let lowered = corrected.lower(|_| true)?;
        let files = generate(&lowered)?;
        let bindings = parse(&files, "bindings.rs")?;
        let resources = parse(&files, "resources.rs")?;

        let mut types = BTreeMap::new();
        for item in &bindings {
            if let Item::Mod(module) = item
                && module.ident == "types"
                && let Some((_, items)) = &module.content
            {
                types = types::read(items, &lowered);
            }
        }
        let methods = operations::bindings(&bindings);
        let handles = handles::read(&resources, &methods.keys().cloned().collect());
        let mut surface = Self {
            operations: operations::read(&lowered, methods, &handles),
            types,
            handles,
        };
        let (found, all) = (surface.operations.len(), lowered.operations.len());
        if found != all {
            bail!(
                "{found} of {all} operations are found in the generated handles; see surface/handles.rs"
            );
        }
        origins::set(&mut surface, &lowered);
        features::set(&mut surface, corrected)?;
        Ok(surface)
    }

    /// How a caller calls an operation: `api.profile(…).rewards().list()`.
    pub fn call(&self, operation: &Operation) -> String {
        let chain = self
            .handles
            .get(&operation.handle)
            .map_or("", |handle| handle.chain.as_str());
        format!("{chain}.{}", shown_call(&operation.call))
    }
}

/// The generated files, by name.
///
/// # Errors
///
/// If no code can be made of the lowered schema.
pub fn generate(lowered: &Lowered) -> Result<BTreeMap<&'static str, String>> {
    // progenitor panics on what it does not take.
    let files = panic::catch_unwind(AssertUnwindSafe(|| {
        omneo_codegen::generate(lowered, Extras::default())
    }))
    .map_err(|_| anyhow!("progenitor panicked on the lowered schema"))??;
    Ok(files.into())
}

/// The items of a generated file.
///
/// # Errors
///
/// If the file is missing or is no Rust.
pub fn parse(files: &BTreeMap<&'static str, String>, name: &str) -> Result<Vec<Item>> {
    let code = files
        .get(name)
        .with_context(|| format!("no {name} is generated"))?;
    let file = syn::parse_file(code).with_context(|| format!("{name} is no Rust"))?;
    Ok(file.items)
}
