//! The fields that several families take, and which.

use omneo_api::types::{
    AchievementDefinition, BenefitDefinition, CreditDefinition, PointDefinition, RewardDefinition,
};
use omneo_types::{Amount, Id, Integer, Map};
use serde_json::Value;

#[cfg(feature = "profiles")]
use super::{Claim, ClaimAndRedeem};
use super::{Given, Issuable, Issue, TierPoints};
use crate::incentives::When;

/// What was given of the fields that several families take.
#[derive(Clone, Debug, Default)]
#[allow(unreachable_pub)] // a sealed trait has it
pub struct Fields {
    pub(in crate::incentives) value: Option<Amount>,
    pub(in crate::incentives) count: Option<Integer>,
    pub(in crate::incentives) value_remaining: Option<Amount>,
    pub(in crate::incentives) timezone: Option<String>,
    pub(in crate::incentives) issued_at: Option<When>,
    pub(in crate::incentives) accrued_at: Option<When>,
    pub(in crate::incentives) expires_at: Option<When>,
    pub(in crate::incentives) external_id: Option<Id>,
    pub(in crate::incentives) meta: Option<Map<Value>>,
}

/// A trait for each field, so that a field which a family lacks does not compile.
macro_rules! capabilities {
    ($($(#[$doc:meta])+ $name:ident $message:literal: $($(#[$cfg:meta])? $kind:ident)+;)+) => {$(
        $(#[$doc])+
        #[diagnostic::on_unimplemented(message = $message)]
        pub trait $name: Issuable {}

        $($(#[$cfg])? impl $name for $kind {})+
    )+};
}

capabilities! {
    /// It has a value: money, or points.
    Valued "`{Self}` takes no value": RewardDefinition BenefitDefinition PointDefinition CreditDefinition TierPoints;
    /// It counts.
    Counted "`{Self}` takes no count": AchievementDefinition;
    /// Some of its value may be spent already.
    Remaining "`{Self}` takes no remaining value": RewardDefinition PointDefinition CreditDefinition;
    /// Its times are of a zone.
    Zoned "`{Self}` takes no timezone": RewardDefinition BenefitDefinition CreditDefinition
        #[cfg(feature = "profiles")] Claim #[cfg(feature = "profiles")] ClaimAndRedeem;
    /// It may be issued at another time than now.
    Dated "`{Self}` takes no time of issue": RewardDefinition BenefitDefinition PointDefinition CreditDefinition
        AchievementDefinition TierPoints;
    /// It expires.
    Expiring "`{Self}` takes no expiry": RewardDefinition BenefitDefinition PointDefinition CreditDefinition
        AchievementDefinition;
    /// It has an id in the caller's own system.
    External "`{Self}` takes no external id": RewardDefinition BenefitDefinition CreditDefinition
        #[cfg(feature = "profiles")] Claim #[cfg(feature = "profiles")] ClaimAndRedeem;
    /// It holds data of the caller's own.
    Noted "`{Self}` takes no data of a caller's own": RewardDefinition BenefitDefinition PointDefinition
        CreditDefinition AchievementDefinition TierPoints
        #[cfg(feature = "profiles")] Claim #[cfg(feature = "profiles")] ClaimAndRedeem;
}

impl<K: Valued, To, V> Issue<K, To, V> {
    /// Its value: money in the tenant's currency, or points. Above zero.
    pub fn value(mut self, value: impl Into<Amount>) -> Issue<K, To, Given> {
        self.order.fields.value = Some(value.into());
        self.into_state()
    }
}

impl<K: Counted, To, V> Issue<K, To, V> {
    /// How many times it was done. Above zero.
    pub fn count(mut self, count: impl Into<Integer>) -> Issue<K, To, Given> {
        self.order.fields.count = Some(count.into());
        self.into_state()
    }
}

impl<K: Remaining, To, V> Issue<K, To, V> {
    /// What is left of its value, for one that was begun to be spent elsewhere. The whole value.
    pub fn value_remaining(mut self, value: impl Into<Amount>) -> Self {
        self.order.fields.value_remaining = Some(value.into());
        self
    }
}

impl<K: Zoned, To, V> Issue<K, To, V> {
    /// The zone of its times: an IANA name such as `Australia/Melbourne`. That of the definition, or else
    /// [`Builder::timezone`](crate::Builder::timezone).
    pub fn timezone(mut self, name: impl Into<String>) -> Self {
        self.order.fields.timezone = Some(name.into());
        self
    }
}

impl<K: Dated, To, V> Issue<K, To, V> {
    /// When it is issued. Now.
    pub fn issued_at(mut self, time: impl Into<When>) -> Self {
        self.order.fields.issued_at = Some(time.into());
        self
    }
}

impl<K: Expiring, To, V> Issue<K, To, V> {
    /// When it expires. By the definition's period.
    pub fn expires_at(mut self, time: impl Into<When>) -> Self {
        self.order.fields.expires_at = Some(time.into());
        self
    }
}

impl<K: External, To, V> Issue<K, To, V> {
    /// Its id in the caller's own system. Whether the server refuses a second one with the same id is not known; lists
    /// can be filtered by it.
    pub fn external_id(mut self, id: impl Into<Id>) -> Self {
        self.order.fields.external_id = Some(id.into());
        self
    }
}

impl<K: Noted, To, V> Issue<K, To, V> {
    /// Adds an entry to its `meta`: data of the caller's own.
    pub fn meta(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        let meta = self.order.fields.meta.get_or_insert_default();
        meta.insert(key.into(), value.into());
        self
    }
}
