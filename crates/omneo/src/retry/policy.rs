//! How often, and with which pauses.

use super::Backoff;

/// How often a request is sent, and how long the pauses are.
///
/// Part of the client ([`Builder::retry`](crate::Builder::retry)), or of one call:
///
/// ```no_run
/// # #[cfg(feature = "incentives")]
/// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
/// use omneo::{HandleExt, RetryPolicy};
///
/// omneo.rewards().retry(RetryPolicy::never()).get(7).await?;
/// omneo.rewards().retry(RetryPolicy::default().attempts(8)).get(7).await?;
/// # Ok(())
/// # }
/// ```
///
/// Time limits are no part of it: [`Timeouts`](crate::Timeouts) holds them.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a request is sent at most, the first time included. 4: with the default pauses a server has a second to
    /// come back, and never two. A caller who can wait sets more.
    pub max_attempts: u32,
    /// The pauses, where the server does not ask for one.
    pub backoff: Backoff,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            backoff: Backoff::default(),
        }
    }
}

impl RetryPolicy {
    /// Sends a request once. A token that the server refuses is still renewed once: nothing was done then.
    #[must_use]
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// Sends a request at most `count` times, and once at least.
    #[must_use]
    pub fn attempts(mut self, count: u32) -> Self {
        self.max_attempts = count.max(1);
        self
    }

    /// With these pauses.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }
}
