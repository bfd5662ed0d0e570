//! Whose profile is meant, and which API: requests are turned to the right path before they are sent.

use std::sync::Arc;

use omneo_api::runtime::{BoxFuture, Call, Transport, encode_path};
use omneo_api::{Client, Error};
use reqwest::{Request, Response, Url};

use super::Sender;
use crate::id::routes;
use crate::profile::{Identities, Identity};

/// What stands in a path for a profile that is still to be looked up.
pub(crate) const PLACEHOLDER: &str = "identity";

const PROFILES: &str = "/v3/profiles/";

/// Puts the id of a profile into requests that know only an identity of it.
///
/// The identity is an extension of the options.
#[derive(Debug)]
pub(crate) struct AsProfile {
    sender: Arc<Sender>,
    /// For look-ups.
    client: Client,
    identities: Identities,
}

impl AsProfile {
    pub(crate) fn new(sender: Arc<Sender>, client: Client) -> Self {
        Self {
            sender,
            client,
            identities: Identities::default(),
        }
    }

    async fn send_as(
        &self,
        identity: &Identity,
        http: &reqwest::Client,
        mut request: Request,
        call: Call<'_>,
    ) -> Result<Response, Error> {
        let now = self.sender.core().timer.now();
        let id = self.identities.find(identity, &self.client, now).await?;
        let base = path_of(self.client.base_url());
        if let Some(rest) = below_profile(request.url(), &base) {
            let path = format!("{base}{PROFILES}{}{rest}", encode_path(&id));
            request.url_mut().set_path(&path);
        }
        let answer = self.sender.send(http, request, call).await?;
        if answer.status() == reqwest::StatusCode::NOT_FOUND {
            self.identities.forget(identity);
        }
        Ok(answer)
    }
}

impl Transport for AsProfile {
    fn send<'a>(
        &'a self,
        http: &'a reqwest::Client,
        request: Request,
        call: Call<'a>,
    ) -> BoxFuture<'a, Result<Response, Error>> {
        match call.options.extensions.get::<Identity>() {
            Some(identity) => Box::pin(self.send_as(identity, http, request, call)),
            None => self.sender.send(http, request, call),
        }
    }
}

/// Turns requests for a profile to the ID API, which has the same routes under another base.
#[derive(Debug)]
pub(crate) struct IdApi {
    sender: Arc<Sender>,
    /// The base URL of the admin API, which the requests come with.
    from: String,
    to: Url,
    scope: IdScope,
}

/// Whose profile the ID API is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IdScope {
    /// The profile of the token.
    Me,
    /// The profile at the other end of a connection.
    Connection(String),
}

impl IdApi {
    pub(crate) fn new(sender: Arc<Sender>, from: &str, to: Url, scope: IdScope) -> Self {
        Self {
            sender,
            from: path_of(from),
            to,
            scope,
        }
    }

    /// The same for another profile.
    pub(crate) fn scoped(&self, scope: IdScope) -> Self {
        Self {
            sender: self.sender.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            scope,
        }
    }

    fn turn(&self, request: &mut Request, call: Call<'_>) -> Result<(), Error> {
        let Some(rest) = below_profile(request.url(), &self.from) else {
            return Err(Error::invalid_request(
                "the ID API has only what belongs to a profile; use a client with an admin token",
            ));
        };
        if !routes::has(request.method().as_str(), rest) {
            return Err(Error::invalid_request(format!(
                "the ID API has no {} {}; use a client with an admin token",
                request.method(),
                call.path(),
            )));
        }
        let scope = match &self.scope {
            IdScope::Me => "me".to_owned(),
            IdScope::Connection(connection) => format!("connection/{}", encode_path(connection)),
        };
        let mut url = self.to.clone();
        url.set_path(&format!("{}/profiles/{scope}{rest}", self.to.path()));
        url.set_query(request.url().query());
        *request.url_mut() = url;
        Ok(())
    }
}

impl Transport for IdApi {
    fn send<'a>(
        &'a self,
        http: &'a reqwest::Client,
        mut request: Request,
        call: Call<'a>,
    ) -> BoxFuture<'a, Result<Response, Error>> {
        match self.turn(&mut request, call) {
            Ok(()) => self.sender.send(http, request, call),
            Err(error) => Box::pin(async { Err(error) }),
        }
    }
}

/// The path of a base URL, without a slash at its end.
fn path_of(base_url: &str) -> String {
    let url = Url::parse(base_url).ok();
    let path = url.as_ref().map_or("", Url::path);
    path.trim_end_matches('/').to_owned()
}

/// What follows a profile's id in a path; `None` for a path that is no profile's.
fn below_profile<'u>(url: &'u Url, base: &str) -> Option<&'u str> {
    let below = url.path().strip_prefix(base)?.strip_prefix(PROFILES)?;
    match below.find('/') {
        Some(end) => Some(&below[end..]),
        None => Some(""),
    }
}
