//! From a method and a path to an operation: a tree of the paths' segments.
//!
//! As Laravel does, a route is sought among those of the method: `DELETE /v3/rewards/definitions` is the removal of a reward of that name, for there is
//! no other route with that method.

use std::collections::BTreeMap;

use http::Method;
use percent_encoding::percent_decode_str;

use super::operation::Operation;

/// Where a request goes.
#[derive(Debug)]
pub(crate) enum Route<'s> {
    /// To this operation, with these values of its parameters, percent-decoded, in their order.
    Found(&'s Operation, Vec<String>),
    /// The path is there, with these methods.
    MethodNotAllowed(Vec<Method>),
    /// No such path.
    NotFound,
}

/// The tree; its nodes are named by their place.
pub(super) struct Router {
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    literals: BTreeMap<Box<str>, usize>,
    parameter: Option<usize>,
    /// The operations whose path ends here.
    operations: Vec<(Method, usize)>,
}

impl Router {
    pub(super) fn new(operations: &[Operation]) -> Self {
        let mut router = Self {
            nodes: vec![Node::default()],
        };
        for operation in operations {
            let end = operation
                .path
                .trim_matches('/')
                .split('/')
                .fold(0, |node, segment| router.child(node, segment));
            if let Some(node) = router.nodes.get_mut(end) {
                node.operations
                    .push((operation.method.clone(), operation.index));
            }
        }
        router
    }

    /// The node below one for a segment, made if it isn't there.
    fn child(&mut self, node: usize, segment: &str) -> usize {
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(node) else {
            return 0;
        };
        let child = if segment.starts_with('{') {
            *node.parameter.get_or_insert(next)
        } else {
            *node.literals.entry(segment.into()).or_insert(next)
        };
        if child == next {
            self.nodes.push(Node::default());
        }
        child
    }

    pub(super) fn route<'s>(
        &self,
        operations: &'s [Operation],
        method: &Method,
        path: &str,
    ) -> Route<'s> {
        let Some(path) = path.strip_prefix('/') else {
            return Route::NotFound;
        };
        let path = path.strip_suffix('/').unwrap_or(path);
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        if let Some((index, mut values)) = self.find(0, Some(path), method) {
            values.reverse();
            return match operations.get(index) {
                Some(operation) => Route::Found(operation, values),
                None => Route::NotFound,
            };
        }
        let mut methods = Vec::new();
        self.methods(0, Some(path), &mut methods);
        if methods.is_empty() {
            Route::NotFound
        } else {
            Route::MethodNotAllowed(methods)
        }
    }

    /// The operation below a node, and the values of the parameters on the way, the last first: nothing is kept before it is known that there is one.
    fn find(
        &self,
        node: usize,
        rest: Option<&str>,
        method: &Method,
    ) -> Option<(usize, Vec<String>)> {
        let node = self.nodes.get(node)?;
        let Some(rest) = rest else {
            let mut operations = node.operations.iter();
            let (_, index) = operations.find(|(known, _)| known == method)?;
            return Some((*index, Vec::new()));
        };
        let (segment, rest) = first(rest)?;
        if let Some(found) = node
            .literal(segment)
            .and_then(|child| self.find(child, rest, method))
        {
            return Some(found);
        }
        let (index, mut values) = self.find(node.parameter?, rest, method)?;
        values.push(percent_decode_str(segment).decode_utf8_lossy().into_owned());
        Some((index, values))
    }

    /// The methods of all operations that a path leads to.
    fn methods(&self, node: usize, rest: Option<&str>, methods: &mut Vec<Method>) {
        let Some(node) = self.nodes.get(node) else {
            return;
        };
        let Some(rest) = rest else {
            for (method, _) in &node.operations {
                if !methods.contains(method) {
                    methods.push(method.clone());
                }
            }
            return;
        };
        let Some((segment, rest)) = first(rest) else {
            return;
        };
        for child in node.literal(segment).into_iter().chain(node.parameter) {
            self.methods(child, rest, methods);
        }
    }
}

