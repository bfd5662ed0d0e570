//! Redeeming an amount from whatever a customer has.

use std::fmt;

use omneo_api::Error;
#[cfg(feature = "profiles")]
use omneo_api::types::ProfileBalances;
use omneo_api::types::{
    Benefit, RedeemStrategyInput, Redemption, RedemptionType, ReturnStrategyInput,
    StrategyBenefitItem, StrategyInputStrategiesItem as Strategy, SuccessfulRedemption,
};
use omneo_types::{Amount, Field, Id, List, OpenEnum};

use super::find::{self, Reference, Settled, Sought};
use super::reverse::RedemptionRef;
use super::transaction::Transaction;
use crate::client::Omneo;
use crate::incentives::check;
use crate::profile::Profile;

/// What is redeemed or given back, whichever way.
#[derive(Clone, Debug, Default)]
struct Wanted {
    amount: Option<Amount>,
    strategies: Option<Vec<Strategy>>,
    benefits: Vec<(BenefitRef, u32)>,
    strict: bool,
    currency: Option<String>,
}

impl Wanted {
    fn check(&self) -> Result<(), Error> {
        if let Some(amount) = self.amount {
            check::positive("amount", amount)?;
        }
        if self.strategies.as_ref().is_some_and(Vec::is_empty) {
            return Err(check::refuse(
                "strategies",
                "is empty; name what to use, or leave it out",
            ));
        }
        for (benefit, quantity) in &self.benefits {
            if *quantity == 0 {
                return Err(check::refuse(
                    "benefit",
                    "is wanted 0 times; it has to be above zero",
                ));
            }
            if benefit.is_empty() {
                return Err(check::refuse("benefit", "has neither an id nor a handle"));
            }
        }
        Ok(())
    }

    fn strategies(&self) -> Option<List<OpenEnum<Strategy>>> {
        let strategies = self.strategies.as_ref()?.iter();
        Some(
            strategies
                .map(|strategy| OpenEnum::from(*strategy))
                .collect(),
        )
    }

    fn benefits(&self) -> Field<List<StrategyBenefitItem>> {
        if self.benefits.is_empty() {
            return Field::Absent;
        }
        let items = self.benefits.iter().map(|(benefit, quantity)| {
            let (id, handle) = match benefit {
                BenefitRef::Id(id) => (Some(id.clone()), None),
                BenefitRef::Handle(handle) => (None, Some(handle.clone())),
            };
            StrategyBenefitItem {
                id,
                handle,
                quantity: Field::Value(i64::from(*quantity).into()),
            }
        });
        Field::Value(items.collect())
    }

    /// The amount, where it is in the tenant's currency as totals are.
    fn own_amount(&self) -> Option<Amount> {
        self.amount.filter(|_| self.currency.is_none())
    }

    fn strict(&self) -> Option<omneo_types::Flag> {
        self.strict.then(|| true.into())
    }
}

/// The setters of a builder with a `wanted`.
macro_rules! wanted_setters {
    ($($builder:ident)+) => {$(
        impl $builder {
            /// What to use, in this order. Without it the server chooses. Of rewards the one that expires next goes first.
            pub fn strategies(mut self, strategies: impl IntoIterator<Item = Strategy>) -> Self {
                self.wanted.strategies = Some(strategies.into_iter().collect());
                self
            }

            /// Adds a benefit, some times: one by its id, or any of a definition by its handle.
            pub fn benefit(mut self, benefit: impl Into<BenefitRef>, quantity: u32) -> Self {
                self.wanted.benefits.push((benefit.into(), quantity));
                self
            }

            /// The currency of the amount, where it is not the tenant's own: an ISO 4217 code such as `AUD`.
            pub fn currency(mut self, code: impl Into<String>) -> Self {
                self.wanted.currency = Some(code.into());
                self
            }

            /// Has it refused if there is not enough. Else the server takes what there is.
            pub fn strict(mut self) -> Self {
                self.wanted.strict = true;
                self
            }
        }
    )+};
}

wanted_setters! { Redeem Return }

