//! Reading and writing generated records, field by field.
//!
//! serde's derive makes code of its own for every struct: an enum of its fields, three ways to name one, a reader for lists, a local for each field. For
//! hundreds of records that is most of what a build of the client takes. All of it that is the same for every record is here, once.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{SerializeMap, Serializer};

use crate::Field;
use crate::error::{unexpected, unexpected_seq};

/// A record that is read field by field. Implemented by generated code.
///
/// It is read from an object, in which unknown fields are ignored and of repeated ones the last counts. If no field is required it is read from `[]` too,
/// which is how PHP sends an object without fields.
#[doc(hidden)]
pub trait ReadFields: Sized {
    /// The index of a field's name as it is sent. A `match`, of which the compiler makes comparisons of whole words: a search in a table took 40% of the
    /// time of reading a page.
    fn index(name: &str) -> Option<usize>;

    /// Reads the values of the fields that are sent.
    ///
    /// # Errors
    ///
    /// If a value is none of its field's type, or a required field is missing.
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error>;

    /// The record without any field, if none is required.
    fn empty() -> Option<Self> {
        None
    }
}

/// The index of the next known field; the unknown ones before it are skipped.
///
/// # Errors
///
/// If the object ends too early.
#[doc(hidden)]
pub fn next_field<'de, A: MapAccess<'de>>(
    map: &mut A,
    index: fn(&str) -> Option<usize>,
) -> Result<Option<usize>, A::Error> {
    while let Some(field) = map.next_key_seed(Name(index))? {
        match field {
            Some(field) => return Ok(Some(field)),
            None => _ = map.next_value::<IgnoredAny>()?,
        }
    }
    Ok(None)
}

/// Reads the value of a field.
///
/// # Errors
///
/// If it is none of the field's type.
#[doc(hidden)]
pub fn read_field<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    field: &mut T,
) -> Result<(), A::Error> {
    *field = map.next_value()?;
    Ok(())
}

/// Reads the value of a required field.
///
/// # Errors
///
/// If it is none of the field's type.
#[doc(hidden)]
pub fn read_required<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    *field = Some(map.next_value()?);
    Ok(())
}

/// The value of a required field.
///
/// # Errors
///
/// If there is none.
#[doc(hidden)]
pub fn required<T, E: Error>(value: Option<T>, name: &'static str) -> Result<T, E> {
    value.ok_or_else(|| E::missing_field(name))
}

/// A record that is written as an object without the fields that are absent. Implemented by generated code.
#[doc(hidden)]
pub trait WriteFields {
    /// Writes every field.
    ///
    /// # Errors
    ///
    /// If the serializer fails.
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// Reads a record.
///
/// # Errors
///
/// If it is no object, or a field's value is none of its type.
#[doc(hidden)]
pub fn read_record<'de, T: ReadFields, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(RecordVisitor(PhantomData))
}

/// Writes a record.
///
/// # Errors
///
/// If the serializer fails.
#[doc(hidden)]
pub fn write_record<T: WriteFields, S: Serializer>(
    record: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    record.write(&mut map)?;
    map.end()
}

/// A field as it is written.
#[doc(hidden)]
pub trait WriteField {
    /// Writes the field unless it is absent.
    ///
    /// # Errors
    ///
    /// If the serializer fails.
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error>;
}

impl<T: Serialize> WriteField for Option<T> {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        match self {
            Some(value) => map.serialize_entry(name, value),
            None => Ok(()),
        }
    }
}

impl<T: Serialize> WriteField for Field<T> {
    fn write<M: SerializeMap>(&self, name: &'static str, map: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Value(value) => map.serialize_entry(name, value),
            Self::Null => map.serialize_entry(name, &()),
            Self::Absent => Ok(()),
        }
    }
}

