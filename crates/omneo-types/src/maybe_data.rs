//! An envelope about which the sources disagree.

use std::ops::{Deref, DerefMut};

use serde::de::{Deserialize, Deserializer, Error};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::Data;

/// An answer that is `{"data": T}` by one source and a bare `T` by another. For a `T` that has no member `data` of its own.
///
/// | reads | as | writes |
/// |---|---|---|
/// | an object with `data`, whatever else it has | `Data` | `{"data": T}` |
/// | anything else | `Bare` | `T` |
///
/// An answer is held in memory as JSON before it is read as a `T`, so a `T` that borrows cannot be read.
///
/// ```
/// use omneo_types::{Map, MaybeData};
///
/// for json in [r#"{"data": {"name": "Ada"}}"#, r#"{"name": "Ada"}"#] {
///     let answer: MaybeData<Map<String>> = serde_json::from_str(json)?;
///     assert_eq!(answer["name"], "Ada");
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MaybeData<T> {
    /// It came in the envelope.
    Data(T),
    /// It came bare.
    Bare(T),
}

impl<T> MaybeData<T> {
    /// What was asked for.
    #[must_use]
    pub fn into_inner(self) -> T {
        match self {
            Self::Data(value) | Self::Bare(value) => value,
        }
    }

    /// Whether it came in the envelope.
    #[must_use]
    pub const fn is_enveloped(&self) -> bool {
        matches!(self, Self::Data(_))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for MaybeData<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match open(Value::deserialize(deserializer)?) {
            MaybeData::Data(value) => T::deserialize(value).map(Self::Data),
            MaybeData::Bare(value) => T::deserialize(value).map(Self::Bare),
        }
        .map_err(D::Error::custom)
    }
}

fn open(value: Value) -> MaybeData<Value> {
    match value {
        Value::Object(mut object) => match object.remove("data") {
            Some(data) => MaybeData::Data(data),
            None => MaybeData::Bare(object.into()),
        },
        other => MaybeData::Bare(other),
    }
}

impl<T: Serialize> Serialize for MaybeData<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Data(data) => Data { data }.serialize(serializer),
            Self::Bare(value) => value.serialize(serializer),
        }
    }
}

impl<T: Default> Default for MaybeData<T> {
    fn default() -> Self {
        Self::Data(T::default())
    }
}

impl<T> From<T> for MaybeData<T> {
    /// In the envelope, as most answers are.
    fn from(value: T) -> Self {
        Self::Data(value)
    }
}

impl<T> Deref for MaybeData<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Data(value) | Self::Bare(value) => value,
        }
    }
}

impl<T> DerefMut for MaybeData<T> {
    fn deref_mut(&mut self) -> &mut T {
        match self {
            Self::Data(value) | Self::Bare(value) => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{List, Map};

    type Loose = MaybeData<Map<Value>>;

    #[test]
    fn an_object_with_data_is_an_envelope_whatever_else_it_has() {
        for (json, enveloped, keys) in [
            (r#"{"data":{"a":1}}"#, true, "a"),
            (r#"{"data":{"a":1},"links":[],"meta":{}}"#, true, "a"),
            (r#"{"data":{"a":1},"new":{"b":2}}"#, true, "a"),
            (r#"{"a":1}"#, false, "a"),
            (r#"{"meta":{}}"#, false, "meta"),
            ("[]", false, ""),
        ] {
            let answer: Loose = serde_json::from_str(json).unwrap();
            assert_eq!(answer.is_enveloped(), enveloped, "{json}");
            assert_eq!(
                answer.keys().cloned().collect::<Vec<_>>().join(" "),
                keys,
                "{json}"
            );
            let again: Loose =
                serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap();
            assert_eq!(again, answer);
        }
    }

    #[test]
    fn a_bare_list_is_read() {
        let answer: MaybeData<List<String>> = serde_json::from_str(r#"["a"]"#).unwrap();
        assert_eq!(answer, MaybeData::Bare(["a".to_owned()].into()));
    }
}
