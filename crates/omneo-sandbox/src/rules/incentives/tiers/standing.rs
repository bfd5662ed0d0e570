//! How a tier is achieved, maintained and lost.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rust_decimal::Decimal;

use super::ladder::{Ladder, Rung};
use super::progress::Points;
use super::{KIND, owned_tier};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, number, stamp};
use crate::rules::incentives::time;

/// The first progress of a profile.
pub(super) fn begin(context: &Context<'_>, profile: &str, rung: &Rung) -> Record {
    let mut progress = Record::new();
    progress.set("profile_id", profile);
    progress.set("assigned_at", serde_json::Value::Null);
    enter(context.now(), &mut progress, rung, Decimal::ZERO);
    progress
}

/// Puts a profile on a tier, from the day's start to the day's end a year later. `carried` counts toward staying there.
pub(super) fn enter(at: Timestamp, progress: &mut Record, rung: &Rung, carried: Decimal) {
    let date = TimeZone::UTC.to_datetime(at).date();
    progress.set("current_tier_id", rung.id.clone());
    progress.set("is_floor", rung.is_floor);
    progress.set("achieved_at", time::write(date.at(0, 0, 0, 0)));
    let anniversary = date.checked_add(1.year()).ok();
    progress.set(
        "anniversary_at",
        anniversary.map(|date| time::write(time::days_end(date))),
    );
    progress.set("maintained_at", serde_json::Value::Null);
    progress.set("_since", stamp(at));
    progress.set("_carried", number(carried));
    progress.set("_seen_at", stamp(at));
}

/// Does what points and anniversaries brought since the progress was last seen, in their order.
pub(super) fn advance(
    context: &mut Context<'_>,
    ladder: &Ladder,
    points: &Points,
    mut progress: Record,
) -> Result<Record, Refusal> {
    let now = context.now();
    let seen = progress.time("_seen_at").unwrap_or(now);
    let mut moments = points.between(seen, now).chain([now]).peekable();
    // Each round takes a moment, or an anniversary up to the end of the calendar.
    loop {
        let anniversary = progress.time("anniversary_at").filter(|at| *at < now);
        let moment = moments.peek().copied();
        match (anniversary, moment) {
            (Some(anniversary), moment) if moment.is_none_or(|moment| anniversary < moment) => {
                renew(context, ladder, points, &mut progress, anniversary)?;
            }
            (_, Some(moment)) => {
                moments.next();
                rise(context, ladder, points, &mut progress, moment)?;
            }
            _ => break,
        }
    }
    progress.set("_seen_at", stamp(now));
    Ok(progress)
}

/// Puts a profile on the highest tier that its points make, if that is higher.
fn rise(
    context: &mut Context<'_>,
    ladder: &Ladder,
    points: &Points,
    progress: &mut Record,
    at: Timestamp,
) -> Result<(), Refusal> {
    let total = points.total(at);
    let Some(reached) = ladder.reached(total) else {
        return Ok(());
    };
    if ladder.place(&reached.id) <= ladder.place(&owned_tier(progress)) {
        return Ok(());
    }
    let carried = if reached.carries {
        (total - reached.from).max(Decimal::ZERO)
    } else {
        Decimal::ZERO
    };
    enter(at, progress, reached, carried);
    progress.set("assigned_at", serde_json::Value::Null);
    tell(context, "tier.achieved", progress)
}

/// Keeps or takes a tier at its anniversary.
fn renew(
    context: &mut Context<'_>,
    ladder: &Ladder,
    points: &Points,
    progress: &mut Record,
    anniversary: Timestamp,
) -> Result<(), Refusal> {
    let next = anniversary
        .checked_add(SignedDuration::from_secs(1))
        .unwrap_or(anniversary);
    let current = ladder.rung(&owned_tier(progress));
    let earned = points.credit(progress, anniversary);
    let stays = current.is_some_and(|rung| rung.is_floor || earned >= rung.keeps);
    let (true, Some(current)) = (stays, current) else {
        let reached = ladder.reached(earned).or(ladder.lowest());
        let Some(reached) = reached else {
            progress.set("anniversary_at", serde_json::Value::Null);
            return Ok(());
        };
        enter(next, progress, reached, Decimal::ZERO);
        progress.set("assigned_at", serde_json::Value::Null);
        return tell(context, "tier.lost", progress);
    };
    let date = TimeZone::UTC.to_datetime(anniversary).date();
    let again = date.checked_add(1.year()).ok();
    progress.set(
        "anniversary_at",
        again.map(|date| time::write(time::days_end(date))),
    );
    progress.set("_since", stamp(next));
    progress.set("_carried", number(Decimal::ZERO));
    if current.is_floor {
        return Ok(());
    }
    progress.set("maintained_at", stamp(anniversary));
    tell(context, "tier.maintained", progress)
}

/// Tells the webhooks what became of a tier.
pub(super) fn tell(context: &Context<'_>, trigger: &str, progress: &Record) -> Result<(), Refusal> {
    let mut told = progress.clone();
    told.set("tier_definition_id", owned_tier(progress));
    context.event(trigger, KIND, &told)
}