/// A benefit to redeem along with an amount: by its id, or any of a definition by its handle.
///
/// A text is a handle and a number is an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BenefitRef {
    /// One benefit.
    Id(Id),
    /// Any benefit of a definition.
    Handle(String),
}

impl BenefitRef {
    fn is_empty(&self) -> bool {
        match self {
            Self::Id(id) => id.as_str().is_empty(),
            Self::Handle(handle) => handle.is_empty(),
        }
    }
}

impl From<&str> for BenefitRef {
    fn from(handle: &str) -> Self {
        Self::Handle(handle.to_owned())
    }
}

impl From<String> for BenefitRef {
    fn from(handle: String) -> Self {
        Self::Handle(handle)
    }
}

impl From<&Benefit> for BenefitRef {
    fn from(benefit: &Benefit) -> Self {
        Self::Id(benefit.id.clone().unwrap_or_else(|| "".into()))
    }
}

macro_rules! ids {
    ($($id:ty)+) => {$(
        impl From<$id> for BenefitRef {
            fn from(id: $id) -> Self {
                Self::Id(id.into())
            }
        }
    )+};
}

ids! { Id i64 i32 u32 u64 }

/// Redeems an amount: made by [`Profile::redeem`], sent by [`send`](Redeem::send).
#[must_use = "nothing is sent before `send`"]
#[derive(Clone)]
pub struct Redeem {
    profile: Profile,
    wanted: Wanted,
    pub(super) transaction: Transaction,
    #[cfg(feature = "profiles")]
    reads_balances: bool,
}

/// What was redeemed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Redeemed {
    /// The redemption. Of one that was found by its reference, it has what the list of redemptions tells: no currency.
    pub redemption: SuccessfulRedemption,
    /// What was asked for, if it was in the tenant's currency.
    pub asked: Option<Amount>,
    /// The balances before, with [`Redeem::balances_before`].
    #[cfg(feature = "profiles")]
    pub before: Option<ProfileBalances>,
    /// Whether the answer was lost, or the redemption made before, and it was found by its reference.
    pub was_found: bool,
}

impl Redeemed {
    /// How much of the amount that was asked for was not redeemed, as there was too little; zero if all was. Not known of an
    /// amount in another currency than the tenant's, nor where the server told no total.
    #[must_use]
    pub fn shortfall(&self) -> Option<Amount> {
        let (asked, total) = (self.asked?, self.redemption.total?);
        let missing = Amount::from(*asked - *total);
        Some(missing.max(Amount::default()))
    }

    /// The balances after it, as the server answered. Of one that was found it is read only with
    /// `Redeem::balances_before`.
    #[must_use]
    pub fn after(&self) -> Option<&omneo_api::types::ProfileBalances> {
        self.redemption.balances.as_ref()
    }
}

impl Profile {
    /// Redeems an amount from what this profile has: points, rewards, benefits and credits.
    ///
    /// Without more than the amount the server chooses what to use, and takes what there is if there is too little.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// use omneo::incentives::Strategy;
    ///
    /// let redeemed = omneo
    ///     .profile("9332c9b2-e31c-4d49-8ec3-62a9466d339c")
    ///     .redeem(15)
    ///     .strategies([Strategy::Points, Strategy::Rewards])
    ///     .strict()
    ///     .reference("POS-991")
    ///     .send()
    ///     .await?;
    /// println!("{:?}, {:?} left", redeemed.redemption.total, redeemed.after());
    /// # Ok(())
    /// # }
    /// ```
    pub fn redeem(&self, amount: impl Into<Amount>) -> Redeem {
        Redeem::new(self, Some(amount.into()))
    }

    /// Redeems benefits of this profile, and no amount: some times each.
    pub fn redeem_benefits<B: Into<BenefitRef>>(
        &self,
        benefits: impl IntoIterator<Item = (B, u32)>,
    ) -> Redeem {
        let redeem = Redeem::new(self, None);
        benefits
            .into_iter()
            .fold(redeem, |redeem, (benefit, quantity)| {
                redeem.benefit(benefit, quantity)
            })
    }

