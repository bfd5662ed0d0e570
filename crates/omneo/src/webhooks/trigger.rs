//! The names of events.

use std::fmt;
use std::str::FromStr;

use omneo_types::OpenEnum;

/// Each row is an event: its variant, its name, and what its context is about.
macro_rules! triggers {
    ($($variant:ident $name:literal $group:ident)+) => {
        /// What happened, as far as it is known; the tenant's own events have names of their own, and Omneo may add to
        /// its. So it comes as an [`OpenEnum`]: `"acme.birthday".parse::<OpenEnum<Trigger>>()` is one too.
        ///
        /// ```
        /// use omneo::omneo_types::OpenEnum;
        /// use omneo::webhooks::{Group, Trigger};
        ///
        /// let trigger: OpenEnum<Trigger> = "tier.achieved".parse()?;
        /// assert_eq!(trigger, Trigger::TierAchieved);
        /// assert_eq!(Trigger::TierAchieved.group(), Group::Tier);
        /// # Ok::<(), std::convert::Infallible>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Trigger {
            $(#[doc = concat!("`", $name, "`")] $variant,)+
        }

        impl Trigger {
            /// Every one that this version knows.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name, as it is sent and subscribed to.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What its context is about.
            #[must_use]
            pub const fn group(self) -> Group {
                match self {
                    $(Self::$variant => Group::$group,)+
                }
            }
        }

        impl FromStr for Trigger {
            type Err = UnknownTrigger;

            fn from_str(name: &str) -> Result<Self, UnknownTrigger> {
                match name {
                    $($name => Ok(Self::$variant),)+
                    _ => Err(UnknownTrigger),
                }
            }
        }
    };
}

triggers! {
    ProfileCreated "profile.created" Profile
    ProfileTemporaryCreated "profile-temporary.created" Profile
    ProfileUpdated "profile.updated" Profile
    ProfileMerged "profile.merged" Profile
    ProfileBeforeUpdate "profile.before.update" Profile
    ProfileDeleted "profile.deleted" Profile
    ProfileAddressCreated "profile.address.created" Address
    ProfileAddressUpdated "profile.address.updated" Address
    ProfileAddressDeleted "profile.address.deleted" Address
    AddressCreated "address.created" Address
    AddressUpdated "address.updated" Address
    ProductCreated "product.created" Product
    ProductUpdated "product.updated" Product
    ProductDeleted "product.deleted" Product
    IdentityCreated "identity.created" Identity
    ProductListCreated "product-list.created" ProductList
    ProductListUpdated "product-list.updated" ProductList
    ProductListItemCreated "product-list-item.created" ProductListItem
    ProductListItemUpdated "product-list-item.updated" ProductListItem
    ProductListItemLinked "product-list-item.linked" ProductListItem
    ProductListShareCreated "product-list-share.created" ProductListShare
    ProductListShareDeleted "product-list-share.deleted" ProductListShare
    AggregationUpdated "aggregation.updated" Aggregation
    InteractionCreated "interaction.created" Interaction
    ProfileAttributeUpdated "profile-attribute.updated" Attribute
    RewardCreated "reward.created" Reward
    RewardUpdated "reward.updated" Reward
    RewardDeleted "reward.deleted" Reward
    RewardIssued "reward.issued" Reward
    RewardRedeemed "reward.redeemed" Reward
    BenefitCreated "benefit.created" Benefit
    BenefitUpdated "benefit.updated" Benefit
    BenefitDeleted "benefit.deleted" Benefit
    BenefitCodeAllocated "benefit.code.allocated" Benefit
    BenefitIssued "benefit.issued" Benefit
    BenefitRedeemed "benefit.redeemed" Benefit
    BenefitDefinitionCreated "benefit-definition.created" BenefitDefinition
    BenefitDefinitionUpdated "benefit-definition.updated" BenefitDefinition
    BenefitDefinitionDeleted "benefit-definition.deleted" BenefitDefinition
    PointCreated "point.created" Point
    PointUpdated "point.updated" Point
    PointDeleted "point.deleted" Point
    PointsAwarded "points.awarded" Point
    TierAchieved "tier.achieved" Tier
    TierLost "tier.lost" Tier
    TierMaintained "tier.maintained" Tier
    TierProgressed "tier.progressed" Tier
    TierPointCreated "tier-point.created" TierPoint
    TierPointUpdated "tier-point.updated" TierPoint
    TierPointDeleted "tier-point.deleted" TierPoint
    AchievementProgressed "achievement.progressed" Achievement
    AchievementUnlocked "achievement.unlocked" Achievement
    AchievementLost "achievement.lost" Achievement
    TransactionCreated "transaction.created" Transaction
    TransactionTierPointsIssued "transaction.tier-points.issued" Transaction
    TransactionResent "transaction.resent" Transaction
    TransactionUpdated "transaction.updated" Transaction
    TransactionReceived "transaction.received" Transaction
    TransactionSync "transaction.sync" Transaction
    TransactionDeleted "transaction.deleted" Transaction
    TransactionPointsIssued "transaction.points.issued" Transaction
    TransactionItemCreated "transaction-item.created" TransactionItem
    TransactionItemResent "transaction-item.resent" TransactionItem
    RatingCreated "rating.created" Rating
    RatingUpdated "rating.updated" Rating
    BalanceUpdated "balance.updated" Balance
    OrderCreated "order.created" Order
    OrderUpdated "order.updated" Order
    ConnectionCreated "connection.created" Connection
    ConnectionUpdated "connection.updated" Connection
    ConnectionDeleted "connection.deleted" Connection
    LocationCreated "location.created" Location
    LocationUpdated "location.updated" Location
    RegionCreated "region.created" Region
    RegionUpdated "region.updated" Region
    RateCreated "rate.created" Rate
    RateUpdated "rate.updated" Rate
}

