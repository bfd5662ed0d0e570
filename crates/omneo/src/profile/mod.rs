//! One customer.

mod identities;
mod reference;

#[cfg(feature = "_profile")]
use std::fmt;
#[cfg(feature = "_profile")]
use std::ops::Deref;

#[cfg(feature = "_profile")]
use omneo_api::resources::{Handle, ProfileScope};
#[cfg(feature = "_profile")]
use omneo_api::{Client, RequestOptions};

#[cfg(feature = "_profile")]
use crate::client::Omneo;
#[cfg(feature = "_profile")]
use crate::ext::HandleExt;

pub(crate) use identities::Identities;
pub use reference::{Identity, ProfileRef, identity};

/// What belongs to one profile: made by [`Omneo::profile`].
///
/// Every resource is a handle, by the dereference to [`ProfileScope`]: `profile.rewards()`, `profile.transactions()`.
#[cfg(feature = "_profile")]
#[derive(Clone)]
pub struct Profile {
    #[cfg_attr(not(feature = "incentives"), allow(dead_code))]
    pub(crate) omneo: Omneo,
    #[cfg_attr(not(feature = "incentives"), allow(dead_code))]
    pub(crate) reference: ProfileRef,
    scope: ProfileScope,
}

#[cfg(feature = "_profile")]
impl Profile {
    pub(crate) fn new(omneo: &Omneo, reference: ProfileRef) -> Self {
        Self {
            scope: scope(omneo, &reference),
            omneo: omneo.clone(),
            reference,
        }
    }

    /// The same profile with a query pair on every call, such as `currency` and `AUD`.
    #[must_use]
    #[allow(clippy::needless_pass_by_value)] // a caller writes `7`, not `&7`
    pub fn query(self, name: &str, value: impl ToString) -> Self {
        self.options(|options| options.query(name, value))
    }

    /// The same profile with other options on every call.
    #[must_use]
    pub fn options(self, change: impl FnOnce(RequestOptions) -> RequestOptions) -> Self {
        HandleExt::options(self, change)
    }
}

#[cfg(feature = "_profile")]
fn scope(omneo: &Omneo, profile: &ProfileRef) -> ProfileScope {
    let api = omneo_api::Api::from_client(omneo.api().clone());
    match profile {
        ProfileRef::Id(id) => api.profile(id),
        ProfileRef::Identity(identity) => api
            .profile(crate::transport::PLACEHOLDER)
            .options(|options| options.extension(identity.clone())),
    }
}

#[cfg(feature = "_profile")]
impl Deref for Profile {
    type Target = ProfileScope;

    fn deref(&self) -> &ProfileScope {
        &self.scope
    }
}

#[cfg(feature = "_profile")]
impl Handle for Profile {
    fn client(&self) -> &Client {
        self.scope.client()
    }

    fn with_client(self, client: Client) -> Self {
        Self::new(&self.omneo.with_client(client), self.reference)
    }
}

#[cfg(feature = "_profile")]
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Profile").field(&self.reference).finish()
    }
}
