//! Which sections have what: a build of one section lacks the operations of the others, and the
//! types that only those reach.

use anyhow::Result;
use omneo_codegen::{Corrected, SECTIONS};
use openapi_lowering::naming;

use super::{Route, Surface};

/// Sets the features of every operation and type.
pub(super) fn set(surface: &mut Surface, corrected: &Corrected) -> Result<()> {
    for section in SECTIONS {
        let lowered = corrected.lower(|feature| feature == section.feature)?;
        for operation in &lowered.operations {
            let route = Route {
                path: operation.path.clone(),
                method: operation.method.to_uppercase(),
            };
            if let Some(operation) = surface.operations.get_mut(&route) {
                operation.features.insert(section.feature);
            }
        }
        let schemas = lowered.document["components"]["schemas"].as_object();
        for name in schemas.into_iter().flatten().map(|(name, _)| name) {
            if let Some(ty) = surface.types.get_mut(&naming::pascal(name)) {
                ty.features.insert(section.feature);
            }
        }
    }
    Ok(())
}
