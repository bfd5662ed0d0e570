//! Who asks, and what they may do.

use std::collections::HashMap;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use jiff::Timestamp;

use crate::answer::Refusal;
use crate::context::Context;
use crate::rules::tokens;
use crate::schema::Operation;

/// A token that is valid.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// Its id in the store; empty for one that the sandbox was started with.
    pub(crate) id: String,
    /// Its scopes; `*` is all.
    pub(crate) scopes: Vec<String>,
    /// The namespace of its client.
    pub(crate) namespace: Option<String>,
    /// The profile of an ID token.
    pub(crate) profile: Option<String>,
    /// When it ends.
    pub(crate) expires_at: Option<Timestamp>,
}

impl Token {
    /// A token that may do everything.
    pub(crate) fn all() -> Self {
        Self {
            id: String::new(),
            scopes: vec!["*".to_owned()],
            namespace: None,
            profile: None,
            expires_at: None,
        }
    }

    fn may(&self, scope: &str) -> bool {
        let mut scopes = self.scopes.iter();
        scopes.any(|has| has == "*" || has == scope)
    }
}

/// How many tokens are remembered between requests.
const REMEMBERED: usize = 1_024;

/// The tokens that a sandbox was started with, and those that were looked up.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    own: HashMap<String, Token>,
    seen: HashMap<String, Token>,
}

impl Tokens {
    pub(crate) fn add(&mut self, text: String, token: Token) {
        self.own.insert(text, token);
    }

    /// Forgets what was looked up: tokens may have been revoked.
    pub(crate) fn forget(&mut self) {
        self.seen.clear();
    }

    /// The token of a request.
    ///
    /// # Errors
    ///
    /// 401 if there is none, or it is not valid.
    pub(crate) fn of(
        &mut self,
        context: &Context<'_>,
        headers: &HeaderMap,
    ) -> Result<Token, Refusal> {
        let text = bearer(headers).ok_or(Refusal::Unauthenticated)?;
        let known = self.own.get(text).or_else(|| self.seen.get(text));
        let is_valid = |token: &Token| token.expires_at.is_none_or(|at| at > context.now());
        if let Some(token) = known {
            return match is_valid(token) {
                true => Ok(token.clone()),
                false => Err(Refusal::Unauthenticated),
            };
        }
        let token = tokens::authenticate(context, text)?.ok_or(Refusal::Unauthenticated)?;
        if self.seen.len() >= REMEMBERED {
            self.seen.clear();
        }
        self.seen.insert(text.to_owned(), token.clone());
        Ok(token)
    }
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// Refuses a token that lacks the operation's scope.
pub(crate) fn check(token: &Token, operation: &Operation) -> Result<(), Refusal> {
    match tokens::required_scope(operation) {
        Some(scope) if !token.may(scope) => Err(Refusal::Forbidden),
        _ => Ok(()),
    }
}
