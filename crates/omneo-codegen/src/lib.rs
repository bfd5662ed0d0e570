#![doc = include_str!("../README.md")]

mod bindings;
mod constructors;
mod contract;
mod derives;
mod filters;
mod lists;
mod mock;
mod open_enums;
mod operations;
mod presence;
mod print;
mod records;
mod resources;
mod schemas;
mod sections;
mod source;
mod unions;

pub use mock::mock;
pub use sections::{SECTIONS, Section};
pub use source::{Corrected, Error, Source, is_timestamp};

use openapi_lowering::Lowered;

/// What the generated code should have besides the types and operations.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Extras {
    /// `schemars::JsonSchema` for every type.
    pub schemars: bool,
}

impl Extras {
    /// With or without `schemars::JsonSchema`.
    #[must_use]
    pub fn schemars(mut self, on: bool) -> Self {
        self.schemars = on;
        self
    }
}

/// The files that a build script writes, by name. All but `contract.rs` are the crate's; that one is its contract tests'.
///
/// # Errors
///
/// If progenitor refuses the lowered document, or an operation finds no place among the handles.
pub fn generate(lowered: &Lowered, extras: Extras) -> Result<[(&'static str, String); 8], Error> {
    Ok([
        ("bindings.rs", bindings::generate(lowered, extras)?),
        ("contract.rs", contract::generate(lowered)),
        ("filters.rs", filters::generate(lowered)),
        ("operations.rs", operations::generate(lowered)),
        ("records.rs", records::generate(lowered)),
        ("resources.rs", resources::generate(lowered)?),
        ("schemas.rs", schemas::generate(lowered)),
        ("unions.rs", unions::generate(lowered)),
    ])
}
