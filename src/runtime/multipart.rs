//! Multipart bodies that can be sent more than once.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Client, Request, RequestBuilder};
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use super::{BoxFuture, Error};

/// The parts of a `multipart/form-data` body. A clone shares the contents; the body itself is made anew for each
/// attempt.
#[derive(Clone, Default)]
pub struct Multipart {
    parts: Vec<(String, Content)>,
}

#[derive(Clone)]
enum Content {
    Text(String),
    File(File),
}

/// A file to upload.
#[derive(Clone)]
pub struct File {
    name: String,
    content_type: Option<String>,
    source: Source,
}

type Open = dyn Fn() -> BoxFuture<'static, io::Result<(Body, Option<u64>)>> + Send + Sync;

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    Path(PathBuf),
    Open(Arc<Open>),
    Once(Arc<Mutex<Once>>),
}

type Pieces = dyn Stream<Item = io::Result<Bytes>> + Send;

/// Contents that can be read only once.
struct Once {
    pieces: Pin<Box<Pieces>>,
    length: Option<u64>,
    is_begun: bool,
    read: u64,
}

/// How much of a reader is held at once, in bytes.
const PIECE: usize = 64 * 1024;

impl Multipart {
    /// No parts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    #[must_use]
    #[allow(clippy::needless_pass_by_value)] // a caller writes `5`, not `&5`
    pub fn text(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.parts
            .push((name.into(), Content::Text(value.to_string())));
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, file: File) -> Self {
        self.parts.push((name.into(), Content::File(file)));
        self
    }

    /// The names of the parts, in the order they are sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(name, _)| name.as_str())
    }

    /// Whether something of it is gone that can be read only once.
    pub(super) fn is_spent(&self) -> bool {
        self.parts.iter().any(|(_, content)| match content {
            Content::File(File {
                source: Source::Once(once),
                ..
            }) => lock(once).is_begun,
            _ => false,
        })
    }

    /// Puts the body into a request.
    pub(super) async fn attach(
        &self,
        client: &Client,
        mut request: Request,
    ) -> Result<Request, Error> {
        // PHP knows neither `name*=` nor percent-encoded names, so names go out as they are.
        let mut form = Form::new().percent_encode_noop();
        for (name, content) in &self.parts {
            check_name(name)?;
            let part = match content {
                Content::Text(text) => Part::text(text.clone()),
                Content::File(file) => file.open().await.map_err(|error| {
                    let file = file.name();
                    let message =
                        format!("the file `{file}` for part `{name}` can't be read: {error}");
                    Error::invalid_request_because(message, error.into())
                })?,
            };
            form = form.part(name.clone(), part);
        }
        // `RequestBuilder::multipart` adds to what is there.
        request.headers_mut().remove(CONTENT_TYPE);
        request.headers_mut().remove(CONTENT_LENGTH);
        Ok(RequestBuilder::from_parts(client.clone(), request)
            .multipart(form)
            .build()?)
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    match name
        .chars()
        .any(|c| c.is_control() || c == '"' || c == '\\')
    {
        true => Err(Error::invalid_request(
            "the name of a part holds a quote, backslash or control character",
        )),
        false => Ok(()),
    }
}

impl File {
    /// A file that is in memory.
    pub fn bytes(name: impl Into<String>, contents: impl Into<Bytes>) -> Self {
        Self::new(name.into(), Source::Bytes(contents.into()))
    }

    /// A file on disk, read while it is sent and opened anew for each attempt. Its type is guessed from its extension. One
    /// that grows or shrinks meanwhile is not sent to its end.
    pub fn path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        Self::new(name, Source::Path(path.to_owned()))
    }

    /// A file from any source. `open` is called for each attempt and gives the contents from the start, with their
    /// length in bytes if it is known; without a length the body goes out in chunks.
    pub fn open_with<F, R>(name: impl Into<String>, open: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = io::Result<(Body, Option<u64>)>> + Send + 'static,
    {
        Self::new(
            name.into(),
            Source::Open(Arc::new(move || Box::pin(open()))),
        )
    }

    /// A file from a reader, with its length in bytes if that is known; without a length the body goes out in chunks. No
    /// more of it than 64 KiB is held at once.
    ///
    /// It can be read only once: an attempt that has begun to read it is the last.
    pub fn reader(
        name: impl Into<String>,
        reader: impl AsyncRead + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        Self::stream(name, ReaderStream::with_capacity(reader, PIECE), length)
    }

    /// As [`reader`](Self::reader), from a stream of pieces.
    pub fn stream(
        name: impl Into<String>,
        pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        let once = Once::new(pieces, length);
        Self::new(name.into(), Source::Once(Arc::new(Mutex::new(once))))
    }

    /// The name that goes out with it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn new(name: String, source: Source) -> Self {
        Self {
            name,
            content_type: None,
            source,
        }
    }

    /// Sets the content type, such as `text/csv`.
    #[must_use]
    pub fn content_type(mut self, kind: impl Into<String>) -> Self {
        self.content_type = Some(kind.into());
        self
    }

    async fn open(&self) -> io::Result<Part> {
        let part = match &self.source {
            Source::Bytes(bytes) => Part::stream_with_length(bytes.clone(), bytes.len() as u64),
            Source::Path(path) => {
                let file = tokio::fs::File::open(path).await?;
                let length = file.metadata().await?.len();
                let pieces = ReaderStream::with_capacity(file, PIECE);
                let once = Once::new(pieces, Some(length));
                let kind = mime_guess::from_path(path).first_or_octet_stream();
                part(&Arc::new(Mutex::new(once)))?
                    .mime_str(kind.as_ref())
                    .map_err(io::Error::other)?
            }
            Source::Open(open) => match open().await? {
                (body, Some(length)) => Part::stream_with_length(body, length),
                (body, None) => Part::stream(body),
            },
            Source::Once(once) => part(once)?,
        };
        if self.name.chars().any(char::is_control) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the file's name holds a control character",
            ));
        }
        let part = part.file_name(self.name.clone());
        match &self.content_type {
            Some(kind) => part.mime_str(kind).map_err(|_| {
                io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "the content type has to be like `text/csv`",
                )
            }),
            None => Ok(part),
        }
    }
}

