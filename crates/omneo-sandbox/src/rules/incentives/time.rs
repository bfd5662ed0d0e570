//! Times beside a zone, and periods.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde_json::Value;

use crate::answer::Refusal;
use crate::record::{Record, RecordExt, civil, text};

/// The last second of a day, when what ends on a date does.
const DAYS_END: (i8, i8, i8) = (23, 59, 59);

/// The zone that a record names; UTC if it names none.
///
/// # Errors
///
/// 422 if there is no such zone.
pub(super) fn zone(record: &Record) -> Result<TimeZone, Refusal> {
    match record.text("timezone") {
        None => Ok(TimeZone::UTC),
        Some(name) => TimeZone::get(&name)
            .map_err(|_| Refusal::invalid("timezone", "The timezone must be a valid zone.")),
    }
}

/// The zone of a stored record, whose name was checked when it was stored.
pub(super) fn zone_of(record: &Record) -> TimeZone {
    zone(record).unwrap_or(TimeZone::UTC)
}

/// A time as it is written: of a zone, or a moment with an offset.
pub(super) fn local(value: &str, zone: &TimeZone) -> Option<DateTime> {
    match value.trim().parse::<Timestamp>() {
        Ok(moment) => Some(zone.to_datetime(moment)),
        Err(_) => civil(value),
    }
}

/// A member of a body that is a time of a zone; none if it is left out or null.
///
/// # Errors
///
/// 422 if it is no time.
pub(super) fn given(
    body: &Record,
    member: &str,
    zone: &TimeZone,
) -> Result<Option<DateTime>, Refusal> {
    match body.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(|value| local(value, zone))
            .map(Some)
            .ok_or_else(|| not_a_date(member)),
    }
}

/// 422 for a time that is none.
pub(super) fn not_a_date(member: &str) -> Refusal {
    let message = format!("The {} is not a valid date.", member.replace('_', " "));
    Refusal::invalid(member, message)
}

/// The moment of a time of a zone. One that a change of clocks skips is the one as much later.
pub(super) fn moment(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(at).compatible().ok()
}

