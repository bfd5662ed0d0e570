//! Handles: the operations as a tree of resources, made from their paths.
//!
//! A literal of a path is a resource, a parameter a scope: `/v3/rewards` is `api.rewards()`, and
//! `/v3/profiles/{profile}/rewards` is `api.profile(id).rewards()`. A handle has `list`, `get`,
//! `create`, `update` and `delete` only where the schema has the operation; what is none of these
//! is a method named after the last segment of its path.

mod emit;
mod plan;
mod tree;

use std::collections::BTreeSet;

use openapi_lowering::Lowered;

use crate::Error;

pub(crate) fn generate(lowered: &Lowered) -> Result<String, Error> {
    let tree = tree::Node::new(&lowered.operations);
    let handles = plan::handles(&tree);
    let reached = handles
        .iter()
        .flat_map(|handle| &handle.methods)
        .filter_map(|method| match method.target {
            plan::Target::Operation(index) => Some(index),
            plan::Target::Handle(_) => None,
        })
        .collect::<BTreeSet<_>>();
    let unreached = lowered
        .operations
        .iter()
        .enumerate()
        .filter(|(index, _)| !reached.contains(index))
        .map(|(_, operation)| operation.id.clone())
        .collect::<Vec<_>>();
    if !unreached.is_empty() {
        return Err(Error::Unreached(unreached));
    }
    Ok(emit::handles(&handles, &lowered.operations))
}
