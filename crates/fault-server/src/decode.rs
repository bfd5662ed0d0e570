//! Requests out of bytes, as they come.

use bytes::{Buf, Bytes, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use httparse::Status;

const MAX_HEADERS: usize = 128;

/// The bytes of a head, of trailers, or of the line before a chunk.
const MAX_HEAD: usize = 64 << 10;

const MAX_BODY: u64 = 128 << 20;

/// How much room a `Content-Length` alone can take.
const MAX_RESERVED: usize = 1 << 20;

/// A request, and whether the client keeps the connection.
#[derive(Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) keep_alive: bool,
}

/// Bytes that are no request, or one that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    Syntax,
    Head,
    Body,
}

impl Malformed {
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::Syntax => 400,
            Self::Head => 431,
            Self::Body => 413,
        }
    }
}

/// Where a request is that was read in part.
///
/// Each byte of a body is looked at once, however small the parts are that it comes in.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    stage: Stage,
}

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Head,
    /// The body so far, and the bytes that are missing of it.
    Length(Request, BytesMut, usize),
    Chunked(Request, BytesMut, Chunk),
}

/// Where a chunked body is.
#[derive(Clone, Copy, Debug)]
enum Chunk {
    Size,
    /// The bytes that are missing of its data.
    Data(usize),
    End,
    Trailers,
}

/// What tells where a body ends.
enum Framing {
    Length(usize),
    Chunked,
}

impl Decoder {
    /// Takes the next request off the front of the buffer, or as much of it as is there.
    ///
    /// # Errors
    ///
    /// If what is there is no request. Nothing can be read after that.
    pub(crate) fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Request>, Malformed> {
        loop {
            match std::mem::take(&mut self.stage) {
                Stage::Head => {
                    let Some((request, framing)) = head(buffer)? else {
                        return Ok(None);
                    };
                    self.stage = match framing {
                        Framing::Length(length) => Stage::Length(request, body_of(length), length),
                        Framing::Chunked => Stage::Chunked(request, BytesMut::new(), Chunk::Size),
                    };
                }
                Stage::Length(request, mut body, missing) => {
                    let missing = take(buffer, &mut body, missing);
                    if missing == 0 {
                        let body = body.freeze();
                        return Ok(Some(Request { body, ..request }));
                    }
                    self.stage = Stage::Length(request, body, missing);
                    return Ok(None);
                }
                Stage::Chunked(request, mut body, mut at) => {
                    if chunks(buffer, &mut body, &mut at)? {
                        let body = body.freeze();
                        return Ok(Some(Request { body, ..request }));
                    }
                    self.stage = Stage::Chunked(request, body, at);
                    return Ok(None);
                }
            }
        }
    }
}

/// The head of a request, and how its body is framed.
fn head(buffer: &mut BytesMut) -> Result<Option<(Request, Framing)>, Malformed> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(buffer) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) if buffer.len() > MAX_HEAD => return Err(Malformed::Head),
        Ok(Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Malformed::Head),
        Err(_) => return Err(Malformed::Syntax),
    };
    let (Some(method), Some(target), Some(version)) = (parsed.method, parsed.path, parsed.version)
    else {
        return Err(Malformed::Syntax);
    };
    let mut headers = HeaderMap::with_capacity(parsed.headers.len());
    for header in parsed.headers.iter() {
        let name = HeaderName::from_bytes(header.name.as_bytes());
        let value = HeaderValue::from_bytes(header.value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err(Malformed::Syntax);
        };
        headers.append(name, value);
    }
    let framing = framing(&headers)?;
    let request = Request {
        method: Method::from_bytes(method.as_bytes()).map_err(|_| Malformed::Syntax)?,
        target: target.to_owned(),
        body: Bytes::new(),
        keep_alive: version == 1 && !closes(&headers),
        headers,
    };
    buffer.advance(length);
    Ok(Some((request, framing)))
}

fn framing(headers: &HeaderMap) -> Result<Framing, Malformed> {
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    match (
        lengths.next(),
        lengths.next(),
        encodings.next(),
        encodings.next(),
    ) {
        (None, None, None, None) => Ok(Framing::Length(0)),
        (Some(length), None, None, None) => {
            let digits = length.to_str().map_err(|_| Malformed::Syntax)?;
            // `parse` would take a sign.
            if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Malformed::Syntax);
            }
            let length = digits.parse().map_err(|_| Malformed::Syntax)?;
            body_length(0, length).map(Framing::Length)
        }
        (None, None, Some(encoding), None)
            if encoding.as_bytes().eq_ignore_ascii_case(b"chunked") =>
        {
            Ok(Framing::Chunked)
        }
        // Two framings, or one that no client needs.
        _ => Err(Malformed::Syntax),
    }
}

