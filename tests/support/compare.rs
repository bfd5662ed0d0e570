//! Whether what was encoded says what was sent.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::knowledge::Knowledge;

/// A request has to come back as it was, but for values that the caller takes for the same.
pub(crate) fn request(
    sent: &Value,
    encoded: &Value,
    is_same: fn(&Value, &Value) -> bool,
) -> Vec<String> {
    let mut problems = Vec::new();
    same(sent, encoded, is_same, "", &mut problems);
    problems
}

fn same(
    sent: &Value,
    encoded: &Value,
    is_same: fn(&Value, &Value) -> bool,
    at: &str,
    problems: &mut Vec<String>,
) {
    match (sent, encoded) {
        (Value::Object(sent), Value::Object(encoded)) => {
            let mut keys = sent.keys().chain(encoded.keys()).collect::<Vec<_>>();
            keys.sort();
            keys.dedup();
            for key in keys {
                let at = format!("{at}/{key}");
                match (sent.get(key), encoded.get(key)) {
                    (Some(sent), Some(encoded)) => same(sent, encoded, is_same, &at, problems),
                    (Some(sent), None) => problems.push(format!("{at}: {sent} was lost")),
                    (None, encoded) => problems.push(format!("{at}: {encoded:?} was made up")),
                }
            }
        }
        (Value::Array(sent), Value::Array(encoded)) if sent.len() == encoded.len() => {
            for (index, (sent, encoded)) in sent.iter().zip(encoded).enumerate() {
                same(sent, encoded, is_same, &format!("{at}/{index}"), problems);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        _ if sent == encoded || is_same(sent, encoded) => {}
        _ => problems.push(format!("{at}: {sent} became {encoded}")),
    }
}

/// Of an answer every field that the schema knows has to come back, in whatever form the tolerant
/// types write it, and nothing else.
pub(crate) fn answer(
    sent: &Value,
    encoded: &Value,
    known: &Knowledge,
    schema: &Value,
) -> Vec<String> {
    let mut problems = Vec::new();
    alike(
        sent,
        encoded,
        known,
        std::slice::from_ref(schema),
        "",
        &mut problems,
    );
    problems
}

fn alike(
    sent: &Value,
    encoded: &Value,
    known: &Knowledge,
    schemas: &[Value],
    at: &str,
    problems: &mut Vec<String>,
) {
    match (sent, encoded) {
        (Value::Object(sent), Value::Object(encoded)) => {
            for (key, sent) in sent {
                let at = format!("{at}/{key}");
                let schemas = schemas
                    .iter()
                    .flat_map(|schema| known.property(schema, key))
                    .collect::<Vec<_>>();
                match encoded.get(key) {
                    Some(encoded) => alike(sent, encoded, known, &schemas, &at, problems),
                    None if sent.is_null() || schemas.is_empty() || is_empty(sent) => {}
                    None => problems.push(format!("{at}: {sent} was lost")),
                }
            }
            let made_up = encoded.iter().filter(|(key, _)| !sent.contains_key(*key));
            problems
                .extend(made_up.map(|(key, encoded)| format!("{at}/{key}: {encoded} was made up")));
        }
        (Value::Object(sent), Value::Array(_)) if numbered(sent).is_some() => {
            let sent = numbered(sent).unwrap_or_default();
            alike(&sent.into(), encoded, known, schemas, at, problems);
        }
        (Value::Array(sent), Value::Array(encoded)) if sent.len() == encoded.len() => {
            let schemas = schemas
                .iter()
                .flat_map(|schema| known.item(schema))
                .collect::<Vec<_>>();
            for (index, (sent, encoded)) in sent.iter().zip(encoded).enumerate() {
                let at = format!("{at}/{index}");
                alike(sent, encoded, known, &schemas, &at, problems);
            }
        }
        _ if sent == encoded || scalar(sent) == scalar(encoded) && scalar(sent).is_some() => {}
        (Value::Object(_), Value::String(encoded)) if of_php(sent).as_ref() == Some(encoded) => {}
        _ if is_empty(sent) && is_empty(encoded) => {}
        _ => problems.push(format!("{at}: {sent} became {encoded}")),
    }
}

/// The items of a list that was sent as an object because it has gaps.
fn numbered(members: &Map<String, Value>) -> Option<Vec<Value>> {
    let items = members
        .iter()
        .map(|(key, item)| Some((key.parse::<u64>().ok()?, item.clone())))
        .collect::<Option<BTreeMap<_, _>>>()?;
    Some(items.into_values().collect())
}

/// A scalar in the form that all its spellings share.
fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::Bool(flag) => return Some(u8::from(*flag).to_string()),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    Some(match text.parse::<f64>() {
        Ok(number) => number.to_string(),
        Err(_) => text,
    })
}

/// The text that PHP's own form of a point in time comes back as; not by the reader that is tested.
fn of_php(sent: &Value) -> Option<String> {
    let date = sent.get("date")?.as_str()?;
    let date = match date.contains('.') {
        true => date.trim_end_matches('0').trim_end_matches('.'),
        false => date,
    };
    Some(match sent.get("timezone").and_then(Value::as_str) {
        None => date.to_owned(),
        Some("UTC") => format!("{}Z", date.replace(' ', "T")),
        Some(zone) if zone.starts_with(['+', '-']) => format!("{}{zone}", date.replace(' ', "T")),
        Some(zone) => format!("{date} {zone}"),
    })
}

/// What PHP sends for a map without entries.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}
