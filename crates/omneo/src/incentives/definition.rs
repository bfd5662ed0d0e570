//! What is defined once, and what is made of it for a customer.

use std::fmt;
use std::marker::PhantomData;

#[allow(unused_imports)] // the documentation names them
use omneo_api::types;
use omneo_types::{Amount, Id};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A definition: what an incentive is, before a customer has it. One for each of the six families.
///
/// | definition | what is made of it | how |
/// |---|---|---|
/// | [`RewardDefinition`](types::RewardDefinition) | [`Reward`](types::Reward) | issued |
/// | [`BenefitDefinition`](types::BenefitDefinition) | [`Benefit`](types::Benefit) | issued, or claimed by the customer |
/// | [`PointDefinition`](types::PointDefinition) | [`Point`](types::Point), [`TierPoint`](types::TierPoint) | issued |
/// | [`CreditDefinition`](types::CreditDefinition) | [`Credit`](types::Credit) | issued, to a customer or to the bearer |
/// | [`TierDefinition`](types::TierDefinition) | [`TierProgress`](types::TierProgress) | assigned, or reached by tier points |
/// | [`AchievementDefinition`](types::AchievementDefinition) | [`AchievementPoint`](types::AchievementPoint) | counted |
pub trait Definition:
    sealed::Sealed + fmt::Debug + Clone + Default + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// What is made of it.
    type Instance: Instance<Definition = Self>;

    /// The handle that reads and writes definitions of this family.
    type Definitions: super::Definitions<Definition = Self>;

    /// Which family it is.
    const FAMILY: Family;
}

/// What a customer has of a [`Definition`].
pub trait Instance: DeserializeOwned + Send + Sync + 'static {
    /// What it was made of.
    type Definition: Definition<Instance = Self>;

    /// Its id.
    fn id(&self) -> Option<&Id>;

    /// The profile that has it. A credit may have none.
    fn profile_id(&self) -> Option<&Id>;

    /// Its definition, which the server nests in most answers. Of a tier's progress it is the present tier's; a count
    /// toward an achievement has none.
    fn definition(&self) -> Option<&Self::Definition>;
}

/// One of the six families.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Family {
    /// Money to spend, with an expiry.
    Rewards,
    /// A service or a discount, to be redeemed some times.
    Benefits,
    /// Points to spend.
    Points,
    /// Money to spend that may belong to nobody: gift cards, refunds, store credit.
    Credits,
    /// The standing of a customer.
    Tiers,
    /// What a customer does again and again, counted.
    Achievements,
}

impl Family {
    /// What a definition of the family is called.
    pub(crate) fn definition(self) -> &'static str {
        match self {
            Self::Rewards => "reward definition",
            Self::Benefits => "benefit definition",
            Self::Points => "point definition",
            Self::Credits => "credit definition",
            Self::Tiers => "tier definition",
            Self::Achievements => "achievement definition",
        }
    }
}

/// Which definition is meant: one that was read, or its id, or its handle.
///
/// A text is a handle and a number is an id; for an id that is a text, pass an [`Id`].
///
/// ```
/// use omneo::incentives::DefinitionRef;
/// use omneo::omneo_types::Id;
/// use omneo::types::RewardDefinition;
///
/// let by_handle = DefinitionRef::<RewardDefinition>::from("birthday");
/// let by_id = DefinitionRef::<RewardDefinition>::from(7);
/// let by_id = DefinitionRef::<RewardDefinition>::from(Id::from("7"));
/// let read = RewardDefinition { id: Some(7.into()), ..Default::default() };
/// let by_itself = DefinitionRef::from(&read);
/// ```
pub struct DefinitionRef<D> {
    pub(super) named: Named,
    definition: PhantomData<fn() -> D>,
}

#[derive(Clone, Debug)]
pub(super) enum Named {
    Id(Id),
    Handle(String),
    Read(Facts),
}

/// What has to be known of a definition to make something of it.
#[derive(Clone, Debug, Default)]
#[allow(unreachable_pub)] // a sealed trait has it
pub struct Facts {
    pub(super) id: Option<Id>,
    pub(super) handle: Option<String>,
    pub(super) timezone: Option<String>,
    pub(super) max_value: Option<Amount>,
}

impl<D> DefinitionRef<D> {
    pub(super) fn new(named: Named) -> Self {
        Self {
            named,
            definition: PhantomData,
        }
    }
}

impl<D> Clone for DefinitionRef<D> {
    fn clone(&self) -> Self {
        Self::new(self.named.clone())
    }
}

impl<D: Definition> fmt::Debug for DefinitionRef<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", D::FAMILY.definition())?;
        match &self.named {
            Named::Id(id) => id.fmt(f),
            Named::Handle(handle) => handle.fmt(f),
            Named::Read(facts) => (&facts.id, &facts.handle).fmt(f),
        }
    }
}

impl<D> From<&str> for DefinitionRef<D> {
    fn from(handle: &str) -> Self {
        Self::new(Named::Handle(handle.to_owned()))
    }
}

impl<D> From<String> for DefinitionRef<D> {
    fn from(handle: String) -> Self {
        Self::new(Named::Handle(handle))
    }
}

impl<D> From<&String> for DefinitionRef<D> {
    fn from(handle: &String) -> Self {
        Self::new(Named::Handle(handle.clone()))
    }
}

super::ids::from_ids! {
    [D] DefinitionRef<D> = |id| DefinitionRef::new(Named::Id(id));
    Id, &Id, i64, i32, u32, u64
}

pub(super) mod sealed {
    use omneo_api::Error;

    use super::Facts;

    /// What this crate needs of a definition.
    pub trait Sealed: Sized {
        fn facts(&self) -> Facts;

        /// The definition with a handle, as its family finds one.
        fn find(
            definitions: &<Self as super::Definition>::Definitions,
            handle: &str,
        ) -> impl Future<Output = Result<Option<Self>, Error>> + Send
        where
            Self: super::Definition;
    }
}
