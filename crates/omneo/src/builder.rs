//! Setting up a client.

use std::fmt;
use std::sync::Arc;

use omneo_api::runtime::{DEFAULT_MAX_RESPONSE_BYTES, RequestOptions};
use omneo_api::{Client, Error, Token};
use reqwest::redirect;
use reqwest::{Proxy, Url};
use secrecy::{ExposeSecret, SecretString};

use crate::auth::TokenSource;
use crate::base_url;
use crate::client::{Omneo, Shared};
use crate::rate_limit::RateLimit;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::timer::{Timer, TokioTimer};
use crate::transport::{AsProfile, Core, Sender, Timeouts};

/// What a client is set up with.
///
/// ```
/// use std::time::Duration;
///
/// use omneo::{Omneo, RateLimit, RetryPolicy, Timeouts};
///
/// let omneo = Omneo::builder()
///     .tenant("acme")
///     .token("an-api-token")
///     .user_agent("acme-pos/1.2")
///     .timeouts(Timeouts::default().call(Duration::from_secs(60)))
///     .retry(RetryPolicy::default().attempts(5))
///     .rate_limit(RateLimit::per_second(20))
///     .build()?;
/// # Ok::<(), omneo::Error>(())
/// ```
#[derive(Default)]
#[must_use]
pub struct Builder {
    tenant: Option<String>,
    base_url: Option<String>,
    http_allowed: bool,
    credentials: Credentials,
    timeouts: Timeouts,
    retry: RetryPolicy,
    retry_budget: RetryBudget,
    rate_limit: Option<RateLimit>,
    max_response_bytes: Option<u64>,
    user_agent: Option<String>,
    proxy: Option<SecretString>,
    http: Option<reqwest::Client>,
    timer: Option<Arc<dyn Timer>>,
    timezone: Option<String>,
}

#[derive(Default)]
enum Credentials {
    #[default]
    Missing,
    None,
    Token(SecretString),
    Source(Arc<dyn TokenSource>),
}

const TENANT: &str = "OMNEO_TENANT";
const BASE_URL: &str = "OMNEO_BASE_URL";
const TOKEN: &str = "OMNEO_TOKEN";
const TIMEZONE: &str = "OMNEO_TIMEZONE";

