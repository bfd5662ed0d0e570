//! Whose profile is meant: the id of a profile is put into paths that know only an identity of it.

use std::sync::Arc;

use omneo_api::runtime::{BoxFuture, Call, Effect, RequestOptions, Transport, path_segment};
use omneo_api::{Client, Error};
use reqwest::{Request, Response, Url};

use super::{Sender, Started};
use crate::profile::{Identities, Identity};
use crate::retry::Repeat;

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
    identities: Arc<Identities>,
}

impl AsProfile {
    pub(crate) fn new(sender: Arc<Sender>, client: Client, identities: Arc<Identities>) -> Self {
        Self {
            sender,
            client,
            identities,
        }
    }

    async fn send_as(
        &self,
        identity: &Identity,
        http: &reqwest::Client,
        mut request: Request,
        call: Call<'_>,
    ) -> Result<Response, Error> {
        let base = path_of(self.client.base_url());
        let Some(rest) = below_profile(request.url(), &base, PLACEHOLDER).map(str::to_owned) else {
            return self.sender.send(http, request, call).await;
        };
        // One time limit for both: the look-up is part of the call.
        let now = self.sender.core().timer.now();
        let options = call.options.clone().extension(Started(now));
        let client = for_lookups(&self.client, &options);
        let id = self.identities.find(identity, &client, now).await?;
        let path = format!("{base}{PROFILES}{}{rest}", path_segment(&id)?);
        request.url_mut().set_path(&path);
        let call = Call::new(call.operation_id, call.operation, &options);
        let answer = self.sender.send(http, request, call).await?;
        if answer.status() == reqwest::StatusCode::NOT_FOUND {
            self.identities.forget(identity);
        }
        Ok(answer)
    }
}

/// A client for a look-up on the way to a call with some options: their time limits and policy hold for it too.
pub(crate) fn for_lookups(client: &Client, call: &RequestOptions) -> Client {
    let mut options = RequestOptions::new();
    options.max_response_bytes = client.options().max_response_bytes;
    options.timeout = call.timeout;
    options.extensions = call.extensions.clone();
    options.extensions.remove::<Repeat>();
    options.extensions.remove::<Identity>();
    client.with(options)
}

/// The error of a look-up on the way to a call: of the call itself nothing was done.
pub(crate) fn unsent(error: Error) -> Error {
    error.with_effect(Effect::None)
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

/// The path of a base URL, without a slash at its end.
pub(super) fn path_of(base_url: &str) -> String {
    let url = Url::parse(base_url).ok();
    let path = url.as_ref().map_or("", Url::path);
    path.trim_end_matches('/').to_owned()
}

/// What follows a profile in a path; `None` for a path that is not this profile's.
pub(super) fn below_profile<'u>(url: &'u Url, base: &str, profile: &str) -> Option<&'u str> {
    let below = url.path().strip_prefix(base)?.strip_prefix(PROFILES)?;
    let rest = below.strip_prefix(profile)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}
