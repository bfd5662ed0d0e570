//! Keeps the current token.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use omneo_api::{Client, Error, Token};

use super::{Issued, Lives, TokenSource};
use crate::timer::Timer;

/// A token is renewed this long before it expires, or when a tenth of its life is left, if that is later.
const MARGIN: Duration = Duration::from_secs(60);

/// How long a token that could not be renewed is used before that is tried again, while it is still good.
const PATIENCE: Duration = Duration::from_secs(10);

/// Keeps the current token of a source: renews it in time, and once for all calls that wait for it.
pub(crate) struct Keeper {
    source: Arc<dyn TokenSource>,
    timer: Arc<dyn Timer>,
    state: Mutex<State>,
    /// Whoever holds it gets the next token.
    renewal: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// The renewals that were tried, and the error of the last one if it failed.
    tried: u64,
    failure: Option<Error>,
}

#[derive(Clone)]
struct Held {
    token: Token,
    renew_at: Option<SystemTime>,
    expires_at: Option<SystemTime>,
}

impl Keeper {
    pub(crate) fn new(source: Arc<dyn TokenSource>, timer: Arc<dyn Timer>) -> Self {
        Self {
            source,
            timer,
            state: Mutex::default(),
            renewal: tokio::sync::Mutex::default(),
        }
    }

    /// The current token, unless there is none or it is about to expire.
    pub(crate) fn current(&self) -> Option<Token> {
        self.fresh(&self.state())
    }

    /// The current token; a new one if there is none or it is about to expire.
    pub(crate) async fn token(&self, client: &Client) -> Result<Token, Error> {
        let tried = {
            let state = self.state();
            if let Some(token) = self.fresh(&state) {
                return Ok(token);
            }
            state.tried
        };
        let _renewal = self.renewal.lock().await;
        {
            // Whoever was first has got it for all, or has failed for all.
            let state = self.state();
            if let Some(token) = self.fresh(&state) {
                return Ok(token);
            }
            if state.tried != tried
                && let Some(failure) = &state.failure
            {
                return Err(failure.duplicate());
            }
        }
        let issued = self.source.issue(client).await;
        let now = self.timer.system_now();
        let mut state = self.state();
        state.tried += 1;
        state.failure = None;
        match issued {
            Ok(issued) => {
                let held = Held::new(issued, now);
                let token = held.token.clone();
                state.held = Some(held);
                Ok(token)
            }
            Err(error) => {
                // The old token is better than none as long as it is good.
                if let Some(held) = &mut state.held
                    && held.expires_at.is_some_and(|at| at > now)
                {
                    tracing::warn!(%error, "the token could not be renewed; the old one is used until it expires");
                    held.renew_at = now.checked_add(PATIENCE);
                    return Ok(held.token.clone());
                }
                state.held = None;
                state.failure = Some(error.duplicate());
                Err(error)
            }
        }
    }

    /// Takes note that the server refused a token; the next [`token`](Keeper::token) is a new one.
    pub(crate) fn refused(&self, token: &Token) {
        let mut state = self.state();
        // Another call may have got a new one since.
        state.held.take_if(|held| held.token == *token);
    }

    fn fresh(&self, state: &State) -> Option<Token> {
        let held = state.held.as_ref()?;
        let now = held.renew_at.map(|at| (at, self.timer.system_now()));
        match now {
            Some((renew_at, now)) if renew_at <= now => None,
            _ => Some(held.token.clone()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code that runs under the lock leaves the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn new(issued: Issued, now: SystemTime) -> Self {
        let expires_at = match issued.lives {
            Lives::Unknown => None,
            Lives::Until(at) => Some(at),
            Lives::For(time) => now.checked_add(time),
        };
        let renew_at = expires_at.map(|at| {
            let life = at.duration_since(now).unwrap_or_default();
            now + life.saturating_sub(MARGIN.min(life / 10))
        });
        Self {
            token: issued.token,
            renew_at,
            expires_at,
        }
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
