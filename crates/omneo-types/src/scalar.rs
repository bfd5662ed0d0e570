//! A value of any scalar kind. Also the one reader behind every scalar type of this crate: serde's part is compiled once per format, and each
//! type only judges what was [`Sent`].

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt::{self, Display};
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::error::{unexpected, unexpected_seq};
use crate::{Amount, ParseError};

/// A value that the API sends as several kinds of scalar, such as a custom attribute's.
///
/// | reads | as | writes |
/// |---|---|---|
/// | `true` | `Bool` | `true` |
/// | `3`, `3.0` | `Integer` | `3` |
/// | `3.5`, an integer beyond `i64` | `Number` | the same number |
/// | `"3"` | `Text` | `"3"` |
///
/// A number outside the range of a [`Decimal`] is an error.
///
/// ```
/// use omneo_types::Scalar;
///
/// let values: Vec<Scalar> = serde_json::from_str(r#"["red", 41.5, 3, true]"#)?;
/// assert_eq!(values[0].as_text(), Some("red"));
/// assert_eq!(values[2].as_i64(), Some(3));
/// assert_eq!(serde_json::to_string(&values)?, r#"["red",41.5,3,true]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number. One that fits [`Scalar::Integer`] is never read as this.
    Number(Amount),
    /// A text, also if it looks like a number.
    Text(String),
}

impl Scalar {
    /// The value, if it is a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The value, if it is a whole number.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The value, if it is a number of either kind.
    #[must_use]
    pub fn as_amount(&self) -> Option<Amount> {
        match self {
            Self::Integer(value) => Some(Amount::from(*value)),
            Self::Number(value) => Some(*value),
            Self::Bool(_) | Self::Text(_) => None,
        }
    }

    /// The value, if it is a text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(value),
            _ => None,
        }
    }
}

impl Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
        }
    }
}

impl FromStr for Scalar {
    type Err = Infallible;

    /// Always a [`Scalar::Text`].
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl From<bool> for Scalar {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Scalar {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<i32> for Scalar {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<u32> for Scalar {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<Amount> for Scalar {
    fn from(value: Amount) -> Self {
        Sent::from(value).into()
    }
}

impl From<Decimal> for Scalar {
    fn from(value: Decimal) -> Self {
        Amount::from(value).into()
    }
}

impl From<&str> for Scalar {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Scalar {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Sent::read(deserializer, "a text, a number or a boolean").map(Self::from)
    }
}

/// A [`Scalar`] whose text is still where it was read from, as most texts become a number or a date and are not kept.
pub(crate) enum Sent<'de> {
    Bool(bool),
    Integer(i64),
    Number(Amount),
    Text(Cow<'de, str>),
}

impl<'de> Sent<'de> {
    /// Reads any scalar; an error names `expected`.
    pub(crate) fn read<D: Deserializer<'de>>(
        deserializer: D,
        expected: &'static str,
    ) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor { expected })
    }

    /// The error of a type that took the scalar for something else.
    pub(crate) fn refuse(self, expected: &'static str) -> ParseError {
        match self {
            Self::Text(text) => ParseError::text(expected, &text),
            other => ParseError::new(expected, &Scalar::from(other)),
        }
    }
}

impl From<Amount> for Sent<'_> {
    fn from(value: Amount) -> Self {
        match value.to_i64() {
            Some(whole) if value.is_integer() => Self::Integer(whole),
            _ => Self::Number(value),
        }
    }
}

impl From<Sent<'_>> for Scalar {
    fn from(sent: Sent<'_>) -> Self {
        match sent {
            Sent::Bool(value) => Self::Bool(value),
            Sent::Integer(value) => Self::Integer(value),
            Sent::Number(value) => Self::Number(value),
            Sent::Text(text) => Self::Text(text.into_owned()),
        }
    }
}

struct ScalarVisitor {
    expected: &'static str,
}

/// How serde_json passes a number on if any crate of the build turns on its `arbitrary_precision`: as an object with this one key.
const NUMBER_KEY: &str = "$serde_json::private::Number";

