//! What is derived of an instance whenever it is shown.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::standing::{self, is_current, is_expired};
use super::{Incentive, time};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::{Family, View};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[],
    changes: &[],
    views: &[
        View {
            kind: "Reward",
            fact: "A reward's is_expired is by the clock, issued_local_at and expires_local_at are its times in its own zone [sent], and it is active from its issue to its expiry while there is something left [inferred].",
            complete: reward,
        },
        View {
            kind: "Benefit",
            fact: "A benefit's is_expired is by the clock [sent], and it is redeemable from its issue to its expiry while there is a redemption left, of it and of its definition over all profiles [inferred].",
            complete: benefit,
        },
        View {
            kind: "Point",
            fact: "Points are pending until they are issued, then active, then expired [inferred], and show their value in dollars [seen].",
            complete: point,
        },
        View {
            kind: "BenefitDefinition",
            fact: "What is left of a definition's redemptions over all profiles is their maximum less those made [inferred].",
            complete: |_, definition| {
                definition.set(
                    "total_global_redemptions_remaining",
                    globally_left(definition),
                );
                Ok(())
            },
        },
    ],
    work: &[],
};

fn reward(context: &Context<'_>, reward: &mut Record) -> Result<(), Refusal> {
    let now = context.now();
    let is_active = is_current(Incentive::Reward, reward, now)
        && reward.amount("value_remaining").unwrap_or_default() > Decimal::ZERO;
    reward.set("is_expired", is_expired(Incentive::Reward, reward, now));
    reward.set("is_active", is_active);
    let zone = time::zone_of(reward);
    for (member, local) in [
        ("issued_at", "issued_local_at"),
        ("expires_at", "expires_local_at"),
    ] {
        let at = reward.time(member).map(|at| in_zone(at, &zone));
        reward.set(local, at);
    }
    Ok(())
}

fn in_zone(at: Timestamp, zone: &TimeZone) -> String {
    time::write(zone.to_datetime(at))
}

fn benefit(context: &Context<'_>, benefit: &mut Record) -> Result<(), Refusal> {
    let now = context.now();
    let definition = match benefit.text(Incentive::Benefit.definition_id()) {
        Some(id) => context.store().get("BenefitDefinition", &id)?,
        None => None,
    };
    let is_redeemable = is_redeemable(benefit, definition.as_ref(), now);
    benefit.set("is_expired", is_expired(Incentive::Benefit, benefit, now));
    benefit.set("is_redeemable", is_redeemable);
    benefit.set(
        "total_global_redemptions_remaining",
        definition.as_ref().and_then(globally_left),
    );
    Ok(())
}

/// Whether a benefit can be redeemed once.
pub(super) fn is_redeemable(benefit: &Record, definition: Option<&Record>, now: Timestamp) -> bool {
    is_current(Incentive::Benefit, benefit, now)
        && benefit.integer("redemptions_remaining").unwrap_or(0) > 0
        && definition
            .and_then(globally_left)
            .is_none_or(|left| left > 0)
}

/// What is left of a definition's redemptions over all profiles; none if they are not limited.
pub(super) fn globally_left(definition: &Record) -> Option<i64> {
    let most = definition.integer("max_global_redemptions")?;
    let made = definition.integer("total_global_redemptions").unwrap_or(0);
    Some(most.saturating_sub(made).max(0))
}

fn point(context: &Context<'_>, point: &mut Record) -> Result<(), Refusal> {
    let now = context.now();
    let status = if is_expired(Incentive::Point, point, now) {
        "expired"
    } else if is_current(Incentive::Point, point, now) {
        "active"
    } else {
        "pending"
    };
    point.set("status", status);
    let worth = standing::point_worth(point);
    for (member, dollars) in [
        ("value_initial", "value_initial_currency"),
        ("value_remaining", "value_remaining_currency"),
    ] {
        let value = point.amount(member).map(|value| number(value * worth));
        point.set(dollars, value);
    }
    Ok(())
}
