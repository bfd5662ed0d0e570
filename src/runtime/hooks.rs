//! The traits that generated code calls. Their names and shapes are progenitor's.

use std::borrow::Borrow;
use std::future::{Ready, ready};

use reqwest::{Client, Request, RequestBuilder, Response};
use serde::Serialize;

use super::{BoxFuture, Error, Inner, exec};

/// What the generated client knows of itself.
pub trait ClientInfo<I> {
    /// The version of the schema.
    fn api_version() -> &'static str;

    /// The URL before all paths.
    fn baseurl(&self) -> &str;

    /// The HTTP client.
    fn client(&self) -> &Client;

    /// The transport and options.
    fn inner(&self) -> &I;
}

/// An operation, as generated code names it.
#[derive(Clone, Copy, Debug)]
pub struct OperationInfo {
    /// Its id, as in [`Operation::id`](super::Operation::id).
    pub operation_id: &'static str,
}

/// What happens between a generated method and the wire.
///
/// `pre` and `post` do nothing and are no futures of their own, since each operation awaits them: all is in `exec`.
pub trait ClientHooks<I: Borrow<Inner> + 'static = Inner>: ClientInfo<I> {
    /// Called before [`exec`](ClientHooks::exec).
    ///
    /// # Errors
    ///
    /// None.
    fn pre(&self, _request: &mut Request, _info: &OperationInfo) -> Ready<Result<(), Error>> {
        ready(Ok(()))
    }

    /// Checks a request, applies the options, hands it to the transport and turns a status that is no success into an
    /// error.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` before anything is sent, `Status` for an answer that is no success, and what the transport
    /// reports. All name the operation.
    fn exec<'a>(
        &'a self,
        request: Request,
        info: &OperationInfo,
    ) -> BoxFuture<'a, Result<Response, Error>> {
        exec::exec(
            self.client(),
            self.inner().borrow(),
            request,
            info.operation_id,
        )
    }

    /// Called after [`exec`](ClientHooks::exec).
    ///
    /// # Errors
    ///
    /// None.
    fn post(
        &self,
        _result: &Result<Response, Error>,
        _info: &OperationInfo,
    ) -> Ready<Result<(), Error>> {
        ready(Ok(()))
    }
}

/// What generated code asks of reqwest's builder.
pub trait RequestBuilderExt: Sized {
    /// Sets a URL-encoded form as the body.
    ///
    /// # Errors
    ///
    /// None here: as with JSON, what can't be serialised is reported when the request is built.
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<RequestBuilder, Error>;
}

impl RequestBuilderExt for RequestBuilder {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<RequestBuilder, Error> {
        Ok(self.form(body))
    }
}
