//! What of a record is otherwise than wanted, by what its values mean.

use omneo_api::Error;
use omneo_types::{Amount, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

/// A field of a record that is otherwise than wanted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Difference {
    /// Its name, as in the schema; dotted for nested ones (`levels.0.name`).
    pub field: String,
    /// What is wanted.
    pub wanted: Value,
    /// What is there; null for nothing.
    pub found: Value,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            field,
            wanted,
            found,
        } = self;
        write!(f, "{field} is {found}, wanted {wanted}")
    }
}

/// Where a record that was found is otherwise than wanted. Only what is wanted counts: the server adds fields of its own.
pub(crate) fn between(
    wanted: &impl Serialize,
    found: &impl Serialize,
) -> Result<Vec<Difference>, Error> {
    let json = |value: serde_json::Result<Value>| {
        value.map_err(|error| {
            Error::invalid_request(format!("the record can't be written as JSON: {error}"))
        })
    };
    let wanted = json(serde_json::to_value(wanted))?;
    let found = json(serde_json::to_value(found))?;
    let mut differences = Vec::new();
    differ(&mut differences, "", &wanted, &found);
    Ok(differences)
}

fn differ(out: &mut Vec<Difference>, path: &str, wanted: &Value, found: &Value) {
    let below = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match (wanted, found) {
        _ if is_same(wanted, found) || is_same_set(wanted, found) => {}
        (Value::Object(wanted), Value::Object(found)) => {
            for (name, wanted) in wanted {
                let found = found.get(name).unwrap_or(&Value::Null);
                differ(out, &below(name), wanted, found);
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (index, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                differ(out, &below(&index.to_string()), wanted, found);
            }
        }
        _ => out.push(Difference {
            field: path.to_owned(),
            wanted: wanted.clone(),
            found: found.clone(),
        }),
    }
}

/// Whether two values mean the same: the server writes amounts as texts, flags as numbers, empty maps as lists and times in
/// another form than they were sent in.
fn is_same(wanted: &Value, found: &Value) -> bool {
    if wanted == found || is_empty(wanted) && is_empty(found) {
        return true;
    }
    let flag = |value: &Value| match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        _ => None,
    };
    if (wanted.is_boolean() || found.is_boolean()) && flag(wanted).is_some() {
        return flag(wanted) == flag(found);
    }
    let number = |value: &Value| match value {
        Value::Number(number) => number.to_string().parse::<Amount>().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    // Of two texts, such as codes, every digit counts.
    if wanted.is_number() || found.is_number() {
        return number(wanted).is_some() && number(wanted) == number(found);
    }
    let time = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
    match (time(wanted), time(found)) {
        (Some(wanted), Some(found)) => wanted.to_instant_utc() == found.to_instant_utc(),
        _ => false,
    }
}

/// Lists of texts, such as tags, have no order.
fn is_same_set(wanted: &Value, found: &Value) -> bool {
    let sorted = |value: &Value| {
        let texts = value.as_array()?.iter().map(|text| text.as_str());
        let mut texts = texts.collect::<Option<Vec<_>>>()?;
        texts.sort_unstable();
        Some(texts.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    sorted(wanted).is_some() && sorted(wanted) == sorted(found)
}

/// What a server keeps as nothing, perhaps.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => Map::is_empty(map),
        _ => false,
    }
}
