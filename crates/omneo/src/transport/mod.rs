//! What lies under every operation: authentication, time limits, retry, rate limit, spans.
//!
//! ```text
//! generated method ─ checks, options ─ AsProfile or IdApi ─ Sender ─ reqwest
//!                                      │                    └ for each attempt: rate limit, token, time limit,
//!                                      │                      whole answer
//!                                      └ whose profile, which API
//! ```

#[cfg(feature = "_profile")]
mod id_api;
mod identity;
mod pieces;
mod sender;
mod trace;

use std::sync::Arc;
use std::time::{Duration, Instant};

use omneo_api::Error;

use crate::rate_limit::{Limiter, RateLimit};
use crate::retry::{RetryBudget, RetryPolicy, Tokens};
use crate::timer::Timer;

#[cfg(feature = "_profile")]
pub(crate) use id_api::{IdApi, IdScope};
#[cfg(feature = "_profile")]
pub(crate) use identity::PLACEHOLDER;
#[cfg(feature = "incentives")]
pub(crate) use identity::for_lookups;
pub(crate) use identity::{AsProfile, unsent};
pub(crate) use sender::Sender;

/// How long a client waits for a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// For a connection. 10 s.
    pub connect: Duration,
    /// For one attempt, from its first byte sent to the last byte of the answer. 30 s, as Omneo's own apps give a call.
    /// For an answer that is handed on piece by piece: up to its headers, then for each piece.
    pub attempt: Duration,
    /// For the whole call: all attempts, and the pauses and waits between them. 2 minutes.
    pub call: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            attempt: Duration::from_secs(30),
            call: Duration::from_secs(120),
        }
    }
}

impl Timeouts {
    /// Sets the limit for a connection.
    #[must_use]
    pub fn connect(mut self, limit: Duration) -> Self {
        self.connect = limit;
        self
    }

    /// Sets the limit for one attempt.
    #[must_use]
    pub fn attempt(mut self, limit: Duration) -> Self {
        self.attempt = limit;
        self
    }

    /// Sets the limit for a whole call.
    #[must_use]
    pub fn call(mut self, limit: Duration) -> Self {
        self.call = limit;
        self
    }
}

/// The time limit of one whole call, as an extension of its options.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallLimit(pub(crate) Duration);

/// When a call began whose first part is over, as an extension of its options.
#[derive(Clone, Copy, Debug)]
struct Started(Instant);

/// What all clones and scopes of a client share.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) timer: Arc<dyn Timer>,
    retry: RetryPolicy,
    timeouts: Timeouts,
    budget: Tokens,
    limiter: Option<Limiter>,
}

impl Core {
    pub(crate) fn new(
        timer: Arc<dyn Timer>,
        retry: RetryPolicy,
        budget: RetryBudget,
        timeouts: Timeouts,
        rate_limit: Option<RateLimit>,
    ) -> Result<Self, Error> {
        let limiter = rate_limit.map(|limit| Limiter::new(limit, timer.clone()));
        Ok(Self {
            limiter: limiter.transpose()?,
            timer,
            retry,
            timeouts,
            budget: Tokens::new(budget),
        })
    }
}
