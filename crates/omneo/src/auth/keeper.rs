//! Keeps the current token.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use omneo_api::runtime::BoxFuture;
use omneo_api::{Client, Error, Token};

use super::{Issued, Lives, TokenSource};
use crate::timer::Timer;

/// A token is renewed this long before it expires, or when a tenth of its life is left, if that is later.
const MARGIN: Duration = Duration::from_secs(60);

/// How long a token is used before the next is asked for: one that could not be renewed and is still good, and one that
/// seems to be expired when it comes. The clock is wrong then, perhaps, and the server has the last word.
const PATIENCE: Duration = Duration::from_secs(10);

/// Keeps the current token of a source: renews it in time, and once for all calls that wait for it.
pub(crate) struct Keeper {
    source: Arc<dyn TokenSource>,
    timer: Arc<dyn Timer>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// The renewal that is under way, unless all who waited for it have given up.
    renewal: Option<WeakShared<Renewal>>,
}

/// Whoever waits for it moves it on. A lock would not do: a future that holds one and isn't polled (a page that is asked
/// for ahead, while a record of the one before is updated) stops all others.
type Renewal = BoxFuture<'static, Result<Token, Arc<Error>>>;

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
            state: Arc::default(),
        }
    }

    /// The current token, unless there is none or it is about to expire.
    pub(crate) fn current(&self) -> Option<Token> {
        self.fresh(&lock(&self.state))
    }

    /// The current token; a new one if there is none or it is about to expire.
    pub(crate) async fn token(&self, client: &Client) -> Result<Token, Error> {
        let renewal = {
            let mut state = lock(&self.state);
            if let Some(token) = self.fresh(&state) {
                return Ok(token);
            }
            match state.renewal.as_ref().and_then(WeakShared::upgrade) {
                Some(renewal) => renewal,
                None => {
                    let renewal = self.renewal(client.clone());
                    state.renewal = renewal.downgrade();
                    renewal
                }
            }
        };
        // Callers who fail together get the error or a copy of it.
        renewal
            .await
            .map_err(|error| Arc::try_unwrap(error).unwrap_or_else(|error| error.duplicate()))
    }

    fn renewal(&self, client: Client) -> Shared<Renewal> {
        let (source, timer) = (self.source.clone(), self.timer.clone());
        let state = self.state.clone();
        let renewal: Renewal = Box::pin(async move {
            let issued = AssertUnwindSafe(async { source.issue(&client).await });
            let issued = issued
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(Error::custom("the token source panicked")));
            lock(&state)
                .renewed(issued, timer.system_now())
                .map_err(Arc::new)
        });
        renewal.shared()
    }

    /// Takes note that the server refused a token; the next [`token`](Keeper::token) is a new one.
    pub(crate) fn refused(&self, token: &Token) {
        let mut state = lock(&self.state);
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
}

impl State {
    /// Takes the outcome of a renewal.
    fn renewed(&mut self, issued: Result<Issued, Error>, now: SystemTime) -> Result<Token, Error> {
        self.renewal = None;
        let error = match issued {
            Ok(issued) => return Ok(self.held.insert(Held::new(issued, now)).token.clone()),
            Err(error) => error,
        };
        // The old token is better than none as long as it is good.
        match &mut self.held {
            Some(held) if held.expires_at.is_some_and(|at| at > now) => {
                tracing::warn!(%error, "the token could not be renewed; the old one is used until it expires");
                held.renew_at = now.checked_add(PATIENCE);
                Ok(held.token.clone())
            }
            held => {
                *held = None;
                Err(error)
            }
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // No code that runs under the lock leaves the state half changed.
    state.lock().unwrap_or_else(PoisonError::into_inner)
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
            now + life.saturating_sub(MARGIN.min(life / 10)).max(PATIENCE)
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
