//! The envelope of one record.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::error::unexpected_seq;

const EXPECTED: &str = "an object with the member data";

/// The envelope `{"data": ..}` around most answers. Other members are ignored.
///
/// | reads | writes |
/// |---|---|
/// | `{"data": T, ..}` | `{"data": T}` |
///
/// ```
/// use omneo_types::{Data, Map};
///
/// let answer: Data<Map<String>> = serde_json::from_str(r#"{"data": {"name": "Ada"}}"#)?;
/// assert_eq!(answer["name"], "Ada");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Data<T> {
    /// What was asked for.
    pub data: T,
}

impl<T> Data<T> {
    /// What was asked for.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.data
    }
}

impl<T> From<T> for Data<T> {
    fn from(data: T) -> Self {
        Self { data }
    }
}

impl<T> Deref for Data<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}

impl<T> DerefMut for Data<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.data
    }
}

/// The members of an envelope.
#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
pub(crate) enum Key {
    Data,
    Links,
    Meta,
    Other(String),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Data<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor(PhantomData))
    }
}

struct DataVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for DataVisitor<T> {
    type Value = Data<T>;

    takes_no_scalar!(EXPECTED);
    takes_no_null!(EXPECTED);

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Data<T>, A::Error> {
        Err(unexpected_seq(EXPECTED, Vec::new(), seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Data<T>, A::Error> {
        let mut data = None;
        while let Some(key) = map.next_key()? {
            match key {
                Key::Data => data = Some(map.next_value()?),
                Key::Links | Key::Meta | Key::Other(_) => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        data.map(|data| Data { data })
            .ok_or_else(|| A::Error::missing_field("data"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Integer;

    #[test]
    fn data_is_read_among_other_members() {
        for json in [
            r#"{"data": 3}"#,
            r#"{"meta": [], "data": "3", "links": null, "x": {"data": 4}}"#,
        ] {
            let answer: Data<Integer> = serde_json::from_str(json).unwrap();
            assert_eq!(answer.into_inner(), 3);
        }
        assert_eq!(
            serde_json::to_string(&Data::from(3)).unwrap(),
            r#"{"data":3}"#
        );
    }

    #[test]
    fn an_answer_without_data_is_an_error() {
        for (json, message) in [
            (r#"{"message": "no"}"#, "missing field `data`"),
            ("[3]", "expected an object with the member data, got [3]"),
            (
                r#""OK""#,
                r#"expected an object with the member data, got "OK""#,
            ),
            ("null", "expected an object with the member data, got null"),
        ] {
            let error = serde_json::from_str::<Data<Integer>>(json)
                .unwrap_err()
                .to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
