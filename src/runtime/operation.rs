//! What the schema says of an operation and the generated method does not: the table is generated, the types are here.

use super::path;

/// One operation of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The generated method's name, in snake case; also what errors call the operation.
    pub id: &'static str,
    /// The `operationId` as published.
    pub operation_id: &'static str,
    /// The HTTP method in capitals.
    pub method: &'static str,
    /// The path template, such as `/v3/rewards/{reward}`.
    pub path: &'static str,
    /// The first tag, which the documentation groups by.
    pub tag: &'static str,
    /// The query parameters; they are passed through [`RequestOptions`](super::RequestOptions).
    pub query: &'static [Parameter],
    /// What the request carries.
    pub body: Body,
    /// What a success carries.
    pub answer: Answer,
    /// Templates of the same method that the server prefers when a path parameter happens to be one of their literals.
    pub shadowed_by: &'static [&'static str],
}

impl Operation {
    /// The operation called `id` in a table sorted by [`id`](Operation::id).
    #[must_use]
    pub fn find(table: &'static [Operation], id: &str) -> Option<&'static Operation> {
        table
            .binary_search_by(|operation| operation.id.cmp(id))
            .ok()
            .map(|index| &table[index])
    }

    /// The operation that the server takes a request for: the one whose template fits the path, with a literal before a
    /// parameter. The path is as in [`path`](Operation::path), with parameters filled in and percent-encoded.
    #[must_use]
    pub fn matching(
        table: &'static [Operation],
        method: &str,
        path: &str,
    ) -> Option<&'static Operation> {
        let fits =
            |operation: &&Operation| operation.method == method && path::fits(operation.path, path);
        // Literals count from the left, as in the server's router.
        table.iter().filter(fits).min_by_key(|operation| {
            let segments = operation.path.split('/');
            segments
                .map(|segment| segment.contains('{'))
                .collect::<Vec<_>>()
        })
    }
}

/// A query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name as it is sent, such as `page[size]`.
    pub name: &'static str,
    /// The type of its value.
    pub kind: ParameterKind,
    /// Whether a request without it is refused.
    pub required: bool,
    /// The schema's text.
    pub description: &'static str,
}

impl Parameter {
    /// Whether a query pair called `key` is this parameter or a member of it: `filter[name]` is one of `filter`.
    pub(super) fn is_given_by(&self, key: &str) -> bool {
        let name = self.name.trim_end_matches("[]");
        key.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    }
}

/// The type of a query parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // JSON Schema's names
pub enum ParameterKind {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

/// What an operation's request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// JSON, an argument of the generated method.
    Json,
    /// A URL-encoded form, an argument of the generated method.
    Form,
    /// Text, an argument of the generated method.
    Text,
    /// Bytes, an argument of the generated method.
    Binary,
    /// Parts, passed as [`RequestOptions::multipart`](super::RequestOptions::multipart).
    Multipart(&'static [Part]),
}

/// What an operation's success carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing that counts.
    Nothing,
    /// JSON, which is read whole.
    Json,
    /// Bytes or text, handed on piece by piece.
    Raw,
}

/// A part that a multipart operation knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The part's name.
    pub name: &'static str,
    /// Whether a request without it is refused.
    pub required: bool,
    /// Whether it is a file rather than text.
    pub is_file: bool,
    /// The schema's text.
    pub description: &'static str,
}

#[cfg(test)]
mod tests {
    use super::{Operation, Parameter, ParameterKind};
    use crate::runtime::testing::operation;

    #[test]
    fn an_operation_is_found_by_its_id() {
        let table: &'static [Operation] = Box::leak(Box::new(
            ["a_index", "b_index", "c_index"].map(|id| operation(id, "GET", "/a")),
        ));
        for one in table {
            assert_eq!(Operation::find(table, one.id), Some(one));
        }
        assert_eq!(Operation::find(table, "b"), None);
        assert_eq!(Operation::find(&[], "a_index"), None);
    }

    #[test]
    fn a_path_belongs_to_the_template_with_the_earliest_literal() {
        let table: &'static [Operation] = Box::leak(Box::new(
            [
                "/v3/{model}/definitions",
                "/v3/rewards",
                "/v3/rewards/definitions",
                "/v3/rewards/{reward}",
                "/v3/profiles/{profile}/attributes/custom/{namespace}:{handle}",
            ]
            .map(|path| operation(path, "GET", path)),
        ));
        let found = |path| Operation::matching(table, "GET", path).map(|found| found.path);
        for (path, template) in [
            ("/v3/rewards/definitions", Some("/v3/rewards/definitions")),
            ("/v3/rewards/7", Some("/v3/rewards/{reward}")),
            ("/v3/points/definitions", Some("/v3/{model}/definitions")),
            (
                "/v3/profiles/7/attributes/custom/a:b",
                Some("/v3/profiles/{profile}/attributes/custom/{namespace}:{handle}"),
            ),
            ("/v3/profiles/7/attributes/custom/a", None),
            ("/v3/rewards/", None),
            ("/v3/rewards/7/8", None),
            ("", None),
        ] {
            assert_eq!(found(path), template, "{path}");
        }
        assert_eq!(Operation::matching(table, "POST", "/v3/rewards"), None);
    }

    #[test]
    fn members_of_a_parameter_count_as_the_parameter() {
        let parameter = |name| Parameter {
            name,
            kind: ParameterKind::String,
            required: true,
            description: "",
        };
        assert!(parameter("filter").is_given_by("filter[expires_at][gte]"));
        assert!(parameter("ids[]").is_given_by("ids[0]"));
        assert!(parameter("ids[]").is_given_by("ids"));
        assert!(parameter("page[size]").is_given_by("page[size]"));
        assert!(!parameter("page[size]").is_given_by("page[number]"));
        assert!(!parameter("source").is_given_by("source_id"));
    }
}
