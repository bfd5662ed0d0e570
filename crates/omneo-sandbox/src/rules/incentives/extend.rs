//! More time for what a customer has.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::issue::{owner, utc};
use super::{Incentive, time};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt, text};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "rewards.extend",
            fact: "Rewards are extended by days or to a date, once each, if their definition is extendable [seen]; all of them or none, and the date is read in the reward's own zone [inferred].",
            answer: |call| extend(call, Incentive::Reward),
        },
        Rule {
            operation: "benefits.extend",
            fact: "Benefits are extended by days or to a date [sent], any number of times, if their definition is extendable; all of them or none [inferred].",
            answer: |call| extend(call, Incentive::Benefit),
        },
        Rule {
            operation: "credits.extend",
            fact: "Credits are extended by days or to a date [seen], any number of times, if their definition is extendable; all of them or none [inferred].",
            answer: |call| extend(call, Incentive::Credit),
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

enum By {
    Days(Span),
    /// A time of each one's own zone.
    Date(String),
}

fn extend(call: &mut Call<'_>, incentive: Incentive) -> Result<Answer, Refusal> {
    let profile = text(&owner(call, &call.body)?);
    let by = by(&call.body)?;
    let ids: Vec<_> = call.body.list("ids").iter().map(text).collect();
    if ids.is_empty() {
        return Err(Refusal::invalid("ids", "The ids field is required."));
    }
    let mut extended = Vec::new();
    for (place, id) in ids.into_iter().enumerate() {
        let field = format!("ids.{place}");
        let record = match id {
            Some(id) => call.store().get(incentive.kind(), &id)?,
            None => None,
        };
        let record = record
            .filter(|record| record.text("profile_id") == profile)
            .ok_or_else(|| Refusal::unknown(&*field))?;
        may_extend(call, incentive, &record, &field)?;
        let mut longer = record.clone();
        longer.set("expires_at", later(incentive, &record, &by, &field)?);
        longer.set("extended_at", call.stamp());
        extended.push(call.update(incentive.kind(), &record, longer)?);
    }
    Ok(Answer::Many(extended))
}

/// By days or to a date: exactly one of them.
fn by(body: &Record) -> Result<By, Refusal> {
    match (body.has("extend_days"), body.has("extend_date")) {
        (true, false) => body
            .integer("extend_days")
            .filter(|days| *days > 0)
            .and_then(|days| Span::new().try_days(days).ok())
            .map(By::Days)
            .ok_or_else(|| Refusal::invalid("extend_days", "The extend days must be at least 1.")),
        (false, true) => body
            .text("extend_date")
            .filter(|date| time::local(date, &TimeZone::UTC).is_some())
            .map(By::Date)
            .ok_or_else(|| time::not_a_date("extend_date")),
        (false, false) => Err(Refusal::invalid(
            "extend_days",
            "The extend days field is required when extend date is not present.",
        )),
        (true, true) => Err(Refusal::invalid(
            "extend_date",
            "The extend date field is prohibited when extend days is present.",
        )),
    }
}

fn may_extend(
    call: &Call<'_>,
    incentive: Incentive,
    record: &Record,
    field: &str,
) -> Result<(), Refusal> {
    if incentive == Incentive::Reward && record.has("extended_at") {
        return Err(Refusal::invalid(
            field,
            "The reward has already been extended.",
        ));
    }
    let definition = match record.text(incentive.definition_id()) {
        Some(id) => call.store().get(incentive.definition(), &id)?,
        None => None,
    };
    let is_extendable = definition.and_then(|definition| definition.flag("is_extendable"));
    if is_extendable == Some(true) {
        return Ok(());
    }
    let message = format!("The {}'s definition is not extendable.", incentive.name());
    Err(Refusal::invalid(field, message))
}

/// The new expiry, as the family keeps it.
fn later(incentive: Incentive, record: &Record, by: &By, field: &str) -> Result<String, Refusal> {
    let zone = time::zone_of(record);
    let too_late = || Refusal::invalid(field, "The extension is beyond the calendar.");
    let at = match by {
        By::Date(date) => {
            time::local(date, &zone).ok_or_else(|| time::not_a_date("extend_date"))?
        }
        By::Days(days) => {
            let message = format!(
                "The {} never expires, and can't be extended by days.",
                incentive.name()
            );
            let ends = ends(incentive, record, &zone);
            let ends = ends.ok_or_else(|| Refusal::invalid(field, message))?;
            ends.checked_add(*days).map_err(|_| too_late())?
        }
    };
    match incentive {
        Incentive::Reward => utc(at, &zone, "extend_date"),
        _ => Ok(time::write(at)),
    }
}

fn ends(incentive: Incentive, record: &Record, zone: &TimeZone) -> Option<DateTime> {
    match incentive {
        Incentive::Reward => record
            .time("expires_at")
            .map(|ends: Timestamp| zone.to_datetime(ends)),
        _ => time::local(&record.text("expires_at")?, zone),
    }
}
