//! Redemptions whose answer was lost: found by their reference, so that nothing is spent twice.

use std::time::Duration;

use omneo_api::filters::redemption;
use omneo_api::runtime::Effect;
#[cfg(feature = "platform")]
use omneo_api::types::RedeemStrategyInput;
use omneo_api::types::{
    Redemption, RedemptionItemType, RedemptionItemTypeAttributes as Redeemed, RedemptionType,
};
use omneo_api::{Error, List};
use omneo_types::{Amount, Id, jiff};

use crate::client::Omneo;
use crate::incentives::when::moment;
#[cfg(feature = "platform")]
use crate::profile::ProfileRef;

/// What a redemption can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reference {
    /// The caller's own id of the purchase.
    ExternalId(Id),
    /// The number on its receipt.
    Receipt(String),
}

impl From<&str> for Reference {
    fn from(external_id: &str) -> Self {
        Self::ExternalId(external_id.into())
    }
}

impl From<String> for Reference {
    fn from(external_id: String) -> Self {
        Self::ExternalId(external_id.into())
    }
}

impl From<Id> for Reference {
    fn from(external_id: Id) -> Self {
        Self::ExternalId(external_id)
    }
}

/// How long a redemption whose answer was lost is looked for, unless it is said otherwise: the server may be at it still.
pub(super) const LOOK_FOR: Duration = Duration::from_secs(7);

/// The pause before the first look; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_secs(1);

/// How much older than the call a redemption may look that the call made: clocks are wrong, where a zone is by hours. One
/// that is not recognised would be made twice.
const SKEW: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// How many redemptions are looked through, the newest first. Filters leave one or two, where the server heeds them.
const MOST: usize = 200;

/// What came of a redemption.
pub(super) enum Settled<T> {
    Answered(T),
    Found(Box<Redemption>),
}

/// Which redemption is looked for.
pub(super) struct Sought<'a> {
    pub(super) reference: Reference,
    pub(super) kind: RedemptionType,
    /// Whose it is, where that is known.
    pub(super) profile: Option<&'a Id>,
    /// What was asked for, in the tenant's currency.
    pub(super) amount: Option<Amount>,
    /// The one credit that it is of.
    pub(super) credit: Option<&'a Id>,
}

/// Sends a redemption, and looks for it when its answer is lost; once more if it is not there.
pub(super) async fn settle<T, F: Future<Output = Result<T, Error>>>(
    omneo: &Omneo,
    sought: Option<&Sought<'_>>,
    look_for: Duration,
    send: impl Fn() -> F,
) -> Result<Settled<T>, Error> {
    let timer = &omneo.shared.core.timer;
    let since = moment(timer.system_now()).saturating_sub(SKEW).ok();
    let mut lost: Option<Error> = None;
    loop {
        let error = match send().await {
            Ok(answer) => return Ok(Settled::Answered(answer)),
            Err(error) => error,
        };
        let is_last = lost.is_some();
        // That the second was refused says nothing of the first, which may have been made late.
        let error = match lost {
            Some(first) if error.effect() == Effect::None => first,
            _ => error,
        };
        let Some(sought) = sought.filter(|_| error.effect() != Effect::None) else {
            return Err(error);
        };
        let (mut pause, mut left) = (PAUSE.min(look_for), look_for);
        if left.is_zero() {
            return Err(error);
        }
        while !left.is_zero() {
            timer.sleep(pause).await;
            match find(omneo, sought, since).await {
                Ok(Some(found)) => return Ok(Settled::Found(Box::new(found))),
                Ok(None) => {}
                // What can't be looked for can't be sent again.
                Err(_) => return Err(error),
            }
            left -= pause;
            pause = (pause * 2).min(left);
        }
        if is_last || error.effect() == Effect::Done {
            return Err(error);
        }
        lost = Some(error);
    }
}

