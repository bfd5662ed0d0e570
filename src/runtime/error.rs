//! The one error of the bindings.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;

use super::attempts::Attempts;
use super::decode::DecodeError;
use super::multipart::Unreadable;
use super::response::Answered;
use super::status::StatusError;
use super::{BoxError, redact, retry_after};

/// Why an operation failed. One word in size; [`kind`](Error::kind) has the details.
///
/// Neither `Display` nor `Debug` shows headers, tokens, URLs, or the body of an answer.
///
/// The parameter is progenitor's, for typed error bodies. The schema is lowered without any, so it is always `()`.
pub struct Error<E = ()> {
    inner: Box<Inner>,
    body: PhantomData<fn() -> E>,
}

struct Inner {
    operation: Option<Cow<'static, str>>,
    page: Option<u64>,
    status: Option<StatusCode>,
    attempts: Option<Attempts>,
    /// Where more is known than kind and attempts tell.
    effect: Option<Effect>,
    note: Option<Box<str>>,
    kind: ErrorKind,
}

/// What went wrong, by what a caller can do about it.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client can't be built, or its token can't be used: the configuration has to be corrected.
    Config(Invalid),
    /// Nothing was sent: the request has to be corrected.
    InvalidRequest(Invalid),
    /// No answer, or not all of it: a connection, a redirect, a proxy. Whether the server did the work is unknown
    /// unless [`Error::is_connect`].
    Transport(reqwest::Error),
    /// A time limit passed before the whole answer came. Whether the server did the work is unknown, unless
    /// [`Error::attempts`] counts none: then nothing was sent.
    Timeout(Timeout),
    /// 404: there is no such record, or it was deleted. Check the ids.
    NotFound(StatusError),
    /// 400 and 422: the request has to be corrected; [`StatusError::errors`] says which field.
    Validation(StatusError),
    /// 401: the token is missing, expired, or of another tenant. Get a new one.
    Unauthenticated(StatusError),
    /// 403: the token lacks the scope, or its user the role.
    Forbidden(StatusError),
    /// 409: the record is not in a state that allows this. Read it again.
    Conflict(StatusError),
    /// 429: too many requests. Wait as long as [`Error::retry_after`] says.
    RateLimited(StatusError),
    /// 5xx: the server failed. Whether it did the work is unknown.
    Server(StatusError),
    /// Any other status that is no success: the server did not do it.
    Refused(StatusError),
    /// The server did it, and its answer does not fit the type.
    Decode(DecodeError),
    /// The server did it, and its answer is longer than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// Records left a list while it was read, so that some may have been missed; only with
    /// [`List::strict`](crate::List::strict) and [`List::all`](crate::List::all). List again, see
    /// [the module](crate::listing#lists-that-change-while-they-are-read).
    ListChanged {
        /// How many records the list had.
        before: u64,
        /// How many it had a page later.
        after: u64,
    },
    /// A list has more records than [`List::all`](crate::List::all) was told to take.
    ListTooLong {
        /// The limit.
        limit: u64,
        /// How many records the list has, if the server tells.
        total: Option<u64>,
    },
    /// The pages that the server answers are not those that it was asked for, or have no end; the text says which.
    ListBroken(String),
    /// A [`Transport`](super::Transport)'s own error.
    Custom(BoxError),
}

/// What a call that failed did at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Nothing: it was not sent, or refused.
    None,
    /// Perhaps everything: the answer was lost, or the server failed on the way. Look before it is sent again.
    Unknown,
    /// Everything: only the answer could not be read.
    Done,
}

/// What a caller has to correct; nothing was sent.
#[derive(Debug)]
pub struct Invalid {
    message: String,
    source: Option<BoxError>,
}

impl Invalid {
    /// What is wrong and what to do instead.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// A time limit that passed.
#[derive(Debug)]
pub struct Timeout {
    limit: Option<Duration>,
    source: Option<reqwest::Error>,
}

impl Timeout {
    /// The limit, where it is known: the HTTP client does not tell its own.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.limit
    }
}

