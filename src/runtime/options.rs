//! What makes one call different from another with the same arguments.

use std::fmt;
use std::time::Duration;

use http::Extensions;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::Multipart;

/// Options of a request, carried by [`Inner`](super::Inner) and applied under every generated method.
///
/// ```
/// # use omneo_api::runtime::RequestOptions;
/// let options = RequestOptions::new().query("page[size]", 100).query("filter[expires_at][gte]", "2024-01-31");
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct RequestOptions {
    /// Query pairs in the order they are sent; a name may come more than once.
    pub query: Vec<(String, String)>,
    /// Headers; they replace those of the same name that the bindings set.
    pub headers: HeaderMap,
    /// The time limit from the first byte sent to the last byte read. Without it the HTTP client's own holds.
    pub timeout: Option<Duration>,
    /// The body of a multipart operation.
    pub multipart: Option<Multipart>,
    /// The longest body that is taken, in bytes after decompression. Without it
    /// [`DEFAULT_MAX_RESPONSE_BYTES`](super::DEFAULT_MAX_RESPONSE_BYTES), and no limit for a stream.
    pub max_response_bytes: Option<u64>,
    /// Whether a success is handed on piece by piece, whatever the operation's answer is.
    pub streamed: bool,
    /// Options of the layers above, which a [`Transport`](super::Transport) looks up by their types.
    pub extensions: Extensions,
}

impl RequestOptions {
    /// No options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a query pair.
    #[must_use]
    #[allow(clippy::needless_pass_by_value)] // a caller writes `100`, not `&100`
    pub fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds a header. One whose name looks like that of a secret is marked as sensitive when it is sent.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Sets the time limit.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Sets the body of a multipart operation.
    #[must_use]
    pub fn multipart(mut self, body: Multipart) -> Self {
        self.multipart = Some(body);
        self
    }

    /// Sets the longest body that is taken.
    #[must_use]
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.max_response_bytes = Some(limit);
        self
    }

    /// Has a success handed on piece by piece.
    #[must_use]
    pub fn streamed(mut self) -> Self {
        self.streamed = true;
        self
    }

    /// Sets an option of a layer above, in place of one of the same type.
    #[must_use]
    pub fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.extensions.insert(value);
        self
    }
}

/// Shows names and not values.
impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestOptions")
            .field(
                "query",
                &self.query.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            )
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("multipart", &self.multipart)
            .field("max_response_bytes", &self.max_response_bytes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{AUTHORIZATION, HeaderValue};

    use super::RequestOptions;
    use crate::runtime::{File, Multipart};

    #[test]
    fn values_are_not_shown() {
        let options = RequestOptions::new()
            .query("email", "hush")
            .header(AUTHORIZATION, HeaderValue::from_static("hush"))
            .multipart(
                Multipart::new()
                    .text("note", "hush")
                    .file("file", File::bytes("hush.csv", "hush")),
            )
            .extension("hush");
        let shown = format!("{options:?}");
        assert!(!shown.contains("hush"), "{shown}");
        assert!(
            shown.contains("email") && shown.contains("authorization") && shown.contains("note"),
            "{shown}"
        );
    }

    #[test]
    fn an_extension_is_found_by_its_type() {
        #[derive(Clone, Debug, PartialEq)]
        struct Attempts(u8);
        let options = RequestOptions::new()
            .extension(Attempts(1))
            .extension(Attempts(3))
            .clone();
        assert_eq!(options.extensions.get(), Some(&Attempts(3)));
        assert_eq!(options.extensions.get::<u8>(), None);
    }
}
