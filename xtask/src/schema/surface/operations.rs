//! The operations: what each is called by, and what it takes and answers.

use std::collections::{BTreeMap, BTreeSet};

use openapi_lowering::Lowered;
use openapi_lowering::table::Body;
use syn::{ImplItem, Item, Visibility};

use super::handles::Handle;
use super::rust::Method;
use super::{Route, RustType};

/// An operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The `operationId` of the schema.
    pub operation_id: Option<String>,
    /// Where the schema describes it, as a JSON pointer.
    pub pointer: String,
    /// The method of `Client` that calls it.
    pub binding: Method,
    /// The handle that has it.
    pub handle: String,
    /// The handle's method.
    pub call: Method,
    /// Its query parameters, and whether each is required.
    pub parameters: BTreeMap<String, bool>,
    /// The parts of its multipart body.
    pub parts: BTreeMap<String, Part>,
    /// The sections in whose builds it is.
    pub features: BTreeSet<&'static str>,
}

/// A part of a multipart body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whether a request without it is refused.
    pub required: bool,
    /// Whether it is a file.
    pub is_file: bool,
}

/// The methods of the bindings' `Client`, by name.
pub(super) fn bindings(items: &[Item]) -> BTreeMap<String, Method> {
    let blocks = items.iter().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    blocks
        .flat_map(|block| &block.items)
        .filter_map(|item| match item {
            ImplItem::Fn(method)
                if method.sig.asyncness.is_some()
                    && matches!(method.vis, Visibility::Public(_)) =>
            {
                let method = Method::new(&method.sig, &BTreeSet::new());
                Some((method.name.clone(), method))
            }
            _ => None,
        })
        .collect()
}

pub(super) fn read(
    lowered: &Lowered,
    mut bindings: BTreeMap<String, Method>,
    handles: &BTreeMap<String, Handle>,
) -> BTreeMap<Route, Operation> {
    let calls = handles
        .iter()
        .flat_map(|(name, handle)| {
            let calls = handle.calls.iter();
            calls.map(move |(binding, call)| (binding.as_str(), (name, call)))
        })
        .collect::<BTreeMap<_, _>>();
    let operations = lowered.operations.iter().filter_map(|operation| {
        let (handle, call) = calls.get(operation.id.as_str())?;
        let parts = match &operation.body {
            Body::Multipart(parts) => parts.as_slice(),
            _ => &[],
        };
        let part = |part: &openapi_lowering::table::Part| {
            let rules = Part {
                required: part.required,
                is_file: part.is_file,
            };
            (part.name.clone(), rules)
        };
        let route = Route {
            path: operation.path.clone(),
            method: operation.method.to_uppercase(),
        };
        Some((
            route,
            Operation {
                operation_id: operation.operation_id.clone(),
                pointer: operation.pointer.clone(),
                binding: bindings.remove(&operation.id)?,
                handle: (*handle).clone(),
                call: (*call).clone(),
                parameters: operation
                    .parameters
                    .iter()
                    .map(|parameter| (parameter.name.clone(), parameter.required))
                    .collect(),
                parts: parts.iter().map(part).collect(),
                features: BTreeSet::new(),
            },
        ))
    });
    operations.collect()
}

impl Operation {
    /// The types of what a caller passes.
    pub(crate) fn sent(&self) -> impl Iterator<Item = &RustType> {
        self.binding.arguments.iter().chain(&self.call.arguments)
    }

    /// The types of what a caller gets.
    pub(crate) fn read(&self) -> impl Iterator<Item = &RustType> {
        [&self.binding.returns, &self.call.returns].into_iter()
    }
}
