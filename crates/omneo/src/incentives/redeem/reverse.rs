//! Undoing a redemption, in its first ten minutes.

use omneo_api::Error;
use omneo_api::types::{Redemption, SuccessfulRedemption};
use omneo_types::jiff::{self, SignedDuration};
use omneo_types::{Id, Timestamp};

use super::strategy::{Redeemed, Return};
use crate::client::Omneo;
use crate::incentives::check;
use crate::incentives::when::moment;

/// Which redemption is meant: one that was read, or its id.
#[derive(Clone, Debug)]
pub struct RedemptionRef {
    id: Option<Id>,
    made_at: Option<Timestamp>,
}

impl RedemptionRef {
    pub(super) fn required(self) -> Result<Id, Error> {
        self.id
            .ok_or_else(|| check::refuse("redemption", "has no id; read it from the server first"))
    }

    /// Whether it was made so long ago that even a clock which is wrong by a minute says so.
    fn is_too_old(&self, now: jiff::Timestamp) -> bool {
        const LIMIT: SignedDuration = SignedDuration::from_mins(10);
        const SKEW: SignedDuration = SignedDuration::from_mins(1);
        let made_at = self.made_at.as_ref().map(Timestamp::to_instant_utc);
        made_at.is_some_and(|made_at| now.duration_since(made_at) > LIMIT + SKEW)
    }
}

impl From<&Redemption> for RedemptionRef {
    fn from(redemption: &Redemption) -> Self {
        Self {
            id: redemption.id.clone(),
            made_at: redemption.created_at.clone(),
        }
    }
}

impl From<&SuccessfulRedemption> for RedemptionRef {
    fn from(redemption: &SuccessfulRedemption) -> Self {
        Self {
            id: redemption.id.clone(),
            made_at: redemption.created_at.clone(),
        }
    }
}

impl From<&Redeemed> for RedemptionRef {
    fn from(redeemed: &Redeemed) -> Self {
        Self::from(&redeemed.redemption)
    }
}

macro_rules! ids {
    ($($id:ty)+) => {$(
        impl From<$id> for RedemptionRef {
            fn from(id: $id) -> Self {
                Self {
                    id: Some(id.into()),
                    made_at: None,
                }
            }
        }
    )+};
}

ids! { Id &Id i64 i32 u32 u64 }

impl Omneo {
    /// Undoes a redemption, as if it had not been: only within ten minutes, by Omneo's rule. Later there is
    /// [`return_`](Omneo::return_).
    ///
    /// It is not sent twice, as it is not known what a second one does.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a redemption that was read and is surely older than ten minutes; whatever else keeps a call from
    /// succeeding.
    pub async fn reverse(
        &self,
        redemption: impl Into<RedemptionRef>,
    ) -> Result<SuccessfulRedemption, Error> {
        let redemption = redemption.into();
        if redemption.is_too_old(moment(self.shared.core.timer.system_now())) {
            return Err(check::refuse(
                "redemption",
                "is more than ten minutes old by this machine's clock, and can't be reversed any more; give it back with `return_`, or pass its id alone if the clock is wrong",
            ));
        }
        let redemption = redemption.required()?;
        let answer = self.api().redemptions_reversal(&redemption).await?;
        Ok(answer.into_inner().into_inner())
    }

    /// Gives back what was redeemed, at any time: the server issues it anew.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// omneo.return_(991).amount(20).reference("POS-991-R").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn return_(&self, redemption: impl Into<RedemptionRef>) -> Return {
        Return::new(self, redemption.into())
    }
}
