//! How an answer is wrapped, told from its schema. The bindings tell it by the same signs.

use serde_json::Value;

use super::operation::Envelope;
use super::pointer::{below, component, follow, is_null};

/// What the schema of an answer says.
pub(super) struct Wrapped {
    pub(super) envelope: Envelope,
    /// A JSON pointer to the schema of the record, or of an item of the list.
    pub(super) content: Option<String>,
    /// The component that it is.
    pub(super) model: Option<String>,
}

/// Reads the schema at a pointer; there is none if the answer has no body.
pub(super) fn read(document: &Value, pointer: &str) -> Wrapped {
    if document.pointer(pointer).is_none() {
        return Wrapped {
            envelope: Envelope::Empty,
            content: None,
            model: None,
        };
    }
    let (envelope, content) = unwrap(document, pointer);
    let model = content.as_deref().and_then(|content| {
        let content = first_branch(document, &follow(document, content));
        component(&content).map(str::to_owned)
    });
    Wrapped {
        envelope,
        content,
        model,
    }
}

fn unwrap(document: &Value, pointer: &str) -> (Envelope, Option<String>) {
    let at = first_branch(document, &follow(document, pointer));
    let Some(schema) = document.pointer(&at) else {
        return (Envelope::Free, None);
    };
    if is_list(schema) {
        return (Envelope::BareList, Some(below(&at, &["items"])));
    }
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return if schema.get("type").is_some() {
            (Envelope::Bare, Some(at))
        } else {
            (Envelope::Free, None)
        };
    };
    let has = |name: &str| properties.contains_key(name);
    let required = schema.get("required").and_then(Value::as_array);
    // One that may lack it is a record of its own.
    let is_wrapper = has("data") && required.is_some_and(|names| names.iter().any(|n| n == "data"));
    let data = below(&at, &["properties", "data"]);
    let real = first_branch(document, &follow(document, &data));
    let list = document
        .pointer(&real)
        .is_some_and(is_list)
        .then(|| below(&real, &["items"]));
    match list {
        Some(items) if is_wrapper && is_raw_page(&has) => (Envelope::RawPage, Some(items)),
        Some(items) if is_wrapper && is_page(document, &at, &has) => (Envelope::Page, Some(items)),
        Some(items) if is_wrapper && properties.len() == 1 => (Envelope::List, Some(items)),
        None if is_wrapper && properties.len() == 1 => (Envelope::One, Some(data)),
        _ => (Envelope::Bare, Some(at)),
    }
}

/// The first that is answered of several forms: the envelope, where it may be left out, and the list, where a map may stand for it.
fn first_branch(document: &Value, pointer: &str) -> String {
    let branches = document
        .pointer(pointer)
        .and_then(|schema| schema.get("anyOf"))
        .and_then(Value::as_array);
    let first = branches
        .into_iter()
        .flatten()
        .position(|branch| !is_null(branch));
    match first {
        Some(index) => follow(document, &below(pointer, &["anyOf", &index.to_string()])),
        None => pointer.to_owned(),
    }
}

fn is_list(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("array")
}

fn is_raw_page(has: &impl Fn(&str) -> bool) -> bool {
    has("current_page") && has("per_page") && has("last_page") && !has("meta")
}

fn is_page(document: &Value, at: &str, has: &impl Fn(&str) -> bool) -> bool {
    let meta = follow(document, &below(at, &["properties", "meta"]));
    let current_page = below(&meta, &["properties", "current_page"]);
    has("links") && has("meta") && document.pointer(&current_page).is_some()
}
