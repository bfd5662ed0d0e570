//! What differs between two documents, place by place.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::schema::pointer;

/// A difference between two documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// What stood there; of a list whose order means nothing, the entry that is gone.
    pub from: Option<Value>,
    /// What stands there now; of such a list, the entry that is new.
    pub to: Option<Value>,
}

/// How long a value may be in a line.
const SHOWN: usize = 60;

impl std::fmt::Display for Edit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pointer = &self.pointer;
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => write!(f, "{pointer}: {} became {}", shown(from), shown(to)),
            (Some(from), None) => write!(f, "{pointer}: {} is gone", shown(from)),
            (None, Some(to)) => write!(f, "{pointer}: {} is new", shown(to)),
            (None, None) => write!(f, "{pointer}"),
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl Edit {
    /// Whether it is about words for readers, which become documentation.
    pub(crate) fn is_text(&self) -> bool {
        let is_text = |name: &str| {
            matches!(
                name,
                "description" | "summary" | "example" | "examples" | "externalDocs" | "deprecated"
            ) || name.starts_with("x-")
        };
        let names = self.pointer.split('/').collect::<Vec<_>>();
        // A property may have any of these names.
        names
            .iter()
            .enumerate()
            .any(|(at, name)| is_text(name) && at > 0 && names[at - 1] != "properties")
    }
}

/// Every difference between two documents.
pub fn edits(old: &Value, new: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    compare("", Some(old), Some(new), &mut edits);
    edits
}

fn compare(at: &str, old: Option<&Value>, new: Option<&Value>, edits: &mut Vec<Edit>) {
    match (old, new) {
        (Some(old), Some(new)) if old == new => {}
        (Some(Value::Object(old)), Some(Value::Object(new))) => members(at, old, new, edits),
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            if old.iter().chain(new).all(Value::is_string) {
                // `required`, `enum`, `type` and `tags`: sets.
                entries(at, old, new, edits);
            } else if let (Some(old), Some(new)) = (named(old), named(new)) {
                members(at, &old, &new, edits);
            } else {
                for index in 0..old.len().max(new.len()) {
                    let at = pointer::child(at, &index.to_string());
                    compare(&at, old.get(index), new.get(index), edits);
                }
            }
        }
        // No list of required properties is an empty one.
        (None, Some(Value::Array(new))) if at.ends_with("/required") => {
            entries(at, &[], new, edits);
        }
        (Some(Value::Array(old)), None) if at.ends_with("/required") => {
            entries(at, old, &[], edits);
        }
        (old, new) => edits.push(Edit {
            pointer: at.to_owned(),
            from: old.cloned(),
            to: new.cloned(),
        }),
    }
}

fn members(at: &str, old: &Map<String, Value>, new: &Map<String, Value>, edits: &mut Vec<Edit>) {
    let names = old.keys().chain(new.keys()).collect::<BTreeSet<_>>();
    for name in names {
        compare(
            &pointer::child(at, name),
            old.get(name),
            new.get(name),
            edits,
        );
    }
}

fn entries(at: &str, old: &[Value], new: &[Value], edits: &mut Vec<Edit>) {
    let mut push = |from: Option<&Value>, to: Option<&Value>| {
        edits.push(Edit {
            pointer: at.to_owned(),
            from: from.cloned(),
            to: to.cloned(),
        });
    };
    for gone in old.iter().filter(|entry| !new.contains(entry)) {
        push(Some(gone), None);
    }
    for added in new.iter().filter(|entry| !old.contains(entry)) {
        push(None, Some(added));
    }
}

/// Parameters by what tells them apart.
fn named(list: &[Value]) -> Option<Map<String, Value>> {
    let mut named = Map::new();
    for value in list {
        let name = match (value.get("name"), value.get("in"), value.get("$ref")) {
            (Some(Value::String(name)), Some(Value::String(location)), _) => {
                format!("{location} {name}")
            }
            (_, _, Some(Value::String(reference))) => reference.clone(),
            _ => return None,
        };
        if named.insert(name, value.clone()).is_some() {
            return None;
        }
    }
    Some(named)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::edits;

    #[allow(clippy::needless_pass_by_value)] // made in place
    fn shown(old: serde_json::Value, new: serde_json::Value) -> Vec<String> {
        edits(&old, &new).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lists_of_names_are_sets() {
        assert_eq!(
            shown(
                json!({"required": ["a", "b"]}),
                json!({"required": ["b", "c", "a"]})
            ),
            [r#"/required: "c" is new"#]
        );
        assert_eq!(
            shown(json!({"a": {}}), json!({"a": {"required": ["b"]}})),
            [r#"/a/required: "b" is new"#]
        );
    }

    #[test]
    fn parameters_are_told_apart_by_their_names() {
        let parameter = |name| json!({"name": name, "in": "query", "schema": {"type": "string"}});
        assert_eq!(
            shown(
                json!([parameter("a"), parameter("b")]),
                json!([parameter("b"), {"name": "a", "in": "query", "schema": {"type": "integer"}}])
            ),
            [r#"/query a/schema/type: "string" became "integer""#]
        );
    }

    #[test]
    fn a_property_called_description_is_no_text() {
        let of = |ty| json!({"properties": {"description": {"type": ty, "description": ty}}});
        let edits = edits(&of("string"), &of("integer"));
        let texts = edits.iter().map(super::Edit::is_text).collect::<Vec<_>>();
        assert_eq!(texts, [true, false]);
    }
}
