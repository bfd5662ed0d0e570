//! Operations, read from the document's paths.

use http::Method;
use serde_json::Value;

use super::envelope;
use super::pointer::{below, follow};

/// An operation of the schema.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its place in [`Schema::operations`](super::Schema::operations).
    pub(crate) index: usize,
    /// `rewards.index`.
    pub(crate) id: String,
    pub(crate) method: Method,
    /// `/v3/rewards/{reward}`.
    pub(crate) path: String,
    /// The names in braces, in their order.
    pub(crate) parameters: Vec<String>,
    /// What the body is, if there is one.
    pub(crate) body: Option<Body>,
    /// The status of a success.
    pub(crate) status: u16,
    /// The form of a success.
    pub(crate) envelope: Envelope,
    /// The component schema of what is answered, or of an item of the list: `Reward`. Its kind in the store.
    pub(crate) model: Option<String>,
    /// A JSON pointer to the schema of what is answered without its envelope, or of an item of the list.
    pub(crate) content: Option<String>,
    /// Whether it takes `page[size]`: then also a list without links is one page of many.
    pub(crate) is_paged: bool,
}

/// The body of a request.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) media: Media,
    /// A JSON pointer to its schema in the document.
    pub(crate) schema: String,
    /// The members that the schema names.
    pub(crate) members: Vec<String>,
}

/// How a body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    Form,
    Multipart,
}

/// How an answer is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// `{data: {..}}`
    One,
    /// `{data: [..]}`
    List,
    /// `{data: [..], links, meta}`
    Page,
    /// Laravel's own page: `{current_page, data, ..}`
    RawPage,
    /// `{..}`
    Bare,
    /// `[..]`
    BareList,
    /// No body.
    Empty,
    /// A body that the schema says nothing of: free JSON, or text.
    Free,
}

const MEDIA: [(&str, Media); 3] = [
    ("application/json", Media::Json),
    ("application/x-www-form-urlencoded", Media::Form),
    ("multipart/form-data", Media::Multipart),
];

/// All operations of a document.
pub(super) fn all(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in members(document.get("paths")) {
        for (method, operation) in members(Some(item)) {
            let method = method.to_ascii_uppercase();
            let (Ok(method), Some(id)) = (
                Method::from_bytes(method.as_bytes()),
                operation.get("operationId").and_then(Value::as_str),
            ) else {
                continue;
            };
            let pointer = below("/paths", &[path, &method.as_str().to_ascii_lowercase()]);
            let index = operations.len();
            operations.push(read(document, index, id, method, path, &pointer, operation));
        }
    }
    operations
}

fn read(
    document: &Value,
    index: usize,
    id: &str,
    method: Method,
    path: &str,
    pointer: &str,
    operation: &Value,
) -> Operation {
    let status = members(operation.get("responses"))
        .filter_map(|(status, _)| status.parse().ok())
        .find(|status| (200..300).contains(status))
        .unwrap_or(200);
    let answer = envelope::read(document, &answer_pointer(pointer, status));
    let parameters = path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(str::to_owned)
        .collect();
    let queries = operation.get("parameters").and_then(Value::as_array);
    let is_paged = queries.into_iter().flatten().any(|parameter| {
        parameter.get("in").and_then(Value::as_str) == Some("query")
            && parameter.get("name").and_then(Value::as_str) == Some("page[size]")
    });
    Operation {
        index,
        id: id.to_owned(),
        method,
        path: path.to_owned(),
        parameters,
        body: body(document, pointer, operation),
        status,
        envelope: answer.envelope,
        model: answer.model,
        content: answer.content,
        is_paged,
    }
}

/// A JSON pointer to the schema of an answer that has a body.
pub(super) fn answer_pointer(operation: &str, status: u16) -> String {
    let tokens = [
        "responses",
        &status.to_string(),
        "content",
        "application/json",
        "schema",
    ];
    below(operation, &tokens)
}

/// A JSON pointer to an operation.
pub(super) fn operation_pointer(operation: &Operation) -> String {
    let method = operation.method.as_str().to_ascii_lowercase();
    below("/paths", &[&operation.path, &method])
}

fn body(document: &Value, pointer: &str, operation: &Value) -> Option<Body> {
    let body = operation.get("requestBody")?;
    let content = body.get("content")?;
    let (name, media) = MEDIA.iter().find(|(name, _)| content.get(name).is_some())?;
    let schema = below(pointer, &["requestBody", "content", name, "schema"]);
    let real = document.pointer(&follow(document, &schema));
    Some(Body {
        media: *media,
        members: members(real.and_then(|schema| schema.get("properties")))
            .map(|(name, _)| name.to_owned())
            .collect(),
        schema,
    })
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}
