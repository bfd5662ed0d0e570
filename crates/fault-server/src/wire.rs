//! A response as bytes.

use std::fmt::Write;
use std::ops::Range;

use bytes::{BufMut, Bytes, BytesMut};
use http::StatusCode;

use crate::{Moment, Response};

const CHUNK: usize = 8 << 10;

/// How many bytes of an endless body are sent at once, at least.
const BLOCK: usize = 16 << 10;

/// A response as it is sent.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) bytes: Bytes,
    /// How many of the bytes are the status line and headers.
    pub(crate) head: usize,
    /// Whether the head is written byte by byte.
    slow_head: bool,
    /// What follows the bytes, again and again.
    pub(crate) endless: Option<Bytes>,
}

impl Wire {
    /// The place of a moment amid the bytes.
    pub(crate) fn position(&self, moment: Moment) -> usize {
        let body = self.bytes.len() - self.head;
        match moment {
            Moment::Unread | Moment::Unprocessed | Moment::Unanswered => 0,
            Moment::InBody if body > 0 => self.head + body / 2,
            Moment::InHead | Moment::InBody => self.head / 2,
        }
    }

    /// A range of the bytes, as the parts that are written each for itself.
    pub(crate) fn writes(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> + use<> {
        let slow = if self.slow_head {
            range.end.min(self.head).max(range.start)
        } else {
            range.start
        };
        let bytes = (range.start..slow).map(|byte| byte..byte + 1);
        bytes.chain((slow < range.end).then_some(slow..range.end))
    }
}

impl Response {
    /// Encodes the response: without its body for a request with HEAD, with `Connection: close` if the client wants that.
    pub(crate) fn encode(&self, to_head: bool, keep_alive: bool) -> Wire {
        if self.raw {
            return Wire {
                bytes: self.body.clone(),
                head: self.body.len(),
                slow_head: self.slow_head,
                endless: None,
            };
        }
        let head = self.head(keep_alive);
        let block = self.endless.then(|| self.block());
        let mut bytes = BytesMut::with_capacity(head.len() + self.body.len());
        bytes.put_slice(head.as_bytes());
        if !to_head {
            match &block {
                Some(block) => bytes.put_slice(block),
                None if self.chunked => {
                    put_chunks(&mut bytes, &self.body);
                    bytes.put_slice(b"0\r\n\r\n");
                }
                None => bytes.put_slice(&self.body),
            }
        }
        Wire {
            bytes: bytes.freeze(),
            head: head.len(),
            slow_head: self.slow_head,
            endless: block.filter(|_| !to_head),
        }
    }

    fn head(&self, keep_alive: bool) -> String {
        let reason = StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_default();
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status);
        let mut put = |name: &str, value: &dyn std::fmt::Display| {
            write!(head, "{name}: {value}\r\n").expect("a string takes every text");
        };
        for (name, value) in &self.headers {
            put(name, value);
        }
        if !keep_alive && !self.has_header("connection") {
            put("Connection", &"close");
        }
        let framed = self.has_header("content-length") || self.has_header("transfer-encoding");
        // These have no body, whatever the headers say.
        let bodiless = self.body.is_empty() && matches!(self.status, 100..=199 | 204 | 304);
        if self.chunked {
            if !self.has_header("transfer-encoding") {
                put("Transfer-Encoding", &"chunked");
            }
        } else if !framed && !bodiless {
            put("Content-Length", &self.body.len());
        }
        head.push_str("\r\n");
        head
    }

    /// A block of an endless body: the body as often as makes a block worth sending.
    fn block(&self) -> Bytes {
        let body: &[u8] = if self.body.is_empty() {
            b" "
        } else {
            &self.body
        };
        let mut block = BytesMut::new();
        put_chunks(&mut block, &body.repeat(BLOCK.div_ceil(body.len())));
        block.freeze()
    }
}

fn put_chunks(bytes: &mut BytesMut, body: &[u8]) {
    for chunk in body.chunks(CHUNK) {
        bytes.put_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.put_slice(chunk);
        bytes.put_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(response: &Response) -> String {
        String::from_utf8(response.encode(false, true).bytes.to_vec()).unwrap()
    }

    #[test]
    fn a_response_says_its_length() {
        assert_eq!(
            text(&Response::default()),
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        );
        assert_eq!(
            text(&Response::new(503).retry_after(1)),
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
        );
        assert_eq!(text(&Response::new(204)), "HTTP/1.1 204 No Content\r\n\r\n");
    }

    #[test]
    fn a_wrong_length_and_an_unknown_status_are_sent_as_they_are() {
        assert_eq!(
            text(&Response::new(99).header("content-length", 7).body("x")),
            "HTTP/1.1 99 \r\ncontent-length: 7\r\n\r\nx"
        );
        assert_eq!(text(&Response::raw("SSH-2.0-x\r\n")), "SSH-2.0-x\r\n");
    }

    #[test]
    fn chunks_hold_the_body_and_end() {
        let body = "x".repeat(CHUNK + 1);
        let expected = format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n{}\r\n1\r\nx\r\n0\r\n\r\n",
            &body[1..]
        );
        assert_eq!(text(&Response::new(200).body(body).chunked()), expected);
    }

    #[test]
    fn an_answer_to_head_has_the_length_and_no_body() {
        let wire = Response::default().encode(true, true);
        assert!(wire.bytes.ends_with(b"Content-Length: 2\r\n\r\n"));
        assert_eq!(wire.bytes.len(), wire.head);
    }

    #[test]
    fn a_slow_head_is_written_byte_by_byte() {
        let writes = |wire: &Wire, range| {
            wire.writes(range)
                .map(|write| write.len())
                .collect::<Vec<_>>()
        };
        let slow = Response::new(204)
            .body("body")
            .slow_head()
            .encode(false, true);
        let all = slow.bytes.len();
        assert_eq!(writes(&slow, slow.head - 3..all), [1, 1, 1, 4]);
        assert_eq!(writes(&slow, 2..4), [1, 1]);
        assert_eq!(writes(&slow, all - 2..all), [2]);
        let fast = Response::new(204).encode(false, true);
        assert_eq!(writes(&fast, 0..fast.head), [fast.head]);
    }

    #[test]
    fn moments_lie_in_their_part_of_the_answer() {
        let wire = Response::default().encode(false, true);
        assert_eq!(wire.position(Moment::Unanswered), 0);
        assert!((1..wire.head).contains(&wire.position(Moment::InHead)));
        assert_eq!(wire.position(Moment::InBody), wire.head + 1);
        let empty = Response::new(204).encode(false, true);
        assert!((1..empty.head).contains(&empty.position(Moment::InBody)));
    }
}
