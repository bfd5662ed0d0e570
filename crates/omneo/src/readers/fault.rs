//! Why a record could not be made of a row, as serde says it.

use std::fmt::{self, Display};

use serde::de::{Error, Expected, Unexpected};

#[derive(Debug)]
pub(super) struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    what: What,
    path: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A required field is missing.
    Missing(String),
    /// The record has no such field.
    Unknown,
    /// The field is known; that was the question.
    Known,
    /// An enum that is not open, and its values.
    Closed(&'static [&'static str]),
    /// A list or object came where the type has none.
    Shape(String),
    /// Anything else.
    Refused {
        reason: String,
        detail: Option<String>,
    },
}

impl Fault {
    pub(super) fn new(what: What) -> Self {
        Self(Box::new(Inner { what, path: None }))
    }

    pub(super) fn refused(reason: impl Into<String>) -> Self {
        Self::new(What::Refused {
            reason: reason.into(),
            detail: None,
        })
    }

    /// Notes where it was met, unless that is known from further inside.
    pub(super) fn at(mut self, path: impl Display) -> Self {
        self.0.path.get_or_insert_with(|| path.to_string());
        self
    }

    pub(super) fn what(&self) -> &What {
        &self.0.what
    }

    /// The field, or the record around a field that is missing; empty for the whole record.
    pub(super) fn path(&self) -> &str {
        self.0.path.as_deref().unwrap_or_default()
    }

    pub(super) fn into_what(self) -> What {
        self.0.what
    }
}

impl What {
    /// What is wrong, without the value, and a type's own words if they may show it.
    pub(super) fn into_reason(self) -> (String, Option<String>) {
        match self {
            Self::Missing(_) => ("is required and missing".to_owned(), None),
            Self::Unknown | Self::Known => ("is no field of the record".to_owned(), None),
            Self::Closed(values) => {
                let values: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
                (format!("expected one of {}", values.join(", ")), None)
            }
            Self::Shape(reason) => (reason, None),
            Self::Refused { reason, detail } => (reason, detail),
        }
    }

    /// Of a message that serde, serde_json or a type worded. What it says of the value is left out.
    pub(super) fn of(message: &str) -> Self {
        let message = without_position(message);
        let refused = |reason: String| Self::Refused {
            reason,
            detail: None,
        };
        if let Some((expected, got)) = message
            .strip_prefix("expected ")
            .and_then(|rest| rest.split_once(", got "))
        {
            let reason = format!("expected {expected}");
            return match got.starts_with(['[', '{']) {
                true => Self::Shape(reason),
                false => refused(reason),
            };
        }
        if let Some(field) = message
            .strip_prefix("missing field `")
            .and_then(|rest| rest.strip_suffix('`'))
        {
            return Self::Missing(field.to_owned());
        }
        if message.starts_with("unknown field ") {
            return Self::Unknown;
        }
        let by_serde = [
            "invalid type: ",
            "invalid value: ",
            "invalid length ",
            "unknown variant ",
        ];
        if by_serde.iter().any(|start| message.starts_with(start)) {
            // The value comes first and may hold anything; what was expected is serde's own and comes last.
            if let Some((_, expected)) = message.rsplit_once(", expected ") {
                return refused(format!("expected {expected}"));
            }
        }
        Self::Refused {
            reason: "the type of the field refuses it".to_owned(),
            detail: Some(message.to_owned()),
        }
    }
}

/// serde_json ends its messages with where it was, which in one line is of no use.
fn without_position(message: &str) -> &str {
    match message.rsplit_once(" at line ") {
        Some((message, position)) if position.starts_with(|c: char| c.is_ascii_digit()) => message,
        _ => message,
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.what)
    }
}

impl std::error::Error for Fault {}

impl Error for Fault {
    fn custom<T: Display>(message: T) -> Self {
        Self::new(What::of(&message.to_string()))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let reason = format!("expected {expected}");
        Self::new(match unexpected {
            Unexpected::Map | Unexpected::Seq => What::Shape(reason),
            _ => What::Refused {
                reason,
                detail: None,
            },
        })
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::refused(format!("expected {expected}"))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::refused(format!("expected {expected}"))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(What::Closed(expected))
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::new(What::Unknown)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(What::Missing(field.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::What;

    #[test]
    fn a_reason_has_no_value() {
        for (message, reason) in [
            (
                r#"expected a date or a time, got "Ada, got x""#,
                "expected a date or a time",
            ),
            (
                r#"invalid type: string "Ada, expected x", expected u64 at line 1 column 20"#,
                "expected u64",
            ),
            (r#"invalid value: integer `-3`, expected u8"#, "expected u8"),
            (
                "missing field `email` at line 1 column 2",
                "is required and missing",
            ),
            (
                "unknown field `Ada`, expected `b`",
                "is no field of the record",
            ),
            (
                "unknown variant `Ada`, expected `b` or `c`",
                "expected `b` or `c`",
            ),
        ] {
            assert_eq!(
                What::of(message).into_reason(),
                (reason.to_owned(), None),
                "{message}"
            );
        }
        let (reason, detail) = What::of("Ada is no planet").into_reason();
        assert_eq!(reason, "the type of the field refuses it");
        assert_eq!(detail.as_deref(), Some("Ada is no planet"));
    }
}
