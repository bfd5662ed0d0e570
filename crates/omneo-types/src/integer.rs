//! Counts, and everything else that is whole.

use std::cmp::Ordering;
use std::fmt::{self, Display};
use std::ops::Deref;
use std::str::FromStr;

use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use crate::scalar::{Sent, deserialize_from_scalar};
use crate::{Amount, ParseError};

const EXPECTED: &str = "an integer or integer text";

/// A whole number.
///
/// | reads | writes |
/// |---|---|
/// | `5`, `5.0`, `5e0` | `5` |
/// | `"5"`, `" 5 "`, `"5.0"`, `"5e0"` | `5` |
///
/// Errors: `5.5`, an empty text, a boolean, a number beyond `i64`.
///
/// ```
/// use omneo_types::Integer;
///
/// let count: Integer = serde_json::from_str(r#""12""#)?;
/// assert_eq!(count, 12);
/// assert_eq!(*count + 1, 13);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Integer(i64);

impl Integer {
    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }

    fn from_sent(sent: Sent<'_>) -> Result<Self, ParseError> {
        match sent {
            Sent::Integer(value) => Ok(Self(value)),
            Sent::Text(text) => text.parse(),
            other => Err(other.refuse(EXPECTED)),
        }
    }
}

deserialize_from_scalar!(Integer, EXPECTED);

impl Deref for Integer {
    type Target = i64;

    fn deref(&self) -> &i64 {
        &self.0
    }
}

impl From<Integer> for i64 {
    fn from(value: Integer) -> Self {
        value.0
    }
}

macro_rules! from_integer {
    ($($int:ty)+) => {$(
        impl From<$int> for Integer {
            fn from(value: $int) -> Self {
                Self(value.into())
            }
        }
    )+};
}
from_integer!(i8 i16 i32 i64 u8 u16 u32);

impl TryFrom<u64> for Integer {
    type Error = ParseError;

    fn try_from(value: u64) -> Result<Self, ParseError> {
        i64::try_from(value)
            .map(Self)
            .map_err(|_| ParseError::new(EXPECTED, &value))
    }
}

impl FromStr for Integer {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let whole = || {
            Amount::parse(text)
                .filter(|amount| amount.is_integer())?
                .to_i64()
        };
        match text.trim().parse().ok().or_else(whole) {
            Some(value) => Ok(Self(value)),
            None => Err(ParseError::text(EXPECTED, text)),
        }
    }
}

impl Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PartialEq<i64> for Integer {
    fn eq(&self, other: &i64) -> bool {
        self.0 == *other
    }
}

impl PartialOrd<i64> for Integer {
    fn partial_cmp(&self, other: &i64) -> Option<Ordering> {
        self.0.partial_cmp(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_of_every_spelling_are_read() {
        for (json, expected) in [
            ("5", 5),
            ("5.0", 5),
            ("5e0", 5),
            ("-0", 0),
            ("-0.0", 0),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            (r#""5""#, 5),
            (r#"" 5 ""#, 5),
            (r#""+5""#, 5),
            (r#""5.0""#, 5),
            (r#""1e3""#, 1000),
            (r#""-9223372036854775808""#, i64::MIN),
        ] {
            assert_eq!(
                serde_json::from_str::<Integer>(json).unwrap(),
                expected,
                "{json}"
            );
        }
        assert_eq!(serde_json::to_string(&Integer(5)).unwrap(), "5");
    }

    #[test]
    fn what_is_not_whole_is_an_error_that_shows_it() {
        for json in [
            "5.5",
            r#""5.5""#,
            r#""""#,
            r#""five""#,
            "true",
            "null",
            "[]",
            "9223372036854775808",
            r#""9223372036854775808""#,
        ] {
            let error = serde_json::from_str::<Integer>(json)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("expected an integer or integer text, got {json}")),
                "{error}"
            );
        }
        assert!(Integer::try_from(u64::MAX).is_err());
    }

    #[test]
    fn it_compares_with_plain_integers() {
        assert!(Integer(3) == 3 && Integer(3) < 4);
    }
}
