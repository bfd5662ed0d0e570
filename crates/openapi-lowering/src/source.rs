//! The source document: parsed, checked, and addressed by JSON pointers.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::pointer;

/// How deep a document may nest. serde_json reads no deeper; a document that was built in memory
/// is held to the same.
const MAX_DEPTH: usize = 128;

/// How many references may lead to one another before one arrives.
const MAX_HOPS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    V30,
    V31,
}

#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(crate) root: &'a Value,
    pub(crate) version: Version,
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Located<'a> {
    pub(crate) value: &'a Value,
    pub(crate) pointer: String,
}

impl<'a> Source<'a> {
    pub(crate) fn new(root: &'a Value) -> Result<Self> {
        check_depth(root)?;
        let not_openapi = |reason: &str| Error::NotOpenApi {
            reason: reason.to_owned(),
        };
        let Value::Object(map) = root else {
            return Err(Error::NotOpenApi {
                reason: format!("it is {}, not an object", kind(root)),
            });
        };
        if let Some(version) = map.get("swagger") {
            return Err(Error::Swagger {
                version: version
                    .as_str()
                    .map_or_else(|| version.to_string(), str::to_owned),
            });
        }
        let version = match map.get("openapi") {
            Some(Value::String(version)) => version.trim(),
            Some(_) => return Err(not_openapi("its `openapi` field is no text")),
            None => return Err(not_openapi("it has no `openapi` field")),
        };
        let version = match version.split('.').take(2).collect::<Vec<_>>()[..] {
            ["3", "0"] => Version::V30,
            ["3", "1"] => Version::V31,
            _ => {
                return Err(Error::Version {
                    version: version.to_owned(),
                });
            }
        };
        Ok(Self { root, version })
    }

    /// An object of the document, empty where there is none.
    pub(crate) fn object(&self, at: &str) -> Result<Option<&'a Map<String, Value>>> {
        match self.root.pointer(at) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => as_object(value, at).map(Some),
        }
    }

    /// The canonical JSON pointer that a `$ref` names.
    pub(crate) fn target(&self, reference: &str, from: &str) -> Result<String> {
        let dangling = || Error::DanglingReference {
            pointer: from.to_owned(),
            target: reference.to_owned(),
        };
        let Some(fragment) = reference.strip_prefix('#') else {
            // A bare schema name is what some writers mean by `discriminator.mapping`; as a
            // reference it is a file.
            return Err(Error::ExternalReference {
                pointer: from.to_owned(),
                target: reference.to_owned(),
            });
        };
        let decoded = percent_decode_str(fragment)
            .decode_utf8()
            .map_err(|_| dangling())?;
        if !decoded.is_empty() && !decoded.starts_with('/') {
            return Err(dangling());
        }
        let mut canonical = String::new();
        for token in pointer::tokens(&decoded) {
            pointer::push(&mut canonical, &token);
        }
        match self.root.pointer(&canonical) {
            Some(_) => Ok(canonical),
            None => Err(dangling()),
        }
    }

    /// Follows a reference, and those it leads to, until something else stands there.
    pub(crate) fn resolve(&self, reference: &str, from: &str) -> Result<Located<'a>> {
        let mut pointer = self.target(reference, from)?;
        for _ in 0..MAX_HOPS {
            let Some(value) = self.root.pointer(&pointer) else {
                break;
            };
            match reference_of(value) {
                Some(next) => pointer = self.target(next, &pointer)?,
                None => return Ok(Located { value, pointer }),
            }
        }
        Err(Error::CircularReference {
            pointer: from.to_owned(),
            target: reference.to_owned(),
        })
    }

    /// The value itself, or what its reference leads to.
    pub(crate) fn deref(&self, value: &'a Value, at: &str) -> Result<Located<'a>> {
        match reference_of(value) {
            Some(reference) => self.resolve(reference, at),
            None => Ok(Located {
                value,
                pointer: at.to_owned(),
            }),
        }
    }
}

/// The `$ref` of an object.
pub(crate) fn reference_of(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

pub(crate) fn as_object<'a>(value: &'a Value, at: &str) -> Result<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| Error::Unexpected {
        pointer: at.to_owned(),
        found: kind(value),
        expected: "an object",
    })
}

pub(crate) fn as_array<'a>(value: &'a Value, at: &str) -> Result<&'a Vec<Value>> {
    value.as_array().ok_or_else(|| Error::Unexpected {
        pointer: at.to_owned(),
        found: kind(value),
        expected: "a list",
    })
}

pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn check_depth(root: &Value) -> Result<()> {
    let mut stack = vec![(root, 0_usize)];
    while let Some((value, depth)) = stack.pop() {
        if depth > MAX_DEPTH {
            return Err(Error::TooDeep {
                limit: MAX_DEPTH,
                pointer: deepest(root),
            });
        }
        match value {
            Value::Array(items) => stack.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(map) => stack.extend(map.values().map(|item| (item, depth + 1))),
            _ => {}
        }
    }
    Ok(())
}

/// The pointer of a value beyond the limit; found anew, because keeping pointers for every value
/// would cost more than the whole check.
fn deepest(root: &Value) -> String {
    let mut stack = vec![(root, String::new(), 0_usize)];
    while let Some((value, at, depth)) = stack.pop() {
        if depth > MAX_DEPTH {
            return at;
        }
        match value {
            Value::Array(items) => stack.extend(
                items
                    .iter()
                    .enumerate()
                    .map(|(i, item)| (item, pointer::child(&at, &i.to_string()), depth + 1)),
            ),
            Value::Object(map) => stack.extend(
                map.iter()
                    .map(|(key, item)| (item, pointer::child(&at, key), depth + 1)),
            ),
            _ => {}
        }
    }
    String::new()
}
