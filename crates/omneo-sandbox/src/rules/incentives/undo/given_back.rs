//! What of an item was given back already.

use rust_decimal::Decimal;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::incentives::Incentive;

/// What of an item is not given back yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) incentive: Incentive,
    pub(super) dollars: Decimal,
    pub(super) points: Decimal,
    pub(super) count: i64,
}

impl Open {
    pub(super) fn of(item: &Record) -> Option<Self> {
        let incentive = Incentive::named(&item.text("type")?)?;
        let left = |all: &str, back: &str| {
            item.amount(all).unwrap_or_default() - item.amount(back).unwrap_or_default()
        };
        let count = item.integer("count").unwrap_or(0);
        Some(Self {
            incentive,
            dollars: left("value", "_dollars_back"),
            points: left("_points", "_points_back"),
            count: count.saturating_sub(item.integer("_count_back").unwrap_or(0)),
        })
    }

    pub(super) fn is_all(item: &Record) -> bool {
        ["_dollars_back", "_points_back", "_count_back"]
            .iter()
            .all(|back| !item.has(back))
    }
}

/// Notes how much of an item is given back.
pub(super) fn note(
    context: &mut Context<'_>,
    item: &Record,
    dollars: Decimal,
    points: Decimal,
    count: i64,
) -> Result<(), Refusal> {
    let mut noted = item.clone();
    for (member, more) in [("_dollars_back", dollars), ("_points_back", points)] {
        let before = item.amount(member).unwrap_or_default();
        noted.set(member, number(before + more));
    }
    let before = item.integer("_count_back").unwrap_or(0);
    noted.set("_count_back", before.saturating_add(count));
    context.update("RedemptionItem", item, noted)?;
    Ok(())
}
