//! Booking an instance that is made, changed or removed, whoever does it.

use super::balances::Account;
use super::cause::Cause;
use super::entry::{booked, enter, set_booked};
use super::settle::settle;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::changes::{ALL, tell};
use crate::rules::incentives::Incentive;
use crate::rules::incentives::standing::{self, Worth};

pub(super) fn before(
    context: &mut Context<'_>,
    incentive: Incentive,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    let now = context.now();
    let owner = new.text("profile_id");
    let was = old.and_then(|old| old.text("profile_id"));
    for profile in [&was, &owner].into_iter().flatten() {
        settle(context, profile)?;
    }
    let worth = match &owner {
        Some(_) => standing::worth(incentive, new, now),
        // A gift card without an owner is in nobody's balance.
        None => Worth::default(),
    };
    set_booked(new, worth, now);
    let Some(old) = old else {
        // Booked when it has an id.
        let cause = Cause::take(new, Cause::Issued);
        new.set("_origin", cause.word());
        return Ok(());
    };
    let cause = Cause::take(new, Cause::Edited);
    let id = old.text("id").unwrap_or_default();
    let from = context
        .store()
        .get(incentive.kind(), &id)?
        .map(|stored| booked(&stored))
        .unwrap_or_default();
    if was == owner {
        if let Some(owner) = &owner {
            enter(context, owner, incentive, new, from, worth, cause, now)?;
        }
    } else {
        let none = Worth::default();
        if let Some(was) = &was {
            enter(context, was, incentive, new, from, none, cause, now)?;
        }
        if let Some(owner) = &owner {
            enter(context, owner, incentive, new, none, worth, cause, now)?;
        }
    }
    expect_turns(context, incentive, new)
}

pub(super) fn after(
    context: &mut Context<'_>,
    incentive: Incentive,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let now = context.now();
    let none = Worth::default();
    match (old, new) {
        (None, Some(new)) => {
            let cause = Cause::named(new.get("_origin"), Cause::Issued);
            if let Some(owner) = new.text("profile_id") {
                let worth = booked(new);
                enter(context, &owner, incentive, new, none, worth, cause, now)?;
            }
            expect_turns(context, incentive, new)?;
        }
        (Some(old), None) => {
            if let Some(owner) = old.text("profile_id") {
                let worth = booked(old);
                enter(
                    context,
                    &owner,
                    incentive,
                    old,
                    worth,
                    none,
                    Cause::Deleted,
                    now,
                )?;
            }
        }
        _ => {}
    }
    // Credits have no triggers.
    if incentive == Incentive::Credit {
        return Ok(());
    }
    tell(context, incentive.name(), ALL, incentive.kind(), old, new)
}

fn expect_turns(
    context: &Context<'_>,
    incentive: Incentive,
    record: &Record,
) -> Result<(), Refusal> {
    let Some(owner) = record.text("profile_id") else {
        return Ok(());
    };
    let next = standing::turns(incentive, record)
        .filter(|turn| *turn > context.now())
        .min();
    let Some(next) = next else {
        return Ok(());
    };
    let mut account = Account::read(context, &owner)?;
    if account.turns_at.is_none_or(|turns| turns > next) {
        account.expect(context, &owner, next)?;
        account.settled_at.get_or_insert(context.now());
        account.keep(context, &owner)?;
    }
    Ok(())
}
