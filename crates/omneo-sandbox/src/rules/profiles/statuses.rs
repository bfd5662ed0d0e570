//! The statuses that a profile has: handles, and since when.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, stamp, text};

/// Since when a profile has each status.
const SINCE: &str = "_statuses";

/// Keeps the handles that are statuses, each once, and notes since when the profile has each.
pub(super) fn keep_known(
    context: &Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    if old.is_some_and(|old| old.get("statuses") == new.get("statuses")) {
        return Ok(());
    }
    let mut since = Record::new();
    for handle in new.list("statuses").iter().filter_map(text) {
        if context
            .first("Status", &[("handle", handle.as_str().into())])?
            .is_none()
        {
            continue;
        }
        let before = old.and_then(|old| old.map(SINCE)?.get(&handle).cloned());
        since.insert(handle, before.unwrap_or_else(|| context.stamp().into()));
    }
    new.set("statuses", since.keys().cloned().collect::<Vec<_>>());
    new.set(SINCE, since);
    Ok(())
}

/// Adds the statuses in full, and leaves out of the handles those that expired.
pub(super) fn complete(context: &Context<'_>, profile: &mut Record) -> Result<(), Refusal> {
    let mut handles = Vec::new();
    let mut statuses = Vec::new();
    for handle in profile.list("statuses").iter().filter_map(text) {
        let Some(mut status) = context.first("Status", &[("handle", handle.as_str().into())])?
        else {
            continue;
        };
        let since = profile.map(SINCE).and_then(|since| since.time(&handle));
        let expires = since.and_then(|since| expiry(&status, since));
        let is_active = expires.is_none_or(|expires| expires > context.now());
        status.set("expires_at", expires.map(stamp));
        status.set("is_active", is_active);
        if is_active {
            handles.push(handle);
        }
        statuses.push(Value::Object(status));
    }
    profile.set("statuses", handles);
    profile.set("statuses_original", statuses);
    Ok(())
}

/// When a status that a profile has since a time expires; never, if its definition has no period.
fn expiry(status: &Record, since: Timestamp) -> Option<Timestamp> {
    let unit = status.text("period_type")?;
    if unit == "absolute_date" {
        return status.time("absolute_expiry");
    }
    let count = status.integer("period")?;
    let span = Span::new();
    let span = match unit.as_str() {
        "days" => span.try_days(count),
        "weeks" => span.try_weeks(count),
        "months" => span.try_months(count),
        "years" => span.try_years(count),
        _ => return None,
    };
    let zoned = since.to_zoned(TimeZone::UTC).checked_add(span.ok()?).ok()?;
    Some(zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::expiry;

    #[test]
    fn a_status_expires_after_its_period() {
        let since = "2026-01-31T10:00:00Z".parse().expect("a time");
        let status = json!({"period": "1", "period_type": "months"});
        let expires = expiry(status.as_object().expect("a map"), since).expect("an end");
        assert_eq!(expires.to_string(), "2026-02-28T10:00:00Z");
        let endless = json!({"handle": "vip"});
        assert_eq!(expiry(endless.as_object().expect("a map"), since), None);
    }
}
