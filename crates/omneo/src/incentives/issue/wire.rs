//! What is sent for each family: where to, and which fields under which names.
//!
//! The names all differ; the bodies are the generated types, so that a name which the schema changes does not compile.

use omneo_api::{Client, Error, types};
use omneo_types::jiff::{self, tz::TimeZone};
use omneo_types::{Amount, Field, Id, Integer, Map, Timestamp};
use serde_json::Value;

use super::details::{CreditDetails, Location, PointDetails};
use super::{Given, Issuable, Missing, ZoneField};
use crate::incentives::lookup::Naming;
use crate::incentives::{When, ids, inner};

/// How a kind is sent.
#[allow(unreachable_pub)] // the trait is sealed by it
pub trait Wire: Sized {
    /// What its endpoint has the definition named by.
    const NAMING: Naming;

    /// Whether its endpoint takes a zone.
    const ZONE: ZoneField;

    /// The fields that it alone has.
    type Details: Clone + Default + Send + Sync;

    fn deliver(
        client: &Client,
        ready: Ready<Self::Details>,
    ) -> impl Future<Output = Result<Self::Answer, Error>> + Send
    where
        Self: Issuable;
}

/// What was given, checked and looked up.
#[allow(unreachable_pub)] // a sealed trait has it
pub struct Ready<D> {
    pub(super) id: Option<Id>,
    pub(super) handle: Option<String>,
    pub(super) profile: Option<Id>,
    pub(super) timezone: Option<String>,
    pub(super) zone: TimeZone,
    pub(super) now: jiff::Timestamp,
    pub(super) value: Option<Amount>,
    pub(super) count: Option<Integer>,
    pub(super) value_remaining: Option<Amount>,
    pub(super) issued_at: Option<Timestamp>,
    pub(super) accrued_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) external_id: Option<Id>,
    pub(super) meta: Option<Map<Value>>,
    pub(super) details: D,
}

impl<D> Ready<D> {
    fn time(&self, when: Option<&When>) -> Field<Timestamp> {
        Field::or_absent(when.map(|when| when.in_zone(&self.zone)))
    }

    /// The server wants one of the two.
    fn earned(&self) -> (Field<Timestamp>, Field<Timestamp>) {
        let issued_at = match (&self.issued_at, &self.accrued_at) {
            (None, None) => Some(When::from(self.now).in_zone(&self.zone)),
            (issued_at, _) => issued_at.clone(),
        };
        let accrued_at = self.accrued_at.clone();
        (Field::or_absent(issued_at), Field::or_absent(accrued_at))
    }
}

/// What the types have seen to.
pub(super) fn given<T>(value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::invalid_request("a field that the server requires is missing"))
}

impl Issuable for types::RewardDefinition {
    type Definition = Self;
    type Answer = types::Reward;
    type To = Missing;
    type Value = Given;
}

impl Wire for types::RewardDefinition {
    const NAMING: Naming = Naming::Either;
    const ZONE: ZoneField = ZoneField::Required;
    type Details = ();

    async fn deliver(client: &Client, ready: Ready<()>) -> Result<types::Reward, Error> {
        let body = types::RewardInput {
            reward_definition_handle: ready.handle.filter(|_| ready.id.is_none()),
            reward_definition_id: ready.id,
            profile_id: given(ready.profile)?,
            timezone: given(ready.timezone)?,
            value_initial: ready.value,
            value_remaining: ready.value_remaining,
            issued_at: ready.issued_at,
            expires_at: ready.expires_at,
            external_id: Field::or_absent(ready.external_id),
            meta: Field::or_absent(ready.meta),
        };
        client.rewards_store(&body).await.map(inner)
    }
}

impl Issuable for types::BenefitDefinition {
    type Definition = Self;
    type Answer = types::Benefit;
    type To = Missing;
    type Value = Given;
}

impl Wire for types::BenefitDefinition {
    const NAMING: Naming = Naming::Id;
    const ZONE: ZoneField = ZoneField::Required;
    type Details = ();

