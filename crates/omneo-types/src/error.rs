//! The one error of this crate: what was expected, and the value that came instead.

use std::fmt::{self, Display, Write};

use serde::de::SeqAccess;
use serde_json::Value;

/// How much of a value an error shows, in characters.
const SHOWN: usize = 80;

/// A value has none of the forms that its type takes.
///
/// ```
/// let error = "soon".parse::<omneo_types::Integer>().unwrap_err();
/// assert_eq!(error.to_string(), r#"expected an integer or integer text, got "soon""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    expected: &'static str,
    got: String,
}

impl ParseError {
    /// `got` is shown as it prints: for values whose text is JSON already.
    pub(crate) fn new(expected: &'static str, got: &dyn Display) -> Self {
        let mut cut = Cut {
            text: String::new(),
            chars: 0,
        };
        // The only failure is Cut's own, which ends a long value early.
        let _ = write!(cut, "{got}");
        Self {
            expected,
            got: cut.text,
        }
    }

    /// `got` is shown in quotes.
    pub(crate) fn text(expected: &'static str, got: &str) -> Self {
        Self::new(expected, &format_args!("{got:?}"))
    }

    /// What would have been read.
    #[must_use]
    pub fn expected(&self) -> &str {
        self.expected
    }

    /// The value as JSON, cut at 80 characters.
    #[must_use]
    pub fn got(&self) -> &str {
        &self.got
    }
}

impl Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, got {}", self.expected, self.got)
    }
}

impl std::error::Error for ParseError {}

/// Takes [`SHOWN`] characters; a longer text ends in an ellipsis and stops its writer.
struct Cut {
    text: String,
    chars: usize,
}

impl Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if self.chars == SHOWN {
                self.text.pop();
                self.text.push('…');
                return Err(fmt::Error);
            }
            self.text.push(c);
            self.chars += 1;
        }
        Ok(())
    }
}

/// The serde error for a scalar in the wrong place.
pub(crate) fn unexpected<E: serde::de::Error>(expected: &'static str, got: &dyn Display) -> E {
    E::custom(ParseError::new(expected, got))
}

/// The serde error for a list in the wrong place; `read` is what was taken from it already.
pub(crate) fn unexpected_seq<'de, A: SeqAccess<'de>>(
    expected: &'static str,
    mut read: Vec<Value>,
    mut rest: A,
) -> A::Error {
    while let Ok(Some(value)) = rest.next_element() {
        read.push(value);
    }
    unexpected(expected, &Value::Array(read))
}

/// The part of a visitor that is the same in every container: it takes no scalar. serde's own message would print a text whole.
macro_rules! takes_no_scalar {
    ($expected:expr) => {
        fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str($expected)
        }
        fn visit_bool<E: ::serde::de::Error>(self, got: bool) -> Result<Self::Value, E> {
            Err($crate::error::unexpected($expected, &got))
        }
        fn visit_i64<E: ::serde::de::Error>(self, got: i64) -> Result<Self::Value, E> {
            Err($crate::error::unexpected($expected, &got))
        }
        fn visit_u64<E: ::serde::de::Error>(self, got: u64) -> Result<Self::Value, E> {
            Err($crate::error::unexpected($expected, &got))
        }
        fn visit_f64<E: ::serde::de::Error>(self, got: f64) -> Result<Self::Value, E> {
            Err($crate::error::unexpected($expected, &got))
        }
        fn visit_str<E: ::serde::de::Error>(self, got: &str) -> Result<Self::Value, E> {
            Err($crate::error::unexpected(
                $expected,
                &format_args!("{got:?}"),
            ))
        }
    };
}

/// The part of a visitor that is the same in every container that may be null.
macro_rules! null_is {
    ($none:expr) => {
        fn visit_unit<E: ::serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok($none)
        }
        fn visit_none<E: ::serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok($none)
        }
    };
}

/// `null` is an error with the sentence of all others, not serde's.
macro_rules! takes_no_null {
    ($expected:expr) => {
        fn visit_unit<E: ::serde::de::Error>(self) -> Result<Self::Value, E> {
            Err($crate::error::unexpected($expected, &"null"))
        }
        fn visit_none<E: ::serde::de::Error>(self) -> Result<Self::Value, E> {
            Err($crate::error::unexpected($expected, &"null"))
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_on_a_character_boundary() {
        let error = ParseError::text("x", &"é".repeat(200));
        assert_eq!(error.got().chars().count(), SHOWN);
        assert!(error.got().starts_with("\"é") && error.got().ends_with("é…"));
    }

    #[test]
    fn a_value_that_just_fits_is_shown_whole() {
        let error = ParseError::text("x", &"a".repeat(SHOWN - 2));
        assert_eq!(error.got(), format!("\"{}\"", "a".repeat(SHOWN - 2)));
    }

    #[test]
    fn line_breaks_are_escaped() {
        assert_eq!(
            ParseError::text("x", "a\nb").to_string(),
            r#"expected x, got "a\nb""#
        );
    }
}
