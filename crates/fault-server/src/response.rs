//! What is answered, and how it goes over the wire.

use std::fmt::Display;

use bytes::Bytes;
use serde_json::Value;

use crate::gzip;

/// A response: a status, headers and a body, and how they go over the wire.
///
/// Nothing is checked: a status of 99, a header with a line break or a wrong `Content-Length` are sent as they are. The
/// server adds `Content-Length`, unless the response has that header or `Transfer-Encoding`.
///
/// The default is 200 with the JSON document `{}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    pub(crate) raw: bool,
    pub(crate) chunked: bool,
    pub(crate) endless: bool,
    pub(crate) slow_head: bool,
    pub(crate) after: After,
}

/// What becomes of the connection when the response is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum After {
    #[default]
    KeepAlive,
    Close,
    ResetOnReuse,
}

impl Default for Response {
    fn default() -> Self {
        Self::new(200)
            .content_type("application/json")
            .body(&b"{}"[..])
    }
}

impl Response {
    /// A response without a body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            raw: false,
            chunked: false,
            endless: false,
            slow_head: false,
            after: After::KeepAlive,
        }
    }

    /// A JSON document.
    pub fn json(status: u16, document: &Value) -> Self {
        Self::new(status)
            .content_type("application/json")
            .body(document.to_string())
    }

    /// An HTML page.
    pub fn html(status: u16, page: impl Into<String>) -> Self {
        Self::new(status)
            .content_type("text/html; charset=utf-8")
            .body(page.into())
    }

    /// A redirect to a URL.
    pub fn redirect(status: u16, location: impl Display) -> Self {
        Self::new(status).header("Location", location)
    }

    /// A gzipped JSON document that is small, and inflates to this many MiB: a text of one letter.
    pub fn gzip_bomb(mebibytes: usize) -> Self {
        Self::new(200)
            .content_type("application/json")
            .header("Content-Encoding", "gzip")
            .body(gzip::bomb(mebibytes))
    }

    /// These bytes and nothing else, in the place of a whole response. They need not be HTTP.
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        Self {
            raw: true,
            ..Self::new(200).body(bytes)
        }
    }

    /// Adds a header, also if there is one of that name.
    pub fn header(mut self, name: &str, value: impl Display) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets `Content-Type`.
    pub fn content_type(mut self, value: impl Display) -> Self {
        self.headers
            .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        self.header("Content-Type", value)
    }

    /// Adds `Retry-After`: a number of seconds, an HTTP date, or anything else.
    pub fn retry_after(self, value: impl Display) -> Self {
        self.header("Retry-After", value)
    }

    /// Adds `X-RateLimit-Limit` and `X-RateLimit-Remaining`, as Laravel does.
    pub fn rate_limit(self, limit: impl Display, remaining: impl Display) -> Self {
        self.header("X-RateLimit-Limit", limit)
            .header("X-RateLimit-Remaining", remaining)
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Halves the body; what is sent has the `Content-Length` of the half.
    ///
    /// For a body that is shorter than its `Content-Length`, see [`Fault::close`](crate::Fault::close).
    pub fn truncated(mut self) -> Self {
        self.body.truncate(self.body.len() / 2);
        self
    }

    /// Compresses the body, and adds `Content-Encoding`.
    pub fn gzip(self) -> Self {
        let body = gzip::compress(&self.body);
        self.header("Content-Encoding", "gzip").body(body)
    }

    /// [`gzip`](Self::gzip), with a header that is gzip's and data that no decoder takes.
    pub fn broken_gzip(self) -> Self {
        let response = self.gzip();
        let body = gzip::spoil(&response.body);
        response.body(body)
    }

    /// Sends the body in chunks of up to 8 KiB.
    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// Sends the body again and again, in chunks, until the client leaves.
    pub fn endless(mut self) -> Self {
        self.endless = true;
        self.chunked()
    }

    /// Sends the status line and the headers byte by byte, without pauses.
    pub fn slow_head(mut self) -> Self {
        self.slow_head = true;
        self
    }

    /// Closes the connection (FIN) after the response, without having said so in a header.
    pub fn close_after(mut self) -> Self {
        self.after = After::Close;
        self
    }

    /// Keeps the connection open, and resets it when the client's next request comes on it: a pool's stale connection.
    ///
    /// That request is not among [`received`](crate::FaultServer::received), and takes nothing from the script.
    pub fn reset_on_reuse(mut self) -> Self {
        self.after = After::ResetOnReuse;
        self
    }

    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers
            .iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name))
    }

    /// Whether it says by itself that the connection ends with it.
    pub(crate) fn says_close(&self) -> bool {
        self.headers.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("connection") && value.eq_ignore_ascii_case("close")
        })
    }
}
