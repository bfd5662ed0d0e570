//! Answers that do not fit their type.

use std::fmt;

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::body::{self, Looks};
use super::json_path::{Cause, Place, json_path_at};
use super::{redact, status};

/// An answer that could not be decoded. Nothing of its values is kept: they may be secrets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DecodeError {
    /// Where in the JSON, such as `data[3].expires_at`; empty for the whole body. Of a custom error at the end of a
    /// list or object it is the last member, of an error in a buffered value (untagged, flattened) what is around it.
    pub path: String,
    /// What was expected and what came.
    pub message: String,
}

impl DecodeError {
    /// Explains why a JSON document that is no answer, such as a webhook's, was refused. It shows as what follows the
    /// name of the document: ` could not be decoded at tier.name: ..`.
    #[must_use]
    pub fn explain(json: &[u8], error: &serde_json::Error) -> Self {
        Self::new(&HeaderMap::new(), json, json, error)
    }

    /// Explains why `json` (a body without byte order mark, or `null` for an empty one) was refused.
    pub(super) fn new(
        headers: &HeaderMap,
        body: &[u8],
        json: &[u8],
        error: &serde_json::Error,
    ) -> Self {
        let looks = Looks::of(headers, body);
        if looks == Looks::Empty {
            return Self::of_body("the body is empty where JSON was expected");
        }
        if !error.is_data() && looks != Looks::Json {
            let kind = redact::one_line(body::content_type(headers), 80);
            return Self::of_body(match looks {
                Looks::Html => "the body is an HTML page, not JSON; check the base URL".to_owned(),
                _ if kind.is_empty() => "the body is no JSON".to_owned(),
                _ => format!("the body is no JSON but {kind}"),
            });
        }
        let whole = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        let message = whole.strip_suffix(&position).unwrap_or(&whole);
        let place = json_path_at(
            json,
            error.line(),
            error.column(),
            Cause::of(error, message),
        );
        let message = if let Some(said) = said_instead(json).filter(|_| place.path.is_empty()) {
            format!("it is an error in spite of its status: {said}")
        } else if error.is_data() {
            without_value(message, &place, json)
        } else if error.is_eof() {
            "the body ends too early".to_owned()
        } else {
            format!("the body is broken JSON ({message})")
        };
        DecodeError {
            path: place.path,
            message: redact::one_line(&message, 400),
        }
    }

    fn of_body(message: impl Into<String>) -> Self {
        DecodeError {
            path: String::new(),
            message: message.into(),
        }
    }
}

/// What an error's body says that came where an answer was expected: `{message}` without `data`.
fn said_instead(json: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(json).ok()?;
    match body.get("data") {
        Some(_) => None,
        None => status::said(&body),
    }
}

/// Rewords a message of serde so that it no longer repeats the value it is about.
fn without_value(message: &str, place: &Place<'_>, json: &[u8]) -> String {
    for start in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) = message
            .strip_prefix(start)
            .and_then(|rest| rest.rsplit_once(", expected "))
        {
            let kind = found.split(['`', '"']).next().unwrap_or_default().trim();
            return format!("expected {expected}, got {kind}");
        }
    }
    if message.starts_with("unknown variant `") {
        return match message.rsplit_once("`, expected ") {
            Some((_, expected)) => format!("expected {expected}, got another text"),
            None => "got a text where none fits".to_owned(),
        };
    }
    let own_words = [
        "missing field",
        "duplicate field",
        "unknown field",
        "invalid length",
        "data did not match any variant",
    ]
    .iter()
    .any(|start| message.starts_with(start));
    if own_words {
        return message.to_owned();
    }
    if place.secret {
        return "the value does not fit (why is not shown, since the field looks secret)"
            .to_owned();
    }
    let mut message = redact::hide_in_text(message);
    let value = serde_json::Deserializer::from_slice(place.value).into_iter::<Value>();
    if let Some(Ok(value @ (Value::String(_) | Value::Number(_)))) = value.into_iter().next() {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        for text in [format!("{text:?}"), text] {
            if text.len() > 2 {
                message = message.replace(&text, "…");
            }
        }
    }
    without_quotations(&message, json)
}

/// Hides what stands in double quotes in a message if it is in the body too: the place may have been missed, so that
/// it is the value after all and no pattern or example.
fn without_quotations(message: &str, json: &[u8]) -> String {
    let quoted = |part: &str| {
        !part.is_empty()
            && json
                .windows(part.len())
                .any(|window| window == part.as_bytes())
    };
    let parts: Vec<_> = message
        .split('"')
        .enumerate()
        .map(|(index, part)| {
            if index % 2 == 1 && quoted(part) {
                "…"
            } else {
                part
            }
        })
        .collect();
    parts.join("\"")
}

