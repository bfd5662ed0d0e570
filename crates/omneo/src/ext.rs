//! Options of one call that only this crate's transport knows.

use std::time::Duration;

use omneo_api::RequestOptions;
use omneo_api::resources::Handle;

use crate::retry::RetryPolicy;
use crate::transport::CallLimit;

/// Retry and time limits of one call, for [`RequestOptions`].
///
/// ```no_run
/// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
/// use std::time::Duration;
///
/// use omneo::http::Method;
/// use omneo::{OptionsExt, RetryPolicy};
///
/// let request = omneo.request(Method::GET, "/v3/new-things");
/// let request = request.options(|options| options.deadline(Duration::from_secs(5)).retry(RetryPolicy::never()));
/// # Ok(())
/// # }
/// ```
pub trait OptionsExt: Sized {
    /// Sends by this policy instead of the client's.
    #[must_use]
    fn retry(self, policy: RetryPolicy) -> Self;

    /// Sets the time limit for the whole call, repeats and pauses included, in place of
    /// [`Timeouts::call`](crate::Timeouts::call). The limit for one attempt is [`RequestOptions::timeout`].
    #[must_use]
    fn deadline(self, limit: Duration) -> Self;
}

impl OptionsExt for RequestOptions {
    fn retry(self, policy: RetryPolicy) -> Self {
        self.extension(policy)
    }

    fn deadline(self, limit: Duration) -> Self {
        self.extension(CallLimit(limit))
    }
}

/// Retry and time limits of the calls of one handle.
///
/// ```no_run
/// # #[cfg(feature = "incentives")]
/// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
/// use std::time::Duration;
///
/// use omneo::HandleExt;
///
/// // A till can't wait.
/// let reward = omneo.rewards().deadline(Duration::from_secs(3)).get(7).await?;
/// # Ok(())
/// # }
/// ```
pub trait HandleExt: Handle {
    /// Sends by this policy instead of the client's.
    #[must_use]
    fn retry(self, policy: RetryPolicy) -> Self {
        change(self, |options| options.retry(policy))
    }

    /// Sets the time limit for a whole call, repeats and pauses included, in place of
    /// [`Timeouts::call`](crate::Timeouts::call).
    #[must_use]
    fn deadline(self, limit: Duration) -> Self {
        change(self, |options| options.deadline(limit))
    }

    /// Sets the time limit for one attempt, in place of [`Timeouts::attempt`](crate::Timeouts::attempt).
    #[must_use]
    fn timeout(self, limit: Duration) -> Self {
        change(self, |options| options.timeout(limit))
    }
}

impl<H: Handle> HandleExt for H {}

fn change<H: Handle>(handle: H, change: impl FnOnce(RequestOptions) -> RequestOptions) -> H {
    let client = handle.client();
    let client = client.with(change(client.options().clone()));
    handle.with_client(client)
}
