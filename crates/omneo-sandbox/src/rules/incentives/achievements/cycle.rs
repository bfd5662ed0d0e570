//! The cycle in which an achievement counts.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use crate::record::{Record, RecordExt};
use crate::rules::incentives::time;

/// From when counts of an achievement count now; `None` is from ever. `since` is when the profile's progress began.
pub(super) fn begins(definition: &Record, since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let zone = time::zone_of(definition);
    let today = zone.to_datetime(now).date();
    let first = match definition.text("period").as_deref() {
        Some("daily") => Some(today),
        Some("weekly") => monday(today),
        Some("fortnightly") => fortnight(definition, today),
        Some("monthly") => Some(today.first_of_month()),
        Some("yearly") => Some(today.first_of_year()),
        _ if definition.flag("enable_annual_earn_cycle") == Some(true) => {
            anniversary(zone.to_datetime(since).date(), today)
        }
        _ => None,
    };
    time::moment(first?.at(0, 0, 0, 0), &zone)
}

/// When the cycle ends and the next begins.
pub(super) fn ends(definition: &Record, since: Timestamp, begins: Timestamp) -> Option<Timestamp> {
    let zone = time::zone_of(definition);
    let first = zone.to_datetime(begins).date();
    let next = match definition.text("period").as_deref() {
        Some("daily") => first.checked_add(1.day()),
        Some("weekly") => first.checked_add(1.week()),
        Some("fortnightly") => first.checked_add(2.weeks()),
        Some("monthly") => first.checked_add(1.month()),
        Some("yearly") => first.checked_add(1.year()),
        // From the day that the progress began on, which may be a 29 February.
        _ => {
            let day = zone.to_datetime(since).date();
            let years = i64::from(first.year()) - i64::from(day.year()) + 1;
            day.checked_add(years.years())
        }
    };
    time::moment(next.ok()?.at(0, 0, 0, 0), &zone)
}

fn monday(today: Date) -> Option<Date> {
    let since = i64::from(today.weekday().to_monday_zero_offset());
    today.checked_sub(since.days()).ok()
}

/// Two weeks from the Monday of the week in which the achievement starts, or from one long ago.
fn fortnight(definition: &Record, today: Date) -> Option<Date> {
    let zone = time::zone_of(definition);
    let start = definition
        .text("starts_at")
        .and_then(|start| time::local(&start, &zone))
        .map_or(Date::new(2000, 1, 3).ok()?, DateTime::date);
    let (start, this) = (monday(start)?, monday(today)?);
    let days = i64::from(start.until(this).ok()?.get_days());
    let odd = days.div_euclid(7).rem_euclid(2);
    this.checked_sub(odd.weeks()).ok()
}

/// The last day on which a year since a day was over.
fn anniversary(since: Date, today: Date) -> Option<Date> {
    let years = i64::from(today.year()) - i64::from(since.year());
    let this_year = since.checked_add(years.years()).ok()?;
    if this_year <= today {
        return Some(this_year);
    }
    since.checked_add((years - 1).years()).ok()
}
