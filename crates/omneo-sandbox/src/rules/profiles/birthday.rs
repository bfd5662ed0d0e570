//! Birthdays: three members that are stored, and what follows from them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use crate::answer::Refusal;
use crate::record::{Record, RecordExt};

/// Refuses a day that no year has, and a month without its day.
pub(super) fn check(profile: &Record) -> Result<(), Refusal> {
    let (day, month) = (profile.integer("birth_day"), profile.integer("birth_month"));
    let year = profile.integer("birth_year");
    match (day, month) {
        (None, Some(_)) => Err(Refusal::invalid(
            "birth_day",
            "The birth day field is required when birth month is present.",
        )),
        // A leap year, for a birthday whose year is not known.
        (Some(day), Some(month)) if date(year.unwrap_or(2024), month, day).is_none() => {
            Err(Refusal::invalid(
                "birth_day",
                "The birth day is not a day of the birth month.",
            ))
        }
        _ => Ok(()),
    }
}

/// Adds the date of birth, the next birthday, and the days to it and since the last.
pub(super) fn complete(profile: &mut Record, now: Timestamp) {
    let (day, month) = (profile.integer("birth_day"), profile.integer("birth_month"));
    let (Some(day), Some(month)) = (day, month) else {
        return;
    };
    if let Some(born) = profile
        .integer("birth_year")
        .and_then(|year| date(year, month, day))
    {
        profile.set("birth_date", born.to_string());
    }
    let today = now.to_zoned(TimeZone::UTC).date();
    let this_year = birthday(today, 0, month, day);
    let (last, next) = match this_year {
        Some(this_year) if this_year <= today => (Some(this_year), birthday(today, 1, month, day)),
        this_year => (birthday(today, -1, month, day), this_year),
    };
    if let Some(next) = next {
        profile.set("next_birthday", next.to_string());
        profile.set("birth_days", days(now, midnight(next)));
    }
    if let Some(last) = last {
        profile.set("birth_days_past", days(midnight(last), Some(now)));
    }
}

/// The birthday in a year counted from today's; the 28th where there is no 29th of February.
fn birthday(today: Date, years: i64, month: i64, day: i64) -> Option<Date> {
    let year = i64::from(today.year()) + years;
    date(year, month, day).or_else(|| date(year, month, day - 1))
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    let (year, month, day) = (
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    );
    Date::new(year, month, day).ok()
}

fn midnight(date: Date) -> Option<Timestamp> {
    let zoned = date.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

/// Whole days.
fn days(from: impl Into<Option<Timestamp>>, to: Option<Timestamp>) -> Value {
    match (from.into(), to) {
        (Some(from), Some(to)) => (to.duration_since(from).as_hours() / 24).into(),
        _ => Value::Null,
    }
}

/// The time some years before another.
pub(super) fn years_before(at: Timestamp, years: i32) -> Timestamp {
    let zoned = at.to_zoned(TimeZone::UTC);
    zoned
        .checked_sub(years.years())
        .map_or(at, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{check, complete};
    use crate::record::Record;

    fn record(value: &Value) -> Record {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn the_days_are_counted_as_in_the_answer_that_was_seen() {
        let mut profile = record(&json!({"birth_day": 1, "birth_month": 1, "birth_year": 1989}));
        complete(
            &mut profile,
            "2021-01-26T03:00:00Z".parse().expect("a time"),
        );
        assert_eq!(profile["birth_date"], "1989-01-01");
        assert_eq!(profile["next_birthday"], "2022-01-01");
        assert_eq!(profile["birth_days"], 339);
        assert_eq!(profile["birth_days_past"], 25);
    }

    #[test]
    fn a_birthday_needs_no_year() {
        let mut profile = record(&json!({"birth_day": 29, "birth_month": 2}));
        complete(
            &mut profile,
            "2026-03-01T00:00:00Z".parse().expect("a time"),
        );
        assert!(!profile.contains_key("birth_date"));
        assert_eq!(profile["next_birthday"], "2027-02-28");
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        assert!(check(&record(&json!({"birth_day": 31, "birth_month": 4}))).is_err());
        assert!(check(&record(&json!({"birth_month": 4}))).is_err());
        assert!(check(&record(&json!({"birth_day": 29, "birth_month": 2}))).is_ok());
    }
}