impl Error {
    fn new(kind: ErrorKind) -> Self {
        Error {
            inner: Box::new(Inner {
                operation: None,
                page: None,
                status: None,
                attempts: None,
                effect: None,
                note: None,
                kind,
            }),
            body: PhantomData,
        }
    }

    /// A client that can't be built; the message says what to do instead.
    pub fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config(Invalid {
            message: message.into(),
            source: None,
        }))
    }

    /// A request that can't be sent; the message says what to do instead.
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest(Invalid {
            message: message.into(),
            source: None,
        }))
    }

    pub(super) fn invalid_request_because(message: impl Into<String>, source: BoxError) -> Self {
        Self::new(ErrorKind::InvalidRequest(Invalid {
            message: message.into(),
            source: Some(source),
        }))
    }

    /// A failure to reach the server, or to read its answer. The URL is taken out: it may hold ids and tokens.
    #[must_use]
    pub fn transport(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if let Some(cause) = Unreadable::behind(&error) {
            // The server can't take a request whose end it has not seen.
            return Self::invalid_request_because(
                format!("a file can't be read to its end: {cause}"),
                error.into(),
            );
        }
        if error.is_builder() {
            let cause = std::error::Error::source(&error)
                .map_or_else(|| error.to_string(), ToString::to_string);
            return Self::invalid_request_because(
                format!("the request can't be built: {cause}"),
                error.into(),
            );
        }
        if error.is_timeout() && !error.is_connect() {
            return Self::new(ErrorKind::Timeout(Timeout {
                limit: None,
                source: Some(error),
            }));
        }
        Self::new(ErrorKind::Transport(error))
    }

    /// A time limit of a transport's own.
    #[must_use]
    pub fn timeout(limit: Duration) -> Self {
        Self::new(ErrorKind::Timeout(Timeout {
            limit: Some(limit),
            source: None,
        }))
    }

    /// A transport's own error, which [`into_custom`](Error::into_custom) gives back.
    pub fn custom(error: impl Into<BoxError>) -> Self {
        Self::new(ErrorKind::Custom(error.into()))
    }

    /// An answer whose status is no success.
    #[must_use]
    pub fn answer(error: StatusError) -> Self {
        let status = error.status;
        let kind = match status.as_u16() {
            400 | 422 => ErrorKind::Validation,
            401 => ErrorKind::Unauthenticated,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            409 => ErrorKind::Conflict,
            429 => ErrorKind::RateLimited,
            500..=599 => ErrorKind::Server,
            _ => ErrorKind::Refused,
        };
        Self::new(kind(error)).with_status(status)
    }

    pub(super) fn decode(error: DecodeError) -> Self {
        Self::new(ErrorKind::Decode(error))
    }

    pub(super) fn too_large(limit: u64) -> Self {
        Self::new(ErrorKind::TooLarge { limit })
    }

    pub(crate) fn of_list(kind: ErrorKind, operation: &'static str) -> Self {
        Self::new(kind).with_operation(operation)
    }

    /// What generated code makes of a success that its operation does not declare.
    #[doc(hidden)]
    #[allow(non_snake_case, clippy::needless_pass_by_value)] // generated code takes it for a variant
    #[must_use]
    pub fn UnexpectedResponse(response: reqwest::Response) -> Self {
        let answered = Answered::of(&response);
        answered.name(Self::answer(StatusError::new(
            response.status(),
            response.headers(),
            b"",
        )))
    }

    /// Names the operation, unless it is named already.
    #[must_use]
    pub fn with_operation(mut self, id: impl Into<Cow<'static, str>>) -> Self {
        self.inner.operation.get_or_insert_with(|| id.into());
        self
    }

    /// Says what is behind it, before its own words: what a layer above found out.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.inner.note = Some(note.into().into());
        self
    }

    /// Names the page of a list.
    #[must_use]
    pub fn with_page(mut self, number: u64) -> Self {
        self.inner.page = Some(number);
        self
    }

    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.inner.status = Some(status);
        self
    }

    /// Says how often the request was sent, unless it is said already.
    #[must_use]
    pub fn with_attempts(mut self, attempts: Attempts) -> Self {
        self.inner.attempts.get_or_insert(attempts);
        self
    }

    /// Says what the call did at the server, where more is known than the error tells: the error of a look-up on the way
    /// to a call leaves nothing done.
    #[must_use]
    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.inner.effect = Some(effect);
        self
    }

    /// The id of the operation, as in [`Operation::id`](super::Operation::id), or method and path template of a
    /// [raw request](super::RawRequest). Not known for a body that can't be serialised, since generated code gives no
    /// name before it has built a request.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.inner.operation.as_deref()
    }

    /// The number of the page that was asked for, if it was one of a [`List`](crate::List) whose pages are counted.
    #[must_use]
    pub fn page(&self) -> Option<u64> {
        self.inner.page
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// How often the request was sent and why not again; `None` from a transport that does not count.
    #[must_use]
    pub fn attempts(&self) -> Option<Attempts> {
        self.inner.attempts
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.inner.kind
    }

    /// What went wrong, to keep.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        self.inner.kind
    }

    /// The server's answer, if its status was no success.
    #[must_use]
    pub fn answered(&self) -> Option<&StatusError> {
        match self.kind() {
            ErrorKind::NotFound(error)
            | ErrorKind::Validation(error)
            | ErrorKind::Unauthenticated(error)
            | ErrorKind::Forbidden(error)
            | ErrorKind::Conflict(error)
            | ErrorKind::RateLimited(error)
            | ErrorKind::Server(error)
            | ErrorKind::Refused(error) => Some(error),
            _ => None,
        }
    }

    /// What is wrong with which field, by the server's answer; empty where it names none. Keys of nested input are
    /// dotted (`items.0.quantity`).
    #[must_use]
    pub fn field_errors(&self) -> &BTreeMap<String, Vec<String>> {
        static NONE: BTreeMap<String, Vec<String>> = BTreeMap::new();
        self.answered().map_or(&NONE, |error| &error.errors)
    }

    /// How long the server asks to wait, from its `Retry-After` or `X-RateLimit-Reset`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.answered()?.headers, SystemTime::now())
    }

    /// The error that a transport wrapped with [`custom`](Error::custom).
    ///
    /// # Errors
    ///
    /// This error itself, if it holds no `T`.
    pub fn into_custom<T: std::error::Error + 'static>(mut self) -> Result<Box<T>, Self> {
        self.inner.kind = match self.inner.kind {
            ErrorKind::Custom(custom) => match custom.downcast() {
                Ok(custom) => return Ok(custom),
                Err(custom) => ErrorKind::Custom(custom),
            },
            kind => kind,
        };
        Err(self)
    }

    /// Whether a time limit passed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self.kind() {
            ErrorKind::Timeout(_) => true,
            ErrorKind::Transport(error) => error.is_timeout(),
            _ => false,
        }
    }

    /// What the call did at the server, as far as can be known.
    #[must_use]
    pub fn effect(&self) -> Effect {
        if let Some(effect) = self.inner.effect {
            return effect;
        }
        match self.effect_of_the_last() {
            Effect::None if self.attempts().is_some_and(|made| made.may_be_done) => Effect::Unknown,
            effect => effect,
        }
    }

    /// What the last attempt did.
    fn effect_of_the_last(&self) -> Effect {
        match self.kind() {
            ErrorKind::Config(_)
            | ErrorKind::InvalidRequest(_)
            | ErrorKind::NotFound(_)
            | ErrorKind::Validation(_)
            | ErrorKind::Unauthenticated(_)
            | ErrorKind::Forbidden(_)
            | ErrorKind::Conflict(_)
            | ErrorKind::RateLimited(_)
            | ErrorKind::Refused(_) => Effect::None,
            ErrorKind::Transport(_) if self.is_connect() => Effect::None,
            ErrorKind::Timeout(_) if self.attempts().is_some_and(|made| made.count == 0) => {
                Effect::None
            }
            ErrorKind::Transport(_)
            | ErrorKind::Timeout(_)
            | ErrorKind::Server(_)
            | ErrorKind::Custom(_) => Effect::Unknown,
            ErrorKind::Decode(_)
            | ErrorKind::TooLarge { .. }
            | ErrorKind::ListChanged { .. }
            | ErrorKind::ListTooLong { .. }
            | ErrorKind::ListBroken(_) => Effect::Done,
        }
    }

    /// Whether no connection was made, so that the server never saw the request.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(self.kind(), ErrorKind::Transport(error) if error.is_connect())
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::transport(error)
    }
}

