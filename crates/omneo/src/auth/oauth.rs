//! OAuth: a token for credentials.

use std::time::Duration;

use omneo_api::http::Method;
use omneo_api::runtime::BoxFuture;
use omneo_api::{Client, Error, Token};
use omneo_types::Integer;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Issued, TokenSource};

/// Gets tokens at `POST /v3/auth/token`, with a form as [Omneo's guide] shows it.
///
/// A new token is got with the same credentials each time: the refresh token that comes with one would only spare the
/// server the password.
///
/// ```
/// use omneo::auth::OAuth;
///
/// let oauth = OAuth::new("client-id", "client-secret").user("pos@example.com", "password");
/// let omneo = omneo::Omneo::builder().tenant("acme").token_source(oauth).build()?;
/// # Ok::<(), omneo::Error>(())
/// ```
///
/// [Omneo's guide]: https://docs.omneo.io/dev-guides/core-setup/authentication
#[derive(Clone, Debug)]
pub struct OAuth {
    grant_type: String,
    client_id: String,
    client_secret: SecretString,
    user: Option<(String, SecretString)>,
    scope: String,
}

impl OAuth {
    /// The credentials of an OAuth client, for all scopes, with the grant type `client_credentials`.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> Self {
        Self {
            grant_type: "client_credentials".to_owned(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            user: None,
            scope: "*".to_owned(),
        }
    }

    /// Adds the user whose rights the token has: email and password.
    #[must_use]
    pub fn user(mut self, username: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.user = Some((username.into(), password.into()));
        self
    }

    /// Asks for some scopes only, such as `read-profiles create-transactions`.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Sets the grant type. The guide speaks of password credentials and shows `client_credentials`; which others a
    /// tenant takes is not documented.
    #[must_use]
    pub fn grant_type(mut self, grant_type: impl Into<String>) -> Self {
        self.grant_type = grant_type.into();
        self
    }
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    /// Seconds. Laravel's OAuth server sends it; Omneo's guide does not show it.
    #[serde(default)]
    expires_in: Option<Integer>,
}

impl TokenSource for OAuth {
    fn issue<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        let mut form = vec![
            ("grant_type", &*self.grant_type),
            ("client_id", &*self.client_id),
            ("client_secret", self.client_secret.expose_secret()),
        ];
        if let Some((username, password)) = &self.user {
            form.push(("username", username));
            form.push(("password", password.expose_secret()));
        }
        form.push(("scope", &*self.scope));
        let request = client.request(Method::POST, "/v3/auth/token").form(form);
        Box::pin(async move {
            let answer: Answer = request.send().await?;
            let issued = Issued::new(Token::new(&answer.access_token)?);
            let seconds = answer
                .expires_in
                .and_then(|seconds| u64::try_from(seconds.get()).ok());
            Ok(match seconds {
                Some(seconds) => issued.lives_for(Duration::from_secs(seconds)),
                None => issued,
            })
        })
    }
}
