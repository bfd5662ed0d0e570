//! The paths as a tree of their segments.

use std::collections::BTreeMap;

use openapi_lowering::table::{Answer, Operation, PathParameter};

/// A place in the tree of paths.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The operations here: HTTP method and index.
    pub(super) operations: BTreeMap<String, usize>,
    pub(super) literals: BTreeMap<String, Node>,
    /// By the parameter's name: one place may have several, `{location}` and `{idType}/{id}`.
    pub(super) parameters: BTreeMap<String, (PathParameter, Node)>,
    /// Whether the `GET` here answers a list.
    pub(super) lists: bool,
}

impl Node {
    pub(super) fn new(operations: &[Operation]) -> Self {
        let mut root = Self::default();
        for (index, operation) in operations.iter().enumerate() {
            let mut node = &mut root;
            for segment in segments(&operation.path) {
                node = match parameter(segment, operation) {
                    Some(parameter) => {
                        let place = node.parameters.entry(parameter.name.clone());
                        &mut place
                            .or_insert_with(|| (parameter.clone(), Self::default()))
                            .1
                    }
                    None => node.literals.entry(segment.to_owned()).or_default(),
                };
            }
            node.operations.insert(operation.method.clone(), index);
            node.lists |= operation.method == "get" && is_list(&operation.answer);
        }
        root
    }

    /// Whether anything but parameters' own operations lies below.
    pub(super) fn is_scope(&self) -> bool {
        !self.literals.is_empty()
    }
}

/// The segments of a path below the API's version.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let is_version = |segment: &str| {
        segment
            .strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    path.split('/')
        .enumerate()
        .filter(move |(at, segment)| !(segment.is_empty() || *at == 1 && is_version(segment)))
        .map(|(_, segment)| segment)
}

/// The parameter that a whole segment is.
fn parameter<'o>(segment: &str, operation: &'o Operation) -> Option<&'o PathParameter> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    operation
        .path_parameters
        .iter()
        .find(|parameter| parameter.name == name)
}

fn is_list(answer: &Answer) -> bool {
    let Answer::Json(rust_type) = answer else {
        return false;
    };
    ["Page<", "List<", "Vec<"].iter().any(|list| {
        rust_type.split("::").any(|part| part.ends_with(list)) || rust_type.contains(list)
    }) && !rust_type.contains("Data<")
}
