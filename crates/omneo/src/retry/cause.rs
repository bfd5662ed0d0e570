//! What an attempt that failed says about the next.

use omneo_api::http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use omneo_api::{Error, ErrorKind};

/// Why an attempt may be worth another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The server can't have done the work.
    NotProcessed,
    /// The server asks to come back later, and has not done the work.
    Throttled,
    /// The server may have done the work.
    Unknown,
}

impl Cause {
    /// By an answer; `None` for one that a repeat would not change.
    pub(crate) fn of_answer(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        match status.as_u16() {
            429 => Some(Self::Throttled),
            503 if headers.contains_key(RETRY_AFTER) => Some(Self::NotProcessed),
            408 | 425 | 500 | 502 | 503 | 504 => Some(Self::Unknown),
            _ => None,
        }
    }

    /// By an error; `None` for one that a repeat would not change.
    pub(crate) fn of_error(error: &Error) -> Option<Self> {
        match error.kind() {
            ErrorKind::Transport(cause) if cause.is_connect() => Some(Self::NotProcessed),
            ErrorKind::Transport(cause) if cause.is_redirect() => None,
            ErrorKind::Transport(_) | ErrorKind::Timeout(_) => Some(Self::Unknown),
            _ => None,
        }
    }
}
