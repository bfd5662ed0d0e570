//! Contexts by what they are about.

#[cfg(any(
    feature = "commerce",
    all(feature = "incentives", feature = "automation")
))]
use serde::Deserialize;

use super::{ContextError, Event};
#[allow(unused_imports)] // a build without sections has none
use crate::types;

/// Each row is what a group's contexts are read as, and the features that have the type.
macro_rules! contexts {
    ($($(#[$doc:meta])+ [$($features:tt)+] $group:ident($type:ty))+) => {
        /// The context of an event. It is not the record that the API answers: a profile's has balances and aggregations, a
        /// transaction's has its profile.
        ///
        /// What Omneo documents of contexts are those of profiles, transactions, orders, tiers and addresses. The others are
        /// read as the record that the event is about, by types that take every form of a value that has been seen; fields
        /// that are missing are `None`. A context that does not fit is [`Unreadable`](Self::Unreadable), one for which there
        /// is no type is [`Unknown`](Self::Unknown), and the JSON is in the [`Event`] either way.
        ///
        /// A variant exists in builds with its section's feature; in others its events are `Unknown`.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum Context {
            $($(#[$doc])+ #[cfg($($features)+)] $group(Box<$type>),)+
            /// No type is known for it, or its section is not in this build.
            Unknown,
            /// It is otherwise than expected.
            Unreadable(ContextError),
        }

        impl Context {
            pub(super) fn of(event: &Event) -> Self {
                let Some(trigger) = event.trigger().known() else {
                    return Self::Unknown;
                };
                match trigger.group() {
                    $(#[cfg($($features)+)]
                    super::Group::$group => event.read().map_or_else(Self::Unreadable, Self::$group),)+
                    _ => Self::Unknown,
                }
            }
        }
    };
}

contexts! {
    /// `profile.*`, `profile-temporary.*`: the profile, its balances, aggregations, tags and tier. For the profile's other
    /// fields read it as [`types::Profile`](crate::types).
    [feature = "automation"] Profile(types::ProfileEventContext)
    /// `identity.*`
    [feature = "profiles"] Identity(types::Identity)
    /// `interaction.*`
    [feature = "profiles"] Interaction(types::Interaction)
    /// `rating.*`
    [feature = "profiles"] Rating(types::Rating)
    /// `address.*`, `profile.address.*`: the address and whose it is.
    [feature = "automation"] Address(types::AddressEventContext)
    /// `reward.*`
    [feature = "incentives"] Reward(types::Reward)
    /// `benefit.*`
    [feature = "incentives"] Benefit(types::Benefit)
    /// `benefit-definition.*`
    [feature = "incentives"] BenefitDefinition(types::BenefitDefinition)
    /// `point.*`, `points.*`
    [feature = "incentives"] Point(types::Point)
    /// `tier.*`: the profile and the definition.
    [all(feature = "incentives", feature = "automation")] Tier(TierContext)
    /// `tier-point.*`
    [feature = "incentives"] TierPoint(types::TierPoint)
    /// `achievement.*`
    [feature = "incentives"] Achievement(types::ProfileAchievement)
    /// `rate.*`
    [feature = "incentives"] Rate(types::Rate)
    /// `transaction.*`: the transaction and its profile.
    [feature = "commerce"] Transaction(TransactionContext)
    /// `transaction-item.*`
    [feature = "commerce"] TransactionItem(types::TransactionItem)
    /// `order.*`: the order with its profile, staff, location, items and transactions.
    [feature = "automation"] Order(types::OrderEventContext)
    /// `product.*`
    [feature = "commerce"] Product(types::Product)
    /// `location.*`
    [feature = "commerce"] Location(types::Location)
    /// `product-list.*`
    [feature = "lists"] ProductList(types::ProductList)
    /// `product-list-item.*`
    [feature = "lists"] ProductListItem(types::ProductListItem)
    /// `product-list-share.*`
    [feature = "lists"] ProductListShare(types::ProductListShare)
    /// `connection.*`
    [feature = "configuration"] Connection(types::Connection)
    /// `region.*`
    [feature = "configuration"] Region(types::Region)
}

/// The context of `transaction.*`.
#[cfg(feature = "commerce")]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TransactionContext {
    /// The transaction. Of the profile it has the email only.
    pub transaction: types::Transaction,
    /// Whose it is, with aggregations and balances.
    #[cfg(feature = "automation")]
    pub profile: Option<types::ProfileEventContext>,
}

#[cfg(feature = "commerce")]
impl<'de> Deserialize<'de> for TransactionContext {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        Ok(Self {
            #[cfg(feature = "automation")]
            profile: nested(&json, &["profile"])?,
            transaction: serde_json::from_value(json).map_err(serde::de::Error::custom)?,
        })
    }
}

/// The context of `tier.*`: "the profile and the tier definition". Under which names is not documented, so that both of
/// these are read: a profile at the root or in `profile`; a definition in `definition`, `tier_definition`, or beside a
/// nested profile in `tier`.
#[cfg(all(feature = "incentives", feature = "automation"))]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TierContext {
    /// Whose tier it is.
    pub profile: types::ProfileEventContext,
    /// The tier that was reached or lost.
    pub definition: Option<types::TierDefinition>,
}

#[cfg(all(feature = "incentives", feature = "automation"))]
impl<'de> Deserialize<'de> for TierContext {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        let names = ["definition", "tier_definition", "tier"];
        Ok(match nested(&json, &["profile"])? {
            Some(profile) => Self {
                profile,
                definition: nested(&json, &names)?,
            },
            // At the root `tier` is the profile's own.
            None => Self {
                definition: nested(&json, &names[..2])?,
                profile: serde_json::from_value(json).map_err(serde::de::Error::custom)?,
            },
        })
    }
}

/// The first of these members that is an object.
#[cfg(all(
    feature = "automation",
    any(feature = "commerce", feature = "incentives")
))]
fn nested<T: serde::de::DeserializeOwned, E: serde::de::Error>(
    json: &serde_json::Value,
    names: &[&str],
) -> Result<Option<T>, E> {
    let found = names.iter().filter_map(|name| json.get(name));
    let mut objects = found.filter(|value| value.is_object());
    objects
        .next()
        .map(T::deserialize)
        .transpose()
        .map_err(E::custom)
}
