//! Incentives: rewards, benefits, points, credits, tiers and achievements, all by one model. What is defined once, a
//! [`Definition`], becomes something that a customer has, its [`Instance`].
//!
//! ```no_run
//! # #[cfg(feature = "profiles")]
//! # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
//! use omneo::incentives::Definitions;
//! use omneo::types::{PointDefinition, RewardDefinition, TierDefinition};
//!
//! let profile = "9332c9b2-e31c-4d49-8ec3-62a9466d339c";
//!
//! // By a definition that was read, by its handle, or by its id.
//! let birthday = omneo.rewards().definitions().by_handle("birthday").await?;
//! let reward = omneo.issue(&birthday).to(profile).value(20).send().await?;
//! let points = omneo.issue::<PointDefinition>("purchase").to(profile).value(150).send().await?;
//! let tier = omneo.issue::<TierDefinition>(3).to(profile).send().await?;
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "platform")]
mod allocate;
mod allocation_count;
mod check;
mod definition;
mod definitions;
mod ensure;
mod extend;
mod families;
mod ids;
mod issue;
mod lookup;
mod redeem;
mod source;
mod unknown;
mod when;

#[cfg(feature = "platform")]
pub use allocate::{Allocated, Code};
pub use definition::{Definition, DefinitionRef, Family, Instance};
pub use definitions::Definitions;
pub use ensure::Ensured;
pub use extend::{Extendable, Extension, InstanceRef};
#[cfg(feature = "profiles")]
pub use issue::{Claim, ClaimAndRedeem};
pub use issue::{
    Counted, Dated, Expiring, External, Given, Issuable, Issue, Location, Missing, Noted,
    ProfileGiven, Remaining, State, TierPoints, ValueGiven, Valued, Zoned,
};
#[cfg(feature = "platform")]
pub use issue::{Each, Recipient};
pub(crate) use lookup::Lookups;
#[cfg(feature = "platform")]
pub(crate) use redeem::find_redeemed;
pub use redeem::{BenefitRef, Redeem, RedeemCredit, Redeemed, RedemptionRef, Reference, Return};
pub use source::{SourceId, TierPointSource};
pub use when::When;

pub use crate::difference::Difference;

/// What an amount is redeemed from.
pub use omneo_api::types::StrategyInputStrategiesItem as Strategy;

use crate::client::Omneo;
#[cfg(feature = "profiles")]
use crate::profile::Profile;

/// What is in the envelope of an answer.
fn inner<T>(answer: omneo_api::ResponseValue<omneo_types::Data<T>>) -> T {
    answer.into_inner().into_inner()
}

impl Omneo {
    /// Makes something of a definition for a customer: issues a reward, a benefit, points or a credit, assigns a tier,
    /// counts toward an achievement.
    ///
    /// The definition is one that was read, or a handle, or an id; for a handle or an id the family has to be named:
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// use omneo::identity;
    /// use omneo::types::{AchievementDefinition, CreditDefinition};
    ///
    /// let customer = identity("shopify", "7010205892808");
    /// omneo.issue::<AchievementDefinition>("five-visits").to(customer).count(1).send().await?;
    ///
    /// // A gift card is nobody's at first.
    /// let card = omneo.issue::<CreditDefinition>("gift-card").value(50).recipient_email("ada@example.com").send().await?;
    /// println!("{:?} {:?}", card.credit_number, card.security_code);
    /// # Ok(())
    /// # }
    /// ```
    pub fn issue<D: Issuable<Definition = D> + Definition>(
        &self,
        definition: impl Into<DefinitionRef<D>>,
    ) -> Issue<D> {
        Issue::new(self, definition.into())
    }

    /// Gives points that count toward a tier and can't be spent. They are made of a point definition.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// let profile = "9332c9b2-e31c-4d49-8ec3-62a9466d339c";
    /// omneo.tier_points("purchase").to(profile).value(150).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tier_points(
        &self,
        definition: impl Into<DefinitionRef<omneo_api::types::PointDefinition>>,
    ) -> Issue<TierPoints> {
        Issue::new(self, definition.into())
    }

    /// The definitions of a family, for code that works with any: `omneo.definitions::<RewardDefinition>()` is
    /// `omneo.rewards().definitions()`.
    pub fn definitions<D: Definition>(&self) -> D::Definitions {
        <D::Definitions as Definitions>::of(self.api())
    }
}

#[cfg(feature = "profiles")]
impl Profile {
    /// Claims a benefit: what the customer does in an app, for a definition that is claimable.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// let profile = omneo.profile("9332c9b2-e31c-4d49-8ec3-62a9466d339c");
    /// for definition in profile.benefits().claimable().list().all(100).await? {
    ///     profile.claim(&definition).send().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn claim(
        &self,
        definition: impl Into<DefinitionRef<omneo_api::types::BenefitDefinition>>,
    ) -> Issue<Claim, Given> {
        Issue::new(&self.omneo, definition.into()).to(self.reference.clone())
    }

    /// Claims a benefit and redeems it at once.
    pub fn claim_and_redeem(
        &self,
        definition: impl Into<DefinitionRef<omneo_api::types::BenefitDefinition>>,
    ) -> Issue<ClaimAndRedeem, Given> {
        Issue::new(&self.omneo, definition.into()).to(self.reference.clone())
    }
}
