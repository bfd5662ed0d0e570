//! Records whose request is one of something else's.

#[cfg(feature = "incentives")]
use omneo_api::{Error, ErrorKind};
use omneo_types::Id;
use serde::{Serialize, Serializer};

#[cfg(feature = "incentives")]
use crate::client::Omneo;
#[cfg(feature = "incentives")]
use crate::profile::ProfileRef;

/// A record of a profile that the record itself does not name: an achievement, a tier, a redemption.
///
/// ```no_run
/// # async fn run(omneo: omneo::Omneo, visitors: Vec<String>) {
/// use futures_util::stream;
/// use omneo::batch::ForProfile;
/// use omneo::types::ProfileAchievementInput;
///
/// let visits = visitors.into_iter().map(|id| ForProfile::new(id, ProfileAchievementInput::new(3, 1)));
/// let report = omneo.batch().send(stream::iter(visits)).report().await;
/// # }
/// ```
#[cfg(feature = "incentives")]
#[derive(Clone, Debug, PartialEq)]
pub struct ForProfile<R> {
    /// Whose it is, by id or by an [identity](crate::identity). What can't be looked up fails alone.
    pub profile: ProfileRef,
    /// The record.
    pub record: R,
}

#[cfg(feature = "incentives")]
impl<R> ForProfile<R> {
    /// A profile's record.
    pub fn new(profile: impl Into<ProfileRef>, record: R) -> Self {
        Self {
            profile: profile.into(),
            record,
        }
    }

    /// The id of the profile.
    pub(super) async fn profile_id(&self, omneo: &Omneo) -> Result<Id, Error> {
        omneo.profile_id(&self.profile).await
    }

    /// An identity that was refused is looked up anew the next time.
    pub(super) fn answered<T>(&self, omneo: &Omneo, answer: Result<T, Error>) -> Result<T, Error> {
        if let (Err(error), ProfileRef::Identity(identity)) = (&answer, &self.profile)
            && matches!(
                error.kind(),
                ErrorKind::NotFound(_) | ErrorKind::Validation(_)
            )
        {
            omneo.shared.identities.forget(identity);
        }
        answer
    }
}

/// As JSON it is the profile and the record.
#[cfg(feature = "incentives")]
impl<R: Serialize> Serialize for ForProfile<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let handle = match &self.profile {
            ProfileRef::Id(_) => None,
            ProfileRef::Identity(identity) => Some(&identity.handle),
        };
        (handle, self.profile.identifier(), &self.record).serialize(serializer)
    }
}

/// A record of a product: a variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ForProduct<R> {
    /// The id of the product.
    pub product: Id,
    /// The record.
    pub record: R,
}

impl<R> ForProduct<R> {
    /// A product's record.
    pub fn new(product: impl Into<Id>, record: R) -> Self {
        Self {
            product: product.into(),
            record,
        }
    }
}
