//! The client.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use omneo_api::http::Method;
use omneo_api::resources::Handle;
use omneo_api::runtime::RawRequest;
use omneo_api::{Api, Client, Error};
use reqwest::Url;

use crate::auth::{IdToken, IdTokenSource};
use crate::builder::Builder;
#[cfg(feature = "_profile")]
use crate::profile::Profile;
use crate::profile::{Identities, ProfileRef};
use crate::transport::Core;

/// A client for one tenant of Omneo.
///
/// Every resource is a handle, by the dereference to [`Api`]: `omneo.rewards()` for all the tenant's,
/// `omneo.profile(id).rewards()` for one customer's. A handle has what the API has, no more.
///
/// A clone is cheap, and shares connections, token, rate limit and retry budget.
///
/// ```no_run
/// # #[cfg(all(feature = "profiles", feature = "incentives"))]
/// # async fn run() -> Result<(), omneo::Error> {
/// use omneo::{Omneo, identity};
///
/// let omneo = Omneo::from_env()?;
/// let profile = omneo.profiles().get("9332c9b2-e31c-4d49-8ec3-62a9466d339c").await?;
/// let balances = omneo.profile(identity("shopify", "7010205892808")).balances().await?;
/// println!("{:?} has {:?}", profile.first_name, balances.reward_balance);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Omneo {
    api: Api,
    #[cfg_attr(not(feature = "_profile"), allow(dead_code))]
    pub(crate) shared: Arc<Shared>,
}

/// What the ID API needs of a client.
#[derive(Debug)]
#[cfg_attr(not(feature = "_profile"), allow(dead_code))]
pub(crate) struct Shared {
    pub(crate) core: Arc<Core>,
    /// Sends without a token.
    pub(crate) anonymous: Client,
    pub(crate) id_url: Url,
    #[cfg_attr(not(feature = "incentives"), allow(dead_code))]
    pub(crate) identities: Arc<Identities>,
    #[cfg(feature = "incentives")]
    pub(crate) definitions: crate::incentives::Lookups,
    /// The zone of the incentives that name none.
    #[cfg_attr(not(feature = "incentives"), allow(dead_code))]
    pub(crate) timezone: Option<String>,
}

impl Omneo {
    /// Sets up a client.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A client by the environment: `OMNEO_TENANT`, or `OMNEO_BASE_URL` for a base URL of another form, and
    /// `OMNEO_TOKEN`; `OMNEO_TIMEZONE` may be set too ([`Builder::timezone`]).
    ///
    /// # Errors
    ///
    /// `Config`, which names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        Builder::from_env()?.build()
    }

    pub(crate) fn new(client: Client, shared: Shared) -> Self {
        Self {
            api: Api::from_client(client),
            shared: Arc::new(shared),
        }
    }

    /// The generated bindings, one method for each operation, over the same transport.
    #[must_use]
    pub fn api(&self) -> &Client {
        self.api.client()
    }

    /// A request for what the schema lacks, by method and path template; see [`RawRequest`].
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// use omneo::http::Method;
    ///
    /// let badges: serde_json::Value = omneo
    ///     .request(Method::GET, "/v3/profiles/{profile}/badges")
    ///     .param("profile", "9332c9b2-e31c-4d49-8ec3-62a9466d339c")
    ///     .send()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<Cow<'static, str>>) -> RawRequest {
        self.api().request(method, path)
    }

    /// What belongs to one profile, by its id or by an [identity](crate::identity).
    ///
    /// The API takes an identity in few places, so its profile is looked up before the first request
    /// (`POST /v3/profiles/exists`), and remembered for ten minutes. A call for an identity that no profile has fails
    /// with `NotFound`.
    #[cfg(feature = "_profile")]
    pub fn profile(&self, profile: impl Into<ProfileRef>) -> Profile {
        Profile::new(self, profile.into())
    }

    /// The id of a profile, looked up if only an identity is known.
    #[cfg(feature = "incentives")]
    pub(crate) async fn profile_id(&self, profile: &ProfileRef) -> Result<omneo_types::Id, Error> {
        profile.check()?;
        match profile {
            ProfileRef::Id(id) => Ok(id.clone()),
            ProfileRef::Identity(identity) => {
                let now = self.shared.core.timer.now();
                let client = self.for_lookups();
                let id = self.shared.identities.find(identity, &client, now).await?;
                Ok(id.into())
            }
        }
    }

    /// For look-ups on the way to a call: with its time limits and its policy, and nothing that is meant for the call.
    #[cfg(feature = "incentives")]
    pub(crate) fn for_lookups(&self) -> Client {
        crate::transport::for_lookups(self.api(), self.api().options())
    }

    /// Gets a token for the ID API: to be handed to the customer's browser or app.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding; `NotFound` if there is no such profile.
    pub async fn id_token(&self, profile: impl Into<ProfileRef>) -> Result<IdToken, Error> {
        self.id_tokens(profile).get().await
    }

    /// Gets a token for the ID API that is nobody's: it can only enrol ([`enrol`](crate::IdProfile::enrol)).
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding.
    pub async fn anonymous_id_token(&self) -> Result<IdToken, Error> {
        IdTokenSource::new(self.api().clone(), None).get().await
    }

    /// Tokens for the ID API, renewed before they expire: for a server that acts as the customer.
    pub fn id_tokens(&self, profile: impl Into<ProfileRef>) -> IdTokenSource {
        IdTokenSource::new(self.api().clone(), Some(profile.into()))
    }
}

impl Deref for Omneo {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl fmt::Debug for Omneo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Omneo")
            .field("base_url", &self.api().base_url())
            .finish_non_exhaustive()
    }
}

impl Handle for Omneo {
    fn client(&self) -> &Client {
        self.api()
    }

    fn with_client(mut self, client: Client) -> Self {
        self.api = Api::from_client(client);
        self
    }
}
