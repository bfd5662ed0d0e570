//! One credit of a customer, redeemed: a gift card at the till.

use std::fmt;

use omneo_api::Error;
use omneo_api::types::{Credit, CreditRedeemInput, Redemption, RedemptionType};
use omneo_types::{Amount, Field, Id};

use super::find::{self, Settled, Sought};
use super::transaction::Transaction;
use crate::incentives::{InstanceRef, check};
use crate::profile::Profile;

/// Redeems from one credit: made by [`Profile::redeem_credit`], sent by [`send`](RedeemCredit::send).
#[must_use = "nothing is sent before `send`"]
#[derive(Clone)]
pub struct RedeemCredit {
    profile: Profile,
    credit: Option<Id>,
    amount: Amount,
    security_code: Option<String>,
    pub(super) transaction: Transaction,
}

impl Profile {
    /// Redeems an amount from one credit of this profile.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// let profile = omneo.profile("9332c9b2-e31c-4d49-8ec3-62a9466d339c");
    /// profile.redeem_credit(7, 20).security_code("4711").reference("POS-991").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn redeem_credit(
        &self,
        credit: impl Into<InstanceRef<Credit>>,
        amount: impl Into<Amount>,
    ) -> RedeemCredit {
        RedeemCredit {
            profile: self.clone(),
            credit: credit.into().required("credit").ok(),
            amount: amount.into(),
            security_code: None,
            transaction: Transaction::default(),
        }
    }
}

impl RedeemCredit {
    /// The code on the card, where its definition asks for one.
    pub fn security_code(mut self, code: impl Into<String>) -> Self {
        self.security_code = Some(code.into());
        self
    }

    /// Sends it. What holds for an answer that is lost is what [`Redeem::send`](super::Redeem::send) says.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for what can't be right; `Validation` for more than is left; whatever else keeps a call from
    /// succeeding.
    pub async fn send(self) -> Result<Redemption, Error> {
        check::positive("amount", self.amount)?;
        self.transaction.check()?;
        let Some(credit) = &self.credit else {
            return Err(check::refuse(
                "credit",
                "has no id; read it from the server first",
            ));
        };
        let omneo = &self.profile.omneo;
        let profile = omneo.profile_id(&self.profile.reference).await?;
        let reference = self.transaction.reference();
        let sought = reference.as_ref().map(|reference| Sought {
            reference,
            kind: RedemptionType::Redeem,
            profile: Some(&profile),
            amount: Some(self.amount),
            credit: Some(credit),
        });
        if let Some(sought) = sought.as_ref().filter(|_| self.transaction.looks_first)
            && let Some(found) = find::find(omneo, sought, None)
                .await
                .map_err(check::unsent)?
        {
            return Ok(found);
        }
        let body = CreditRedeemInput {
            amount: self.amount,
            security_code: Field::or_absent(self.security_code.clone()),
            location_id: self.transaction.location(),
            meta: self.transaction.meta(),
            transaction_external_id: self.transaction.external_id(),
            transaction_receipt_ref: self.transaction.receipt_ref(),
        };
        let send = async || {
            let client = omneo.api();
            let answer = client
                .profiles_credits_redeem(&profile, credit, &body)
                .await?;
            Ok(answer.into_inner().into_inner())
        };
        match find::settle(omneo, sought.as_ref(), self.transaction.look_for, send).await? {
            Settled::Answered(redemption) => Ok(redemption),
            Settled::Found(found) => Ok(*found),
        }
    }
}

impl fmt::Debug for RedeemCredit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedeemCredit")
            .field("credit", &self.credit)
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}
