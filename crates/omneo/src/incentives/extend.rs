//! More time for what a customer has.

use std::marker::PhantomData;

use omneo_api::{Client, Error, types};
use omneo_types::jiff::tz::TimeZone;
use omneo_types::{Field, Id, List};

use super::check;
use super::definition::Instance;
use super::ids;
use super::when::When;
use crate::profile::Profile;

/// How much more time.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension(By);

#[derive(Clone, Debug, PartialEq)]
enum By {
    Days(i64),
    Until(When),
}

impl Extension {
    /// As many days more.
    #[must_use]
    pub fn days(days: u32) -> Self {
        Self(By::Days(days.into()))
    }

    /// Up to another date or time, in place of the present one. A moment is turned to the client's zone
    /// ([`Builder::timezone`](crate::Builder::timezone)), or UTC: the one of what is extended is not looked up.
    pub fn until(time: impl Into<When>) -> Self {
        Self(By::Until(time.into()))
    }
}

/// Which one is meant: an [`Instance`] that was read, or its id.
pub struct InstanceRef<I> {
    id: Option<Id>,
    instance: PhantomData<fn() -> I>,
}

impl<I: Instance> From<&I> for InstanceRef<I> {
    fn from(instance: &I) -> Self {
        Self {
            id: instance.id().cloned(),
            instance: PhantomData,
        }
    }
}

impl<I> InstanceRef<I> {
    /// The id, for an argument of this name.
    pub(super) fn required(self, argument: &str) -> Result<Id, Error> {
        let id = self
            .id
            .ok_or_else(|| check::refuse(argument, "has no id; read it from the server first"))?;
        if id.as_str().is_empty() {
            return Err(check::refuse(argument, "has an empty id"));
        }
        Ok(id)
    }
}

macro_rules! ids {
    ($($id:ty)+) => {$(
        impl<I> From<$id> for InstanceRef<I> {
            fn from(id: $id) -> Self {
                Self {
                    id: Some(id.into()),
                    instance: PhantomData,
                }
            }
        }
    )+};
}

ids! { Id i64 i32 u32 u64 }

/// What can be given more time: rewards, benefits and credits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be extended",
    note = "rewards, benefits and credits can"
)]
pub trait Extendable: Instance + sealed::Extend {}

impl Extendable for types::Reward {}
impl Extendable for types::Benefit {}
impl Extendable for types::Credit {}

pub(super) mod sealed {
    use omneo_api::{Client, Error};
    use omneo_types::{Id, Integer, List};

    pub trait Extend: Sized {
        fn extend(
            client: &Client,
            profile: Id,
            ids: List<Id>,
            days: Option<Integer>,
            date: Option<String>,
        ) -> impl Future<Output = Result<Vec<Self>, Error>> + Send;
    }
}

macro_rules! extendable {
    ($($instance:ident: $method:ident $body:ident $field:path;)+) => {$(
        impl sealed::Extend for types::$instance {
            async fn extend(
                client: &Client,
                profile_id: Id,
                ids: List<Id>,
                days: Option<omneo_types::Integer>,
                date: Option<String>,
            ) -> Result<Vec<Self>, Error> {
                let body = types::$body {
                    profile_id,
                    ids,
                    extend_days: $field(days),
                    extend_date: $field(date),
                };
                let answer = client.$method(&body).await?;
                Ok(answer.into_inner().data.into())
            }
        }
    )+};
}

extendable! {
    Reward: rewards_extend RewardExtendInput Field::or_absent;
    Benefit: benefits_extend BenefitExtendInput std::convert::identity;
    Credit: credits_extend CreditExtendInput Field::or_absent;
}

impl Profile {
    /// Gives rewards, benefits or credits of this profile more time.
    ///
    /// The definition has to be extendable, and a reward is extended once at most. By days it is not repeated: a second
    /// time would add them twice.
    ///
    /// ```no_run
    /// # #[cfg(feature = "profiles")]
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// use omneo::incentives::Extension;
    /// use omneo::omneo_types::jiff::civil::date;
    /// use omneo::types::Benefit;
    ///
    /// let profile = omneo.profile("9332c9b2-e31c-4d49-8ec3-62a9466d339c");
    /// let rewards = profile.rewards().list().all(100).await?;
    /// let rewards = profile.extend(&rewards, Extension::days(30)).await?;
    /// let benefits = profile.extend::<Benefit>([16, 17], Extension::until(date(2027, 1, 31))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if there is nothing to extend, or by no days; `Validation` for what the server refuses.
    pub async fn extend<I: Extendable>(
        &self,
        instances: impl IntoIterator<Item = impl Into<InstanceRef<I>>>,
        by: Extension,
    ) -> Result<Vec<I>, Error> {
        let ids = instances.into_iter();
        let ids = ids.map(|instance| instance.into().required("instances").map(ids::number));
        let ids = ids.collect::<Result<Vec<Id>, Error>>()?;
        if ids.is_empty() {
            return Err(check::refuse("instances", "is empty; name at least one"));
        }
        let (days, date) = match by.0 {
            By::Days(0) => return Err(check::refuse("days", "is 0; it has to be above zero")),
            By::Days(days) => (Some(days.into()), None),
            By::Until(time) => {
                let zone = match self.omneo.shared.timezone.as_deref() {
                    Some(name) => check::timezone(name)?,
                    None => TimeZone::UTC,
                };
                (None, Some(time.in_zone(&zone).to_string()))
            }
        };
        let profile = self.omneo.profile_id(&self.reference).await?;
        I::extend(self.omneo.api(), profile, ids.into(), days, date).await
    }
}
