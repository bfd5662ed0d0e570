//! ID tokens: to act as one customer.

use std::fmt;
use std::time::{Duration, SystemTime};

use omneo_api::http::Method;
use omneo_api::runtime::BoxFuture;
use omneo_api::{Client, Error, Token};
use omneo_types::{Data, Integer};
use serde::Deserialize;
use serde_json::json;

use super::{Issued, TokenSource};
use crate::base_url::sibling;
use crate::profile::ProfileRef;
use crate::retry::Repeat;

/// A token of one customer, for the [ID API](crate::Omneo::id). It may be handed to the customer's own browser or app.
#[derive(Clone, Debug)]
pub struct IdToken {
    token: Token,
    expires_at: Option<SystemTime>,
}

impl IdToken {
    /// The token. [`Token::expose`] gives its text, to be handed to the customer's browser or app.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// When it expires. How long tokens live is not documented: renew before this.
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at
    }
}

impl TokenSource for IdToken {
    fn issue<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        self.token.issue(client)
    }
}

/// Gets ID tokens for one profile with the token of an admin client, and new ones before they expire.
///
/// Made by [`Omneo::id_tokens`](crate::Omneo::id_tokens).
#[derive(Clone)]
pub struct IdTokenSource {
    /// With the admin's token.
    client: Client,
    /// None for an anonymous token.
    profile: Option<ProfileRef>,
}

#[derive(Deserialize)]
struct Answer {
    token: String,
    /// Unix seconds.
    #[serde(default)]
    exp: Option<Integer>,
}

impl IdTokenSource {
    pub(crate) fn new(client: Client, profile: Option<ProfileRef>) -> Self {
        Self { client, profile }
    }

    /// Gets a token.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding; `NotFound` if there is no such profile.
    pub async fn get(&self) -> Result<IdToken, Error> {
        let body = match &self.profile {
            Some(ProfileRef::Id(id)) => json!({ "id": id }),
            Some(ProfileRef::Identity(identity)) => {
                json!({ "id": identity.value, "id_handle": identity.handle })
            }
            None => json!({}),
        };
        let answer = self
            .client
            .at(&sibling(self.client.base_url(), "/id/api/v1"))?
            .request(Method::POST, "/auth/token")
            // Only gets another token.
            .options(|options| options.extension(Repeat::Safe))
            .json(&body)
            .send::<Data<Answer>>()
            .await?
            .into_inner();
        let seconds = answer.exp.and_then(|exp| u64::try_from(exp.get()).ok());
        let token = Token::new(&answer.token)?;
        Ok(IdToken {
            expires_at: match seconds {
                Some(seconds) => SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)),
                None => super::jwt::expiry(&token),
            },
            token,
        })
    }
}

impl TokenSource for IdTokenSource {
    fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        Box::pin(async move {
            let token = self.get().await?;
            let issued = Issued::new(token.token);
            Ok(match token.expires_at {
                Some(at) => issued.expires_at(at),
                None => issued,
            })
        })
    }
}

impl fmt::Debug for IdTokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdTokenSource").finish_non_exhaustive()
    }
}