/// A field that nothing is ever sent in.
impl WriteField for () {
    fn write<M: SerializeMap>(&self, _: &'static str, _: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

struct RecordVisitor<T>(PhantomData<T>);

const EXPECTED: &str = "an object";

impl<'de, T: ReadFields> Visitor<'de> for RecordVisitor<T> {
    type Value = T;

    takes_no_scalar!(EXPECTED);
    takes_no_null!(EXPECTED);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        match seq.next_element()? {
            None => T::empty().ok_or_else(|| unexpected(EXPECTED, &"[]")),
            Some(first) => Err(unexpected_seq(EXPECTED, vec![first], seq)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        T::read(&mut map)
    }
}

/// Reads a field's name as its index, if it is known.
struct Name(fn(&str) -> Option<usize>);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok((self.0)(name))
    }
}

#[cfg(test)]
mod tests {
    use serde::de::MapAccess;
    use serde::ser::SerializeMap;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{
        ReadFields, WriteField, WriteFields, next_field, read_field, read_record, read_required,
        required, write_record,
    };
    use crate::{Field, Integer};

    #[derive(Debug, Default, PartialEq)]
    struct Update {
        count: Option<Integer>,
        inner: Option<Box<Update>>,
        title: Field<String>,
    }

    impl ReadFields for Update {
        fn index(name: &str) -> Option<usize> {
            ["count", "inner", "title"]
                .iter()
                .position(|&field| field == name)
        }

        fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
            let mut read = Self::default();
            while let Some(field) = next_field(map, Self::index)? {
                match field {
                    0 => read_field(map, &mut read.count),
                    1 => read_field(map, &mut read.inner),
                    _ => read_field(map, &mut read.title),
                }?;
            }
            Ok(read)
        }

        fn empty() -> Option<Self> {
            Some(Self::default())
        }
    }

    impl WriteFields for Update {
        fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
            self.count.write("count", map)?;
            self.inner.write("inner", map)?;
            self.title.write("title", map)
        }
    }

    impl<'de> Deserialize<'de> for Update {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            read_record(deserializer)
        }
    }

    impl Serialize for Update {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            write_record(self, serializer)
        }
    }

    #[test]
    fn fields_are_read_and_written_and_unknown_ones_ignored() {
        for (json, writes) in [
            (
                r#"{"x":[{}],"count":"3","title":null}"#,
                r#"{"count":3,"title":null}"#,
            ),
            (
                r#"{"inner":{"inner":[],"title":"a"}}"#,
                r#"{"inner":{"inner":{},"title":"a"}}"#,
            ),
            (r#"{"count":1,"count":2}"#, r#"{"count":2}"#),
            ("[]", "{}"),
        ] {
            let update: Update = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&update).unwrap(), writes, "{json}");
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            assert_eq!(
                serde_json::from_value::<Update>(value).unwrap(),
                update,
                "{json}"
            );
        }
    }

    #[test]
    fn what_is_no_object_is_an_error_that_shows_it() {
        for json in ["3", "null", "[1]", r#""text""#, "true"] {
            let error = serde_json::from_str::<Update>(json)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("expected an object, got {json}")),
                "{error}"
            );
        }
    }

    struct Input {
        id: Integer,
    }

    impl ReadFields for Input {
        fn index(name: &str) -> Option<usize> {
            (name == "id").then_some(0)
        }

        fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
            let mut id = None;
            while next_field(map, Self::index)?.is_some() {
                read_required(map, &mut id)?;
            }
            Ok(Self {
                id: required(id, "id")?,
            })
        }
    }

    #[test]
    fn a_required_field_is_missed_by_its_name() {
        let read = |json| read_record::<Input, _>(&mut serde_json::Deserializer::from_str(json));
        assert_eq!(read(r#"{"id": "3"}"#).unwrap().id, 3);
        assert!(
            read("{}")
                .map(|_| ())
                .unwrap_err()
                .to_string()
                .starts_with("missing field `id`")
        );
        assert!(
            read("[]")
                .map(|_| ())
                .unwrap_err()
                .to_string()
                .starts_with("expected an object, got []")
        );
    }
}