/// As Omneo writes a time.
pub(super) fn write(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Which members of a definition tell a period.
pub(super) struct Period {
    pub(super) length: &'static str,
    pub(super) unit: &'static str,
    pub(super) absolute: &'static str,
}

/// How long an instance is good.
pub(super) const EXPIRY: Period = Period {
    length: "period",
    unit: "period_type",
    absolute: "absolute_expiry",
};

/// How long points wait until they can be spent.
pub(super) const ISSUE: Period = Period {
    length: "issue_period",
    unit: "issue_period_type",
    absolute: "issue_absolute_expiry",
};

/// How long a credit waits until it can be spent.
pub(super) const RELEASE: Period = Period {
    length: "release_period",
    unit: "release_period_type",
    absolute: "release_period_absolute_expiry",
};

impl Period {
    /// Refuses a definition whose period can't be told: the absolute ones want the date, weekday or day of the month.
    pub(super) fn check(&self, definition: &Record) -> Result<(), Refusal> {
        let unit = definition.text(self.unit).unwrap_or_default();
        if !unit.starts_with("absolute") || self.absolute(definition, &unit).is_some() {
            return Ok(());
        }
        let message = format!(
            "The {} field is required when {} is {unit}, and must tell a date, a weekday or a day of the month.",
            self.absolute.replace('_', " "),
            self.unit.replace('_', " "),
        );
        Err(Refusal::invalid(self.absolute, message))
    }

    /// When the period of a definition that starts then is over; none if the definition has no period.
    ///
    /// # Errors
    ///
    /// 422 if that is beyond the calendar.
    pub(super) fn end(
        &self,
        definition: &Record,
        start: DateTime,
    ) -> Result<Option<DateTime>, Refusal> {
        let unit = definition.text(self.unit);
        let unit = unit.as_deref().unwrap_or("days");
        if unit.starts_with("absolute") {
            return Ok(self
                .absolute(definition, unit)
                .and_then(|absolute| absolute.end(start, definition.integer(self.length))));
        }
        let Some(length) = definition.integer(self.length) else {
            return Ok(None);
        };
        let span = match unit {
            "hours" => Span::new().try_hours(length),
            "weeks" => Span::new().try_weeks(length),
            "months" => Span::new().try_months(length),
            "years" => Span::new().try_years(length),
            _ => Span::new().try_days(length),
        };
        span.and_then(|span| start.checked_add(span))
            .map(Some)
            .map_err(|_| {
                let message = format!(
                    "The definition's {} is too long.",
                    self.length.replace('_', " ")
                );
                Refusal::invalid(self.length, message)
            })
    }

    fn absolute(&self, definition: &Record, unit: &str) -> Option<Absolute> {
        let told = definition.get(self.absolute).and_then(text)?;
        match unit {
            "absolute_date" => {
                let at = local(&told, &TimeZone::UTC)?;
                let is_date_alone = told.trim().len() <= "2026-01-01".len();
                Some(Absolute::At(if is_date_alone {
                    days_end(at.date())
                } else {
                    at
                }))
            }
            "absolute_week" => weekday(&told).map(Absolute::Weekday),
            _ => match told.trim().parse::<i8>() {
                Ok(day) if (1..=31).contains(&day) => Some(Absolute::DayOfMonth(day)),
                Ok(_) => None,
                Err(_) => local(&told, &TimeZone::UTC).map(|at| Absolute::DayOfMonth(at.day())),
            },
        }
    }
}

enum Absolute {
    At(DateTime),
    Weekday(Weekday),
    DayOfMonth(i8),
}

impl Absolute {
    /// The end of the day that is meant, so many weeks or months on; never before the start.
    fn end(self, start: DateTime, length: Option<i64>) -> Option<DateTime> {
        let length = length.unwrap_or(0).max(0);
        match self {
            Self::At(at) => Some(at),
            Self::Weekday(day) => {
                let base = start
                    .date()
                    .checked_add(Span::new().try_weeks(length).ok()?);
                let ahead = i64::from(base.as_ref().ok()?.weekday().until(day));
                let on = base.ok()?.checked_add(Span::new().try_days(ahead).ok()?);
                on.ok().map(days_end)
            }
            Self::DayOfMonth(day) => {
                let first = start.date().first_of_month();
                let month = first
                    .checked_add(Span::new().try_months(length).ok()?)
                    .ok()?;
                let on = day_of(month, day)?;
                let on = if on < start.date() {
                    day_of(month.checked_add(1.month()).ok()?, day)?
                } else {
                    on
                };
                Some(days_end(on))
            }
        }
    }
}

/// That day of a month, or its last one.
fn day_of(month: Date, day: i8) -> Option<Date> {
    let day = day.min(month.days_in_month());
    month.with().day(day).build().ok()
}

pub(super) fn days_end(date: Date) -> DateTime {
    let (hour, minute, second) = DAYS_END;
    date.at(hour, minute, second, 0)
}

/// A weekday by its number from Monday, its name, or a date that falls on it.
fn weekday(told: &str) -> Option<Weekday> {
    if let Ok(number) = told.trim().parse::<i8>() {
        return match number {
            // PHP counts Sunday as 0 and as 7.
            0 => Some(Weekday::Sunday),
            number => Weekday::from_monday_one_offset(number).ok(),
        };
    }
    let named = [
        ("mon", Weekday::Monday),
        ("tue", Weekday::Tuesday),
        ("wed", Weekday::Wednesday),
        ("thu", Weekday::Thursday),
        ("fri", Weekday::Friday),
        ("sat", Weekday::Saturday),
        ("sun", Weekday::Sunday),
    ];
    let lower = told.trim().to_ascii_lowercase();
    named
        .into_iter()
        .find(|(start, _)| lower.starts_with(start))
        .map(|(_, day)| day)
        .or_else(|| local(told, &TimeZone::UTC).map(DateTime::weekday))
}