/// Continues "the answer (200)".
impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(" could not be decoded")?;
        if !self.path.is_empty() {
            write!(f, " at {}", self.path)?;
        }
        write!(f, ": {}", self.message)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reqwest::header::HeaderMap;
    use serde::de::{DeserializeOwned, Error as _};
    use serde::{Deserialize, Deserializer};

    use super::DecodeError;

    fn decode<T: DeserializeOwned>(json: &str) -> String {
        let error = serde_json::from_str::<T>(json).map(drop).unwrap_err();
        let error = DecodeError::new(&HeaderMap::new(), json.as_bytes(), json.as_bytes(), &error);
        assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
        error.to_string()
    }

    struct Date;
    impl<'de> Deserialize<'de> for Date {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            Err(D::Error::custom(format!(
                "not like 2024-01-31: {text:?} ({text})"
            )))
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Plain {
        One,
        Two,
    }

    type Map<T> = BTreeMap<String, T>;

    #[test]
    fn an_error_with_a_status_of_success_is_told_as_one() {
        #[derive(Debug, Deserialize)]
        struct Data {
            #[allow(dead_code)]
            data: Map<u32>,
        }
        assert_eq!(
            decode::<Data>(r#"{"message":"Server Error, Bearer hush"}"#),
            " could not be decoded: it is an error in spite of its status: Server Error, Bearer [hidden]"
        );
        assert_eq!(
            decode::<Data>(r#"{"data":{"a":"hush"},"message":"hush"}"#),
            " could not be decoded at data.a: expected u32, got string"
        );
    }

    #[test]
    fn the_message_has_the_types_and_not_the_value() {
        assert_eq!(
            decode::<Map<u32>>(r#"{"a":"hush, expected \"hush\", expected x"}"#),
            " could not be decoded at a: expected u32, got string"
        );
        assert_eq!(
            decode::<Map<u8>>(r#"{"a":300}"#),
            " could not be decoded at a: expected u8, got integer"
        );
        assert_eq!(
            decode::<Map<u8>>(r#"{"a":null}"#),
            " could not be decoded at a: expected u8, got null"
        );
        assert_eq!(
            decode::<Map<u8>>(r#"{"a":1.5}"#),
            " could not be decoded at a: expected u8, got floating point"
        );
        assert_eq!(
            decode::<Map<u8>>(r#"{"a":[1]}"#),
            " could not be decoded at a: expected u8, got sequence"
        );
        assert_eq!(
            decode::<Map<Plain>>(r#"{"a":"hush"}"#),
            " could not be decoded at a: expected `one` or `two`, got another text"
        );
        assert_eq!(
            decode::<Map<Date>>(r#"{"a":"hush \" hush"}"#),
            " could not be decoded at a: not like 2024-01-31: … (…)"
        );
    }

    #[test]
    fn why_a_secret_field_does_not_fit_is_not_told() {
        assert!(decode::<Map<Date>>(r#"{"token":"hush"}"#).contains("looks secret"));
        assert!(
            decode::<Map<Map<Date>>>(r#"{"credentials":{"a":"hush"}}"#).contains("looks secret")
        );
    }

    #[test]
    fn a_value_is_not_repeated_even_where_its_place_is_missed() {
        #[derive(Debug, Deserialize)]
        struct Outer {
            #[serde(flatten)]
            #[allow(dead_code)]
            inner: Inner,
        }
        #[derive(Debug, Deserialize)]
        struct Inner {
            #[allow(dead_code)]
            a: Quoting,
        }
        #[derive(Debug)]
        struct Quoting;
        impl<'de> Deserialize<'de> for Quoting {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Err(D::Error::custom(format!(
                    "{text:?} is not like \"^[a-z]+$\""
                )))
            }
        }
        let shown = decode::<Outer>(r#"{"a":"hush","b":"other"}"#);
        assert!(shown.ends_with("\"…\" is not like \"^[a-z]+$\""), "{shown}");
    }

    #[test]
    fn broken_json_is_told_from_json_that_does_not_fit() {
        assert_eq!(
            decode::<Map<u8>>(r#"{"a":1,"b":"#),
            " could not be decoded at b: the body ends too early"
        );
        assert_eq!(
            decode::<Vec<u8>>("[1,2 3]"),
            " could not be decoded at [1]: the body is broken JSON (expected `,` or `]`)"
        );
    }
}