/// The redemption under a reference, made at a time or later.
pub(super) async fn find(
    omneo: &Omneo,
    sought: &Sought<'_>,
    since: Option<jiff::Timestamp>,
) -> Result<Option<Redemption>, Error> {
    let api = omneo_api::Api::from_client(omneo.for_lookups());
    let mut list: List<Redemption> = api.redemptions().list().sort("-created_at");
    if let Some(profile) = sought.profile {
        list = list.filter(redemption::profile_id.eq(profile.clone()));
    }
    let list = match &sought.reference {
        Reference::ExternalId(id) => {
            list.filter(redemption::transaction_external_id.eq(id.clone()))
        }
        Reference::Receipt(number) => {
            list.filter(redemption::transaction_receipt_ref.eq(number.as_str()))
        }
    };
    let mut found = list.items();
    for _ in 0..MOST {
        match found.try_next().await? {
            Some(redemption) if sought.is(&redemption, since) => return Ok(Some(redemption)),
            Some(_) => {}
            None => break,
        }
    }
    Ok(None)
}

/// The redemption that a request of that time made, if it has a reference and did.
#[cfg(feature = "platform")]
pub(crate) async fn find_redeemed(
    omneo: &Omneo,
    profile: &ProfileRef,
    request: &RedeemStrategyInput,
    sent_at: jiff::Timestamp,
) -> Result<Option<Redemption>, Error> {
    let Some(id) = request.transaction_external_id.as_option() else {
        return Ok(None);
    };
    let profile = omneo.profile_id(profile).await?;
    let sought = Sought {
        reference: id.clone().into(),
        kind: RedemptionType::Redeem,
        profile: Some(&profile),
        // Of another currency it is not what the redemption says.
        amount: request
            .amount
            .as_option()
            .copied()
            .filter(|_| request.currency.is_none()),
        credit: None,
    };
    find(omneo, &sought, sent_at.saturating_sub(SKEW).ok()).await
}

impl Sought<'_> {
    /// Whether a redemption is the one, as far as it tells: a server that ignores a filter shows others, and a purchase
    /// may be paid by several.
    fn is(&self, found: &Redemption, since: Option<jiff::Timestamp>) -> bool {
        let kind = found.type_.as_ref();
        let is_kind = kind.is_none_or(|kind| *kind == self.kind);
        let is_profile = match (self.profile, &found.profile_id) {
            (Some(profile), Some(id)) => is_same(&id.as_str(), &profile.as_str()),
            _ => true,
        };
        let is_referred = found
            .transaction
            .as_ref()
            .is_none_or(|made| match &self.reference {
                Reference::ExternalId(id) => made
                    .external_id
                    .as_ref()
                    .is_none_or(|made| is_same(&made.as_str(), &id.as_str())),
                Reference::Receipt(number) => made
                    .receipt_ref
                    .as_ref()
                    .is_none_or(|made| is_same(made, number)),
            });
        let made_at = found.created_at.as_ref().or(found.redeem_at.as_ref());
        let is_new = match (made_at, since) {
            (Some(made_at), Some(since)) => made_at.to_instant_utc() >= since,
            _ => true,
        };
        let is_amount = match (found.total, self.amount) {
            (Some(total), Some(asked)) => total.abs() <= *asked,
            _ => true,
        };
        is_kind && is_profile && is_referred && is_new && is_amount && self.is_of_credit(found)
    }

    /// Whether it may be of the one credit.
    fn is_of_credit(&self, found: &Redemption) -> bool {
        let (Some(credit), Some(items)) = (self.credit, &found.items) else {
            return true;
        };
        items.is_empty()
            || items.iter().any(|item| {
                let is_credit = item.type_.as_ref();
                let is_credit = is_credit.is_none_or(|kind| *kind == RedemptionItemType::Credit);
                let is_this = match &item.type_attributes {
                    Some(Redeemed::Credit(made)) => made.id.as_ref().is_none_or(|id| id == credit),
                    _ => true,
                };
                is_credit && is_this
            })
    }
}

/// Whether two texts are one to the server: it trims what it is sent, and its database may not tell cases apart.
fn is_same(found: &str, meant: &str) -> bool {
    found.trim().to_lowercase() == meant.trim().to_lowercase()
}
