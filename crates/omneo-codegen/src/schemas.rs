//! A macro that names every component schema and its type, for tests that go over all of them.

use std::fmt::Write;

use openapi_lowering::Lowered;

pub(crate) fn generate(lowered: &Lowered) -> String {
    let mut arms = String::new();
    for (name, type_name) in &lowered.schemas {
        let _ = writeln!(arms, "{name:?} => $crate::types::{type_name},");
    }
    format!(
        "/// Calls a macro with `\"Name\" => Type,` for each component schema of this build.\n\
         #[doc(hidden)]\n\
         #[macro_export]\n\
         macro_rules! for_each_schema {{\n\
         ($callback:ident) => {{ $callback! {{ {arms} }} }};\n\
         }}\n"
    )
}
