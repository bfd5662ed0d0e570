//! Answers that are read piece by piece.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::{Response, StatusCode};

use super::Error;
use super::response::Answered;

type Inner = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// The body of an answer as a [`Stream`] of pieces.
///
/// Without [`max_response_bytes`](super::RequestOptions::max_response_bytes) it has no limit, since nothing is
/// collected.
pub struct ByteStream {
    inner: Inner,
    answered: Answered,
    status: Option<StatusCode>,
    read: u64,
    ended: bool,
}

impl ByteStream {
    /// A stream made by hand, for tests.
    #[must_use]
    pub fn new(inner: Inner) -> Self {
        Self {
            inner,
            answered: Answered::default(),
            status: None,
            read: 0,
            ended: false,
        }
    }

    pub(super) fn of(response: Response) -> Self {
        let (answered, status) = (Answered::of(&response), response.status());
        Self {
            answered,
            status: Some(status),
            ..Self::new(Box::pin(response.bytes_stream()))
        }
    }

    /// The next piece, or `None` at the end.
    ///
    /// # Errors
    ///
    /// `Transport` if the answer breaks off, `TooLarge` if it is longer than the limit of the request options. Nothing
    /// follows an error.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Ends the stream with an error.
    fn fail(&mut self, error: Error) -> Error {
        self.ended = true;
        let error = self.answered.name(error);
        match self.status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        Poll::Ready(match ready!(self.inner.as_mut().poll_next(context)) {
            Some(Ok(piece)) => {
                self.read = self.read.saturating_add(piece.len() as u64);
                match self.answered.limit {
                    Some(limit) if self.read > limit => {
                        Some(Err(self.fail(Error::too_large(limit))))
                    }
                    _ => Some(Ok(piece)),
                }
            }
            Some(Err(error)) => Some(Err(self.fail(Error::transport(error)))),
            None => {
                self.ended = true;
                None
            }
        })
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::ByteStream;
    use crate::runtime::ErrorKind;
    use crate::runtime::response::Answered;
    use crate::runtime::testing::{Server, answer};

    async fn stream(sent: Vec<u8>, limit: Option<u64>) -> ByteStream {
        let server = Server::start([sent]);
        let mut response = reqwest::get(server.url()).await.unwrap();
        response.extensions_mut().insert(Answered {
            operation: Some("exports_show".into()),
            limit,
            attempts: None,
        });
        ByteStream::of(response)
    }

    #[tokio::test]
    async fn pieces_come_until_the_end() {
        let mut stream = stream(answer(200, "text/csv", "a,b\n1,2\n"), Some(8)).await;
        let mut all = Vec::new();
        while let Some(piece) = stream.next().await {
            all.extend_from_slice(&piece.unwrap());
        }
        assert_eq!(all, b"a,b\n1,2\n");
        assert!(stream.next().await.is_none());
        assert_eq!(format!("{stream:?}"), "ByteStream { read: 8, .. }");
    }

    #[tokio::test]
    async fn a_stream_that_breaks_off_names_the_operation_and_ends() {
        let mut cut = answer(200, "text/csv", "a,b\n1,2\n");
        cut.truncate(cut.len() - 2);
        let mut stream = stream(cut, None).await;
        let error = loop {
            if let Err(error) = stream.next().await.expect("an error before the end") {
                break error;
            }
        };
        assert_eq!(error.operation(), Some("exports_show"));
        assert!(matches!(error.kind(), ErrorKind::Transport(_)));
        assert!(stream.next().await.is_none());
    }

    #[tokio::test]
    async fn a_limit_holds_for_a_stream_too() {
        let mut stream = stream(answer(200, "text/csv", "a,b\n1,2\n"), Some(7)).await;
        let error = stream.next().await.unwrap().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 7 }));
        assert!(stream.next().await.is_none());
    }
}
