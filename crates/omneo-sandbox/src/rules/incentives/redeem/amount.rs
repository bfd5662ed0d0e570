//! Taking an amount from a family.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Incentive, Item, benefit};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::incentives::account::Cause;
use crate::rules::incentives::{lists, standing, value};

/// Takes up to so many dollars from what a profile has of a family, nearest expiry first.
pub(super) fn take(
    context: &mut Context<'_>,
    profile: &str,
    incentive: Incentive,
    wanted: Decimal,
) -> Result<Vec<Item>, Refusal> {
    let mut left = wanted;
    let mut items = Vec::new();
    for record in lists::spendable(context, incentive, profile)? {
        if left <= Decimal::ZERO {
            break;
        }
        if let Some(item) = from(context, incentive, &record, left)? {
            left -= item.dollars.unwrap_or_default();
            items.push(item);
        }
    }
    Ok(items)
}

/// Takes up to so many dollars from one instance; none if it has nothing to give.
pub(super) fn from(
    context: &mut Context<'_>,
    incentive: Incentive,
    record: &Record,
    wanted: Decimal,
) -> Result<Option<Item>, Refusal> {
    if incentive == Incentive::Benefit {
        return benefit::take(context, record, wanted);
    }
    let left = standing::left(incentive, record);
    let dollars = wanted.min(left.dollars);
    if dollars <= Decimal::ZERO {
        return Ok(None);
    }
    let points = (incentive == Incentive::Point).then(|| {
        // The smallest fraction of a point more, where dollars can't be told in points.
        dollars
            .checked_div(standing::point_worth(record))
            .unwrap_or(left.points)
            .round_dp_with_strategy(value::DECIMALS, RoundingStrategy::AwayFromZero)
            .min(left.points)
    });
    let remaining = record.amount("value_remaining").unwrap_or_default();
    let mut less = record.clone();
    let remaining = remaining - points.unwrap_or(dollars);
    less.set("value_remaining", number(remaining));
    Cause::Redeemed.note(&mut less);
    let instance = context.update(incentive.kind(), record, less)?;
    Ok(Some(Item {
        incentive,
        instance,
        dollars: Some(dollars),
        points,
        count: None,
    }))
}
