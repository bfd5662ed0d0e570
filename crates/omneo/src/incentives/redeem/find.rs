//! Redemptions whose answer was lost: found by their reference, so that nothing is spent twice.

use std::time::Duration;

use omneo_api::filters::redemption;
use omneo_api::runtime::Effect;
use omneo_api::types::{Redemption, RedemptionType};
use omneo_api::{Error, List};
use omneo_types::Id;
use omneo_types::jiff;

use crate::client::Omneo;
use crate::incentives::when::moment;

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

/// The pauses before each look for a redemption whose answer was lost: the server may be at it still.
const LOOKS: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// How much older than the call a redemption may look that the call made: clocks are wrong, where a zone is by hours. One
/// that is not recognised would be made twice.
const SKEW: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// What came of a redemption.
pub(super) enum Settled<T> {
    Answered(T),
    Found(Box<Redemption>),
}

/// Sends a redemption, and looks for it when its answer is lost; once more if it is not there.
pub(super) async fn settle<T, F: Future<Output = Result<T, Error>>>(
    omneo: &Omneo,
    profile: &Id,
    reference: Option<&Reference>,
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
        let Some(reference) = reference.filter(|_| error.effect() != Effect::None) else {
            return Err(error);
        };
        for pause in LOOKS {
            timer.sleep(pause).await;
            match find(omneo, profile, reference, since).await {
                Ok(Some(found)) => return Ok(Settled::Found(Box::new(found))),
                Ok(None) => {}
                // What can't be looked for can't be sent again.
                Err(_) => return Err(error),
            }
        }
        if is_last || error.effect() == Effect::Done {
            return Err(error);
        }
        lost = Some(error);
    }
}

/// The redemption of a profile under a reference, made at a time or later.
pub(super) async fn find(
    omneo: &Omneo,
    profile: &Id,
    reference: &Reference,
    since: Option<jiff::Timestamp>,
) -> Result<Option<Redemption>, Error> {
    let list: List<Redemption> = omneo_api::Api::from_client(omneo.for_lookups())
        .redemptions()
        .list()
        .filter(redemption::profile_id.eq(profile.clone()));
    let list = match reference {
        Reference::ExternalId(id) => {
            list.filter(redemption::transaction_external_id.eq(id.clone()))
        }
        Reference::Receipt(number) => {
            list.filter(redemption::transaction_receipt_ref.eq(number.as_str()))
        }
    };
    let mut found = list.items();
    while let Some(redemption) = found.try_next().await? {
        if is_meant(&redemption, profile, reference, since) {
            return Ok(Some(redemption));
        }
    }
    Ok(None)
}

/// Whether a redemption is the one, as far as it tells: a server that ignores a filter shows others.
fn is_meant(
    found: &Redemption,
    profile: &Id,
    reference: &Reference,
    since: Option<jiff::Timestamp>,
) -> bool {
    let is_redeem = found
        .type_
        .as_ref()
        .is_none_or(|kind| *kind == RedemptionType::Redeem);
    let is_profile = found
        .profile_id
        .as_ref()
        .is_none_or(|id| is_same(&id.as_str(), &profile.as_str()));
    let is_referred = found
        .transaction
        .as_ref()
        .is_none_or(|made| match reference {
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
    is_redeem && is_profile && is_referred && is_new
}

/// Whether two texts are one to the server: it trims what it is sent, and its database may not tell cases apart.
fn is_same(found: &str, meant: &str) -> bool {
    found.trim().to_lowercase() == meant.trim().to_lowercase()
}