impl From<reqwest::header::InvalidHeaderValue> for Error {
    fn from(error: reqwest::header::InvalidHeaderValue) -> Self {
        Self::invalid_request_because(
            "a header parameter holds characters that a header can't carry",
            error.into(),
        )
    }
}

impl Error {
    /// A copy, for callers who fail together. A cause that can't be copied stands in it in words.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let invalid = |error: &Invalid| Invalid {
            message: error.message.clone(),
            source: None,
        };
        let kind = match self.kind() {
            ErrorKind::Config(error) => ErrorKind::Config(invalid(error)),
            ErrorKind::InvalidRequest(error) => ErrorKind::InvalidRequest(invalid(error)),
            ErrorKind::Timeout(error) => ErrorKind::Timeout(Timeout {
                limit: error.limit,
                source: None,
            }),
            ErrorKind::Decode(error) => ErrorKind::Decode(error.clone()),
            ErrorKind::TooLarge { limit } => ErrorKind::TooLarge { limit: *limit },
            ErrorKind::ListChanged { before, after } => ErrorKind::ListChanged {
                before: *before,
                after: *after,
            },
            ErrorKind::ListTooLong { limit, total } => ErrorKind::ListTooLong {
                limit: *limit,
                total: *total,
            },
            ErrorKind::ListBroken(why) => ErrorKind::ListBroken(why.clone()),
            _ => match self.answered() {
                Some(error) => Self::answer(error.clone()).into_kind(),
                None => ErrorKind::Custom(Described(self).to_string().into()),
            },
        };
        Self {
            inner: Box::new(Inner {
                operation: self.inner.operation.clone(),
                page: self.inner.page,
                status: self.inner.status,
                attempts: self.inner.attempts,
                effect: Some(self.effect()),
                note: self.inner.note.clone(),
                kind,
            }),
            body: PhantomData,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        if let Some(page) = self.inner.page {
            write!(f, "page {page}: ")?;
        }
        if let Some(note) = &self.inner.note {
            write!(f, "{note}: ")?;
        }
        Described(self).fmt(f)?;
        self.inner
            .attempts
            .map_or(Ok(()), |attempts| attempts.fmt(f))
    }
}

