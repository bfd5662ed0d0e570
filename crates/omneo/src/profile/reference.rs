//! Which profile is meant.

use std::fmt;

use omneo_api::Error;
use omneo_types::Id;

/// A profile by its id in Omneo, or by an identity: its id in another system.
///
/// ```
/// use omneo::{ProfileRef, identity};
///
/// let by_id = ProfileRef::from("9332c9b2-e31c-4d49-8ec3-62a9466d339c");
/// let by_identity = ProfileRef::from(identity("shopify", "7010205892808"));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum ProfileRef {
    /// The id in Omneo, a UUID.
    Id(Id),
    /// An identity.
    Identity(Identity),
}

/// The id of a profile in another system.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    pub(crate) handle: String,
    pub(crate) value: String,
}

/// The id of a profile in another system: the handle of the system, such as `shopify`, and the id there.
#[allow(clippy::needless_pass_by_value)] // a caller writes `7`, not `&7`
pub fn identity(handle: impl Into<String>, value: impl ToString) -> Identity {
    Identity {
        handle: handle.into(),
        value: value.to_string(),
    }
}

impl ProfileRef {
    /// The id, or the identity's identifier.
    #[cfg(all(feature = "incentives", feature = "platform"))]
    pub(crate) fn identifier(&self) -> Id {
        match self {
            Self::Id(id) => id.clone(),
            Self::Identity(identity) => identity.value.as_str().into(),
        }
    }

    /// That nothing of it is empty.
    #[cfg(feature = "incentives")]
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Id(id) if id.as_str().is_empty() => Err(Error::invalid_request(
                "the id of the profile is empty; pass the id of a profile, or an identity",
            )),
            Self::Id(_) => Ok(()),
            Self::Identity(identity) => identity.check(),
        }
    }
}

impl Identity {
    /// That nothing of it is empty.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.handle.is_empty() || self.value.is_empty() {
            return Err(Error::invalid_request(
                "the handle or the value of the identity is empty; pass both",
            ));
        }
        Ok(())
    }
}

impl From<Identity> for ProfileRef {
    fn from(identity: Identity) -> Self {
        Self::Identity(identity)
    }
}

impl From<Id> for ProfileRef {
    fn from(id: Id) -> Self {
        Self::Id(id)
    }
}

impl From<&Id> for ProfileRef {
    fn from(id: &Id) -> Self {
        Self::Id(id.clone())
    }
}

impl From<&str> for ProfileRef {
    fn from(id: &str) -> Self {
        Self::Id(id.into())
    }
}

impl From<String> for ProfileRef {
    fn from(id: String) -> Self {
        Self::Id(id.into())
    }
}

/// Shows the handle; an id in another system may be personal.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProfileRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(_) => f.write_str("Id(..)"),
            Self::Identity(identity) => identity.fmt(f),
        }
    }
}
