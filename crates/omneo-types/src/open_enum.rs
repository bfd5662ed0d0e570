//! Enums to which the server may add.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt::{self, Display};
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};

use crate::Scalar;
use crate::scalar::Sent;

/// A value of `E`, or one that this version of the client does not know.
///
/// | reads | as | writes |
/// |---|---|---|
/// | a text that `E` parses | `Known` | its text |
/// | any other text, also empty | `Unknown` | the same text |
/// | a number or a boolean | `Unknown` | the same number or boolean |
///
/// Errors: `null` (use `Option`), a list, an object.
///
/// ```
/// use omneo_types::OpenEnum;
/// # #[derive(Debug, PartialEq)]
/// # enum Gender { Female }
/// # impl std::fmt::Display for Gender {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("female") }
/// # }
/// # impl std::str::FromStr for Gender {
/// #     type Err = ();
/// #     fn from_str(s: &str) -> Result<Self, ()> { if s == "female" { Ok(Self::Female) } else { Err(()) } }
/// # }
///
/// let known: OpenEnum<Gender> = serde_json::from_str(r#""female""#)?;
/// assert_eq!(known, Gender::Female);
/// let newer: OpenEnum<Gender> = serde_json::from_str(r#""undisclosed""#)?;
/// assert_eq!(newer.known(), None);
/// assert_eq!(newer.to_string(), "undisclosed");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OpenEnum<E> {
    /// A value of the published enum.
    Known(E),
    /// Any other value, of the kind that was sent.
    Unknown(Scalar),
}

impl<E> OpenEnum<E> {
    /// The value, if this version of the client knows it.
    #[must_use]
    pub fn known(&self) -> Option<&E> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Whether the value is one that this version of the client does not know.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.known().is_none()
    }
}

impl<E: Display> OpenEnum<E> {
    /// The value as the API spells it.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Unknown(Scalar::Text(text)) => text.into(),
            other => other.to_string().into(),
        }
    }
}

impl<'de, E: FromStr> Deserialize<'de> for OpenEnum<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sent = Sent::read(deserializer, "an enum's value: a text")?;
        // Only a text can be known: a number would be written back as text.
        let known = match &sent {
            Sent::Text(text) => text.parse().ok(),
            _ => None,
        };
        Ok(known.map_or_else(|| Self::Unknown(sent.into()), Self::Known))
    }
}

impl<E: Display> Serialize for OpenEnum<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => serializer.collect_str(value),
            Self::Unknown(value) => value.serialize(serializer),
        }
    }
}

impl<E: Display> Display for OpenEnum<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Unknown(value) => value.fmt(f),
        }
    }
}

impl<E: FromStr> FromStr for OpenEnum<E> {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text
            .parse()
            .map_or_else(|_| Self::Unknown(text.into()), Self::Known))
    }
}

impl<E> From<E> for OpenEnum<E> {
    fn from(value: E) -> Self {
        Self::Known(value)
    }
}

impl<E: PartialEq> PartialEq<E> for OpenEnum<E> {
    fn eq(&self, other: &E) -> bool {
        self.known() == Some(other)
    }
}

impl<E: Default> Default for OpenEnum<E> {
    fn default() -> Self {
        Self::Known(E::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As progenitor generates them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    enum Signal {
        Up,
        One,
    }

    impl Display for Signal {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(match self {
                Self::Up => "up",
                Self::One => "1",
            })
        }
    }

    impl FromStr for Signal {
        type Err = &'static str;

        fn from_str(text: &str) -> Result<Self, &'static str> {
            match text {
                "up" => Ok(Self::Up),
                "1" => Ok(Self::One),
                _ => Err("invalid value"),
            }
        }
    }

    #[test]
    fn every_scalar_is_read_and_written_back() {
        for (json, known) in [
            (r#""up""#, Some(Signal::Up)),
            (r#""1""#, Some(Signal::One)),
            (r#""Up""#, None),
            (r#""""#, None),
            ("1", None),
            ("1.5", None),
            ("true", None),
        ] {
            let value: OpenEnum<Signal> = serde_json::from_str(json).unwrap();
            assert_eq!(value.known().copied(), known, "{json}");
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(
                format!("{:?}", value.as_str()).trim_matches('"'),
                json.trim_matches('"')
            );
        }
    }

    #[test]
    fn what_is_no_scalar_is_an_error_that_shows_it() {
        for json in ["null", "[]", r#"{"value":"up"}"#] {
            let error = serde_json::from_str::<OpenEnum<Signal>>(json)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("expected an enum's value: a text, got {json}")),
                "{error}"
            );
        }
    }

    #[test]
    fn it_compares_with_the_enum() {
        assert_eq!(OpenEnum::from(Signal::Up), Signal::Up);
        assert_ne!("down".parse::<OpenEnum<Signal>>().unwrap(), Signal::Up);
    }
}