/// What went wrong, without the operation and the attempts.
struct Described<'e>(&'e Error);

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(error) = self;
        let answer = |f: &mut fmt::Formatter<'_>| match error.inner.status {
            Some(status) => write!(f, "the answer ({})", status.as_u16()),
            None => f.write_str("the answer"),
        };
        match error.kind() {
            ErrorKind::Config(error) => {
                write!(
                    f,
                    "configuration: {}",
                    redact::one_line(&error.message, 600)
                )?;
            }
            ErrorKind::InvalidRequest(error) => {
                write!(f, "not sent: {}", redact::one_line(&error.message, 600))?;
            }
            ErrorKind::Transport(cause) => f.write_str(match cause {
                cause if cause.is_connect() && cause.is_timeout() => {
                    "no connection within the time limit; check the base URL and the network"
                }
                cause if cause.is_connect() => {
                    "no connection to the server; check the base URL and the network"
                }
                cause if cause.is_redirect() => {
                    "the server's redirects lead nowhere; check the base URL"
                }
                _ if error.inner.status.is_some() => {
                    "the answer broke off; the server has probably done the work"
                }
                _ => {
                    "the connection broke before the answer came; the server may have done the work"
                }
            })?,
            ErrorKind::Timeout(timeout) => {
                let sent = error
                    .inner
                    .attempts
                    .is_none_or(|attempts| attempts.count > 0);
                f.write_str(match sent {
                    true => "no full answer within the time limit",
                    false => "not sent within the time limit",
                })?;
                if let Some(limit) = timeout.limit {
                    write!(f, " of {limit:?}")?;
                }
                f.write_str(match sent {
                    true => "; the server may have done the work, so look before you repeat it",
                    false => "; raise the time limit of the call, or send less at a time",
                })?;
            }
            ErrorKind::Decode(error) => {
                answer(f)?;
                error.fmt(f)?;
            }
            ErrorKind::TooLarge { limit } => {
                answer(f)?;
                write!(
                    f,
                    " is longer than {limit} bytes; ask for less at once or raise max_response_bytes"
                )?;
            }
            ErrorKind::ListChanged { before, after } => write!(
                f,
                "the list fell from {before} to {after} records while it was read, so some may have been missed; list it again"
            )?,
            ErrorKind::ListTooLong { limit, total } => {
                match total {
                    Some(total) => write!(
                        f,
                        "the list has {total} records, more than the limit of {limit}"
                    )?,
                    None => write!(f, "the list has more records than the limit of {limit}")?,
                }
                f.write_str("; raise the limit, narrow the list, or read it with items()")?;
            }
            ErrorKind::ListBroken(why) => f.write_str(why)?,
            ErrorKind::Custom(error) => error.fmt(f)?,
            _ => {
                if let Some(answered) = error.answered() {
                    answered.fmt(f)?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        if let Some(note) = &self.inner.note {
            debug.field("note", note);
        }
        debug
            .field("operation", &self.operation())
            .field("page", &self.inner.page)
            .field("status", &self.inner.status)
            .field("attempts", &self.inner.attempts)
            .field("kind", &self.inner.kind)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.inner.kind {
            ErrorKind::Config(error) | ErrorKind::InvalidRequest(error) => {
                error.source.as_deref().map(|source| source as _)
            }
            ErrorKind::Transport(error) => Some(error),
            ErrorKind::Timeout(error) => error.source.as_ref().map(|source| source as _),
            // Its own words stand in `Display`.
            ErrorKind::Custom(error) => error.source(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;
    use std::fmt;
    use std::time::Duration;

    use reqwest::header::HeaderMap;

    use super::{DecodeError, Effect, Error, ErrorKind};

    #[test]
    fn a_note_comes_before_the_words_of_an_error() {
        let error = Error::custom("broken").with_operation("rewards_store");
        let error = error.with_note("the shop is closed");
        assert_eq!(
            error.to_string(),
            "rewards_store: the shop is closed: broken"
        );
        assert!(format!("{error:?}").contains("the shop is closed"));
        assert!(error.duplicate().to_string().contains("the shop is closed"));
    }

    #[test]
    fn an_error_is_one_word_and_goes_between_threads() {
        fn assert_sendable<T: Send + Sync + 'static>() {}
        assert_sendable::<Error>();
        assert_sendable::<Error<std::rc::Rc<()>>>();
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }

    #[test]
    fn the_first_name_of_the_operation_stays() {
        let error = Error::invalid_request("pass an id")
            .with_operation("rewards_show")
            .with_operation("other");
        assert_eq!(error.operation(), Some("rewards_show"));
        assert_eq!(error.to_string(), "rewards_show: not sent: pass an id");
        assert_eq!(error.status(), None);
    }

    #[tokio::test]
    async fn every_kind_has_an_effect() {
        let answered = |status: u16| {
            let status = reqwest::StatusCode::from_u16(status).unwrap();
            Error::answer(super::StatusError::new(status, &HeaderMap::new(), b""))
        };
        let attempts = |count| super::Attempts::new(count, Duration::ZERO);
        let timeout = || Error::timeout(Duration::from_secs(3));
        let broken: reqwest::Response = http::Response::new("no number").into();
        let broken = Error::transport(broken.json::<u8>().await.unwrap_err());
        // Nobody can listen on port 0.
        let refused = reqwest::Client::builder().no_proxy().build().unwrap();
        let refused = refused.get("http://127.0.0.1:0/").send().await;
        let refused = || Error::transport(refused.unwrap_err());
        let (before, after, total) = (2, 1, None);
        let list = |kind| Error::of_list(kind, "rewards_index");
        for (error, effect) in [
            (Error::config("pass a token"), Effect::None),
            (Error::invalid_request("pass an id"), Effect::None),
            (refused(), Effect::None),
            (timeout().with_attempts(attempts(0)), Effect::None),
            (answered(400), Effect::None),
            (answered(401), Effect::None),
            (answered(403), Effect::None),
            (answered(404), Effect::None),
            (answered(409), Effect::None),
            (answered(413), Effect::None),
            (answered(422), Effect::None),
            (answered(429).with_attempts(attempts(4)), Effect::None),
            (broken, Effect::Unknown),
            (timeout(), Effect::Unknown),
            (timeout().with_attempts(attempts(1)), Effect::Unknown),
            (answered(500), Effect::Unknown),
            (answered(504), Effect::Unknown),
            (Error::custom("mine"), Effect::Unknown),
            // An attempt before the last may have done it.
            (
                answered(404).with_attempts(attempts(2).may_be_done()),
                Effect::Unknown,
            ),
            (
                Error::too_large(5).with_attempts(attempts(2).may_be_done()),
                Effect::Done,
            ),
            (
                Error::decode(DecodeError {
                    path: String::new(),
                    message: String::new(),
                }),
                Effect::Done,
            ),
            (Error::too_large(5), Effect::Done),
            (list(ErrorKind::ListChanged { before, after }), Effect::Done),
            (
                list(ErrorKind::ListTooLong { limit: 1, total }),
                Effect::Done,
            ),
            (list(ErrorKind::ListBroken(String::new())), Effect::Done),
            (timeout().with_effect(Effect::None), Effect::None),
        ] {
            assert_eq!(error.effect(), effect, "{error:?}");
            assert_eq!(error.duplicate().effect(), effect, "{error:?}");
        }
    }

    #[test]
    fn a_copy_says_the_same() {
        let headers = reqwest::header::HeaderMap::new();
        let status = reqwest::StatusCode::FORBIDDEN;
        let builder = reqwest::Client::new().get("host/secret-id").build();
        for error in [
            Error::config("pass a token"),
            Error::invalid_request("pass an id"),
            Error::timeout(std::time::Duration::from_secs(3)),
            Error::answer(super::StatusError::new(status, &headers, b"")),
            Error::too_large(5),
            Error::from(builder.unwrap_err()),
            Error::custom("mine"),
        ] {
            let error = error
                .with_operation("rewards_show")
                .with_attempts(super::Attempts::new(2, std::time::Duration::ZERO));
            let copy = error.duplicate();
            assert_eq!(copy.to_string(), error.to_string());
            assert_eq!(
                std::mem::discriminant(copy.kind()),
                std::mem::discriminant(error.kind())
            );
            assert_eq!(copy.status(), error.status());
        }
    }

    #[test]
    fn a_body_that_cannot_be_serialised_is_an_invalid_request() {
        let map = std::collections::BTreeMap::from([(vec![1], 1)]);
        let error = Error::from(
            reqwest::Client::new()
                .post("https://host/secret-id")
                .json(&map)
                .build()
                .unwrap_err(),
        );
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)));
        assert_eq!(
            error.to_string(),
            "not sent: the request can't be built: key must be a string"
        );
        assert!(error.source().is_some());
    }

    #[test]
    fn a_broken_base_url_is_an_invalid_request_that_does_not_repeat_it() {
        let error = Error::from(
            reqwest::Client::new()
                .get("host/secret-id")
                .build()
                .unwrap_err(),
        );
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)));
        assert!(!format!("{error} {error:?}").contains("secret-id"));
    }

    #[test]
    fn a_transports_own_error_can_be_taken_out_again() {
        #[derive(Debug, PartialEq)]
        struct Mine(u8);
        impl fmt::Display for Mine {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "gave up after {} attempts", self.0)
            }
        }
        impl std::error::Error for Mine {}

        let error = Error::custom(Mine(3)).with_operation("rewards_index");
        assert_eq!(error.to_string(), "rewards_index: gave up after 3 attempts");
        let error = error.into_custom::<fmt::Error>().unwrap_err();
        assert_eq!(error.operation(), Some("rewards_index"));
        assert_eq!(*error.into_custom::<Mine>().unwrap(), Mine(3));
        assert!(Error::invalid_request("x").into_custom::<Mine>().is_err());
    }
}
