//! The index: which members are in it, and the form in which values are compared.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::record::Record;

/// Members, besides those that end in `_id`, that records are looked up by. Few, since each costs a row for every record that has it.
const INDEXED: [&str; 12] = [
    "barcode",
    "code",
    "email",
    "external_code",
    "handle",
    "identifier",
    "mobile_phone",
    "order_number",
    "receipt_ref",
    "sku",
    "status",
    "uuid",
];

/// Whether equality on a member is found by an index: `handle`, `email`, `external_id` and their like, and every member whose name ends in `_id`.
pub(crate) fn is_indexed(member: &str) -> bool {
    member.ends_with("_id") || INDEXED.contains(&member)
}

/// The text by which a value is compared: without ASCII case, a number as its text, a boolean as 1 or 0; nothing for null, lists and maps.
pub(super) fn normal(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::Bool(flag) => Some(u8::from(*flag).to_string()),
        Value::Number(number) => {
            let text = number.to_string();
            Some(match text.strip_suffix(".0") {
                Some(whole) => whole.to_owned(),
                None => text,
            })
        }
        Value::String(text) => Some(text.to_ascii_lowercase()),
    }
}

/// The rows of a record in the index: member and value.
pub(super) fn terms(record: &Record) -> BTreeSet<(&str, String)> {
    record
        .iter()
        .filter(|(member, _)| is_indexed(member))
        .filter_map(|(member, value)| Some((member.as_str(), normal(value)?)))
        .collect()
}
