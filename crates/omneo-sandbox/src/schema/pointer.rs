//! JSON pointers into the document, and following its references.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

/// What a JSON pointer may hold as the fragment of a URI.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'~')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

/// Appends tokens to a JSON pointer.
pub(super) fn below(pointer: &str, tokens: &[&str]) -> String {
    tokens.iter().fold(pointer.to_owned(), |mut below, token| {
        below.push('/');
        below.push_str(&token.replace('~', "~0").replace('/', "~1"));
        below
    })
}

/// The tokens of a JSON pointer.
pub(super) fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// A pointer as the fragment of a URI.
pub(super) fn fragment(pointer: &str) -> String {
    utf8_percent_encode(pointer, FRAGMENT).to_string()
}

/// The pointer of a URI's fragment.
pub(super) fn of_fragment(fragment: &str) -> String {
    percent_decode_str(fragment)
        .decode_utf8_lossy()
        .into_owned()
}

/// Where a schema really is: references, and an `allOf` or a nullable `anyOf` of one schema, are followed.
pub(super) fn follow(document: &Value, pointer: &str) -> String {
    let mut pointer = pointer.to_owned();
    // Longer than any way there is, and the end of one that goes in a circle.
    for _ in 0..16 {
        let Some(schema) = document.pointer(&pointer) else {
            break;
        };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            pointer = reference.trim_start_matches('#').to_owned();
        } else if let Some(keyword) = ["allOf", "anyOf", "oneOf"]
            .into_iter()
            .find(|keyword| schema.get(keyword).is_some())
        {
            let branches = schema[keyword].as_array().map(Vec::as_slice);
            let mut branches = branches.unwrap_or_default().iter().enumerate();
            let mut real = branches.by_ref().filter(|(_, branch)| !is_null(branch));
            match (real.next(), real.next()) {
                (Some((index, _)), None) => {
                    pointer = below(&pointer, &[keyword, &index.to_string()]);
                }
                _ => break,
            }
        } else {
            break;
        }
    }
    pointer
}

/// Whether a schema takes null alone.
pub(super) fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// The name of the component that a pointer names.
pub(super) fn component(pointer: &str) -> Option<&str> {
    let name = pointer.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then_some(name)
}
