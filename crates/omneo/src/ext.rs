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

/// Options of the calls of one handle, which may be the whole client: `omneo.clone().deadline(limit)`.
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
    /// The same handle with other options on every call.
    #[must_use]
    fn options(self, change: impl FnOnce(RequestOptions) -> RequestOptions) -> Self {
        let client = self.client();
        let client = client.with(change(client.options().clone()));
        self.with_client(client)
    }

    /// Sends by this policy instead of the client's.
    #[must_use]
    fn retry(self, policy: RetryPolicy) -> Self {
        self.options(|options| options.retry(policy))
    }

    /// Sets the time limit for a whole call, repeats and pauses included, in place of
    /// [`Timeouts::call`](crate::Timeouts::call).
    #[must_use]
    fn deadline(self, limit: Duration) -> Self {
        self.options(|options| options.deadline(limit))
    }

    /// Sets the time limit for one attempt, in place of [`Timeouts::attempt`](crate::Timeouts::attempt).
    #[must_use]
    fn timeout(self, limit: Duration) -> Self {
        self.options(|options| options.timeout(limit))
    }
}

impl<H: Handle> HandleExt for H {}
