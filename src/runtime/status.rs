//! Answers whose status is no success.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::body::{self, Looks};
use super::redact;

/// The longest text of a body that is kept.
const KEPT: usize = 2 * 1024;

/// What a server says when it does not do something. Laravel's form is `{message, errors: {field: [text]}}`, but a
/// proxy's page or nothing at all may come in its place.
#[derive(Clone)]
#[non_exhaustive]
pub struct StatusError {
    /// The status.
    pub status: StatusCode,
    /// The body's `message`, or OAuth's `error_description` or `error`.
    pub message: Option<String>,
    /// What is wrong with which field; keys of nested input are dotted (`items.0.quantity`).
    pub errors: BTreeMap<String, Vec<String>>,
    /// The start of the body, at most 2 KiB, without the values of secret-looking keys and without tokens. It may
    /// still hold personal data, so neither `Display` nor `Debug` shows it.
    pub body: String,
    /// The headers, such as `retry-after`. Not shown by `Debug`.
    pub headers: HeaderMap,
    looks: Looks,
}

impl StatusError {
    /// Reads the body of an answer as far as it can be read.
    #[must_use]
    pub fn new(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let looks = Looks::of(headers, body);
        let text = String::from_utf8_lossy(body::without_mark(body));
        let mut error = StatusError {
            status,
            message: None,
            errors: BTreeMap::new(),
            body: String::new(),
            headers: headers.clone(),
            looks,
        };
        match serde_json::from_str::<Value>(&text) {
            Ok(mut json) => {
                error.message = said(&json);
                if let Some(errors) = json.get("errors") {
                    gather(errors, "", &mut error.errors);
                }
                // The text as it came, unless something has to go.
                let hidden = redact::hide_in_json(&mut json).then(|| json.to_string());
                error.body = redact::cut(hidden.as_deref().unwrap_or(&text), KEPT);
            }
            // Cut JSON can't be searched for secrets, but Laravel's message comes first.
            Err(_) if looks == Looks::Json => {
                let rest = text
                    .trim_start()
                    .strip_prefix(r#"{"message":"#)
                    .unwrap_or_default();
                let first = serde_json::Deserializer::from_str(rest)
                    .into_iter::<String>()
                    .next();
                error.message = first
                    .and_then(Result::ok)
                    .map(|text| redact::hide_in_text(&text));
                error.body = format!("[{} bytes of broken JSON]", body.len());
            }
            Err(_) => error.body = redact::cut(&redact::hide_in_text(&text), KEPT),
        }
        error
    }
}

/// What a body says went wrong: Laravel's `message`, or what OAuth has for it.
pub(super) fn said(json: &Value) -> Option<String> {
    ["message", "error_description", "error"]
        .iter()
        .filter_map(|key| json.get(key)?.as_str())
        .find(|text| !text.trim().is_empty())
        .map(redact::hide_in_text)
}

/// Collects texts from `{field: [text]}` and from what is nearly that: one text, nested objects, a bare list.
fn gather(value: &Value, field: &str, errors: &mut BTreeMap<String, Vec<String>>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| gather(item, field, errors)),
        Value::Object(members) => {
            for (key, member) in members {
                let field = if field.is_empty() {
                    key.clone()
                } else {
                    format!("{field}.{key}")
                };
                gather(member, &field, errors);
            }
        }
        Value::String(text) => errors
            .entry(field.to_owned())
            .or_default()
            .push(redact::hide_in_text(text)),
        Value::Bool(_) | Value::Number(_) => errors
            .entry(field.to_owned())
            .or_default()
            .push(value.to_string()),
    }
}

impl fmt::Display for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server answered {}", self.status)?;
        match (&self.message, self.looks) {
            (Some(message), _) => write!(f, ": {}", redact::one_line(message, 300))?,
            (None, Looks::Html) => f.write_str(" with an HTML page")?,
            (None, Looks::Text) => f.write_str(" with a text that is no JSON")?,
            (None, Looks::Empty) => f.write_str(" with no body")?,
            (None, Looks::Json) => {}
        }
        for (index, (field, texts)) in self.errors.iter().take(5).enumerate() {
            let text = redact::one_line(&texts.join(" "), 200);
            write!(
                f,
                "{}{}: {text}",
                if index == 0 { " (" } else { "; " },
                redact::one_line(field, 80)
            )?;
        }
        match self.errors.len() {
            0 => {}
            count @ ..=5 => f.write_str(if count > 0 { ")" } else { "" })?,
            count => write!(f, "; and {} more fields)", count - 5)?,
        }
        f.write_str(match self.status.as_u16() {
            200..=299 => "; the operation does not declare this success",
            300..=399 => "; check the base URL, the server has moved",
            400 | 422 => "; correct the request",
            401 => "; get a new token, this one is missing, expired or of another tenant",
            403 => "; use a token with the scope and role that this needs",
            404 => "; check the ids, there is no such record or it was deleted",
            405 => "; check the base URL, the server does not know this route",
            409 => "; read the record again, it is not in a state that allows this",
            413 => "; send less at once",
            429 => "; wait before the next request",
            408 | 500..=599 => "; try again later if it is safe to repeat",
            _ => "",
        })
    }
}

