//! The seam under all operations.

use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Request, Response, StatusCode};

use super::{Answer, BoxFuture, Error, Operation, Replay, RequestOptions, Token, exec};

/// Sends requests. Retry, rate limits and authentication are transports around transports.
///
/// A transport gives back whatever the server answers; statuses become errors above it. Its errors need not name the
/// operation.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request that is complete but for authentication.
    ///
    /// # Errors
    ///
    /// [`Error::transport`] if there is no answer, [`Error::custom`] for what only the transport knows.
    fn send<'a>(
        &'a self,
        client: &'a Client,
        request: Request,
        call: Call<'a>,
    ) -> BoxFuture<'a, Result<Response, Error>>;
}

/// What a transport is told about a request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Call<'a> {
    /// The operation, unless the table lacks it.
    pub operation: Option<&'static Operation>,
    /// The operation's id, or method and path template of a [raw request](super::RawRequest).
    pub operation_id: &'a str,
    /// The options; query, headers, time limit and body are applied already.
    pub options: &'a RequestOptions,
}

impl<'a> Call<'a> {
    /// A call made by hand, for tests of transports.
    #[must_use]
    pub fn new(
        operation_id: &'a str,
        operation: Option<&'static Operation>,
        options: &'a RequestOptions,
    ) -> Self {
        Self {
            operation,
            operation_id,
            options,
        }
    }

    /// Keeps `request` for another attempt; `None` if its body is a stream that can be read only once. To be called
    /// before the request is changed and sent.
    #[must_use]
    pub fn replay(self, client: &Client, request: &Request) -> Option<Replay> {
        Replay::of(client, request, self)
    }

    /// The path template, such as `/v3/rewards/{reward}`.
    #[must_use]
    pub fn path(self) -> &'a str {
        match (self.operation, self.operation_id.split_once(' ')) {
            (Some(operation), _) => operation.path,
            (None, Some((_, path))) => path,
            (None, None) => "",
        }
    }

    /// Whether an answer with this status is handed on piece by piece.
    #[must_use]
    pub fn is_streamed(self, status: StatusCode) -> bool {
        let is_raw = self
            .operation
            .is_some_and(|operation| operation.answer == Answer::Raw);
        status.is_success() && (is_raw || self.options.streamed)
    }

    /// Reads the body of an answer into memory, so that what goes wrong on the way is known before the answer is handed
    /// on. A body that is to be streamed is left alone, and so is what breaks off of an error's.
    ///
    /// # Errors
    ///
    /// `Transport` or `Timeout` if the answer breaks off, `TooLarge` if it is longer than the limit of the options.
    pub fn read(self, response: Response) -> BoxFuture<'a, Result<Response, Error>> {
        Box::pin(exec::buffer(response, self))
    }
}

/// Plain reqwest, with a bearer token if there is one.
///
/// Where the client follows a redirect to another host, reqwest takes the token off.
#[derive(Clone, Debug, Default)]
pub struct Direct {
    token: Option<Token>,
}

impl Direct {
    /// Sends without authentication.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends with a bearer token, unless the request options bring an `Authorization` of their own.
    #[must_use]
    pub fn bearer(token: Token) -> Self {
        Self { token: Some(token) }
    }
}

impl Transport for Direct {
    fn send<'a>(
        &'a self,
        client: &'a Client,
        mut request: Request,
        _: Call<'a>,
    ) -> BoxFuture<'a, Result<Response, Error>> {
        if let Some(token) = &self.token {
            request
                .headers_mut()
                .entry(AUTHORIZATION)
                .or_insert_with(|| token.header());
        }
        Box::pin(async move { Ok(client.execute(request).await?) })
    }
}

#[cfg(test)]
mod tests;
