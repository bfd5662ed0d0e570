//! `enum` and `const`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Schemas, null, union};
use crate::error::Result;
use crate::naming::have_distinct_names;
use crate::pointer;
use crate::report::Change;
use crate::source::as_array;
use crate::ty::{Kind, Type};

impl Schemas<'_> {
    pub(super) fn enumeration(
        &mut self,
        map: &Map<String, Value>,
        types: &[&str],
        at: &str,
    ) -> Result<Type> {
        let values = match (map.get("const"), map.get("enum")) {
            (Some(value), _) => vec![value],
            (None, Some(list)) => as_array(list, &pointer::child(at, "enum"))?
                .iter()
                .collect(),
            (None, None) => Vec::new(),
        };
        let nullable = values.iter().any(|value| value.is_null());
        let texts = values
            .iter()
            .filter_map(|value| value.as_str())
            .collect::<Vec<_>>();
        let others = values
            .iter()
            .any(|value| !value.is_string() && !value.is_null());
        let mut ty = match (texts.is_empty(), others) {
            (true, false) if nullable => null(),
            // Nothing is listed: the type is all that is known.
            (true, false) => self.of_values(types, &[]),
            (false, false) => self.text_enum(&texts, at),
            (_, true) => {
                self.report.add(
                    at,
                    Change::Widened,
                    "the listed values are not checked",
                    "only enums of text have a type of their own",
                );
                self.of_values(types, &values)
            }
        };
        ty.nullable |= nullable;
        Ok(ty)
    }

    pub(super) fn text_enum(&mut self, texts: &[&str], at: &str) -> Type {
        let mut seen = HashSet::new();
        let texts = texts
            .iter()
            .copied()
            .filter(|text| seen.insert(*text))
            .collect::<Vec<_>>();
        if have_distinct_names(texts.iter().copied()) {
            Type::new(Kind::Enum(texts.into_iter().map(str::to_owned).collect()))
        } else {
            self.report.add(
                at,
                Change::Widened,
                "an enum is plain text",
                "its values make the same Rust names",
            );
            Type::text()
        }
    }

    /// The type of values that have no enum of their own: what they are, or what `type` says.
    fn of_values(&mut self, types: &[&str], values: &[&Value]) -> Type {
        let has = |name: &str, is: fn(&Value) -> bool| {
            if values.is_empty() || !types.is_empty() {
                types.contains(&name)
            } else {
                values.iter().any(|value| is(value))
            }
        };
        let mut kinds = Vec::new();
        if has("boolean", Value::is_boolean) {
            kinds.push(Kind::Boolean);
        }
        let fraction = |value: &Value| value.is_f64();
        if has("number", fraction) {
            kinds.push(Kind::Number(None));
        } else if has("integer", |value| value.is_i64() || value.is_u64()) {
            kinds.push(Kind::Integer(None));
        }
        if has("string", Value::is_string) {
            kinds.push(Kind::Text(crate::ty::Text::default()));
        }
        if has("array", Value::is_array) {
            kinds.push(Kind::Array(Box::new(Type::new(Kind::Any))));
        }
        if has("object", Value::is_object) {
            kinds.push(Kind::Map(Box::new(Type::new(Kind::Any))));
        }
        union::untagged(kinds.into_iter().map(Type::new).collect())
    }
}
