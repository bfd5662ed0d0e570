//! Operations that list.

use openapi_lowering::table::{Answer, Body, Operation};

/// What an operation lists.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Listed<'o> {
    /// The Rust type of a record.
    pub(crate) record: &'o str,
    /// How a `Page` is made of what the binding returns.
    pub(crate) page: &'static str,
}

/// What the operation lists, if it is one that only reads and answers several records.
pub(crate) fn listed(operation: &Operation) -> Option<Listed<'_>> {
    let (Answer::Json(answer), Body::None, "get") =
        (&operation.answer, &operation.body, &*operation.method)
    else {
        return None;
    };
    let (list, record) = answer
        .strip_prefix("::omneo_types::")?
        .strip_suffix('>')?
        .split_once('<')?;
    let page = match list {
        "Page" => "ResponseValue::into_inner",
        "RawPage" | "List" => "|answer| Page::from(answer.into_inner())",
        _ => return None,
    };
    Some(Listed { record, page })
}
