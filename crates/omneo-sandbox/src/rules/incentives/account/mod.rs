//! A profile's account: its running balances, and the entry for each change of them.
//!
//! Each instance keeps what it is booked with. Whenever one changes, or its time comes or is over, the difference to what it then counts for is
//! entered; so the sum of the entries, the account and the instances agree, however an instance was changed.

mod balances;
mod cause;
mod change;
mod entry;
mod settle;

use serde_json::Value;

use super::Incentive;
use crate::rules::{Change, Family, Work};

pub(super) use balances::{Account, read};
pub(super) use cause::Cause;
use change::{after, before};
pub(super) use settle::settle;

/// The work of booking what the clock brought.
const SETTLE: &str = "incentives.settle";

/// The change of a family that is booked.
macro_rules! booked {
    ($incentive:ident, $fact:literal) => {
        Change {
            kind: stringify!($incentive),
            fact: $fact,
            before: Some(|context, old, new| before(context, Incentive::$incentive, old, new)),
            after: Some(|context, old, new| after(context, Incentive::$incentive, old, new)),
        }
    };
}

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[],
    changes: &[
        booked!(
            Reward,
            "Each change of a reward's value is an entry of its profile's ledger, and tells reward.created, reward.updated or reward.deleted [inferred]."
        ),
        booked!(
            Benefit,
            "Each change of a benefit's value is an entry of its profile's ledger, and tells benefit.created, benefit.updated or benefit.deleted [inferred]."
        ),
        booked!(
            Point,
            "Each change of points is an entry of their profile's ledger, and tells point.created, point.updated or point.deleted [inferred]."
        ),
        booked!(
            Credit,
            "Each change of a credit's value is an entry of its profile's ledger; no trigger of credits is known [inferred]."
        ),
    ],
    views: &[],
    work: &[Work {
        name: SETTLE,
        run: |context, what| match what.get("profile_id").and_then(Value::as_str) {
            Some(profile) => settle(context, profile),
            None => Ok(()),
        },
    }],
};
