//! From when to when an instance counts, and for how much.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{Incentive, time};
use crate::record::{Record, RecordExt};

/// What an instance counts for in its profile's balances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Worth {
    pub(super) dollars: Decimal,
    pub(super) points: Decimal,
}

/// From when to when an instance can be spent.
#[derive(Clone, Copy, Debug)]
struct Span {
    /// Not before; `None` is from ever.
    starts: Option<Timestamp>,
    /// Not from then on; `None` is for ever.
    ends: Option<Timestamp>,
    /// Not at all.
    is_barred: bool,
}

impl Span {
    fn of(incentive: Incentive, record: &Record) -> Self {
        let zone = time::zone_of(record);
        // Rewards' times are stored in UTC and points have no zone; the others' are stored as they were sent.
        let at = |member: &str| match incentive {
            Incentive::Reward | Incentive::Point => record.time(member),
            Incentive::Benefit | Incentive::Credit => {
                let at = time::local(&record.text(member)?, &zone)?;
                time::moment(at, &zone)
            }
        };
        let mut span = Self {
            starts: at("issued_at"),
            ends: at("expires_at"),
            is_barred: false,
        };
        if incentive == Incentive::Credit {
            let is_locked = record.flag("locked") == Some(true);
            let unlocks = at("lock_expires_at").filter(|_| is_locked);
            span.starts = [span.starts, at("released_at"), unlocks]
                .into_iter()
                .flatten()
                .max();
            span.is_barred =
                record.flag("is_void") == Some(true) || (is_locked && unlocks.is_none());
        }
        span
    }

    fn holds(&self, at: Timestamp) -> bool {
        !self.is_barred
            && self.starts.is_none_or(|starts| starts <= at)
            && self.ends.is_none_or(|ends| at < ends)
    }
}

/// Whether its time is over.
pub(super) fn is_expired(incentive: Incentive, record: &Record, at: Timestamp) -> bool {
    Span::of(incentive, record)
        .ends
        .is_some_and(|ends| ends <= at)
}

/// Whether its time has come and is not over, and nothing bars it.
pub(super) fn is_current(incentive: Incentive, record: &Record, at: Timestamp) -> bool {
    Span::of(incentive, record).holds(at)
}

/// What is left of it, whether or not it can be spent.
pub(super) fn left(incentive: Incentive, record: &Record) -> Worth {
    let remaining = record.amount("value_remaining").unwrap_or_default();
    match incentive {
        Incentive::Reward | Incentive::Credit => Worth {
            dollars: remaining,
            points: Decimal::ZERO,
        },
        Incentive::Point => Worth {
            dollars: remaining.saturating_mul(point_worth(record)),
            points: remaining,
        },
        Incentive::Benefit => Worth {
            dollars: redemptions(record).saturating_mul(record.amount("value").unwrap_or_default()),
            points: Decimal::ZERO,
        },
    }
}

/// How often a benefit can be redeemed.
fn redemptions(record: &Record) -> Decimal {
    record
        .integer("redemptions_remaining")
        .unwrap_or(0)
        .max(0)
        .into()
}

/// What it counts for at a moment.
pub(super) fn worth(incentive: Incentive, record: &Record, at: Timestamp) -> Worth {
    if is_current(incentive, record, at) {
        left(incentive, record)
    } else {
        Worth::default()
    }
}

/// When it starts and ceases to count.
pub(super) fn turns(incentive: Incentive, record: &Record) -> impl Iterator<Item = Timestamp> {
    let span = Span::of(incentive, record);
    [span.starts, span.ends]
        .into_iter()
        .flatten()
        .filter(move |_| !span.is_barred)
}

/// When it expires; what never does comes last.
pub(super) fn expiry(incentive: Incentive, record: &Record) -> Timestamp {
    Span::of(incentive, record).ends.unwrap_or(Timestamp::MAX)
}

/// The dollars of one point, as they were when it was issued.
pub(super) fn point_worth(record: &Record) -> Decimal {
    record.amount("_worth").unwrap_or_default()
}
