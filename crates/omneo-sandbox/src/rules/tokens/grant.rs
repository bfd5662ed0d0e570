//! Giving out tokens.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{KIND, clients, jwt, users};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, stamp};
use crate::secret;

/// How a token came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Api,
    Personal,
    OAuth,
    Delegate,
}

impl Sort {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Personal => "personal",
            Self::OAuth => "oauth",
            Self::Delegate => "delegate",
        }
    }
}

/// A token to be given out.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) sort: Sort,
    pub(super) name: Option<String>,
    /// `*` is all.
    pub(super) scopes: Vec<String>,
    /// Whose webhooks are not told of what is done with it.
    pub(super) namespace: Option<String>,
    /// The client; the sandbox's own if none is named.
    pub(super) client: Option<Value>,
    /// The user; the sandbox's own if none is named.
    pub(super) user: Option<Value>,
    pub(super) expires_at: Timestamp,
}

/// How long an API token lives: long, and how long is not known. Passport's personal access tokens live a year.
pub(super) const LONG: SignedDuration = SignedDuration::from_hours(365 * 24);

/// A time from now.
pub(super) fn later(context: &Context<'_>, pause: SignedDuration) -> Timestamp {
    context.now().checked_add(pause).unwrap_or(Timestamp::MAX)
}

impl Grant {
    /// Gives the token out: its text, which is not kept, and its record.
    pub(super) fn issue(self, context: &mut Context<'_>) -> Result<(String, Record), Refusal> {
        let (client, user) = self.owners(context)?;
        let now = context.now().as_second();
        // The claims of a Passport token.
        let claims = json!({
            "aud": crate::record::text(&client), "jti": secret::random()?, "iat": now, "nbf": now,
            "exp": self.expires_at.as_second(), "sub": crate::record::text(&user), "scopes": self.scopes,
        });
        let text = jwt::make(&secret::secret(context.store())?, &claims);
        let record = json!({
            "id": secret::digest(&text),
            "user_id": user,
            "client_id": client,
            "name": self.name,
            "scopes": self.scopes,
            "revoked": false,
            "expires_at": stamp(self.expires_at),
            "_sort": self.sort.name(),
            "_namespace": self.namespace,
        });
        match record {
            Value::Object(record) => Ok((text, context.create(KIND, record)?)),
            _ => Err(Refusal::Internal("a token is no record".to_owned())),
        }
    }

    fn owners(&self, context: &mut Context<'_>) -> Result<(Value, Value), Refusal> {
        let client = match &self.client {
            Some(client) => client.clone(),
            None => clients::own(context)?.value("id"),
        };
        let user = match &self.user {
            Some(user) => user.clone(),
            None => users::own(context)?.value("id"),
        };
        Ok((client, user))
    }
}