    async fn deliver(client: &Client, ready: Ready<()>) -> Result<types::Benefit, Error> {
        let body = types::BenefitInput {
            benefit_definition_id: given(ready.id)?,
            profile_id: given(ready.profile)?,
            timezone: given(ready.timezone)?,
            value: Field::or_absent(ready.value),
            // The server wants it to be there, and takes null for now.
            issued_at: ready.issued_at,
            expires_at: Field::or_absent(ready.expires_at),
            external_id: Field::or_absent(ready.external_id),
            meta: Field::or_absent(ready.meta),
        };
        client.benefits_store(&body).await.map(inner)
    }
}

impl Issuable for types::PointDefinition {
    type Definition = Self;
    type Answer = types::Point;
    type To = Missing;
    type Value = Missing;
}

impl Wire for types::PointDefinition {
    const NAMING: Naming = Naming::Id;
    const ZONE: ZoneField = ZoneField::None;
    type Details = PointDetails;

    async fn deliver(client: &Client, ready: Ready<PointDetails>) -> Result<types::Point, Error> {
        client.points_store(&points(ready)?).await.map(inner)
    }
}

pub(super) fn points(ready: Ready<PointDetails>) -> Result<types::PointInput, Error> {
    let (issued_at, accrued_at) = ready.earned();
    Ok(types::PointInput {
        point_definition_id: given(ready.id)?,
        profile_id: given(ready.profile)?,
        value_initial: given(ready.value)?,
        value_remaining: Field::or_absent(ready.value_remaining),
        issued_at,
        accrued_at,
        expires_at: Field::or_absent(ready.expires_at),
        description: Field::or_absent(ready.details.description),
        meta: Field::or_absent(ready.meta),
    })
}

impl Issuable for types::CreditDefinition {
    type Definition = Self;
    type Answer = types::Credit;
    type To = Given;
    type Value = Missing;
}

impl Wire for types::CreditDefinition {
    const NAMING: Naming = Naming::Either;
    const ZONE: ZoneField = ZoneField::Optional;
    type Details = CreditDetails;

    async fn deliver(client: &Client, ready: Ready<CreditDetails>) -> Result<types::Credit, Error> {
        client.credits_store(&credit(ready)?).await.map(inner)
    }
}

pub(super) fn credit(ready: Ready<CreditDetails>) -> Result<types::CreditInput, Error> {
    let released_at = ready.time(ready.details.released_at.as_ref());
    let lock_expires_at = ready.time(ready.details.lock_expires_at.as_ref());
    let details = ready.details;
    let mut body = types::CreditInput {
        credit_definition_handle: ready.handle.filter(|_| ready.id.is_none()),
        credit_definition_id: ready.id,
        profile_id: Field::or_absent(ready.profile),
        timezone: Field::or_absent(ready.timezone),
        value_remaining: Field::or_absent(ready.value_remaining),
        issued_at: Field::or_absent(ready.issued_at),
        released_at,
        expires_at: Field::or_absent(ready.expires_at),
        external_id: Field::or_absent(ready.external_id),
        meta: Field::or_absent(ready.meta),
        name: Field::or_absent(details.name),
        message: Field::or_absent(details.message),
        recipient_email: Field::or_absent(details.recipient_email),
        recipient_first_name: Field::or_absent(details.recipient_first_name),
        credit_number: Field::or_absent(details.credit_number),
        security_code: Field::or_absent(details.security_code),
        staff_id: Field::or_absent(details.staff_id.map(ids::text)),
        creator_profile_id: Field::or_absent(details.creator_profile_id),
        locked: details.locked.map(Into::into),
        lock_expires_at,
        ..types::CreditInput::new(given(ready.value)?)
    };
    match details.location {
        Some(Location::Id(id)) => body.location_id = ids::number(id).into(),
        Some(Location::ExternalId(id)) => body.location_external_id = ids::text(id).into(),
        Some(Location::ExternalCode(code)) => body.location_external_code = code.into(),
        None => {}
    }
    Ok(body)
}

impl Issuable for types::TierDefinition {
    type Definition = Self;
    type Answer = types::TierProgress;
    type To = Missing;
    type Value = Given;
}

impl Wire for types::TierDefinition {
    const NAMING: Naming = Naming::Handle;
    const ZONE: ZoneField = ZoneField::None;
    type Details = ();