    /// The redemption of this profile that was made with a reference, if there is one.
    ///
    /// # Errors
    ///
    /// Whatever keeps the list from being read.
    pub async fn find_redemption(
        &self,
        reference: impl Into<Reference>,
    ) -> Result<Option<Redemption>, Error> {
        let profile = self.omneo.profile_id(&self.reference).await?;
        let sought = Sought {
            reference: &reference.into(),
            kind: RedemptionType::Redeem,
            profile: Some(&profile),
            amount: None,
            credit: None,
        };
        find::find(&self.omneo, &sought, None).await
    }
}

impl Redeem {
    fn new(profile: &Profile, amount: Option<Amount>) -> Self {
        Self {
            profile: profile.clone(),
            wanted: Wanted {
                amount,
                ..Wanted::default()
            },
            transaction: Transaction::default(),
            #[cfg(feature = "profiles")]
            reads_balances: false,
        }
    }

    /// Reads the balances before it is sent: one more request.
    #[cfg(feature = "profiles")]
    pub fn balances_before(mut self) -> Self {
        self.reads_balances = true;
        self
    }

    /// Sends it.
    ///
    /// A redemption whose answer is lost may have been made. With a [`reference`](Redeem::reference) or a
    /// [`receipt`](Redeem::receipt) it is [looked for](Redeem::look_for), for seven seconds, and sent once more only if it is
    /// not there; a server that makes it later than that would make it twice. Without either it is never sent again, and
    /// the error's [`effect`](Error::effect) is not `None`.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for what can't be right; `Validation` for what the server refuses, such as more than the balance
    /// with [`strict`](Redeem::strict); whatever else keeps a call from succeeding.
    pub async fn send(self) -> Result<Redeemed, Error> {
        self.wanted.check()?;
        self.transaction.check()?;
        if self.wanted.amount.is_none() && self.wanted.benefits.is_empty() {
            return Err(check::refuse("benefits", "is empty; name at least one"));
        }
        let reference = self.transaction.reference();
        let omneo = &self.profile.omneo;
        let profile = omneo.profile_id(&self.profile.reference).await?;
        let sought = reference.as_ref().map(|reference| Sought {
            reference,
            kind: RedemptionType::Redeem,
            profile: Some(&profile),
            amount: self.wanted.own_amount(),
            credit: None,
        });
        if let Some(sought) = sought.as_ref().filter(|_| self.transaction.looks_first)
            && let Some(found) = find::find(omneo, sought, None)
                .await
                .map_err(check::unsent)?
        {
            return self.redeemed(as_answer(found), None, true).await;
        }
        #[cfg(feature = "profiles")]
        let before = match self.reads_balances {
            true => Some(balances(omneo, &profile).await.map_err(check::unsent)?),
            false => None,
        };
        #[cfg(not(feature = "profiles"))]
        let before = None;
        let body = RedeemStrategyInput {
            amount: Field::or_absent(self.wanted.amount),
            strategies: self.wanted.strategies(),
            benefits: self.wanted.benefits(),
            strict: self.wanted.strict(),
            currency: self.wanted.currency.clone(),
            location_id: self.transaction.location(),
            meta: self.transaction.meta(),
            transaction_external_id: self.transaction.external_id(),
            transaction_receipt_ref: self.transaction.receipt_ref(),
        };
        let send = async || {
            let answer = omneo.api().profiles_redeem_store(&profile, &body).await?;
            Ok(answer.into_inner().into_inner())
        };
        match find::settle(omneo, sought.as_ref(), self.transaction.look_for, send).await? {
            Settled::Answered(redemption) => self.redeemed(redemption, before, false).await,
            Settled::Found(found) => self.redeemed(as_answer(*found), before, true).await,
        }
    }

