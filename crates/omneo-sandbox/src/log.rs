//! What was asked of a sandbox.

use std::collections::VecDeque;

use bytes::Bytes;
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

/// The last requests, with their bodies as they came: they are read when somebody asks for them.
#[derive(Debug, Default)]
pub(crate) struct Log {
    requests: VecDeque<(Request, Bytes)>,
}

impl Log {
    /// Adds a request, which has no body yet, with its body.
    pub(crate) fn add(&mut self, request: Request, body: &Bytes) {
        if self.requests.len() == KEPT {
            self.requests.pop_front();
        }
        let is_kept = body.len() <= LONGEST_BODY && !request.path.contains("/auth/");
        let body = match is_kept {
            true => body.clone(),
            false => Bytes::new(),
        };
        self.requests.push_back((request, body));
    }

    pub(crate) fn all(&self) -> Vec<Request> {
        let requests = self.requests.iter();
        requests
            .map(|(request, body)| Request {
                body: serde_json::from_slice(body).ok(),
                ..request.clone()
            })
            .collect()
    }

    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}