impl Node {
    fn literal(&self, segment: &str) -> Option<usize> {
        if segment.contains('%') {
            let segment = percent_decode_str(segment).decode_utf8_lossy();
            return self.literals.get(&*segment).copied();
        }
        self.literals.get(segment).copied()
    }
}

/// The first segment and what follows it; none if it is empty.
fn first(path: &str) -> Option<(&str, Option<&str>)> {
    let (segment, rest) = match path.split_once('/') {
        Some((segment, rest)) => (segment, Some(rest)),
        None => (path, None),
    };
    (!segment.is_empty()).then_some((segment, rest))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use proptest::prelude::*;

    use super::Route;
    use crate::schema::SCHEMA;

    fn route(method: &Method, path: &str) -> Option<(String, Vec<String>)> {
        match SCHEMA.route(method, path) {
            Route::Found(operation, values) => Some((operation.id.clone(), values)),
            _ => None,
        }
    }

    fn get(path: &str) -> Option<(String, Vec<String>)> {
        route(&Method::GET, path)
    }

    #[test]
    fn every_operation_is_found_by_its_own_path() {
        assert_eq!(SCHEMA.operations().len(), 612);
        for operation in SCHEMA.operations() {
            let mut path = operation.path.clone();
            let mut expected = Vec::new();
            for (index, parameter) in operation.parameters.iter().enumerate() {
                path = path.replace(&format!("{{{parameter}}}"), &format!("value%20{index}"));
                expected.push(format!("value {index}"));
            }
            let found = route(&operation.method, &path);
            assert_eq!(found, Some((operation.id.clone(), expected)), "{path}");
        }
    }

    #[test]
    fn a_literal_segment_wins_over_a_parameter() {
        assert_eq!(
            get("/v3/rewards/definitions").map(|found| found.0),
            Some("rewards.definitions.index".to_owned())
        );
        assert_eq!(
            get("/v3/users/me"),
            Some(("users.me".to_owned(), Vec::new()))
        );
        assert_eq!(
            get("/v3/%75sers/me"),
            Some(("users.me".to_owned(), Vec::new()))
        );
    }

    #[test]
    fn a_literal_that_leads_nowhere_is_taken_for_a_parameter() {
        let found = route(&Method::DELETE, "/v3/rewards/definitions");
        let expected = ("rewards.destroy".to_owned(), vec!["definitions".to_owned()]);
        assert_eq!(found, Some(expected));
    }

    #[test]
    fn an_encoded_slash_stays_in_its_value() {
        let found = get("/v3/rewards/a%2Fb%C3%A9");
        assert_eq!(found.map(|found| found.1), Some(vec!["a/bé".to_owned()]));
    }

    #[test]
    fn a_slash_at_the_end_is_ignored_and_an_empty_segment_is_none() {
        assert!(get("/v3/rewards/").is_some());
        for path in ["", "/", "//", "/v3/rewards//", "/v3//rewards", "v3/rewards"] {
            assert!(get(path).is_none(), "{path}");
        }
    }

    #[test]
    fn another_method_is_not_allowed() {
        let Route::MethodNotAllowed(methods) = SCHEMA.route(&Method::PATCH, "/v3/rewards") else {
            panic!("no such route");
        };
        assert_eq!(methods, [Method::GET, Method::POST]);
        assert!(matches!(
            SCHEMA.route(&Method::GET, "/v3/nothing/of/the/sort"),
            Route::NotFound
        ));
    }

    #[test]
    fn head_goes_where_get_does() {
        assert_eq!(route(&Method::HEAD, "/v3/rewards"), get("/v3/rewards"));
    }

    proptest! {
        #[test]
        fn any_path_is_routed(path in "(/v3|/health)?(/(rewards|profiles|me|[^/]{0,4}|%[0-9a-f%]{0,3})){0,9}/?") {
            for method in [Method::GET, Method::DELETE] {
                let _ = SCHEMA.route(&method, &path);
            }
        }
    }
}
