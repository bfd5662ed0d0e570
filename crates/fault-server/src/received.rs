//! A request as it arrived.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

/// A request that arrived fully.
#[derive(Debug)]
#[non_exhaustive]
pub struct Received {
    /// The connection that it came on; the server's first is 0.
    pub connection: usize,
    /// The method.
    pub method: Method,
    /// The request target as it was sent: a path, and a query if there is one.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, without the framing of chunks.
    pub body: Bytes,
    processed: AtomicBool,
}

impl Received {
    pub(crate) fn new(
        connection: usize,
        method: Method,
        target: String,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        Self {
            connection,
            method,
            target,
            headers,
            body,
            processed: AtomicBool::new(false),
        }
    }

    /// Whether the application has processed it by now.
    #[must_use]
    pub fn processed(&self) -> bool {
        self.processed.load(Ordering::Acquire)
    }

    pub(crate) fn set_processed(&self) {
        self.processed.store(true, Ordering::Release);
    }

    /// The target up to its query, still percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The query without its question mark, still percent-encoded.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The body, read as JSON.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn json(&self) -> serde_json::Result<Value> {
        serde_json::from_slice(&self.body)
    }
}
