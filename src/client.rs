//! The generated client, and what it needs to be made and used.

use std::borrow::Cow;
use std::sync::Arc;

use http::Method;

use crate::runtime::{
    self, ClientHooks, Direct, Inner, RawRequest, RequestOptions, Token, Transport,
};
use crate::{Client, Error, OPERATIONS};

impl ClientHooks<Inner> for Client {}

impl Client {
    /// A client that sends each request once, with an API token.
    ///
    /// # Errors
    ///
    /// If the base URL is none, or the token can't be sent in a header.
    pub fn connect(base_url: &str, token: &str) -> Result<Self, Error> {
        let direct = Direct::bearer(Token::new(token)?);
        let http = reqwest::Client::builder().build()?;
        Self::with_transport(base_url, http, Arc::new(direct))
    }

    /// A client that hands its requests to a transport of the caller's.
    ///
    /// # Errors
    ///
    /// If the base URL is none.
    pub fn with_transport(
        base_url: &str,
        http: reqwest::Client,
        transport: Arc<dyn Transport>,
    ) -> Result<Self, Error> {
        let base_url = runtime::base_url(base_url)?;
        Ok(Self::new_with_client(
            &base_url,
            http,
            Inner::new(transport, OPERATIONS),
        ))
    }

    /// The options that hold for every call.
    #[must_use]
    pub fn options(&self) -> &RequestOptions {
        self.inner.options()
    }

    /// The same client with these options, in place of those that it had.
    #[must_use]
    pub fn with(&self, options: RequestOptions) -> Self {
        Self {
            inner: self.inner.with_options(options),
            ..self.clone()
        }
    }

    /// The same client under another base URL.
    ///
    /// # Errors
    ///
    /// If the base URL is none.
    pub fn at(&self, base_url: &str) -> Result<Self, Error> {
        Ok(Self {
            baseurl: runtime::base_url(base_url)?,
            ..self.clone()
        })
    }

    /// The base URL, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.baseurl
    }

    /// The same client over another transport.
    #[must_use]
    pub fn over(&self, transport: Arc<dyn Transport>) -> Self {
        Self {
            inner: self.inner.with_transport(transport),
            ..self.clone()
        }
    }

    /// A request by method and path template, for what the schema lacks; see [`RawRequest`].
    pub fn request(&self, method: Method, path: impl Into<Cow<'static, str>>) -> RawRequest {
        RawRequest::new(
            self.client.clone(),
            self.inner.clone(),
            self.baseurl.clone(),
            method,
            path.into(),
        )
    }

    /// The same client with a query pair on every call.
    #[must_use]
    pub fn query(&self, name: &str, value: String) -> Self {
        self.with(self.options().clone().query(name, value))
    }
}
