//! What an operation answers.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;

use super::attempts::Attempts;
use super::body::{self, End};
use super::decode::DecodeError;
use super::{BoxFuture, ByteStream, DEFAULT_MAX_RESPONSE_BYTES, Error};

/// What `exec` notes on an answer for those who read it.
#[derive(Clone, Debug, Default)]
pub(super) struct Answered {
    pub(super) operation: Option<Cow<'static, str>>,
    /// The limit that the request options ask for.
    pub(super) limit: Option<u64>,
    pub(super) attempts: Option<Attempts>,
}

impl Answered {
    pub(super) fn of(response: &Response) -> Answered {
        response.extensions().get().cloned().unwrap_or_default()
    }

    /// Names the operation in an error, and its attempts.
    pub(super) fn name(&self, mut error: Error) -> Error {
        if let Some(operation) = &self.operation {
            error = error.with_operation(operation.clone());
        }
        match self.attempts {
            Some(attempts) => error.with_attempts(attempts),
            None => error,
        }
    }
}

/// A decoded answer with its status and headers. Dereferences to the value.
///
/// `Debug` shows the value and the status, not the headers.
pub struct ResponseValue<T> {
    inner: T,
    status: StatusCode,
    headers: HeaderMap,
    attempts: Option<Attempts>,
}

impl<T> ResponseValue<T> {
    /// An answer made by hand, for tests.
    pub fn new(inner: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self {
            inner,
            status,
            headers,
            attempts: None,
        }
    }

    fn with_attempts(self, attempts: Option<Attempts>) -> Self {
        Self { attempts, ..self }
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How often the request was sent until this answer came; `None` from a transport that does not count.
    pub fn attempts(&self) -> Option<Attempts> {
        self.attempts
    }

    /// The same answer with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            inner: f(self.inner),
            status: self.status,
            headers: self.headers,
            attempts: self.attempts,
        }
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    /// Reads and decodes the body, up to the limit of the request options. An empty body is read as `null`.
    ///
    /// # Errors
    ///
    /// `Transport` if the answer breaks off, `TooLarge` if it is longer than the limit, `Decode` if it is no JSON or
    /// does not fit `T`.
    #[doc(hidden)]
    pub async fn from_response(response: Response) -> Result<Self, Error> {
        // The only generic code of an operation: the reading before and the error after are compiled once.
        let answer = Answer::read(response).await?;
        match serde_json::from_slice(answer.json()) {
            Ok(inner) => Ok(Self {
                inner,
                status: answer.status,
                headers: answer.headers,
                attempts: answer.answered.attempts,
            }),
            Err(error) => Err(answer.refused(&error)),
        }
    }
}

impl ResponseValue<Bytes> {
    /// Reads the body as it is, up to the limit of the request options.
    pub(super) async fn bytes(response: Response) -> Result<Bytes, Error> {
        Ok(Answer::read(response).await?.body)
    }
}

impl ResponseValue<()> {
    /// Takes an answer whose body, if any, means nothing.
    #[doc(hidden)]
    #[must_use]
    #[allow(clippy::needless_pass_by_value)] // generated code gives it away
    pub fn empty(response: Response) -> Self {
        let (status, headers) = head(&response);
        Self::new((), status, headers).with_attempts(Answered::of(&response).attempts)
    }
}

impl ResponseValue<ByteStream> {
    /// Takes an answer whose body is read piece by piece.
    #[doc(hidden)]
    #[must_use]
    pub fn stream(response: Response) -> Self {
        let (status, headers) = head(&response);
        let attempts = Answered::of(&response).attempts;
        Self::new(ByteStream::of(response), status, headers).with_attempts(attempts)
    }
}

fn head(response: &Response) -> (StatusCode, HeaderMap) {
    (response.status(), response.headers().clone())
}

/// A body that was read and not yet decoded.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    answered: Answered,
}

impl Answer {
    fn read(mut response: Response) -> BoxFuture<'static, Result<Answer, Error>> {
        Box::pin(async move {
            let answered = Answered::of(&response);
            let limit = answered.limit.unwrap_or(DEFAULT_MAX_RESPONSE_BYTES);
            let (status, headers) = head(&response);
            // An announced length spares the reading.
            let too_long = response
                .content_length()
                .is_some_and(|length| length > limit);
            let (body, end) = if too_long {
                (Bytes::new(), End::Limit)
            } else {
                body::read(&mut response, limit).await
            };
            let error = match end {
                End::Whole => {
                    return Ok(Answer {
                        status,
                        headers,
                        body,
                        answered,
                    });
                }
                End::Limit => Error::too_large(limit),
                End::Broken(error) => Error::transport(error),
            };
            Err(answered.name(error.with_status(status)))
        })
    }

    fn json(&self) -> &[u8] {
        match body::without_mark(&self.body).trim_ascii() {
            b"" => b"null",
            json => json,
        }
    }

    #[cold]
    fn refused(&self, error: &serde_json::Error) -> Error {
        let error = DecodeError::new(&self.headers, &self.body, self.json(), error);
        self.answered
            .name(Error::decode(error).with_status(self.status))
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.inner
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.inner
    }
}

impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseValue")
            .field("status", &self.status)
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
    use reqwest::{Response, StatusCode};
    use serde_json::{Value, json};

    use super::{Answered, ResponseValue};
    use crate::runtime::testing::{Server, answer};
    use crate::runtime::{Error, ErrorKind};

    fn response(kind: &'static str, body: impl Into<reqwest::Body>) -> Response {
        let mut response = http::Response::new(body.into());
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        response.extensions_mut().insert(Answered {
            operation: Some("rewards_index".into()),
            limit: Some(20),
            attempts: None,
        });
        response.into()
    }

    async fn decode<T: serde::de::DeserializeOwned>(
        kind: &'static str,
        body: &'static str,
    ) -> Result<T, Error> {
        ResponseValue::from_response(response(kind, body))
            .await
            .map(ResponseValue::into_inner)
    }

    #[tokio::test]
    async fn json_is_decoded_whatever_type_is_declared() {
        for kind in ["application/json", "text/html; charset=UTF-8", ""] {
            assert_eq!(
                decode::<Value>(kind, r#"{"a":1}"#).await.unwrap(),
                json!({"a": 1})
            );
        }
        assert_eq!(
            decode::<Value>("application/json", "\u{feff}\n[1]\n")
                .await
                .unwrap(),
            json!([1])
        );
    }

    #[tokio::test]
    async fn an_empty_body_is_null() {
        for body in ["", " \r\n", "\u{feff}"] {
            assert_eq!(
                decode::<Value>("application/json", body).await.unwrap(),
                Value::Null
            );
            assert_eq!(decode::<Option<u8>>("text/html", body).await.unwrap(), None);
            let error = decode::<Vec<u8>>("", body).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "rewards_index: the answer (200) could not be decoded: the body is empty where JSON was expected"
            );
        }
    }

    #[tokio::test]
    async fn what_is_no_json_is_named() {
        for (kind, body, why) in [
            ("text/html", "<html>", "an HTML page, not JSON"),
            ("text/plain", "OK", "the body is no JSON but text/plain"),
            ("", "OK", "the body is no JSON"),
        ] {
            let error = decode::<Value>(kind, body).await.unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::Decode(decode) if decode.path.is_empty()),
                "{error}"
            );
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[tokio::test]
    async fn an_answer_that_does_not_fit_is_told_with_operation_status_and_path() {
        let error =
            decode::<BTreeMap<String, Vec<u8>>>("application/json", "\u{feff}{\"data\":[1,\"x\"]}")
                .await
                .unwrap_err();
        assert_eq!(error.operation(), Some("rewards_index"));
        assert_eq!(error.status(), Some(StatusCode::OK));
        assert_eq!(
            error.to_string(),
            "rewards_index: the answer (200) could not be decoded at data[1]: expected u8, got string"
        );
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit_and_not_further() {
        assert!(
            decode::<Value>("application/json", "[1,2,3,4,5,6,7,8,90]")
                .await
                .is_ok()
        );
        let error = decode::<Value>("application/json", "[1,2,3,4,5,6,7,8,9,0]")
            .await
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 20 }));
        assert!(
            error
                .to_string()
                .starts_with("rewards_index: the answer (200) is longer than 20 bytes")
        );
    }

    #[tokio::test]
    async fn the_limit_holds_for_a_body_of_unannounced_length() {
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n[1,2,\r\n5\r\n3,4,5\r\n1\r\n]\r\n0\r\n\r\n";
        for (limit, fits) in [(11, true), (10, false), (5, false), (0, false)] {
            let server = Server::start([chunked.to_vec()]);
            let mut response = reqwest::get(server.url()).await.unwrap();
            response.extensions_mut().insert(Answered {
                operation: None,
                limit: Some(limit),
                attempts: None,
            });
            assert_eq!(
                ResponseValue::<Value>::from_response(response)
                    .await
                    .is_ok(),
                fits,
                "{limit}"
            );
        }
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_a_transport_error_with_the_status() {
        let mut cut = answer(200, "application/json", "[1,2,3]");
        cut.truncate(cut.len() - 3);
        let server = Server::start([cut]);
        let response = reqwest::get(server.url() + "/secret-id").await.unwrap();
        let error = ResponseValue::<Value>::from_response(response)
            .await
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error:?}");
        assert_eq!(error.status(), Some(StatusCode::OK));
        assert!(error.to_string().contains("broke off"));
        assert!(!format!("{error:?}").contains("secret-id"), "{error:?}");
    }

    #[tokio::test]
    async fn an_answer_without_a_note_has_the_default_limit() {
        let response: Response = http::Response::new("[1]").into();
        assert_eq!(
            ResponseValue::<Vec<u8>>::from_response(response)
                .await
                .unwrap()
                .into_inner(),
            [1]
        );
    }

    #[tokio::test]
    async fn empty_takes_any_body() {
        let value = ResponseValue::empty(response("text/plain", "OK"));
        assert_eq!(
            (
                value.status(),
                value.headers()[CONTENT_TYPE].to_str().unwrap()
            ),
            (StatusCode::OK, "text/plain")
        );
    }

    #[test]
    fn a_value_is_reached_through_its_answer_and_debug_hides_the_headers() {
        let headers = HeaderMap::from_iter([
            (AUTHORIZATION, HeaderValue::from_static("hush")),
            (CONTENT_LENGTH, HeaderValue::from_static("3")),
        ]);
        let mut value = ResponseValue::new(vec![1], StatusCode::CREATED, headers);
        value.push(2);
        assert_eq!(value.len(), 2);
        let text = value.map(|list| format!("{list:?}"));
        assert_eq!(text.headers().len(), 2);
        assert_eq!(
            format!("{text:?}"),
            r#"ResponseValue { status: 201, inner: "[1, 2]", .. }"#
        );
    }
}