fn closes(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|option| option.trim().eq_ignore_ascii_case("close"))
}

/// The length of the rest of a body that has so much already, if it does not get too long.
fn body_length(so_far: usize, more: u64) -> Result<usize, Malformed> {
    usize::try_from(more)
        .ok()
        .filter(|_| more.saturating_add(so_far as u64) <= MAX_BODY)
        .ok_or(Malformed::Body)
}

/// Room for a body, as far as its length is to be believed.
fn body_of(length: usize) -> BytesMut {
    BytesMut::with_capacity(length.min(MAX_RESERVED))
}

/// Moves what is there of a part of a body, and returns how much of it is missing then.
///
/// Moved, not split off: a body that shared the buffer would keep all of it in memory.
fn take(buffer: &mut BytesMut, body: &mut BytesMut, missing: usize) -> usize {
    let length = missing.min(buffer.len());
    body.extend_from_slice(&buffer[..length]);
    buffer.advance(length);
    missing - length
}

/// Moves what is there of a chunked body; true when it has ended.
fn chunks(buffer: &mut BytesMut, body: &mut BytesMut, at: &mut Chunk) -> Result<bool, Malformed> {
    loop {
        *at = match *at {
            Chunk::Size => {
                // httparse reads a size without digits as 0.
                if buffer.first().is_some_and(|byte| !byte.is_ascii_hexdigit()) {
                    return Err(Malformed::Syntax);
                }
                match httparse::parse_chunk_size(buffer) {
                    Ok(Status::Complete((line, size))) => {
                        buffer.advance(line);
                        match body_length(body.len(), size)? {
                            0 => Chunk::Trailers,
                            size => Chunk::Data(size),
                        }
                    }
                    Ok(Status::Partial) if buffer.len() > MAX_HEAD => return Err(Malformed::Head),
                    Ok(Status::Partial) => return Ok(false),
                    Err(_) => return Err(Malformed::Syntax),
                }
            }
            Chunk::Data(missing) => match take(buffer, body, missing) {
                0 => Chunk::End,
                missing => {
                    *at = Chunk::Data(missing);
                    return Ok(false);
                }
            },
            Chunk::End => match buffer.get(..2) {
                Some(b"\r\n") => {
                    buffer.advance(2);
                    Chunk::Size
                }
                Some(_) => return Err(Malformed::Syntax),
                None => return Ok(false),
            },
            Chunk::Trailers => {
                let mut trailers = [httparse::EMPTY_HEADER; MAX_HEADERS];
                match httparse::parse_headers(buffer, &mut trailers) {
                    Ok(Status::Complete((length, _))) => {
                        buffer.advance(length);
                        return Ok(true);
                    }
                    Ok(Status::Partial) if buffer.len() > MAX_HEAD => return Err(Malformed::Head),
                    Ok(Status::Partial) => return Ok(false),
                    Err(_) => return Err(Malformed::Syntax),
                }
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the bytes are read as, when they come in parts of these sizes.
    fn decode(bytes: &[u8], parts: &[usize]) -> Result<Vec<Request>, Malformed> {
        let mut decoder = Decoder::default();
        let mut buffer = BytesMut::new();
        let mut requests = Vec::new();
        let mut rest = bytes;
        let mut parts = parts.iter().copied().cycle();
        while !rest.is_empty() {
            let size = parts.next().unwrap_or(usize::MAX).clamp(1, rest.len());
            buffer.extend_from_slice(&rest[..size]);
            rest = &rest[size..];
            while let Some(request) = decoder.decode(&mut buffer)? {
                requests.push(request);
            }
        }
        Ok(requests)
    }

    fn one(bytes: &[u8]) -> Result<Request, Malformed> {
        let mut requests = decode(bytes, &[])?;
        assert_eq!(requests.len(), 1);
        Ok(requests.remove(0))
    }

    #[test]
    fn a_request_has_its_parts() {
        let request = one(
            b"POST /v3/rewards?page%5Bsize%5D=2 HTTP/1.1\r\nHost: a\r\nX: 1\r\nx: 2\r\n\
              Content-Length: 4\r\n\r\nbody",
        )
        .unwrap();
        assert_eq!(request.method, Method::POST);
        assert_eq!(request.target, "/v3/rewards?page%5Bsize%5D=2");
        assert_eq!(
            request.headers.get_all("x").iter().collect::<Vec<_>>(),
            ["1", "2"]
        );
        assert_eq!(request.body, "body");
        assert!(request.keep_alive);
    }

    #[test]
    fn chunks_extensions_and_trailers_are_taken_off() {
        let request = one(b"POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n\
              4;name=value\r\nbody\r\nA \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n")
        .unwrap();
        assert_eq!(request.body, "body0123456789");
    }

    #[test]
    fn the_client_says_whether_it_keeps_the_connection() {
        for (head, keeps) in [
            ("GET / HTTP/1.1\r\n", true),
            ("GET / HTTP/1.1\r\nConnection: keep-alive, TE\r\n", true),
            ("GET / HTTP/1.1\r\nConnection: TE, Close\r\n", false),
            ("GET / HTTP/1.0\r\n", false),
        ] {
            let request = one(format!("{head}\r\n").as_bytes()).unwrap();
            assert_eq!(request.keep_alive, keeps, "{head}");
        }
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for bytes in [
            "\u{16}\u{3}\u{1}",
            "GET\r\n\r\n",
            "GET / HTTP/2.0\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\nx",
            "POST / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\nx",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            "POST / HTTP/1.1\r\nContent-Length: \r\n\r\nx",
            "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n",
        ] {
            assert_eq!(one(bytes.as_bytes()), Err(Malformed::Syntax), "{bytes}");
        }
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_read() {
        let many = "X: 1\r\n".repeat(MAX_HEADERS + 1);
        let long = "x".repeat(MAX_HEAD);
        for (bytes, expected) in [
            (format!("GET / HTTP/1.1\r\n{many}\r\n"), Malformed::Head),
            (format!("GET / HTTP/1.1\r\nX: {long}"), Malformed::Head),
            (
                format!(
                    "POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n",
                    MAX_BODY + 1
                ),
                Malformed::Body,
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nffffffffffffffff\r\n".to_owned(),
                Malformed::Body,
            ),
            (
                format!("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;{long}"),
                Malformed::Head,
            ),
        ] {
            assert_eq!(decode(bytes.as_bytes(), &[]), Err(expected));
        }
    }

    prop_compose! {
        /// A request with its bytes.
        fn request()(
            method in "GET|POST|PATCH|X-ODD",
            target in "/[a-z/%0-9]{0,20}(\\?[a-z=&]{0,10})?",
            headers in prop::collection::vec(("x-[a-z]{1,8}", "[!-~]([ -~]{0,10}[!-~])?"), 0..5),
            chunks in prop::option::of(prop::collection::vec(1..30_usize, 0..4)),
            body in prop::collection::vec(any::<u8>(), 0..100),
        ) -> (Request, Vec<u8>) {
            let mut bytes = format!("{method} {target} HTTP/1.1\r\n");
            let mut map = HeaderMap::new();
            let framing = match &chunks {
                Some(_) => ("transfer-encoding".to_owned(), "chunked".to_owned()),
                None => ("content-length".to_owned(), body.len().to_string()),
            };
            for (name, value) in headers.into_iter().chain([framing]) {
                bytes += &format!("{name}: {value}\r\n");
                map.append(
                    HeaderName::try_from(name).unwrap(),
                    HeaderValue::try_from(value).unwrap(),
                );
            }
            let mut bytes = bytes.into_bytes();
            bytes.extend_from_slice(b"\r\n");
            match chunks {
                None => bytes.extend_from_slice(&body),
                Some(sizes) => {
                    let mut rest = &body[..];
                    for size in sizes.into_iter().chain([usize::MAX]) {
                        let (chunk, after) = rest.split_at(size.min(rest.len()));
                        if !chunk.is_empty() {
                            bytes.extend_from_slice(format!("{:X}\r\n", chunk.len()).as_bytes());
                            bytes.extend_from_slice(chunk);
                            bytes.extend_from_slice(b"\r\n");
                        }
                        rest = after;
                    }
                    bytes.extend_from_slice(b"0\r\n\r\n");
                }
            }
            let request = Request {
                method: Method::from_bytes(method.as_bytes()).unwrap(),
                target,
                headers: map,
                body: body.into(),
                keep_alive: true,
            };
            (request, bytes)
        }
    }

    proptest! {
        #[test]
        fn requests_are_read_however_they_are_cut(
            sent in prop::collection::vec(request(), 1..4),
            parts in prop::collection::vec(1..50_usize, 1..5),
        ) {
            let bytes: Vec<u8> = sent.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
            let requests: Vec<Request> = sent.into_iter().map(|(request, _)| request).collect();
            prop_assert_eq!(decode(&bytes, &parts).unwrap(), requests);
        }

        #[test]
        fn bytes_are_read_the_same_however_they_are_cut(
            mut bytes in request().prop_map(|(_, bytes)| bytes),
            spoilt in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            parts in prop::collection::vec(1..50_usize, 1..5),
        ) {
            for (index, byte) in spoilt {
                let index = index.index(bytes.len());
                bytes[index] = byte;
            }
            let whole = decode(&bytes, &[]);
            prop_assert_eq!(decode(&bytes, &parts), whole);
        }

        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes, &[1]);
        }
    }
}