impl ScalarVisitor {
    fn number<'de, E: serde::de::Error>(
        self,
        number: &dyn Display,
        amount: Option<Amount>,
    ) -> Result<Sent<'de>, E> {
        amount.map(Sent::from).ok_or_else(|| {
            unexpected(
                self.expected,
                &format_args!("{number}, a number out of range"),
            )
        })
    }
}

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Sent<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Sent<'de>, E> {
        Ok(Sent::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Sent<'de>, E> {
        Ok(Sent::Integer(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Sent<'de>, E> {
        Ok(Amount::from(value).into())
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Sent<'de>, E> {
        self.number(&value, Amount::parse(&value.to_string()))
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Sent<'de>, E> {
        self.number(&value, Amount::parse(&value.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Sent<'de>, E> {
        // The shortest decimal that is the same float, so 0.1 is 0.1 and not 0.1000000000000000055.
        self.number(&value, Amount::from_float(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Sent<'de>, E> {
        Ok(Sent::Text(value.to_owned().into()))
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, value: &'de str) -> Result<Sent<'de>, E> {
        Ok(Sent::Text(value.into()))
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Sent<'de>, E> {
        Ok(Sent::Text(value.into()))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Sent<'de>, E> {
        Err(unexpected(self.expected, &"null"))
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Sent<'de>, E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Sent<'de>, A::Error> {
        Err(unexpected_seq(self.expected, Vec::new(), seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sent<'de>, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            if let (NUMBER_KEY, Value::String(text)) = (key.as_str(), &value) {
                return self.number(text, Amount::parse(text));
            }
            object.insert(key, value);
        }
        Err(unexpected(self.expected, &Value::Object(object)))
    }
}

/// serde for a type that is one scalar: `$type::from_sent` judges it.
macro_rules! deserialize_from_scalar {
    ($type:ident, $expected:expr) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $type::from_sent($crate::scalar::Sent::read(deserializer, $expected)?)
                    .map_err(::serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use deserialize_from_scalar;

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, MapDeserializer};
    use serde_json::json;

    use super::*;

    #[test]
    fn each_scalar_keeps_its_kind() {
        let big = Amount::from(u64::MAX);
        for (value, scalar) in [
            (json!(true), Scalar::Bool(true)),
            (json!(3), Scalar::Integer(3)),
            (json!(-3), Scalar::Integer(-3)),
            (json!(3.0), Scalar::Integer(3)),
            (json!(-0.0), Scalar::Integer(0)),
            (json!(0.1), Scalar::Number("0.1".parse().unwrap())),
            (json!(u64::MAX), Scalar::Number(big)),
            (json!("3"), Scalar::Text("3".into())),
            (json!(""), Scalar::Text(String::new())),
        ] {
            assert_eq!(
                serde_json::from_value::<Scalar>(value.clone()).unwrap(),
                scalar,
                "{value}"
            );
            assert_eq!(
                serde_json::from_str::<Scalar>(&value.to_string()).unwrap(),
                scalar,
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_no_scalar_is_an_error_that_shows_it() {
        for (json, got) in [
            ("null", "null"),
            (r#"[1, "a"]"#, r#"[1,"a"]"#),
            (r#"{"a": {}}"#, r#"{"a":{}}"#),
            ("1e300", "a number out of range"),
        ] {
            let error = serde_json::from_str::<Scalar>(json)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with("expected a text, a number or a boolean, got "),
                "{error}"
            );
            assert!(error.contains(got) || json == "1e300", "{error}");
        }
    }

    #[test]
    fn a_number_is_read_under_arbitrary_precision() {
        let number =
            |text: &'static str| MapDeserializer::<_, Error>::new([(NUMBER_KEY, text)].into_iter());
        assert_eq!(
            Scalar::deserialize(number("12")).unwrap(),
            Scalar::Integer(12)
        );
        assert_eq!(
            Scalar::deserialize(number("0.12345678901234567890"))
                .unwrap()
                .to_string(),
            "0.12345678901234567890"
        );
        assert!(Scalar::deserialize(number("1e400")).is_err());
        assert_eq!(
            Scalar::deserialize(IntoDeserializer::<Error>::into_deserializer(7_u128)).unwrap(),
            Scalar::Integer(7)
        );
    }

    #[test]
    fn a_whole_amount_becomes_an_integer() {
        assert_eq!(Scalar::from(Decimal::new(500, 2)), Scalar::Integer(5));
        assert_eq!(
            Scalar::from(Decimal::MAX),
            Scalar::Number(Decimal::MAX.into())
        );
    }
}
