//! The numbers of a tier's progress.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::ladder::{Ladder, Rung};
use super::{WORK, owned_tier};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, number, stamp};
use crate::rules::incentives::time;

/// A profile's tier points.
#[derive(Debug)]
pub(super) struct Points(Vec<Point>);

#[derive(Debug)]
struct Point {
    issued: Timestamp,
    /// The last moment at which it is one of twelve months.
    lasts: Timestamp,
    value: Decimal,
}

impl Points {
    pub(super) fn read(context: &Context<'_>, profile: &str) -> Result<Self, Refusal> {
        let points = context.find("TierPoint", &[("profile_id", profile.into())])?;
        let mut points: Vec<_> = points
            .iter()
            .map(|point| {
                let issued = point.time("issued_at").unwrap_or(Timestamp::MIN);
                Point {
                    issued,
                    lasts: a_year_on(issued),
                    value: point.amount("value").unwrap_or_default(),
                }
            })
            .collect();
        points.sort_by_key(|point| point.issued);
        Ok(Self(points))
    }

    /// The points of the twelve months before a moment.
    pub(super) fn total(&self, at: Timestamp) -> Decimal {
        let points = self.0.iter();
        points
            .filter(|point| point.issued <= at && at <= point.lasts)
            .map(|point| point.value)
            .sum()
    }

    /// The points that count toward staying on a tier: those since it was achieved or maintained.
    pub(super) fn credit(&self, progress: &Record, at: Timestamp) -> Decimal {
        progress.amount("_carried").unwrap_or_default() + self.since(progress, at)
    }

    fn since(&self, progress: &Record, at: Timestamp) -> Decimal {
        let since = progress.time("_since").unwrap_or(Timestamp::MIN);
        let points = self.0.iter();
        points
            .filter(|point| since < point.issued && point.issued <= at)
            .map(|point| point.value)
            .sum()
    }

    /// When points were issued after one moment and up to another.
    pub(super) fn between(
        &self,
        after: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = Timestamp> {
        let points = self.0.iter();
        points
            .map(|point| point.issued)
            .filter(move |issued| after < *issued && *issued <= to)
    }

    fn first_to_go(&self, at: Timestamp) -> Option<Timestamp> {
        let points = self.0.iter();
        points
            .filter(|point| point.issued <= at && at <= point.lasts)
            .map(|point| point.lasts)
            .min()
    }
}

/// The end of the same day in the next year.
fn a_year_on(at: Timestamp) -> Timestamp {
    let date = TimeZone::UTC.to_datetime(at).date();
    let ends = date.checked_add(1.year()).ok().map(time::days_end);
    ends.and_then(|ends| time::moment(ends, &TimeZone::UTC))
        .unwrap_or(Timestamp::MAX)
}

/// Sets the numbers that are read.
pub(super) fn show(
    now: Timestamp,
    ladder: &Ladder,
    points: &Points,
    mut progress: Record,
) -> Record {
    let current = owned_tier(&progress);
    let total = points.total(now);
    let next = ladder.next(&current);
    let id = |rung: Option<&Rung>| rung.map_or(Value::Null, |rung| rung.id.clone());
    progress.set("next_tier_id", id(next));
    progress.set("prev_tier_id", id(ladder.below(&current)));
    progress.set("total_points_12m", number(total));
    progress.set(
        "total_points_achievement",
        number(points.since(&progress, now)),
    );
    let going = points.first_to_go(now).map(stamp);
    progress.set("next_progress_change_at", going);

    // On the floor there is nothing to keep.
    let rung = ladder.rung(&current).filter(|rung| !rung.is_floor);
    let credit = rung.map_or(Decimal::ZERO, |_| points.credit(&progress, now));
    let keeps = rung.map_or(Decimal::ZERO, |rung| rung.keeps);
    progress.set("current_credit", number(credit));
    progress.set("current_progress", number(percent(credit, keeps)));
    progress.set(
        "current_remain",
        number((keeps - credit).max(Decimal::ZERO)),
    );
    let from = next.map_or(Decimal::ZERO, |next| next.from);
    progress.set("next_progress", number(percent(total, from)));
    let remain = next.map(|next| number((next.from - total).max(Decimal::ZERO)));
    progress.set("next_remain", remain);
    progress
}

/// How much of a whole is there, in percent: 0 of nothing.
fn percent(part: Decimal, whole: Decimal) -> Decimal {
    let share = part.max(Decimal::ZERO).checked_div(whole);
    share.map_or(Decimal::ZERO, |share| {
        (share.min(Decimal::ONE) * Decimal::ONE_HUNDRED).round_dp(2)
    })
}

/// Has the next change by the clock done in time: points that are issued, or an anniversary.
pub(super) fn expect(
    context: &Context<'_>,
    points: &Points,
    profile: &str,
    progress: &mut Record,
) -> Result<(), Refusal> {
    let now = context.now();
    let after = |at: Timestamp| at.checked_add(SignedDuration::from_secs(1)).unwrap_or(at);
    // Nothing comes of an anniversary on the floor.
    let is_floor = progress.flag("is_floor") == Some(true);
    let anniversary = progress
        .time("anniversary_at")
        .filter(|_| !is_floor)
        .map(after);
    let issue = points.between(now, Timestamp::MAX).min();
    let next = [anniversary, issue].into_iter().flatten().min();
    let Some(next) = next.filter(|next| *next > now) else {
        return Ok(());
    };
    if progress.time("_work_at") == Some(next) {
        return Ok(());
    }
    progress.set("_work_at", stamp(next));
    let pause = next.duration_since(now);
    context.later(WORK, pause, json!({ "profile_id": profile }))
}
