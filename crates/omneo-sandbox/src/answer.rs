//! What a rule answers.

use serde_json::Value;

use crate::record::Record;

/// A successful answer; the engine renders records by the operation's schema and puts them into its envelope.
#[derive(Debug)]
pub(crate) enum Answer {
    /// One record.
    One(Record),
    /// Records of a list that has no pages, or of which this is all: it is paged if the operation's envelope has pages.
    Many(Vec<Record>),
    /// Records of one page.
    Page {
        /// The records of the page.
        records: Vec<Record>,
        /// How many there are on all pages.
        total: u64,
        /// The page, from 1.
        number: u64,
        /// How many records a page has.
        size: u64,
    },
    /// JSON that goes out as it is, with the operation's status.
    Json(Value),
    /// A value under `data`, as it is.
    Data(Value),
    /// No content.
    Empty,
}

/// Why a request is not done. It undoes all that the request changed.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// 401.
    Unauthenticated,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 422: messages by field, `items.0.quantity` for what is nested.
    Invalid(Vec<(String, String)>),
    /// Another status, with a message.
    Status(u16, String),
    /// 500: the sandbox's own failure.
    Internal(String),
}

impl Refusal {
    /// 422 for one field.
    pub(crate) fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![(field.into(), message.into())])
    }

    /// 422, as Laravel says it of a value that names no record.
    pub(crate) fn unknown(field: impl Into<String>) -> Self {
        let field = field.into();
        let message = format!("The selected {} is invalid.", field.replace('_', " "));
        Self::invalid(field, message)
    }
}

impl From<crate::store::StoreError> for Refusal {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Internal(error.to_string())
    }
}
