//! Which API: requests for a profile are turned to the ID API.

use std::sync::Arc;

use omneo_api::Error;
use omneo_api::runtime::{BoxFuture, Call, Transport, path_segment};
use reqwest::{Request, Response, Url};

use super::Sender;
use super::identity::{below_profile, path_of};
use crate::id::{ME, routes};

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
        let Some(rest) = below_profile(request.url(), &self.from, ME) else {
            return Err(Error::invalid_request(
                "the ID API has only what belongs to the profile of its token; use a client with an admin token",
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
            IdScope::Connection(connection) => format!("connection/{}", path_segment(connection)?),
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
