//! Ways to a bearer token.
//!
//! | a caller has | and uses |
//! |---|---|
//! | an API token, made in CX Manager under Settings > API Tokens | [`Builder::token`](crate::Builder::token) |
//! | OAuth credentials | [`OAuth`] |
//! | a Shopify customer and the shop's secret | [`ShopifyLogin`] |
//! | an admin client, and wants to act as one customer | [`Omneo::id`](crate::Omneo::id), [`IdTokenSource`] |
//! | tokens from elsewhere: a vault, a file, the shop's own server | a [`TokenSource`] of its own |
//!
//! A source only gets tokens. The client keeps the current one, renews it a minute before it expires and once when the
//! server refuses it with 401; calls that wait for a token wait for the same one.

mod id_token;
mod jwt;
mod keeper;
mod oauth;
mod shopify;

use std::time::{Duration, SystemTime};

use omneo_api::runtime::BoxFuture;
use omneo_api::{Client, Error, Token};

pub use id_token::{IdToken, IdTokenSource};
pub use oauth::OAuth;
pub use shopify::ShopifyLogin;

pub(crate) use keeper::Keeper;

/// Where tokens come from.
///
/// ```
/// use omneo::auth::{Issued, TokenSource};
/// use omneo::runtime::BoxFuture;
/// use omneo::{Client, Error, Token};
///
/// /// Reads the token from a file that another process keeps fresh.
/// struct TokenFile(std::path::PathBuf);
///
/// impl TokenSource for TokenFile {
///     fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
///         Box::pin(async move {
///             let text = std::fs::read_to_string(&self.0)
///                 .map_err(|error| Error::config(format!("the token file can't be read: {error}")))?;
///             Ok(Issued::new(Token::new(text.trim())?))
///         })
///     }
/// }
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Gets a token. Called at the first request, and whenever a new one is needed.
    ///
    /// `client` sends without a token, with the time limits and the retry policy of the client that asks.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from getting one. The call that needed the token fails with it.
    fn issue<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Issued, Error>>;
}

/// A token, and until when it is good.
#[derive(Clone, Debug)]
pub struct Issued {
    pub(crate) token: Token,
    pub(crate) lives: Lives,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Lives {
    Unknown,
    Until(SystemTime),
    For(Duration),
}

impl Issued {
    /// A token that says itself until when it is good, if it is a JSON web token with `exp`, or never expires.
    #[must_use]
    pub fn new(token: Token) -> Self {
        let lives = jwt::expiry(&token).map_or(Lives::Unknown, Lives::Until);
        Self { token, lives }
    }

    /// A token that is good for a time from now on.
    #[must_use]
    pub fn lives_for(mut self, time: Duration) -> Self {
        self.lives = Lives::For(time);
        self
    }

    /// A token that is good until a time.
    #[must_use]
    pub fn expires_at(mut self, at: SystemTime) -> Self {
        self.lives = Lives::Until(at);
        self
    }
}

/// Always the same token.
impl TokenSource for Token {
    fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        Box::pin(async { Ok(Issued::new(self.clone())) })
    }
}
