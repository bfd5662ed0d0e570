//! Related records that may be sent as their ids.

use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqDeserializer};
use serde::de::{
    Deserialize, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::{Serialize, Serializer};

use crate::Id;
use crate::error::{unexpected, unexpected_seq};

const EXPECTED: &str = "an object or an id";

/// A related record, or only its id.
///
/// | reads | as | writes |
/// |---|---|---|
/// | `{..}` | the record | `{..}` |
/// | `[]` | the record without fields, if `T` has no other | `{}` |
/// | `3`, `3.0`, `"3"` | the id | `3`, `3`, `"3"` |
///
/// The record is boxed, so that a type can hold itself.
///
/// Errors: a list with items, a boolean, a fraction, null.
///
/// ```
/// use omneo_types::{Id, Linked};
///
/// #[derive(serde::Deserialize)]
/// struct Location {
///     name: String,
/// }
///
/// let location: Linked<Location> = serde_json::from_str("3")?;
/// assert_eq!(location.id(), Some(&Id::from(3)));
/// let location: Linked<Location> = serde_json::from_str(r#"{"name": "Bourke Street"}"#)?;
/// assert_eq!(location.record().map(|l| &*l.name), Some("Bourke Street"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Linked<T> {
    /// The record itself.
    Record(Box<T>),
    /// What it is known by.
    Id(Id),
}

impl<T> Linked<T> {
    /// The record, if it was sent.
    #[must_use]
    pub fn record(&self) -> Option<&T> {
        match self {
            Self::Record(record) => Some(record),
            Self::Id(_) => None,
        }
    }

    /// The id, if that was all.
    #[must_use]
    pub fn id(&self) -> Option<&Id> {
        match self {
            Self::Record(_) => None,
            Self::Id(id) => Some(id),
        }
    }
}

impl<T: Serialize> Serialize for Linked<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Record(record) => record.serialize(serializer),
            Self::Id(id) => id.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Linked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinkedVisitor(PhantomData))
    }
}

struct LinkedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for LinkedVisitor<T> {
    type Value = Linked<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_i64<E: Error>(self, id: i64) -> Result<Linked<T>, E> {
        Ok(Linked::Id(id.into()))
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<Linked<T>, E> {
        Ok(Linked::Id(id.into()))
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Linked<T>, E> {
        Ok(Linked::Id(id.into()))
    }

    fn visit_bool<E: Error>(self, got: bool) -> Result<Linked<T>, E> {
        Err(unexpected(EXPECTED, &got))
    }

    fn visit_f64<E: Error>(self, got: f64) -> Result<Linked<T>, E> {
        let id = Id::deserialize(got.into_deserializer());
        id.map(Linked::Id)
            .map_err(|_: E| unexpected(EXPECTED, &got))
    }

    takes_no_null!(EXPECTED);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Linked<T>, A::Error> {
        if let Some(first) = seq.next_element::<serde_json::Value>()? {
            return Err(unexpected_seq(EXPECTED, vec![first], seq));
        }
        let record = T::deserialize(SeqDeserializer::new(std::iter::empty::<()>()));
        record
            .map(Linked::from)
            .map_err(|_: A::Error| unexpected(EXPECTED, &"[]"))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Linked<T>, A::Error> {
        let record = T::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Linked::Record(Box::new(record)))
    }
}

impl<T> From<T> for Linked<T> {
    fn from(record: T) -> Self {
        Self::Record(Box::new(record))
    }
}

#[cfg(test)]
mod tests {
    use super::Linked;
    use crate::Integer;

    #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Location {
        rank: Integer,
    }

    #[test]
    fn a_record_and_its_id_are_read_and_written_back() {
        for (json, writes) in [
            (r#"{"rank":"2","x":1}"#, r#"{"rank":2}"#),
            ("3", "3"),
            ("3.0", "3"),
            (r#""3""#, r#""3""#),
        ] {
            let linked: Linked<Location> = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&linked).unwrap(), writes);
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            assert_eq!(
                serde_json::from_value::<Linked<Location>>(value).unwrap(),
                linked
            );
        }
    }

    #[test]
    fn an_empty_list_is_a_record_without_fields() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Empty {
            #[serde(default)]
            rank: Option<Integer>,
        }
        let linked: Linked<Empty> = serde_json::from_str("[]").unwrap();
        assert_eq!(linked.record(), Some(&Empty { rank: None }));
    }

    #[test]
    fn anything_else_is_an_error_that_shows_it() {
        for (json, got) in [
            ("[]", "[]"),
            ("[1]", "[1]"),
            ("true", "true"),
            ("1.5", "1.5"),
            ("null", "null"),
        ] {
            let error = serde_json::from_str::<Linked<Location>>(json)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("expected an object or an id, got {got}")),
                "{error}"
            );
        }
    }
}
