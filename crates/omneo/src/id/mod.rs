//! The ID API: what a customer's own browser or app may do.
//!
//! It is a proxy to the routes of one profile, that of the token, with the same bodies and answers. So
//! [`IdProfile`] is the same handle as [`Omneo::profile`](crate::Omneo::profile), and only the path that is sent
//! differs. A route that the ID API is not known to have is refused before it is sent.

pub(crate) mod routes;

use std::borrow::Cow;
use std::sync::Arc;

use omneo_api::http::Method;
use omneo_api::resources::Handle;
use omneo_api::runtime::RawRequest;
use omneo_api::{Client, Error};
use omneo_types::Id;
use serde::Serialize;

use crate::auth::TokenSource;
use crate::client::{Omneo, Shared};
use crate::transport::{IdApi, IdScope, Sender};

/// A customer on the ID API: the profile of the token, or one that is connected with it.
///
/// Made by [`Omneo::id`](crate::Omneo::id). What belongs to the profile is a handle, by the dereference to
/// [`ProfileScope`](crate::resources::ProfileScope).
///
/// ```no_run
/// # #[cfg(all(feature = "profiles", feature = "incentives"))]
/// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
/// let token = omneo.id_token("9332c9b2-e31c-4d49-8ec3-62a9466d339c").await?;
/// let me = omneo.id(token);
/// println!("{:?} has {:?}", me.get().await?.first_name, me.balances().await?.reward_balance);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct IdProfile {
    route: Arc<IdApi>,
    /// For the routes of a profile: their paths are the admin API's, until the transport turns them.
    client: Client,
    /// For all other routes.
    raw: Client,
    handle: omneo_api::resources::ProfileScope,
}

impl Omneo {
    /// The ID API: what a customer may do, with a token of the customer's own.
    ///
    /// The token is an [`IdToken`](crate::auth::IdToken), a [`Token`](crate::Token) from elsewhere, or a source of either, such as
    /// [`Omneo::id_tokens`].
    pub fn id(&self, token: impl TokenSource) -> IdProfile {
        IdProfile::new(&self.shared, self.api(), Arc::new(token))
    }
}

/// What stands in the admin API's paths for the profile of the token.
pub(crate) const ME: &str = "me";

impl IdProfile {
    pub(crate) fn new(shared: &Shared, admin: &Client, source: Arc<dyn TokenSource>) -> Self {
        let anonymous = shared.anonymous.clone();
        let sender = Sender::authenticated(shared.core.clone(), source, anonymous);
        let sender = Arc::new(sender);
        let route = IdApi::new(
            sender.clone(),
            admin.base_url(),
            shared.id_url.clone(),
            IdScope::Me,
        );
        let raw = admin.over(sender);
        // The URL was made of a base URL that was checked.
        let raw = raw.at(shared.id_url.as_str()).unwrap_or(raw);
        Self::of(Arc::new(route), admin, raw)
    }

    fn of(route: Arc<IdApi>, client: &Client, raw: Client) -> Self {
        let client = client.over(route.clone());
        Self {
            handle: omneo_api::Api::from_client(client.clone()).profile(ME),
            route,
            client,
            raw,
        }
    }

    /// The profile at the other end of a connection of this one.
    #[must_use]
    pub fn connected(&self, connection: impl Into<Id>) -> Self {
        let scope = IdScope::Connection(connection.into().to_string());
        let route = self.route.scoped(scope);
        Self::of(Arc::new(route), &self.client, self.raw.clone())
    }

    /// A request to a route that is not known of the ID API, such as `/profiles/me/badges`; see [`RawRequest`].
    pub fn request(&self, method: Method, path: impl Into<Cow<'static, str>>) -> RawRequest {
        self.raw.request(method, path)
    }

    /// Enrols a customer, with an anonymous token or one of a profile. The server looks for the `email` or
    /// `mobile_phone` of the body: where it finds a profile, it changes only that one's comms preferences; where it
    /// finds none, it makes one. What it answers is not documented.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding.
    pub async fn enrol<B: Serialize + ?Sized>(&self, body: &B) -> Result<serde_json::Value, Error> {
        self.request(Method::POST, "/profiles")
            .json(body)
            .send()
            .await
    }

    /// The tenant's locations.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding.
    #[cfg(feature = "commerce")]
    pub async fn locations(&self) -> Result<omneo_types::Page<omneo_api::types::Location>, Error> {
        self.request(Method::GET, "/locations").send().await
    }
}

impl Handle for IdProfile {
    fn client(&self) -> &Client {
        &self.client
    }

    fn with_client(self, client: Client) -> Self {
        let raw = self.raw.with(client.options().clone());
        Self::of(self.route, &client, raw)
    }
}

#[cfg(feature = "profiles")]
impl IdProfile {
    /// Reads the profile.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding; `NotFound` with an anonymous token.
    pub async fn get(&self) -> Result<omneo_api::types::Profile, Error> {
        self.profiles().get(ME).await
    }

    /// Updates the profile.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding.
    pub async fn update(
        &self,
        body: &omneo_api::types::ProfileUpdateInput,
    ) -> Result<omneo_api::types::Profile, Error> {
        self.profiles().update(ME, body).await
    }

    /// Deletes the profile. It can be restored by Omneo; [`purge`](crate::resources::ProfileScope::purge) is for ever.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding.
    pub async fn delete(&self) -> Result<(), Error> {
        self.profiles().delete(ME).await
    }

    fn profiles(&self) -> omneo_api::resources::Profiles {
        omneo_api::Api::from_client(self.client.clone()).profiles()
    }
}

impl std::ops::Deref for IdProfile {
    type Target = omneo_api::resources::ProfileScope;

    fn deref(&self) -> &Self::Target {
        &self.handle
    }
}