impl Once {
    fn new(
        pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
        length: Option<u64>,
    ) -> Self {
        Self {
            pieces: Box::pin(pieces),
            length,
            is_begun: false,
            read: 0,
        }
    }

    /// What is wrong with a length that was said: a server would take a part of the file for the whole.
    fn check(&mut self, piece: Option<&Bytes>) -> io::Result<()> {
        self.read += piece.map_or(0, |piece| piece.len() as u64);
        let Some(length) = self.length else {
            return Ok(());
        };
        let read = self.read;
        match piece {
            Some(_) if read > length => Err(io::Error::other(format!(
                "it is longer than the {length} bytes that it had or was said to have"
            ))),
            None if read < length => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("it ends after {read} of {length} bytes"),
            )),
            _ => Ok(()),
        }
    }
}

fn part(once: &Arc<Mutex<Once>>) -> io::Result<Part> {
    let (is_begun, length) = {
        let once = lock(once);
        (once.is_begun, once.length)
    };
    if is_begun {
        return Err(io::Error::other("it was read, and can be read only once"));
    }
    let body = Body::wrap_stream(Reading(Arc::clone(once)));
    Ok(match length {
        Some(length) => Part::stream_with_length(body, length),
        None => Part::stream(body),
    })
}

/// The body of an attempt that reads what can be read only once.
struct Reading(Arc<Mutex<Once>>);

impl Stream for Reading {
    type Item = Result<Bytes, Unreadable>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut once = lock(&self.0);
        once.is_begun = true;
        let piece = ready!(once.pieces.as_mut().poll_next(context)).transpose();
        let checked = piece.and_then(|piece| once.check(piece.as_ref()).map(|()| piece));
        Poll::Ready(checked.map_err(Unreadable).transpose())
    }
}

fn lock(once: &Mutex<Once>) -> MutexGuard<'_, Once> {
    once.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a reader failed with, to be told from what the connection fails with.
#[derive(Debug)]
pub(super) struct Unreadable(io::Error);

impl Unreadable {
    /// What is behind an error, if it is this.
    pub(super) fn behind<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            next = error.source();
        }
        None
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Unreadable {}

