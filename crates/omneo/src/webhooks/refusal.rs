//! Why a delivery is not taken.

use std::fmt;

use http::StatusCode;

/// Why a delivery is not taken: what a receiver answers, and says. It tells nothing of the signature that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Not a `POST`.
    Method,
    /// The body has no signature: `X-Omneo-Hmac-SHA256` is missing or blank.
    MissingSignature,
    /// The signature is not that of this body under any of the secrets, or is no signature, or one of several.
    BadSignature,
    /// The body is longer than [`Verifier::max_body`](super::Verifier::max_body) allows.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body could not be read to its end.
    BrokenOff,
    /// The body is signed, and no JSON.
    NotJson,
    /// The context is not what the receiver asked for.
    Misfit,
    /// As many events wait as may. Omneo has to send it again.
    Full,
    /// The same event is being handled at this moment, and whether that succeeds is not known. Omneo has to send it again.
    Running,
    /// Which events were seen can't be told at this moment. Omneo has to send it again.
    Unseen,
    /// The receiver shuts down. Omneo has to send it again.
    Closed,
}

impl Refusal {
    /// What to answer. Any status but a success makes Omneo send again.
    ///
    /// | status | |
    /// |---|---|
    /// | 400 | [`BrokenOff`](Self::BrokenOff) |
    /// | 401 | [`BadSignature`](Self::BadSignature) |
    /// | 405 | [`Method`](Self::Method) |
    /// | 413 | [`TooLarge`](Self::TooLarge) |
    /// | 422 | [`MissingSignature`](Self::MissingSignature), [`NotJson`](Self::NotJson), [`Misfit`](Self::Misfit) |
    /// | 503 | [`Full`](Self::Full), [`Running`](Self::Running), [`Unseen`](Self::Unseen), [`Closed`](Self::Closed) |
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BrokenOff => StatusCode::BAD_REQUEST,
            Self::BadSignature => StatusCode::UNAUTHORIZED,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MissingSignature | Self::NotJson | Self::Misfit => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Full | Self::Running | Self::Unseen | Self::Closed => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Method => "webhooks are sent by POST",
            Self::MissingSignature => "the body is not signed",
            Self::BadSignature => "the signature is not that of this body",
            Self::TooLarge { limit } => {
                return write!(f, "the body is longer than {limit} bytes");
            }
            Self::BrokenOff => "the body broke off",
            Self::NotJson => "the body is no JSON",
            Self::Misfit => "the context is not of the kind that is received here",
            Self::Full => "too many events are waiting; send it again later",
            Self::Running => "the same event is being handled; send it again later",
            Self::Unseen => "whether it was handled can't be told; send it again later",
            Self::Closed => "the receiver is shutting down; send it again later",
        })
    }
}

impl std::error::Error for Refusal {}
