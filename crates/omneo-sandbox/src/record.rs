//! A stored record, and reading its members as what they should be.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde_json::{Map, Number, Value};

/// A record as it is stored: the members that are known of it, numbers as numbers, times as `YYYY-MM-DD HH:MM:SS` in UTC. Members that start with
/// an underscore are the sandbox's own; no answer has them.
pub(crate) type Record = Map<String, Value>;

/// Reads members whatever form a caller gave them.
pub(crate) trait RecordExt {
    /// A text that is not empty; a number as its text.
    fn text(&self, member: &str) -> Option<String>;
    /// A number, or a text that is one.
    fn amount(&self, member: &str) -> Option<Decimal>;
    /// A whole number, or a text that is one.
    fn integer(&self, member: &str) -> Option<i64>;
    /// A boolean; 0 and 1, as numbers or texts.
    fn flag(&self, member: &str) -> Option<bool>;
    /// A time in UTC: `YYYY-MM-DD HH:MM:SS`, a date alone (midnight), or RFC 3339.
    fn time(&self, member: &str) -> Option<Timestamp>;
    /// The items of a list; none if it is no list.
    fn list(&self, member: &str) -> &[Value];
    /// The members of a map; `None` if it is no map.
    fn map(&self, member: &str) -> Option<&Record>;
    /// Whether the member is there and not null.
    fn has(&self, member: &str) -> bool;
    /// A copy of the member, whatever it is; null if it isn't there.
    fn value(&self, member: &str) -> Value;
    /// Takes over the members that another record has of these.
    fn copy(&mut self, from: &Record, members: &[&str]);
    /// Sets a member.
    fn set(&mut self, member: &str, value: impl Into<Value>);
}

impl RecordExt for Record {
    fn text(&self, member: &str) -> Option<String> {
        self.get(member).and_then(text)
    }

    fn amount(&self, member: &str) -> Option<Decimal> {
        self.get(member).and_then(amount)
    }

    fn integer(&self, member: &str) -> Option<i64> {
        match self.get(member)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    fn flag(&self, member: &str) -> Option<bool> {
        match self.get(member)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => number.as_i64().map(|number| number != 0),
            Value::String(text) => match text.as_str() {
                "1" | "true" => Some(true),
                "0" | "false" | "" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn time(&self, member: &str) -> Option<Timestamp> {
        self.get(member)?.as_str().and_then(time)
    }

    fn list(&self, member: &str) -> &[Value] {
        match self.get(member) {
            Some(Value::Array(items)) => items,
            _ => &[],
        }
    }

    fn map(&self, member: &str) -> Option<&Record> {
        self.get(member)?.as_object()
    }

    fn has(&self, member: &str) -> bool {
        self.get(member).is_some_and(|value| !value.is_null())
    }

    fn value(&self, member: &str) -> Value {
        self.get(member).cloned().unwrap_or_default()
    }

    fn copy(&mut self, from: &Record, members: &[&str]) {
        for member in members {
            if let Some(value) = from.get(*member) {
                self.insert((*member).to_owned(), value.clone());
            }
        }
    }

    fn set(&mut self, member: &str, value: impl Into<Value>) {
        self.insert(member.to_owned(), value.into());
    }
}

/// A text that is not empty; a number as its text.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number, or a text that is one.
pub(crate) fn amount(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => {
            let text = number.to_string();
            let read = text.parse().or_else(|_| Decimal::from_scientific(&text));
            read.ok()
                .or_else(|| number.as_f64().and_then(Decimal::from_f64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Records as the items of a list.
pub(crate) fn values(records: Vec<Record>) -> Vec<Value> {
    records.into_iter().map(Value::Object).collect()
}

/// A decimal as a JSON number: whole if it is.
pub(crate) fn number(amount: Decimal) -> Value {
    let amount = amount.normalize();
    let text = amount.to_string();
    match text.parse::<i64>() {
        Ok(whole) => whole.into(),
        Err(_) => text
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map_or(Value::Null, Value::Number),
    }
}

/// A time in UTC: `YYYY-MM-DD HH:MM:SS`, a date alone (midnight), or RFC 3339.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse::<Timestamp>().ok().or_else(|| {
        let civil = civil(text)?;
        civil
            .to_zoned(TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    })
}

/// A time without a zone: `YYYY-MM-DD HH:MM:SS`, or a date alone (midnight).
pub(crate) fn civil(text: &str) -> Option<DateTime> {
    let text = text.trim();
    text.parse::<DateTime>().ok()
}

/// A time as Omneo writes it: `YYYY-MM-DD HH:MM:SS`, in UTC.
pub(crate) fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
