//! What was asked of a sandbox.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::Value;

/// How many requests are remembered.
const KEPT: usize = 1_000;

/// The longest body that is remembered, in bytes.
const LONGEST_BODY: usize = 64 * 1024;

/// A request that a sandbox was sent, and the status of its answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// When it came, by the sandbox's clock.
    pub at: Timestamp,
    /// `GET`, `POST`, ...
    pub method: String,
    /// Its path, with `/api`.
    pub path: String,
    /// Its query, as it was sent.
    pub query: String,
    /// The id of the schema's operation, if it is one: `rewards.index`.
    pub operation: Option<&'static str>,
    /// Its JSON body, up to 64 KiB; none of requests for tokens, which have secrets.
    pub body: Option<Value>,
    /// The status of the answer.
    pub status: u16,
}

/// The last requests.
#[derive(Debug, Default)]
pub(crate) struct Log {
    requests: VecDeque<Request>,
}

impl Log {
    pub(crate) fn add(&mut self, request: Request) {
        if self.requests.len() == KEPT {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn all(&self) -> Vec<Request> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}

/// The body of a request as the log keeps it.
pub(crate) fn kept(path: &str, body: &[u8]) -> Option<Value> {
    let is_kept = !body.is_empty() && body.len() <= LONGEST_BODY && !path.contains("/auth/");
    is_kept.then(|| serde_json::from_slice(body).ok()).flatten()
}
