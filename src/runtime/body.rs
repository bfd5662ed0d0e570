//! Reading the body of an answer, up to a limit.

use bytes::Bytes;
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// A body that a transport has read: an extension of the answer, which has no other body then.
#[derive(Clone)]
pub(super) struct Buffered(pub(super) Bytes);

/// How the reading of a body ended.
pub(super) enum End {
    Whole,
    /// There is more than the limit allows.
    Limit,
    Broken(reqwest::Error),
}

/// Reads at most `limit` bytes.
pub(super) async fn read(response: &mut Response, limit: u64) -> (Bytes, End) {
    if let Some(Buffered(bytes)) = response.extensions_mut().remove() {
        return match usize::try_from(limit) {
            Ok(limit) if bytes.len() > limit => (bytes.slice(..limit), End::Limit),
            _ => (bytes, End::Whole),
        };
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let announced = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(0);
    // Most bodies are one piece, which needs no copy.
    let mut first = Bytes::new();
    let mut rest = Vec::new();
    loop {
        let read = first.len() + rest.len();
        let end = match response.chunk().await {
            Ok(Some(chunk)) if read == 0 && chunk.len() <= limit => {
                first = chunk;
                continue;
            }
            Ok(Some(chunk)) => {
                if rest.is_empty() {
                    // A server's word is not enough to set aside more than a page of memory.
                    rest.reserve(announced.clamp(read, limit).min(read + 64 * 1024));
                    rest.extend_from_slice(&std::mem::take(&mut first));
                }
                let room = limit - rest.len();
                rest.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() <= room {
                    continue;
                }
                End::Limit
            }
            Ok(None) => End::Whole,
            Err(error) => End::Broken(error),
        };
        let bytes = if rest.is_empty() { first } else { rest.into() };
        return (bytes, end);
    }
}

/// What a body is at first sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    Empty,
    Json,
    Html,
    Text,
}

impl Looks {
    pub(super) fn of(headers: &HeaderMap, body: &[u8]) -> Looks {
        let kind = content_type(headers).to_ascii_lowercase();
        let body = without_mark(body).trim_ascii_start();
        let starts = |tag: &str| {
            body.get(..tag.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
        };
        match body.first() {
            None => Looks::Empty,
            Some(b'{' | b'[' | b'"') => Looks::Json,
            Some(b'<') if kind.contains("html") || starts("<!doctype html") || starts("<html") => {
                Looks::Html
            }
            _ if kind.contains("json") => Looks::Json,
            _ if kind.contains("html") => Looks::Html,
            _ => Looks::Text,
        }
    }
}

/// The content type, or nothing.
pub(super) fn content_type(headers: &HeaderMap) -> &str {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// The body without the byte order mark that some PHP files put before it.
pub(super) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

    use super::{Looks, without_mark};

    #[test]
    fn a_body_is_judged_by_its_start_before_its_type() {
        for (kind, body, looks) in [
            ("application/json", "", Looks::Empty),
            ("text/html", " \r\n", Looks::Empty),
            (
                "text/html; charset=UTF-8",
                "\u{feff} {\"a\":1}",
                Looks::Json,
            ),
            ("application/problem+json", "tru", Looks::Json),
            ("application/json", "<!DOCTYPE HTML><p>", Looks::Html),
            ("text/html", "<p>", Looks::Html),
            ("text/html", "plain", Looks::Html),
            ("application/xml", "<a/>", Looks::Text),
            ("", "OK", Looks::Text),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
            assert_eq!(Looks::of(&headers, body.as_bytes()), looks, "{kind} {body}");
        }
        assert_eq!(without_mark("\u{feff}1".as_bytes()), b"1");
    }
}
