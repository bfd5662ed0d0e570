//! What can keep a document from being lowered.

use crate::text::line;

/// Why a document could not be lowered. Every message says where and what, in one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input is no JSON.
    #[error("the document is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The input is JSON, but no OpenAPI document.
    #[error("this is no OpenAPI document: {reason}")]
    NotOpenApi {
        /// What is missing or of the wrong kind.
        reason: String,
    },
    /// Swagger 2.0 has another structure altogether.
    #[error(
        "this is a Swagger {} document; convert it to OpenAPI 3 first, for example with swagger2openapi",
        line(version)
    )]
    Swagger {
        /// The value of the `swagger` field.
        version: String,
    },
    /// An OpenAPI version that this crate does not know.
    #[error("OpenAPI {} is not supported; 3.0.x and 3.1.x are", line(version))]
    Version {
        /// The value of the `openapi` field.
        version: String,
    },
    /// The document is nested deeper than any reader of it could follow.
    #[error(
        "the document is nested more than {limit} levels deep at {}; flatten it or name the inner schemas under /components/schemas",
        line(pointer)
    )]
    TooDeep {
        /// The deepest level that is read.
        limit: usize,
        /// JSON pointer of the first value beyond it.
        pointer: String,
    },
    /// A reference whose target is not in the document.
    #[error(
        "{} refers to `{}`, which is not in the document",
        line(pointer),
        line(target)
    )]
    DanglingReference {
        /// JSON pointer of the reference.
        pointer: String,
        /// Where it leads.
        target: String,
    },
    /// A reference into another document.
    #[error(
        "{} refers to `{}` in another document; bundle the documents into one first",
        line(pointer),
        line(target)
    )]
    ExternalReference {
        /// JSON pointer of the reference.
        pointer: String,
        /// Where it leads.
        target: String,
    },
    /// A chain of references that never arrives.
    #[error(
        "{} refers to `{}` through references that lead back to themselves",
        line(pointer),
        line(target)
    )]
    CircularReference {
        /// JSON pointer of the reference.
        pointer: String,
        /// Where it leads.
        target: String,
    },
    /// A value of the wrong kind.
    #[error("{} is {found}, but should be {expected}", line(pointer))]
    Unexpected {
        /// JSON pointer of the value.
        pointer: String,
        /// What stands there.
        found: &'static str,
        /// What should.
        expected: &'static str,
    },
    /// A path template that no URL can be built from.
    #[error("the path `{}` is no path template: {reason}", line(path))]
    Path {
        /// The template.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

pub(crate) type Result<T> = std::result::Result<T, Error>;
