//! Entering what an instance counts for.

use jiff::Timestamp;

use super::balances::Account;
use super::cause::Cause;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, number, stamp};
use crate::rules::incentives::Incentive;
use crate::rules::incentives::standing::Worth;

/// What an instance is booked with.
pub(super) fn booked(record: &Record) -> Worth {
    Worth {
        dollars: record.amount("_booked").unwrap_or_default(),
        points: record.amount("_booked_points").unwrap_or_default(),
    }
}

pub(super) fn set_booked(record: &mut Record, worth: Worth, at: Timestamp) {
    record.set("_booked", worth.dollars.to_string());
    record.set("_booked_points", worth.points.to_string());
    record.set("_booked_at", stamp(at));
}

/// Enters a change of what an instance counts for: in the account, the ledger, and an event.
#[allow(clippy::too_many_arguments, reason = "an entry has as many members")]
pub(super) fn enter(
    context: &mut Context<'_>,
    profile: &str,
    incentive: Incentive,
    record: &Record,
    from: Worth,
    to: Worth,
    cause: Cause,
    at: Timestamp,
) -> Result<(), Refusal> {
    if from == to {
        return Ok(());
    }
    let (dollars, points) = (to.dollars - from.dollars, to.points - from.points);
    let mut account = Account::read(context, profile)?;
    account.add(incentive, dollars, points);
    account.settled_at = Some(context.now());
    account.keep(context, profile)?;

    let mut entry = Record::new();
    entry.set("profile_id", profile);
    entry.set("type", incentive.name());
    entry.set("type_id", record.get("id").cloned());
    entry.set("description", description(incentive, cause));
    entry.set("dollar_value", number(dollars));
    entry.set("dollar_balance", number(account.total()));
    entry.set("point_value", number(points));
    entry.set("point_balance", number(account.points));
    let is_point = incentive == Incentive::Point;
    entry.set("point_dollar_value", is_point.then(|| number(dollars)));
    entry.set("expires_at", record.get("expires_at").cloned());
    entry.set("created_at", stamp(at));
    context.create("Ledger", entry)?;

    match context.store().get("Profile", profile)? {
        Some(profile) => context.event("balance.updated", "Profile", &profile),
        None => Ok(()),
    }
}

/// `Reward redeemed`.
fn description(incentive: Incentive, cause: Cause) -> String {
    format!("{} {}", incentive.kind(), cause.word())
}
