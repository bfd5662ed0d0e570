//! One benefit of a customer, redeemed and given back.

use omneo_api::Error;
use omneo_api::types::{Benefit, BenefitRedeemInput, BenefitReturnInput, Redemption};
use omneo_types::Integer;

use super::reverse::RedemptionRef;
use crate::client::Omneo;
use crate::incentives::{InstanceRef, check, inner};
use crate::profile::Profile;

fn times(count: u32) -> Result<Option<Integer>, Error> {
    match count {
        0 => Err(check::refuse("count", "is 0; it has to be above zero")),
        count => Ok(Some(i64::from(count).into())),
    }
}

impl Profile {
    /// Redeems one benefit of this profile some times.
    ///
    /// It is not sent twice; when the answer is lost, the benefit's `redemptions_remaining` tells.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a count of 0, `Validation` for more than are left; whatever else keeps a call from succeeding.
    pub async fn redeem_benefit(
        &self,
        benefit: impl Into<InstanceRef<Benefit>>,
        count: u32,
    ) -> Result<Redemption, Error> {
        let benefit = benefit.into().required("benefit")?;
        let body = BenefitRedeemInput {
            count: times(count)?,
        };
        let profile = self.omneo.profile_id(&self.reference).await?;
        let client = self.omneo.api();
        client
            .profiles_benefits_redeem_store(&profile, &benefit, &body)
            .await
            .map(inner)
    }
}

impl Omneo {
    /// Gives a benefit back that was redeemed some times.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a count of 0; whatever else keeps a call from succeeding.
    pub async fn return_benefit(
        &self,
        redemption: impl Into<RedemptionRef>,
        count: u32,
    ) -> Result<Redemption, Error> {
        let redemption = redemption.into().required()?;
        let body = BenefitReturnInput {
            count: times(count)?,
        };
        let client = self.api();
        client
            .redemptions_benefit_return(&redemption, &body)
            .await
            .map(inner)
    }
}
