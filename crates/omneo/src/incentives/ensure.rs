//! Definitions that a program wants to be there.

use omneo_api::runtime::Effect;
use omneo_api::{Error, ErrorKind};
use omneo_types::{Amount, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};

use super::definition::Definition;
use super::definition::sealed::Sealed as _;
use super::definitions::Definitions;

/// What [`Definitions::ensure`] found or did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Ensured<D> {
    /// There was none; it was created. One whose answer was lost is [`Same`](Self::Same), as another program may have made it.
    Created(D),
    /// It is there, and as it is wanted.
    Same(D),
    /// It is there, and otherwise. Nothing was changed: an update is the caller's to decide.
    Differs {
        /// As it is.
        definition: D,
        /// Where it is otherwise.
        differences: Vec<Difference>,
    },
}

impl<D> Ensured<D> {
    /// The definition, as it is now.
    #[must_use]
    pub fn definition(&self) -> &D {
        match self {
            Self::Created(definition)
            | Self::Same(definition)
            | Self::Differs { definition, .. } => definition,
        }
    }

    /// The definition, as it is now.
    #[must_use]
    pub fn into_definition(self) -> D {
        match self {
            Self::Created(definition)
            | Self::Same(definition)
            | Self::Differs { definition, .. } => definition,
        }
    }

    /// Where it is otherwise than wanted.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        match self {
            Self::Created(_) | Self::Same(_) => &[],
            Self::Differs { differences, .. } => differences,
        }
    }
}

/// A field of a definition that is otherwise than wanted.
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

pub(super) async fn ensure<H: Definitions>(
    definitions: &H,
    wanted: &H::Input,
) -> Result<Ensured<H::Definition>, Error> {
    let handle = H::handle_of(wanted);
    if handle.is_empty() {
        return Err(super::check::refuse("handle", "is empty"));
    }
    if let Some(found) = H::Definition::find(definitions, handle).await? {
        return compare(found, wanted);
    }
    let error = match definitions.create(wanted).await {
        Ok(created) => return Ok(Ensured::Created(created)),
        Err(error) => error,
    };
    // Another program may have created it in the meantime, or this one did and the answer was lost: the handle is unique,
    // so whatever is there now is it.
    let may_be_there =
        error.effect() != Effect::None || matches!(error.kind(), ErrorKind::Validation(_));
    if may_be_there && let Ok(Some(found)) = H::Definition::find(definitions, handle).await {
        return compare(found, wanted);
    }
    Err(error)
}

fn compare<D: Definition, W: Serialize>(definition: D, wanted: &W) -> Result<Ensured<D>, Error> {
    let json = |value: serde_json::Result<Value>| {
        value.map_err(|error| {
            Error::invalid_request(format!("the definition can't be written as JSON: {error}"))
        })
    };
    let wanted = json(serde_json::to_value(wanted))?;
    let found = json(serde_json::to_value(&definition))?;
    let mut differences = Vec::new();
    differ(&mut differences, "", &wanted, &found);
    Ok(match differences.is_empty() {
        true => Ensured::Same(definition),
        false => Ensured::Differs {
            definition,
            differences,
        },
    })
}

/// Where what is found is otherwise than what is wanted. Only what is wanted counts: the server adds fields of its own.
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
