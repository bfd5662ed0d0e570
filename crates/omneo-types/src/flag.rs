//! Booleans.

use std::fmt::{self, Display};
use std::ops::{Deref, Not};
use std::str::FromStr;

use serde::Serialize;

use crate::ParseError;
use crate::scalar::{Sent, deserialize_from_scalar};

const EXPECTED: &str = "true, false, 1 or 0";

/// A boolean.
///
/// | reads | writes |
/// |---|---|
/// | `true`, `1`, `1.0`, `"1"`, `"true"` in any case | `true` |
/// | `false`, `0`, `0.0`, `"0"`, `"false"` in any case | `false` |
///
/// Errors: everything else, also an empty text: PHP prints `false` so, but a form sends it for "not answered".
///
/// ```
/// use omneo_types::Flag;
///
/// let active: Flag = serde_json::from_str("1")?;
/// if *active {
///     assert_eq!(active, true);
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Flag(bool);

impl Flag {
    /// The boolean.
    #[must_use]
    pub fn get(self) -> bool {
        self.0
    }

    fn from_sent(sent: Sent<'_>) -> Result<Self, ParseError> {
        match sent {
            Sent::Bool(value) => Ok(Self(value)),
            Sent::Integer(0) => Ok(Self(false)),
            Sent::Integer(1) => Ok(Self(true)),
            Sent::Text(text) => text.parse(),
            other => Err(other.refuse(EXPECTED)),
        }
    }
}

deserialize_from_scalar!(Flag, EXPECTED);

impl Deref for Flag {
    type Target = bool;

    fn deref(&self) -> &bool {
        &self.0
    }
}

impl From<bool> for Flag {
    fn from(value: bool) -> Self {
        Self(value)
    }
}

impl From<Flag> for bool {
    fn from(flag: Flag) -> Self {
        flag.0
    }
}

impl Not for Flag {
    type Output = bool;

    fn not(self) -> bool {
        !self.0
    }
}

impl PartialEq<bool> for Flag {
    fn eq(&self, other: &bool) -> bool {
        self.0 == *other
    }
}

impl FromStr for Flag {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let word = text.trim();
        if word == "1" || word.eq_ignore_ascii_case("true") {
            Ok(Self(true))
        } else if word == "0" || word.eq_ignore_ascii_case("false") {
            Ok(Self(false))
        } else {
            Err(ParseError::text(EXPECTED, text))
        }
    }
}

impl Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_of_every_spelling_are_read() {
        for (json, expected) in [
            ("true", true),
            ("1", true),
            ("1.0", true),
            (r#""1""#, true),
            (r#""true""#, true),
            (r#"" TRUE ""#, true),
            ("false", false),
            ("0", false),
            ("-0.0", false),
            (r#""0""#, false),
            (r#""False""#, false),
        ] {
            assert_eq!(
                serde_json::from_str::<Flag>(json).unwrap(),
                expected,
                "{json}"
            );
        }
        assert_eq!(
            serde_json::to_string(&[Flag(true), Flag(false)]).unwrap(),
            "[true,false]"
        );
    }

    #[test]
    fn what_is_no_boolean_is_an_error_that_shows_it() {
        for json in [
            "2", "-1", "0.5", r#""""#, r#""yes""#, r#""2""#, "null", "[]", "{}",
        ] {
            let error = serde_json::from_str::<Flag>(json).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("expected true, false, 1 or 0, got {json}")),
                "{error}"
            );
        }
    }

    #[test]
    fn it_negates_to_a_boolean() {
        assert!(!Flag(false));
    }
}