/// A name that this version of the client does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownTrigger;

impl fmt::Display for UnknownTrigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no event of this name is known; read it as an OpenEnum<Trigger>")
    }
}

impl std::error::Error for UnknownTrigger {}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Trigger> for String {
    fn from(trigger: Trigger) -> Self {
        trigger.name().to_owned()
    }
}

/// What events are about. What their contexts are is in the table of [`Context`](super::Context).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[allow(missing_docs)] // the words are the API's
pub enum Group {
    Profile,
    Address,
    Product,
    Identity,
    ProductList,
    ProductListItem,
    ProductListShare,
    Aggregation,
    Interaction,
    Attribute,
    Reward,
    Benefit,
    BenefitDefinition,
    Point,
    Tier,
    TierPoint,
    Achievement,
    Transaction,
    TransactionItem,
    Rating,
    Balance,
    Order,
    Connection,
    Location,
    Region,
    Rate,
}

/// Events by name: one or several [`Trigger`]s, a [`Group`], or the text of an event that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triggers(Vec<String>);

impl Triggers {
    /// Their names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }
}

impl From<Trigger> for Triggers {
    fn from(trigger: Trigger) -> Self {
        trigger.name().into()
    }
}

impl From<&str> for Triggers {
    fn from(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }
}

impl From<OpenEnum<Trigger>> for Triggers {
    fn from(trigger: OpenEnum<Trigger>) -> Self {
        Self(vec![trigger.to_string()])
    }
}

impl From<Group> for Triggers {
    fn from(group: Group) -> Self {
        let all = Trigger::ALL.iter();
        let of_group = all.filter(|trigger| trigger.group() == group);
        Self(of_group.map(|trigger| trigger.name().to_owned()).collect())
    }
}

impl<T: Into<Triggers>, const N: usize> From<[T; N]> for Triggers {
    fn from(triggers: [T; N]) -> Self {
        let each = triggers.into_iter().map(Into::into);
        Self(each.flat_map(|Self(names)| names).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use omneo_codegen::Source;

    use super::{Group, Trigger, Triggers};

    /// Named in guides only.
    const IN_GUIDES: [Trigger; 7] = [
        Trigger::BenefitIssued,
        Trigger::BenefitRedeemed,
        Trigger::RewardIssued,
        Trigger::RewardRedeemed,
        Trigger::PointsAwarded,
        Trigger::RateCreated,
        Trigger::RateUpdated,
    ];

    #[test]
    fn the_names_are_those_of_the_schema_and_of_the_guides() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let source = Source::read(&root)
            .and_then(|source| source.correct())
            .unwrap();
        let names = &source.document()["components"]["schemas"]["WebhookDelivery"]["properties"]["x-omneo-event"]
            ["enum"];
        let mut published: Vec<_> = names
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        published.sort_unstable();
        assert_eq!(published.len(), 70);
        let mut ours: Vec<_> = Trigger::ALL
            .iter()
            .filter(|trigger| !IN_GUIDES.contains(trigger))
            .map(|trigger| trigger.name())
            .collect();
        ours.sort_unstable();
        assert_eq!(ours, published);
        assert_eq!(Trigger::ALL.len(), 77);
    }

    #[test]
    fn a_name_is_parsed_as_its_trigger() {
        for trigger in Trigger::ALL {
            assert_eq!(trigger.to_string().parse(), Ok(*trigger));
        }
        assert!("Profile.Created".parse::<Trigger>().is_err());
    }

    #[test]
    fn a_group_has_all_of_its_triggers() {
        let rate = Triggers::from(Group::Rate);
        assert_eq!(rate.names(), ["rate.created", "rate.updated"]);
        let several = Triggers::from([Trigger::RateCreated, Trigger::RegionCreated]);
        assert_eq!(several.names(), ["rate.created", "region.created"]);
    }
}
