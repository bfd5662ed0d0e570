//! Bearer tokens: who gets one, what it may do, and whose it is.
//!
//! A token is a JSON web token, as Omneo's are. The store keeps its SHA-256 digest as the id of its record, never its text; so a token is valid if the
//! digest of its text is there, neither revoked nor expired, whatever the text says of itself. ID tokens are the exception: their claims and signature
//! are all there is of them, and they are good only for the ID API.

use jiff::Timestamp;

use super::{Change, Family, Rule, View};
use crate::answer::Refusal;
use crate::auth::Token;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::secret;

mod clients;
mod grant;
mod jwt;
mod listing;
mod oauth;
mod scopes;
mod special;
mod users;

pub(crate) use clients::credentials;
pub(crate) use jwt::{ANONYMOUS, id_token};
pub(crate) use scopes::required as required_scope;

/// The kind of a token's record in the store.
const KIND: &str = "AccessToken";

pub(super) const FAMILY: Family = Family {
    rules: RULES,
    changes: CHANGES,
    views: VIEWS,
    work: &[],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "auth.token",
        fact: "A client and, with a password, a user get a bearer token for the scopes that they ask for [seen]; the grant types, refusals and lifetimes are Passport's [inferred].",
        answer: oauth::token,
    },
    Rule {
        operation: "auth.token.refresh",
        fact: "Refreshing with a token that is good changes nothing, as Passport's route of this name renews a browser's cookie [inferred].",
        answer: oauth::refresh,
    },
    Rule {
        operation: "auth.authorize",
        fact: "The browser flow has no page to show here: it answers 200 [inferred].",
        answer: oauth::authorize,
    },
    Rule {
        operation: "auth.verify",
        fact: "A token that is good is answered with 200, any other with 401 [sent].",
        answer: oauth::verify,
    },
    Rule {
        operation: "auth.scopes",
        fact: "There are 151 scopes, named verb-resource [seen].",
        answer: listing::scopes,
    },
    Rule {
        operation: "auth.api-tokens.store",
        fact: "An API token is shown once, lives long and belongs to the user who made it [sent].",
        answer: listing::create_api_token,
    },
    Rule {
        operation: "auth.personal-access-tokens.store",
        fact: "A personal access token is made as an API token is [inferred].",
        answer: listing::create_personal_token,
    },
    Rule {
        operation: "auth.api-tokens.index",
        fact: "API tokens that are not revoked are listed without their texts [inferred].",
        answer: listing::api_tokens,
    },
    Rule {
        operation: "auth.personal-access-tokens.index",
        fact: "Personal access tokens that are not revoked are listed without their texts [inferred].",
        answer: listing::personal_tokens,
    },
    Rule {
        operation: "auth.tokens.index",
        fact: "The tokens of the asking user that are not revoked are listed, as Passport does [inferred].",
        answer: listing::own_tokens,
    },
    Rule {
        operation: "auth.access-tokens.index",
        fact: "All tokens are listed, or by `type` the current or the expired ones, never with their texts [sent].",
        answer: listing::access_tokens,
    },
    Rule {
        operation: "auth.api-tokens.destroy",
        fact: "Deleting an API token answers 204 and revokes it [sent].",
        answer: listing::revoke_api_token,
    },
    Rule {
        operation: "auth.personal-access-tokens.destroy",
        fact: "Deleting a personal access token answers 204 and revokes it [inferred].",
        answer: listing::revoke_personal_token,
    },
    Rule {
        operation: "auth.tokens.destroy",
        fact: "Deleting any token answers 204 and revokes it [inferred].",
        answer: listing::revoke_token,
    },
    Rule {
        operation: "auth.clients.destroy",
        fact: "Deleting a client answers 204 and revokes it and its tokens, as Passport does [inferred].",
        answer: clients::destroy,
    },
    Rule {
        operation: "auth.delegate",
        fact: "A delegate's token creates profiles in the name of a client [seen]; it does nothing else and lives an hour [inferred].",
        answer: special::delegate,
    },
    Rule {
        operation: "auth.discovery",
        fact: "A discovery token is a key for the text index, limited by rules: index names, or a map of index name to filter [seen].",
        answer: special::discovery,
    },
    Rule {
        operation: "users.me",
        fact: "The user behind the token is answered without an envelope [seen].",
        answer: users::me,
    },
];

const CHANGES: &[Change] = &[Change {
    kind: "User",
    fact: "A user's password has 8 characters or more, is confirmed and never shown [seen]; deleting a user deletes the user's tokens [seen].",
    before: Some(users::before),
    after: Some(users::after),
}];

const VIEWS: &[View] = &[View {
    kind: KIND,
    fact: "A token is shown with its client and its user [sent]; when it was used last is not kept here, so `usage` is the empty list of a token that never was [inferred].",
    complete: listing::complete,
}];

/// Whose token a text is: none if there is no such token, or it was revoked, or it has expired by the sandbox's clock.
pub(crate) fn authenticate(context: &Context<'_>, bearer: &str) -> Result<Option<Token>, Refusal> {
    let digest = secret::digest(bearer);
    if let Some(record) = context.store().get(KIND, &digest)? {
        return Ok(is_current(&record, context.now()).then(|| read(&record)));
    }
    let profile = jwt::profile_of(context, bearer)?;
    Ok(profile.map(|(profile, expires_at)| Token {
        id: digest,
        scopes: Vec::new(),
        namespace: None,
        profile: Some(profile),
        expires_at: Some(expires_at),
    }))
}

fn read(record: &Record) -> Token {
    let scopes = record.list("scopes").iter();
    Token {
        id: record.text("id").unwrap_or_default(),
        scopes: scopes.filter_map(crate::record::text).collect(),
        namespace: record.text("_namespace"),
        profile: None,
        expires_at: record.time("expires_at"),
    }
}

/// Whether a token is neither revoked nor expired.
fn is_current(record: &Record, now: Timestamp) -> bool {
    let is_revoked = record.flag("revoked").unwrap_or_default();
    !is_revoked && record.time("expires_at").is_none_or(|at| at > now)
}
