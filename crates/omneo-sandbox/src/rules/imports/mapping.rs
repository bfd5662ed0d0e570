//! From headings and cells to a body.

use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::record::{Record, RecordExt, text};

/// The deepest that a heading nests, and the longest list that it makes.
const DEEPEST: usize = 8;
const LONGEST: usize = 100;

/// The `mapping_fields` of a body: a map of texts.
///
/// # Errors
///
/// 422 for what is no map in JSON.
pub(super) fn read(body: &Record) -> Result<Record, Refusal> {
    let given = body.text("mapping_fields").unwrap_or_default();
    match json(&given, "mapping_fields")? {
        Value::Object(mapping) => Ok(mapping),
        _ => Err(not_json("mapping_fields")),
    }
}

/// A text that is JSON.
pub(super) fn json(given: &str, field: &str) -> Result<Value, Refusal> {
    serde_json::from_str(given).map_err(|_| not_json(field))
}

fn not_json(field: &str) -> Refusal {
    let name = field.replace('_', " ");
    Refusal::invalid(field, format!("The {name} must be a valid JSON string."))
}

/// The member of each heading, none for one that is not mapped.
///
/// # Errors
///
/// 422 for a mapping that names no heading of the file.
pub(super) fn members(
    mapping: &Record,
    headings: &[String],
) -> Result<Vec<Option<String>>, Refusal> {
    let by_heading = |heading: &String| mapping.get(heading).and_then(text);
    let by_member = |heading: &String| {
        let mut pairs = mapping.iter();
        pairs
            .find(|(_, column)| text(column).as_ref() == Some(heading))
            .map(|(member, _)| member.clone())
    };
    let is_heading_first = mapping.keys().all(|key| headings.contains(key));
    let members: Vec<_> = headings
        .iter()
        .map(|heading| match is_heading_first {
            true => by_heading(heading),
            false => by_member(heading),
        })
        .collect();
    match members.iter().all(Option::is_none) {
        true => Err(Refusal::invalid(
            "mapping_fields",
            "The mapping fields name no heading of the file.",
        )),
        false => Ok(members),
    }
}

/// The body that the cells of a row make; a cell that is empty is left out. `items.0.sku` nests.
pub(super) fn body(members: &[Option<String>], cells: &[Value]) -> Record {
    let mut body = Value::Object(Map::new());
    for (member, cell) in members.iter().zip(cells) {
        let cell = cell.as_str().unwrap_or_default();
        if let Some(member) = member
            && !cell.is_empty()
            && !member.is_empty()
        {
            let path: Vec<_> = member.split('.').collect();
            if path.len() <= DEEPEST {
                put(&mut body, &path, cell);
            }
        }
    }
    match body {
        Value::Object(body) => body,
        _ => Record::new(),
    }
}

fn put(at: &mut Value, path: &[&str], cell: &str) {
    let Some((first, rest)) = path.split_first() else {
        *at = cell.into();
        return;
    };
    let place = first.parse::<usize>().ok().filter(|place| *place < LONGEST);
    if let Some(place) = place
        && !at.is_object()
    {
        if !at.is_array() {
            *at = Value::Array(Vec::new());
        }
        if let Value::Array(items) = at {
            while items.len() <= place {
                items.push(Value::Null);
            }
            if let Some(item) = items.get_mut(place) {
                put(item, rest, cell);
            }
        }
        return;
    }
    if !at.is_object() {
        *at = Value::Object(Map::new());
    }
    if let Value::Object(members) = at {
        let member = members.entry((*first).to_owned()).or_insert(Value::Null);
        put(member, rest, cell);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{body, members};

    fn some(names: &[&str]) -> Vec<Option<String>> {
        names.iter().map(|name| Some((*name).to_owned())).collect()
    }

    #[test]
    fn a_heading_with_dots_nests() {
        let headings = some(&[
            "email",
            "identities.0.handle",
            "identities.0.identifier",
            "title",
        ]);
        let cells = ["a@b.example", "card", "77", ""].map(Value::from);
        let body = Value::Object(body(&headings, &cells));
        let identities = json!([{"handle": "card", "identifier": "77"}]);
        assert_eq!(
            body,
            json!({"email": "a@b.example", "identities": identities})
        );
    }

    #[test]
    fn a_mapping_is_read_from_either_side() {
        let headings = ["Customer", "Amount"].map(str::to_owned);
        let first = json!({"Customer": "profile_id", "Amount": "value"});
        let last = json!({"profile_id": "Customer", "value": "Amount"});
        for mapping in [first, last] {
            let mapping = mapping.as_object().expect("a map");
            let found = members(mapping, &headings).expect("members");
            assert_eq!(found, some(&["profile_id", "value"]));
        }
    }

    #[test]
    fn a_heading_makes_no_huge_list() {
        let body = body(&some(&["items.4000000000.sku"]), &["a".into()]);
        assert!(!Value::Object(body).to_string().contains("null"));
    }
}
