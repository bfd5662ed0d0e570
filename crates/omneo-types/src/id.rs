//! Ids: integers or text.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt::{self, Display};
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use serde::{Serialize, Serializer};

use crate::ParseError;
use crate::scalar::{Sent, deserialize_from_scalar};

const EXPECTED: &str = "an id: an integer or a text";

/// The id of a record: an integer for most, a UUID for profiles, staff and batches, and now and then an integer as text.
///
/// | reads | writes |
/// |---|---|
/// | `3`, `3.0` | `3` |
/// | `"3"` | `"3"` |
/// | `"7b6e…"` | `"7b6e…"` |
///
/// Errors: `3.5`, a boolean, a number beyond 64 bits.
///
/// Ids are equal if they print the same, whichever way they were sent; hash and order go by that text too, so `10` sorts before `9`.
///
/// ```
/// use omneo_types::Id;
///
/// let sent: Id = serde_json::from_str(r#""3""#)?;
/// assert_eq!(sent, Id::from(3));
/// assert_eq!(sent, "3");
/// assert_eq!(sent.as_i64(), Some(3));
/// assert_eq!(serde_json::to_string(&sent)?, r#""3""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Id(Repr);

#[derive(Clone)]
enum Repr {
    Integer(i64),
    /// Only what `Integer` can't hold.
    Unsigned(u64),
    Text(String),
}

impl Id {
    /// The id as an integer, if its text is one: that of `"3"` is, those of `"03"` and `"3.0"` are not.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Integer(id) => Some(*id),
            Repr::Unsigned(_) => None,
            Repr::Text(text) => text.parse().ok().filter(|id: &i64| id.to_string() == *text),
        }
    }

    /// The id as it stands in a path or a comparison.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Integer(id) => id.to_string().into(),
            Repr::Unsigned(id) => id.to_string().into(),
            Repr::Text(text) => text.into(),
        }
    }

    fn from_sent(sent: Sent<'_>) -> Result<Self, ParseError> {
        match sent {
            Sent::Integer(id) => Ok(id.into()),
            Sent::Text(id) => Ok(id.into_owned().into()),
            Sent::Number(id) if id.is_integer() => id
                .to_u64()
                .map(Self::from)
                .ok_or_else(|| sent.refuse(EXPECTED)),
            other => Err(other.refuse(EXPECTED)),
        }
    }
}

deserialize_from_scalar!(Id, EXPECTED);

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Integer(id) => serializer.serialize_i64(*id),
            Repr::Unsigned(id) => serializer.serialize_u64(*id),
            Repr::Text(id) => serializer.serialize_str(id),
        }
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Integer(a), Repr::Integer(b)) => a == b,
            (Repr::Text(a), Repr::Text(b)) => a == b,
            _ => self.as_str() == other.as_str(),
        }
    }
}

impl Eq for Id {}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(&other.as_str())
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<i64> for Id {
    fn eq(&self, other: &i64) -> bool {
        self.as_i64() == Some(*other)
    }
}

impl Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Integer(id) => id.fmt(f),
            Repr::Unsigned(id) => id.fmt(f),
            Repr::Text(id) => id.fmt(f),
        }
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Text(id) => write!(f, "Id({id:?})"),
            Repr::Integer(_) | Repr::Unsigned(_) => write!(f, "Id({self})"),
        }
    }
}

impl FromStr for Id {
    type Err = Infallible;

    /// The id as text; see [`Id`] on why it equals the integer.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl From<i64> for Id {
    fn from(id: i64) -> Self {
        Self(Repr::Integer(id))
    }
}

impl From<i32> for Id {
    fn from(id: i32) -> Self {
        i64::from(id).into()
    }
}

impl From<u32> for Id {
    fn from(id: u32) -> Self {
        i64::from(id).into()
    }
}

impl From<u64> for Id {
    fn from(id: u64) -> Self {
        Self(i64::try_from(id).map_or(Repr::Unsigned(id), Repr::Integer))
    }
}

impl From<&str> for Id {
    fn from(id: &str) -> Self {
        id.to_owned().into()
    }
}

impl From<String> for Id {
    fn from(id: String) -> Self {
        Self(Repr::Text(id))
    }
}

impl From<&String> for Id {
    fn from(id: &String) -> Self {
        id.as_str().into()
    }
}

impl From<&Id> for Id {
    fn from(id: &Id) -> Self {
        id.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn it_writes_back_what_it_read() {
        for (json, prints, integer) in [
            ("3", "3", Some(3)),
            ("-3", "-3", Some(-3)),
            ("18446744073709551615", "18446744073709551615", None),
            (r#""3""#, "3", Some(3)),
            (r#""03""#, "03", None),
            (r#"" 3""#, " 3", None),
            (r#""""#, "", None),
            (
                r#""7b6e0c1a-0000-4000-8000-000000000000""#,
                "7b6e0c1a-0000-4000-8000-000000000000",
                None,
            ),
            (r#""é""#, "é", None),
        ] {
            let id: Id = serde_json::from_str(json).unwrap();
            assert_eq!(
                (id.to_string().as_str(), id.as_i64()),
                (prints, integer),
                "{json}"
            );
            assert_eq!(serde_json::to_string(&id).unwrap(), json);
        }
    }

    #[test]
    fn an_integral_float_is_an_integer() {
        assert_eq!(
            serde_json::to_string(&serde_json::from_str::<Id>("3.0").unwrap()).unwrap(),
            "3"
        );
    }

    #[test]
    fn what_is_no_id_is_an_error_that_shows_it() {
        for json in ["3.5", "true", "null", "[]", "{}", r#"{"id":3}"#] {
            let error = serde_json::from_str::<Id>(json).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("expected an id: an integer or a text, got {json}")),
                "{error}"
            );
        }
        assert!(serde_json::from_str::<Id>("18446744073709551616").is_err());
        assert!(serde_json::from_str::<Id>("1e300").is_err());
    }

    #[test]
    fn an_integer_and_its_text_are_the_same_id() {
        let ids: HashSet<Id> = [Id::from(3), Id::from("3"), Id::from(3_u64), Id::from("03")].into();
        assert_eq!(ids.len(), 2);
        assert_eq!(Id::from(3).cmp(&Id::from("3")), Ordering::Equal);
        assert!(Id::from(3) == "3" && Id::from("3") == 3 && Id::from("03") != 3);
        assert_eq!(Id::from(u64::MAX), "18446744073709551615");
    }

    #[test]
    fn whatever_holds_an_id_becomes_one() {
        let text = "p-1".to_owned();
        assert_eq!(Id::from(&text), "p-1");
        assert_eq!(Id::from(&Id::from(text)), "p-1");
    }

    #[test]
    fn it_is_no_larger_than_a_string() {
        assert_eq!(size_of::<Option<Id>>(), size_of::<String>());
    }
}