impl fmt::Debug for StatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusError")
            .field("status", &self.status)
            .field("message", &self.message)
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for StatusError {}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

    use super::StatusError;

    fn error(status: u16, kind: &'static str, body: &str) -> StatusError {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
        StatusError::new(
            StatusCode::from_u16(status).unwrap(),
            &headers,
            body.as_bytes(),
        )
    }

    #[test]
    fn laravels_validation_answer_is_read() {
        let body = r#"{"message":"The given data was invalid.","errors":{"mobile_phone":["The phone number exists"],"items.0.quantity":["A","B"]}}"#;
        let error = error(422, "application/json", body);
        assert_eq!(
            error.message.as_deref(),
            Some("The given data was invalid.")
        );
        assert_eq!(error.errors["items.0.quantity"], ["A", "B"]);
        assert_eq!(error.body, body);
        assert_eq!(
            error.to_string(),
            "the server answered 422 Unprocessable Entity: The given data was invalid. \
             (items.0.quantity: A B; mobile_phone: The phone number exists); correct the request"
        );
    }

    #[test]
    fn odd_errors_are_read_as_well_as_they_can_be() {
        let errors = |body: &str| format!("{:?}", error(422, "application/json", body).errors);
        assert_eq!(
            errors(r#"{"errors":{"a":"x","b":{"c":[1,null]},"d":[["y"]]}}"#),
            r#"{"a": ["x"], "b.c": ["1"], "d": ["y"]}"#
        );
        assert_eq!(errors(r#"{"errors":["x"]}"#), r#"{"": ["x"]}"#);
        assert_eq!(errors(r#"{"errors":"x"}"#), r#"{"": ["x"]}"#);
        for body in [
            r#"{"errors":null}"#,
            "[]",
            "\"text\"",
            "3",
            "{}",
            r#"{"message":5}"#,
        ] {
            assert_eq!(errors(body), "{}");
            assert_eq!(error(422, "application/json", body).message, None);
        }
    }

    #[test]
    fn oauth_errors_are_read() {
        let message = |body| error(401, "application/json", body).message.unwrap();
        assert_eq!(
            message(
                r#"{"error":"invalid_client","error_description":"Client authentication failed"}"#
            ),
            "Client authentication failed"
        );
        assert_eq!(message(r#"{"error":"invalid_client"}"#), "invalid_client");
    }

    #[test]
    fn secrets_in_a_body_are_hidden_and_the_rest_is_kept() {
        let error = error(
            400,
            "application/json",
            r#"{"client_secret":"hush","a":{"b":1},"message":"Bearer abcdef123 is bad"}"#,
        );
        assert_eq!(
            error.body,
            r#"{"a":{"b":1},"client_secret":"[hidden]","message":"Bearer [hidden] is bad"}"#
        );
        assert_eq!(error.message.as_deref(), Some("Bearer [hidden] is bad"));
    }

    #[test]
    fn json_that_is_cut_is_not_kept_since_it_cannot_be_searched_for_secrets() {
        let error = error(500, "application/json", r#"{"password":"hush","trace":["#);
        assert_eq!(error.body, "[28 bytes of broken JSON]");
        assert_eq!(error.message, None);
    }

    #[test]
    fn the_message_of_json_that_is_cut_is_kept() {
        let error = error(
            422,
            "application/json",
            r#"{"message":"Too \"many\" errors","errors":{"items.0":["#,
        );
        assert_eq!(error.message.as_deref(), Some("Too \"many\" errors"));
        assert!(error.errors.is_empty());
    }

    #[test]
    fn pages_texts_and_empty_bodies_are_named() {
        let text = |status, kind, body| error(status, kind, body).to_string();
        assert_eq!(
            text(502, "text/html", "<html><h1>Bad Gateway</h1>"),
            "the server answered 502 Bad Gateway with an HTML page; try again later if it is safe to repeat"
        );
        assert!(text(502, "", "<!DOCTYPE html>").contains("an HTML page"));
        assert!(text(503, "text/plain", "busy").contains("a text that is no JSON"));
        assert!(text(404, "application/json", " ").contains("with no body"));
        assert!(
            text(
                401,
                "application/json",
                r#"{"message": "Unauthenticated."}"#
            )
            .contains("Unauthenticated.; get a new token")
        );
        assert_eq!(error(503, "text/plain", "busy").body, "busy");
    }

    #[test]
    fn a_body_is_kept_to_2_kib() {
        let error = error(500, "text/plain", &"é".repeat(5000));
        assert_eq!(error.body.len(), 2048 + "…".len());
    }

    #[test]
    fn neither_display_nor_debug_shows_headers_or_the_body() {
        let error = error(500, "secret-header", "secret-body");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn a_message_stays_on_one_line() {
        let shown = error(
            500,
            "application/json",
            r#"{"message":"a\nFAKE LOG LINE","errors":{"x\ny":["a\nb"]}}"#,
        )
        .to_string();
        assert!(!shown.contains('\n'));
    }
}