impl Builder {
    /// What the environment says: `OMNEO_TENANT`, or `OMNEO_BASE_URL` for a base URL of another form, and `OMNEO_TOKEN`;
    /// `OMNEO_TIMEZONE` may be set too ([`timezone`](Self::timezone)).
    ///
    /// # Errors
    ///
    /// `Config`, which names the variable that is missing.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        // An empty variable is how many shells and deployments unset one.
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let builder = match (set(BASE_URL), set(TENANT)) {
            (Some(url), _) => Self::default().base_url(url),
            (None, Some(tenant)) => Self::default().tenant(tenant),
            (None, None) => {
                return Err(Error::config(format!(
                    "the environment variable {TENANT} is not set; set it to the tenant's name, or {BASE_URL} to a base URL"
                )));
            }
        };
        let builder = match set(TIMEZONE) {
            Some(name) => builder.timezone(name),
            None => builder,
        };
        match set(TOKEN) {
            Some(token) => Ok(builder.token(token)),
            None => Err(Error::config(format!(
                "the environment variable {TOKEN} is not set; set it to an API token"
            ))),
        }
    }

    /// The tenant: the first word in the address of its CX Manager, `https://{tenant}.manager.getomneo.com`.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// The whole base URL, such as `https://api.acme.getomneo.com/api`, in place of the one that follows from the
    /// tenant: for a proxy, a sandbox or a test.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Allows a base URL with `http://` for another machine than this one. Everyone on the way can read the token then.
    pub fn allow_http(mut self) -> Self {
        self.http_allowed = true;
        self
    }

    /// An API token, made in CX Manager under Settings > API Tokens.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.credentials = Credentials::Token(token.into());
        self
    }

    /// Where tokens come from: [`OAuth`](crate::auth::OAuth), or a source of the caller's own.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.credentials = Credentials::Source(Arc::new(source));
        self
    }

    /// Sends without a token: for what needs none, and for the [ID API](Omneo::id), which has tokens of its own.
    pub fn without_token(mut self) -> Self {
        self.credentials = Credentials::None;
        self
    }

    /// Sets the time limits.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets how often a request is sent, and the pauses.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how many repeats the client and its clones may send together.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Sets how many requests the client and its clones may send together. Without it there is no limit.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Sets the longest answer that is taken, in bytes after decompression. 64 MiB.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.max_response_bytes = Some(limit);
        self
    }

    /// What the caller is, such as `acme-pos/1.2`. It stands before this crate's own name.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Sends through a proxy, such as `http://user:password@proxy:3128`, in place of those that the environment names.
    pub fn proxy(mut self, url: impl Into<SecretString>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Sends with an HTTP client of the caller's own: for other roots of trust, client certificates or pools.
    ///
    /// User agent, proxy, compression, redirects and the time limit for a connection are that client's then. It should
    /// follow no redirects ([`redirect::Policy::none`]): a `POST` that is redirected becomes a `GET`.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// The zone of the tenant's shops, an IANA name such as `Australia/Melbourne`: of the times of incentives that name
    /// no other.
    pub fn timezone(mut self, name: impl Into<String>) -> Self {
        self.timezone = Some(name.into());
        self
    }

    /// Sets the clock and the pauses; for tests.
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.timer = Some(Arc::new(timer));
        self
    }

    /// Makes the client. Sends nothing.
    ///
    /// # Errors
    ///
    /// `Config`: for what is missing, and for what can't be used. No message repeats a token or a URL.
    pub fn build(self) -> Result<Omneo, Error> {
        let base_url = match (&self.base_url, &self.tenant) {
            (Some(url), _) => base_url::checked(url, self.http_allowed)?,
            (None, Some(tenant)) => base_url::of_tenant(tenant)?,
            (None, None) => {
                return Err(Error::config("there is no tenant; set one, or a base URL"));
            }
        };
        if let Some(name) = &self.timezone
            && !jiff::tz::db()
                .get(name)
                .is_ok_and(|zone| !zone.is_unknown())
        {
            return Err(Error::config(format!(
                "the timezone {name:?} is no IANA name such as \"Australia/Melbourne\""
            )));
        }
        let http = self.http()?;
        let timer = self.timer.unwrap_or_else(|| Arc::new(TokioTimer));
        let core = Arc::new(Core::new(
            timer,
            self.retry,
            self.retry_budget,
            self.timeouts,
            self.rate_limit,
        )?);
        let limit = self
            .max_response_bytes
            .unwrap_or(DEFAULT_MAX_RESPONSE_BYTES);
        let options = RequestOptions::new().max_response_bytes(limit);
        let sender = Arc::new(Sender::anonymous(core.clone()));
        let anonymous = Client::with_transport(&base_url, http, sender.clone())?.with(options);
        let sender = match self.credentials {
            Credentials::Missing => {
                return Err(Error::config(
                    "there is no token; set one, a token source, or `without_token`",
                ));
            }
            Credentials::None => sender,
            Credentials::Token(token) => {
                let token = Arc::new(Token::new(token.expose_secret())?);
                Arc::new(Sender::authenticated(
                    core.clone(),
                    token,
                    anonymous.clone(),
                ))
            }
            Credentials::Source(source) => Arc::new(Sender::authenticated(
                core.clone(),
                source,
                anonymous.clone(),
            )),
        };
        let lookups = anonymous.over(sender.clone());
        let identities = Arc::default();
        let as_profile = AsProfile::new(sender, lookups, Arc::clone(&identities));
        let client = anonymous.over(Arc::new(as_profile));
        let id_url = Url::parse(&base_url::sibling(&base_url, "/id/api/v1"))
            .map_err(|_| Error::config("the base URL is no URL"))?;
        Ok(Omneo::new(
            client,
            Shared {
                core,
                anonymous,
                id_url,
                identities,
                #[cfg(feature = "incentives")]
                definitions: crate::incentives::Lookups::default(),
                timezone: self.timezone,
            },
        ))
    }

    fn http(&self) -> Result<reqwest::Client, Error> {
        if let Some(client) = &self.http {
            if self.user_agent.is_some() || self.proxy.is_some() {
                return Err(Error::config(
                    "user agent and proxy are those of the HTTP client that was given; set them there",
                ));
            }
            return Ok(client.clone());
        }
        let own = concat!("omneo-rust/", env!("CARGO_PKG_VERSION"));
        let user_agent = match &self.user_agent {
            Some(name) => format!("{name} {own}"),
            None => own.to_owned(),
        };
        let user_agent = reqwest::header::HeaderValue::from_str(&user_agent).map_err(|_| {
            Error::config(
                "the user agent holds a line break or another character that a header can't carry",
            )
        })?;
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(self.timeouts.connect)
            // The API has none, and a POST that follows one becomes a GET.
            .redirect(redirect::Policy::none());
        if let Some(url) = &self.proxy {
            builder = builder.proxy(proxy(url.expose_secret())?);
        }
        builder
            .build()
            .map_err(|error| Error::config(format!("no HTTP client can be made: {error}")))
    }
}

fn proxy(url: &str) -> Result<Proxy, Error> {
    // Past a proxy with a scheme that it doesn't know the HTTP client sends everything, without a word.
    let scheme = url.split_once("://").map_or("http", |(scheme, _)| scheme);
    let is_known = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let proxy = Proxy::all(url).ok().filter(|_| is_known);
    proxy.ok_or_else(|| {
        Error::config("the proxy is no URL such as http://proxy:3128, with http or https")
    })
}

/// Shows what is set, and nothing that may be secret.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("tenant", &self.tenant)
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .field("retry_budget", &self.retry_budget)
            .field("rate_limit", &self.rate_limit)
            .field("max_response_bytes", &self.max_response_bytes)
            .field("user_agent", &self.user_agent)
            .field("timezone", &self.timezone)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
