//! Lists. A tuple becomes a list of what any of its places holds.

use serde_json::{Map, Value, json};

use super::Schemas;
use crate::error::Result;
use crate::pointer;
use crate::report::Change;
use crate::ty::{Kind, Type};

impl Schemas<'_> {
    pub(super) fn array(&mut self, map: &Map<String, Value>, at: &str, hint: &str) -> Result<Type> {
        let hint = format!("{hint} item");
        // `items` as a list is how older drafts wrote `prefixItems`.
        let (prefix, keyword) = match (map.get("prefixItems"), map.get("items")) {
            (Some(Value::Array(prefix)), _) => (prefix.as_slice(), "prefixItems"),
            (_, Some(Value::Array(prefix))) => (prefix.as_slice(), "items"),
            _ => (&[][..], "items"),
        };
        let rest = map
            .get("items")
            .filter(|items| !items.is_array() && **items != Value::Bool(false));
        let item = match (prefix, rest) {
            ([], None) => Type::new(Kind::Any),
            ([], Some(items)) => self.inline(items, &pointer::child(at, "items"), &hint)?,
            (prefix, rest) => {
                self.report.add(
                    at,
                    Change::Changed,
                    "a tuple is a list of what its places hold",
                    "OpenAPI 3.0 has no tuples",
                );
                let places = prefix.iter().chain(rest).cloned().collect::<Vec<_>>();
                let any_place = json!({ "anyOf": places });
                self.inline(&any_place, &pointer::child(at, keyword), &hint)?
            }
        };
        Ok(Type::new(Kind::Array(Box::new(item))))
    }
}