    async fn deliver(client: &Client, ready: Ready<()>) -> Result<types::TierProgress, Error> {
        let profile = given(ready.profile.clone())?;
        client
            .profiles_tiers_assign(&profile, &tier(ready)?)
            .await
            .map(inner)
    }
}

pub(super) fn tier(ready: Ready<()>) -> Result<types::ProfileTierAssignInput, Error> {
    let tier = given(ready.handle)?;
    Ok(types::ProfileTierAssignInput { tier })
}

impl Issuable for types::AchievementDefinition {
    type Definition = Self;
    type Answer = types::AchievementPoint;
    type To = Missing;
    type Value = Missing;
}

impl Wire for types::AchievementDefinition {
    const NAMING: Naming = Naming::Id;
    const ZONE: ZoneField = ZoneField::None;
    type Details = ();

    async fn deliver(client: &Client, ready: Ready<()>) -> Result<types::AchievementPoint, Error> {
        let profile = given(ready.profile.clone())?;
        client
            .profiles_achievements_store(&profile, &achievement(ready)?)
            .await
            .map(inner)
    }
}

pub(super) fn achievement(ready: Ready<()>) -> Result<types::ProfileAchievementInput, Error> {
    Ok(types::ProfileAchievementInput {
        definition_id: given(ready.id)?,
        count: given(ready.count)?,
        issued_at: Field::or_absent(ready.issued_at),
        expires_at: Field::or_absent(ready.expires_at),
        meta: Field::or_absent(ready.meta),
    })
}

/// Points that count toward a tier and can't be spent. They are made of a point definition; see
/// [`Omneo::tier_points`](crate::Omneo::tier_points).
#[derive(Debug)]
pub enum TierPoints {}

impl Issuable for TierPoints {
    type Definition = types::PointDefinition;
    type Answer = types::TierPoint;
    type To = Missing;
    type Value = Missing;
}

impl Wire for TierPoints {
    const NAMING: Naming = Naming::Id;
    const ZONE: ZoneField = ZoneField::None;
    type Details = ();

    async fn deliver(client: &Client, ready: Ready<()>) -> Result<types::TierPoint, Error> {
        client
            .tiers_points_store(&tier_points(ready)?)
            .await
            .map(inner)
    }
}

pub(super) fn tier_points(ready: Ready<()>) -> Result<types::TierPointInput, Error> {
    let (issued_at, accrued_at) = ready.earned();
    Ok(types::TierPointInput {
        point_definition_id: given(ready.id)?,
        profile_id: given(ready.profile)?,
        value: given(ready.value)?,
        issued_at,
        accrued_at,
        meta: Field::or_absent(ready.meta),
    })
}

/// A benefit that the customer claims; see [`Profile::claim`](crate::Profile::claim).
#[cfg(feature = "profiles")]
#[derive(Debug)]
pub enum Claim {}

/// A benefit that the customer claims and redeems at once; see
/// [`Profile::claim_and_redeem`](crate::Profile::claim_and_redeem).
#[cfg(feature = "profiles")]
#[derive(Debug)]
pub enum ClaimAndRedeem {}

#[cfg(feature = "profiles")]
macro_rules! claims {
    ($($kind:ident: $method:ident -> $answer:ident)+) => {$(
        impl Issuable for $kind {
            type Definition = types::BenefitDefinition;
            type Answer = types::$answer;
            type To = Missing;
            type Value = Given;
        }

        impl Wire for $kind {
            const NAMING: Naming = Naming::Handle;
            const ZONE: ZoneField = ZoneField::Required;
            type Details = ();

            async fn deliver(client: &Client, ready: Ready<()>) -> Result<types::$answer, Error> {
                let body = types::BenefitClaimInput {
                    definition: given(ready.handle)?,
                    timezone: given(ready.timezone)?,
                    external_id: Field::or_absent(ready.external_id),
                    meta: Field::or_absent(ready.meta),
                };
                let profile = given(ready.profile)?;
                client.$method(&profile, &body).await.map(inner)
            }
        }
    )+};
}

#[cfg(feature = "profiles")]
claims! {
    Claim: profiles_benefits_claim -> Benefit
    ClaimAndRedeem: profiles_benefits_claim_redeem -> Redemption
}