    #[cfg_attr(not(feature = "profiles"), allow(clippy::unused_async))]
    async fn redeemed(
        &self,
        #[allow(unused_mut)] mut redemption: SuccessfulRedemption,
        before: Option<omneo_api::types::ProfileBalances>,
        was_found: bool,
    ) -> Result<Redeemed, Error> {
        #[cfg(feature = "profiles")]
        if self.reads_balances && redemption.balances.is_none() {
            let omneo = &self.profile.omneo;
            let profile = omneo.profile_id(&self.profile.reference).await?;
            // It was redeemed; that the balances can't be read does not make it fail.
            redemption.balances = balances(omneo, &profile).await.ok();
        }
        #[cfg(not(feature = "profiles"))]
        let _: Option<omneo_api::types::ProfileBalances> = before;
        Ok(Redeemed {
            redemption,
            asked: self.wanted.own_amount(),
            #[cfg(feature = "profiles")]
            before,
            was_found,
        })
    }
}

#[cfg(feature = "profiles")]
async fn balances(omneo: &Omneo, profile: &Id) -> Result<ProfileBalances, Error> {
    let client = omneo.for_lookups();
    let answer = client.profiles_balances_index(profile).await?;
    Ok(answer.into_inner().into_inner())
}

/// What a list tells of a redemption, as its answer would have told it.
fn as_answer(found: Redemption) -> SuccessfulRedemption {
    let (external_id, receipt_ref) = found
        .transaction
        .map_or((None, None), |made| (made.external_id, made.receipt_ref));
    SuccessfulRedemption {
        id: found.id,
        profile_id: found.profile_id,
        total: found.total,
        total_localised: found.total_localised,
        location_id: found.location_id,
        meta: found.meta,
        created_at: found.created_at,
        updated_at: found.updated_at,
        transaction_external_id: external_id,
        transaction_receipt_ref: receipt_ref,
        ..SuccessfulRedemption::default()
    }
}

/// Gives back what was redeemed: made by [`Omneo::return_`], sent by [`send`](Return::send).
#[must_use = "nothing is sent before `send`"]
#[derive(Clone)]
pub struct Return {
    omneo: Omneo,
    redemption: RedemptionRef,
    wanted: Wanted,
    pub(super) transaction: Transaction,
}

impl Return {
    pub(super) fn new(omneo: &Omneo, redemption: RedemptionRef) -> Self {
        Self {
            omneo: omneo.clone(),
            redemption,
            wanted: Wanted::default(),
            transaction: Transaction::default(),
        }
    }

    /// How much of it.
    pub fn amount(mut self, amount: impl Into<Amount>) -> Self {
        self.wanted.amount = Some(amount.into());
        self
    }

    /// Sends it. What holds for an answer that is lost is what [`Redeem::send`] says.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for what can't be right; whatever else keeps a call from succeeding.
    pub async fn send(self) -> Result<SuccessfulRedemption, Error> {
        self.wanted.check()?;
        self.transaction.check()?;
        let omneo = &self.omneo;
        let reference = self.transaction.reference();
        let sought = reference.as_ref().map(|reference| Sought {
            reference,
            kind: RedemptionType::Return,
            profile: None,
            amount: self.wanted.own_amount(),
            credit: None,
        });
        let redemption = self.redemption.required()?;
        if let Some(sought) = sought.as_ref().filter(|_| self.transaction.looks_first)
            && let Some(found) = find::find(omneo, sought, None)
                .await
                .map_err(check::unsent)?
        {
            return Ok(as_answer(found));
        }
        let body = ReturnStrategyInput {
            amount: Field::or_absent(self.wanted.amount),
            strategies: self.wanted.strategies(),
            benefits: self.wanted.benefits(),
            strict: self.wanted.strict(),
            currency: self.wanted.currency.clone(),
            location_id: self.transaction.location(),
            meta: self.transaction.meta(),
            transaction_external_id: self.transaction.external_id(),
            transaction_receipt_ref: self.transaction.receipt_ref(),
        };
        let send = async || {
            let answer = omneo.api().redemptions_return(&redemption, &body).await?;
            Ok(answer.into_inner().into_inner())
        };
        match find::settle(omneo, sought.as_ref(), self.transaction.look_for, send).await? {
            Settled::Answered(returned) => Ok(returned),
            Settled::Found(found) => Ok(as_answer(*found)),
        }
    }
}

impl fmt::Debug for Redeem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redeem")
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Return {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Return")
            .field("redemption", &self.redemption)
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
    }
}
