//! Members of an update.

use std::collections::BTreeMap;

use jiff::civil;
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};

use crate::{Amount, Flag, Id, Integer, List, Map, OpenEnum, Record, Scalar, Timestamp};

/// A member of an update: left alone, cleared, or set.
///
/// | field | in the update | the server |
/// |---|---|---|
/// | `Absent` (the default) | left out | leaves the value alone |
/// | `Null` | `null` | clears the value |
/// | `Value(v)` | `v` | sets the value |
///
/// Both attributes below are needed: without `default` a missing member would be read as `Null`, and without `skip_serializing_if` an absent one
/// would be written as `null`, and clear the value.
///
/// ```
/// use omneo_types::Field;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Default, Serialize, Deserialize)]
/// #[serde(default)]
/// struct ProfileUpdate {
///     #[serde(skip_serializing_if = "Field::is_absent")]
///     first_name: Field<String>,
///     #[serde(skip_serializing_if = "Field::is_absent")]
///     title: Field<String>,
///     #[serde(skip_serializing_if = "Field::is_absent")]
///     phone: Field<String>,
/// }
///
/// let update = ProfileUpdate { first_name: "Ada".into(), title: Field::clear(), ..Default::default() };
/// assert_eq!(serde_json::to_string(&update)?, r#"{"first_name":"Ada","title":null}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// There is no `From<Option<T>>`: its `None` would mean "clear" to one reader and "leave alone" to the next. Say which with
/// [`or_clear`](Field::or_clear) or [`or_absent`](Field::or_absent).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field<T> {
    /// Leave the value alone.
    #[default]
    Absent,
    /// Clear the value.
    Null,
    /// Set the value.
    Value(T),
}

impl<T> Field<T> {
    /// A field that clears the value: [`Field::Null`].
    #[must_use]
    pub const fn clear() -> Self {
        Self::Null
    }

    /// Sets the value, or clears it if there is none.
    #[must_use]
    pub fn or_clear(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }

    /// Sets the value, or leaves it alone if there is none.
    #[must_use]
    pub fn or_absent(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }

    /// Whether the update leaves the value alone.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the update clears the value.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value that the update sets, if it sets one.
    #[must_use]
    pub const fn as_option(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value that the update sets, if it sets one.
    #[must_use]
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The same field with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Value(value) => Field::Value(f(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::or_clear)
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => serializer.serialize_some(value),
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// Lets a caller write `.into()` once where the field's type is made from the value's.
macro_rules! field_from {
    ($($field:ty: $($from:ty),+;)+) => {$($(
        impl From<$from> for Field<$field> {
            fn from(value: $from) -> Self {
                Self::Value(value.into())
            }
        }
    )+)+};
}
field_from! {
    String: &str;
    Id: &str, String, &String, &Id, i32, i64, u32, u64;
    Amount: Decimal, i32, i64, u32;
    Integer: i32, i64, u32;
    Flag: bool;
    Scalar: &str, String, bool, i32, i64, Decimal;
    Timestamp: civil::DateTime, civil::Date, jiff::Timestamp, jiff::Zoned;
}

impl<T> From<Vec<T>> for Field<List<T>> {
    fn from(value: Vec<T>) -> Self {
        Self::Value(value.into())
    }
}

impl<T, U: Into<T>, const N: usize> From<[U; N]> for Field<List<T>> {
    fn from(value: [U; N]) -> Self {
        Self::Value(value.into())
    }
}

impl<V> From<BTreeMap<String, V>> for Field<Map<V>> {
    fn from(value: BTreeMap<String, V>) -> Self {
        Self::Value(value.into())
    }
}

impl<K: Into<String>, V, const N: usize> From<[(K, V); N]> for Field<Map<V>> {
    fn from(value: [(K, V); N]) -> Self {
        Self::Value(value.into())
    }
}

impl<E> From<E> for Field<OpenEnum<E>> {
    fn from(value: E) -> Self {
        Self::Value(value.into())
    }
}

impl<T> From<T> for Field<Record<T>> {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, serde::Deserialize)]
    #[serde(default)]
    struct Update {
        #[serde(skip_serializing_if = "Field::is_absent")]
        id: Field<Id>,
        #[serde(skip_serializing_if = "Field::is_absent")]
        tags: Field<List<String>>,
    }

    #[test]
    fn absent_null_and_value_are_told_apart() {
        for (json, update) in [
            ("{}", Update::default()),
            (
                r#"{"id":null}"#,
                Update {
                    id: Field::clear(),
                    ..Update::default()
                },
            ),
            (
                r#"{"id":3,"tags":[]}"#,
                Update {
                    id: 3.into(),
                    tags: Field::Value(List::new()),
                },
            ),
            (
                r#"{"id":"x","tags":null}"#,
                Update {
                    id: "x".into(),
                    tags: Field::Null,
                },
            ),
        ] {
            assert_eq!(
                serde_json::from_str::<Update>(json).unwrap(),
                update,
                "{json}"
            );
            assert_eq!(serde_json::to_string(&update).unwrap(), json);
        }
    }

    #[test]
    fn an_absent_field_that_is_written_after_all_is_null() {
        assert_eq!(serde_json::to_string(&Field::<Id>::Absent).unwrap(), "null");
    }

    #[test]
    fn an_option_is_turned_into_a_field_by_name_only() {
        assert_eq!(Field::or_clear(None::<Id>), Field::Null);
        assert_eq!(Field::or_absent(None::<Id>), Field::Absent);
        assert_eq!(
            Field::or_absent(Some(1)).map(|n| n + 1).into_option(),
            Some(2)
        );
    }

    #[test]
    fn plain_values_become_fields_of_this_crates_types() {
        assert_eq!(
            Field::<Amount>::from(Decimal::new(15, 1))
                .as_option()
                .map(ToString::to_string),
            Some("1.5".into())
        );
        assert_eq!(Field::<Flag>::from(true), Field::Value(true.into()));
        assert_eq!(Field::<Integer>::from(3), Field::Value(3.into()));
        assert_eq!(
            Field::<Timestamp>::from(civil::date(2024, 1, 2))
                .as_option()
                .map(Timestamp::as_str),
            Some("2024-01-02")
        );
        assert_eq!(
            Field::<List<i32>>::from([1, 2]),
            Field::Value(vec![1, 2].into())
        );
        assert_eq!(
            Field::<List<String>>::from(["a"]),
            Field::Value(vec!["a".to_owned()].into())
        );
        assert_eq!(
            Field::<Map<i32>>::from([("a", 1)]),
            Field::Value([("a", 1)].into())
        );
        assert_eq!(
            Field::<OpenEnum<i32>>::from(1),
            Field::Value(OpenEnum::Known(1))
        );
        assert_eq!(Field::<Record<i32>>::from(1), Field::Value(Record::from(1)));
    }
}
