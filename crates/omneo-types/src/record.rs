//! Nested records that may be missing.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::unexpected_seq;

const EXPECTED: &str = "an object, [] or null";

/// A nested record, or none.
///
/// | reads | as | writes |
/// |---|---|---|
/// | `{..}` | the record | `{..}` |
/// | `[]`, `null` | none | `null` |
///
/// The record is boxed, so that a type can hold itself.
///
/// Errors: a list with items, a scalar. `{}` is a record: whether `T` takes it is up to `T`.
///
/// ```
/// use omneo_types::{Integer, Record};
///
/// #[derive(serde::Deserialize)]
/// struct Progress {
///     count: Integer,
/// }
///
/// let progress: Record<Progress> = serde_json::from_str("[]")?;
/// assert!(progress.is_none());
/// let progress: Record<Progress> = serde_json::from_str(r#"{"count": 2}"#)?;
/// assert_eq!(progress.as_ref().map(|p| *p.count), Some(2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Record<T>(Option<Box<T>>);

impl<T> Record<T> {
    /// No record.
    pub const NONE: Self = Self(None);

    /// The record, if there is one.
    #[must_use]
    pub fn into_inner(self) -> Option<T> {
        self.0.map(|record| *record)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Record<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RecordVisitor(PhantomData))
    }
}

struct RecordVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for RecordVisitor<T> {
    type Value = Record<T>;

    takes_no_scalar!(EXPECTED);
    null_is!(Record::NONE);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Record<T>, A::Error> {
        match seq.next_element()? {
            None => Ok(Record::NONE),
            Some(first) => Err(unexpected_seq(EXPECTED, vec![first], seq)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Record<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Record::from)
    }
}

impl<T> Default for Record<T> {
    fn default() -> Self {
        Self::NONE
    }
}

impl<T> Deref for Record<T> {
    type Target = Option<Box<T>>;

    fn deref(&self) -> &Option<Box<T>> {
        &self.0
    }
}

impl<T> DerefMut for Record<T> {
    fn deref_mut(&mut self) -> &mut Option<Box<T>> {
        &mut self.0
    }
}

impl<T> From<T> for Record<T> {
    fn from(record: T) -> Self {
        Self(Some(Box::new(record)))
    }
}

impl<T> From<Option<T>> for Record<T> {
    fn from(record: Option<T>) -> Self {
        Self(record.map(Box::new))
    }
}

impl<T> From<Record<T>> for Option<T> {
    fn from(record: Record<T>) -> Self {
        record.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::Integer;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Progress {
        count: Option<Integer>,
    }

    #[test]
    fn an_object_is_a_record_and_php_s_nothing_is_none() {
        for (json, writes) in [
            (r#"{"count":"2","x":1}"#, r#"{"count":2}"#),
            ("{}", r#"{"count":null}"#),
            ("[]", "null"),
            ("null", "null"),
        ] {
            let record: Record<Progress> = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&record).unwrap(), writes, "{json}");
        }
    }

    #[test]
    fn a_list_with_items_is_an_error_and_not_read_field_by_field() {
        let error = serde_json::from_str::<Record<Progress>>("[2, 3]")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("expected an object, [] or null, got [2,3]"),
            "{error}"
        );
    }

    #[test]
    fn a_scalar_is_an_error_that_shows_it() {
        for json in ["3", "false", r#""""#] {
            let error = serde_json::from_str::<Record<Progress>>(json)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("expected an object, [] or null, got {json}")),
                "{error}"
            );
        }
    }
}
