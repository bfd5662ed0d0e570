//! What the clock brings.

use jiff::Timestamp;

use super::balances::Account;
use super::cause::Cause;
use super::entry::{booked, enter, set_booked};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::RecordExt;
use crate::rules::incentives::{Incentive, standing};

/// Books what the clock brought to a profile since the last time: entry by entry, in the order of its coming.
pub(in crate::rules::incentives) fn settle(
    context: &mut Context<'_>,
    profile: &str,
) -> Result<(), Refusal> {
    let now = context.now();
    let account = Account::read(context, profile)?;
    if account.is_settled(now) {
        return Ok(());
    }
    // A clock that was set back brings things at once, and in no order.
    let is_set_back = account.settled_at.is_some_and(|settled| settled > now);
    let mut due = Vec::new();
    let mut next = None;
    for incentive in Incentive::ALL {
        for record in context.find(incentive.kind(), &[("profile_id", profile.into())])? {
            let booked_at = record.time("_booked_at").unwrap_or(Timestamp::MIN);
            for turn in standing::turns(incentive, &record) {
                if turn > now {
                    next = Some(next.map_or(turn, |next: Timestamp| next.min(turn)));
                } else if turn > booked_at {
                    due.push((turn, incentive, record.clone()));
                }
            }
            if is_set_back {
                due.push((now, incentive, record));
            }
        }
    }
    due.sort_by_key(|(turn, ..)| *turn);
    for (turn, incentive, record) in due {
        let id = record.text("id").unwrap_or_default();
        // An earlier turn of the same record changed what it is booked with.
        let Some(mut record) = context.store().get(incentive.kind(), &id)? else {
            continue;
        };
        let (from, to) = (booked(&record), standing::worth(incentive, &record, turn));
        set_booked(&mut record, to, turn);
        context.store().put(incentive.kind(), &record)?;
        let cause = if to.dollars < from.dollars || to.points < from.points {
            Cause::Expired
        } else {
            Cause::Started
        };
        enter(context, profile, incentive, &record, from, to, cause, turn)?;
    }
    let mut account = Account::read(context, profile)?;
    account.turns_at = None;
    account.settled_at = Some(now);
    if let Some(next) = next {
        account.expect(context, profile, next)?;
    }
    account.keep(context, profile)
}