/// Shows the names of the parts and not their contents.
impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use bytes::Bytes;
    use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
    use reqwest::{Body, Client, Method, Request, Url};

    use super::{File, Multipart};
    use crate::runtime::testing::{Server, answer};
    use crate::runtime::{Effect, Error, ErrorKind};

    fn post(url: &str) -> Request {
        Request::new(Method::POST, Url::parse(url).unwrap())
    }

    async fn error_of(parts: Multipart) -> Error {
        parts
            .attach(&Client::new(), post("http://host/"))
            .await
            .unwrap_err()
    }

    #[tokio::test]
    async fn parts_go_out_with_names_types_and_length() {
        let server = Server::start([answer(200, "", "")]);
        let parts = Multipart::new()
            .text("type", "profiles")
            .text("meta[größe]", 5)
            .file(
                "file",
                File::bytes("mit Umlaut ä \"1\".csv", Bytes::from_static(b"a,b\n1,2"))
                    .content_type("text/csv"),
            );
        let mut request = post(&server.url());
        request
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let request = parts.attach(&Client::new(), request).await.unwrap();
        assert_eq!(request.headers().get_all(CONTENT_TYPE).iter().count(), 1);
        assert!(request.headers().contains_key(CONTENT_LENGTH));
        Client::new().execute(request).await.unwrap();
        let sent = server.request();
        assert!(sent.contains("name=\"type\"\r\n\r\nprofiles\r\n"), "{sent}");
        assert!(sent.contains("name=\"meta[größe]\"\r\n\r\n5\r\n"), "{sent}");
        assert!(sent.contains("name=\"file\"; filename=\"mit Umlaut ä \\\"1\\\".csv\"\r\nContent-Type: text/csv\r\n\r\na,b\n1,2\r\n"), "{sent}");
    }

    #[tokio::test]
    async fn a_source_is_opened_anew_for_each_body() {
        let opened = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&opened);
        let parts = Multipart::new().file(
            "file",
            File::open_with("a.csv", move || {
                let count = Arc::clone(&count);
                async move {
                    count.fetch_add(1, Ordering::Relaxed);
                    Ok((Body::from("a,b"), None))
                }
            }),
        );
        for attempt in 1..=3 {
            let server = Server::start([answer(200, "", "")]);
            let request = parts
                .clone()
                .attach(&Client::new(), post(&server.url()))
                .await
                .unwrap();
            Client::new().execute(request).await.unwrap();
            assert!(server.request().contains("a,b"));
            assert_eq!(opened.load(Ordering::Relaxed), attempt);
        }
    }

    #[tokio::test]
    async fn a_reader_is_read_once() {
        for length in [Some(7), None] {
            let server = Server::start([answer(200, "", "")]);
            let parts =
                Multipart::new().file("file", File::reader("a.csv", &b"a,b\n3,4"[..], length));
            let url = server.url();
            let request = parts.attach(&Client::new(), post(&url)).await.unwrap();
            assert_eq!(
                request.headers().contains_key(CONTENT_LENGTH),
                length.is_some()
            );
            // A body that was made and not sent has read nothing.
            drop(request);
            assert!(!parts.is_spent());
            let request = parts.attach(&Client::new(), post(&url)).await.unwrap();
            Client::new().execute(request).await.unwrap();
            assert!(server.request().contains("a,b\n3,4"));
            assert!(parts.is_spent());
            let error = error_of(parts).await;
            assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)));
            assert!(error.to_string().contains("only once"), "{error}");
        }
    }

    #[tokio::test]
    async fn a_reader_of_another_length_than_it_is_said_to_have_is_not_sent_to_its_end() {
        for (length, why) in [
            (6, "longer than the 6 bytes"),
            (8, "ends after 7 of 8 bytes"),
        ] {
            let server = Server::start([answer(200, "", "")]);
            let request = Multipart::new()
                .file(
                    "file",
                    File::reader("a.csv", &b"a,b\n3,4"[..], Some(length)),
                )
                .attach(&Client::new(), post(&server.url()))
                .await
                .unwrap();
            let error = Error::transport(Client::new().execute(request).await.unwrap_err());
            assert_eq!(error.effect(), Effect::None);
            assert!(error.to_string().contains(why), "{error}");
            assert!(!server.request().ends_with("--\r\n"));
        }
    }

    #[tokio::test]
    async fn a_reader_that_fails_is_no_lost_connection() {
        let pieces = futures_util::stream::iter([
            Ok(Bytes::from_static(b"a,b")),
            Err(io::Error::other("the disk is gone")),
        ]);
        let server = Server::start([answer(200, "", "")]);
        let request = Multipart::new()
            .file("file", File::stream("a.csv", pieces, None))
            .attach(&Client::new(), post(&server.url()))
            .await
            .unwrap();
        let error = Error::transport(Client::new().execute(request).await.unwrap_err());
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)));
        assert_eq!(error.effect(), Effect::None);
        assert!(error.to_string().contains("the disk is gone"), "{error}");
    }

    #[tokio::test]
    async fn a_file_on_disk_is_read_while_it_is_sent() {
        let server = Server::start([answer(200, "", "")]);
        let path = std::env::temp_dir().join(format!("omneo runtime {}.csv", std::process::id()));
        std::fs::write(&path, "a,b\n3,4").unwrap();
        let request = Multipart::new()
            .file("file", File::path(&path))
            .attach(&Client::new(), post(&server.url()))
            .await
            .unwrap();
        Client::new().execute(request).await.unwrap();
        std::fs::remove_file(&path).unwrap();
        let sent = server.request();
        assert!(
            sent.contains("Content-Type: text/csv\r\n\r\na,b\n3,4\r\n"),
            "{sent}"
        );
        assert!(sent.contains("filename=\"omneo runtime "), "{sent}");
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_is_an_invalid_request() {
        let error = error_of(Multipart::new().file("file", File::path("/no/such/file"))).await;
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)));
        assert!(
            error
                .to_string()
                .contains("the file `file` for part `file` can't be read"),
            "{error}"
        );
        let gone = || async { Err(io::Error::other("gone")) };
        assert!(
            error_of(Multipart::new().file("file", File::open_with("a", gone)))
                .await
                .to_string()
                .contains("gone")
        );
    }

    #[tokio::test]
    async fn names_and_types_cannot_forge_part_headers() {
        for parts in [
            Multipart::new().text("a\"\r\nContent-Type: x", "1"),
            Multipart::new().file("file", File::bytes("a\r\nb", "1")),
            Multipart::new().file(
                "file",
                File::bytes("a", "1").content_type("text/csv\r\nX: y"),
            ),
            Multipart::new().file("file", File::bytes("a", "1").content_type("csv")),
        ] {
            assert!(matches!(
                error_of(parts).await.kind(),
                ErrorKind::InvalidRequest(_)
            ));
        }
    }
}
