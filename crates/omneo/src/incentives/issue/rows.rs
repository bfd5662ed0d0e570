//! What is sent for each of many customers.

use omneo_api::{Error, types};
use omneo_types::{Field, Id};

use super::wire::{self, Ready, given};
use super::{Issuable, TierPoints};
use crate::batch::{ForProfile, Record};
use crate::profile::ProfileRef;

/// What can be made for many customers: see [`Issue::to_each`](super::Issue::to_each).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is made for one customer at a time",
    note = "rewards, benefits, points, tier points, credits, tiers and achievements are made for many"
)]
pub trait Each: Issuable + Row {}

/// The record of each customer.
#[allow(unreachable_pub)] // a trait is sealed by it
pub trait Row: Issuable {
    type Row: Record<Scope = ()>;

    /// Whether the record takes nothing but the id of a profile.
    const BY_ID: bool = false;

    fn row(ready: Ready<Self::Details>, profile: ProfileRef) -> Result<Self::Row, Error>;
}

/// For each kind: its record, and how that is made.
macro_rules! rows {
    ($($kind:ty => $row:ty $(, $by_id:ident)?: |$ready:ident, $profile:pat_param| $make:expr;)+) => {$(
        impl Each for $kind {}

        impl Row for $kind {
            type Row = $row;
            $(const BY_ID: bool = rows!($by_id);)?

            fn row(
                #[allow(unused_mut)] mut $ready: Ready<Self::Details>,
                profile: ProfileRef,
            ) -> Result<Self::Row, Error> {
                $(rows!($by_id $ready, profile);)?
                let $profile = profile;
                $make
            }
        }
    )+};
    (by_id) => { true };
    (by_id $ready:ident, $profile:ident) => {
        if let ProfileRef::Id(id) = &$profile {
            $ready.profile = Some(id.clone());
        }
    };
}

rows! {
    types::RewardDefinition => types::RewardBatchItem: |ready, profile| {
        let (profile_id, profile_id_handle) = named(profile);
        Ok(types::RewardBatchItem {
            reward_definition_handle: ready.handle.filter(|_| ready.id.is_none()),
            reward_definition_id: ready.id,
            profile_id,
            profile_id_handle,
            timezone: given(ready.timezone)?,
            value_initial: ready.value,
            value_remaining: ready.value_remaining,
            issued_at: ready.issued_at,
            expires_at: ready.expires_at,
            external_id: Field::or_absent(ready.external_id),
            meta: Field::or_absent(ready.meta),
        })
    };
    types::BenefitDefinition => types::BenefitBatchItem: |ready, profile| {
        let (profile_id, profile_id_handle) = named(profile);
        Ok(types::BenefitBatchItem {
            benefit_definition_handle: ready.handle.filter(|_| ready.id.is_none()),
            benefit_definition_id: ready.id,
            profile_id,
            profile_id_handle: Field::or_absent(profile_id_handle),
            timezone: given(ready.timezone)?,
            value: Field::or_absent(ready.value),
            issued_at: ready.issued_at,
            expires_at: Field::or_absent(ready.expires_at),
            external_id: Field::or_absent(ready.external_id),
            meta: Field::or_absent(ready.meta),
        })
    };
    types::PointDefinition => types::PointInput, by_id: |ready, _| wire::points(ready);
    TierPoints => types::TierPointInput, by_id: |ready, _| wire::tier_points(ready);
    types::CreditDefinition => types::CreditInput, by_id: |ready, _| wire::credit(ready);
    types::TierDefinition => ForProfile<types::ProfileTierAssignInput>:
        |ready, profile| Ok(ForProfile::new(profile, wire::tier(ready)?));
    types::AchievementDefinition => ForProfile<types::ProfileAchievementInput>:
        |ready, profile| Ok(ForProfile::new(profile, wire::achievement(ready)?));
}

/// The names that an endpoint for batches has a profile by.
fn named(profile: ProfileRef) -> (Id, Option<String>) {
    match profile {
        ProfileRef::Id(id) => (id, None),
        ProfileRef::Identity(identity) => (identity.value.into(), Some(identity.handle)),
    }
}
