//! A stored value in a form that the schema allows.

use std::borrow::Cow;

use serde_json::Value;

use super::form::{Form, Text};
use super::habits::Habits;
use crate::record::{self, stamp};
use crate::schema::formats;

/// A number, text or boolean as the schema has it; none if it can't be.
pub(super) fn scalar(form: &Form, habits: Habits, value: &Value) -> Option<Value> {
    if !form.options.is_empty() {
        return option(&form.options, value);
    }
    match value {
        Value::Bool(flag) => boolean(form, habits, *flag),
        Value::Number(_) => number(form, habits, value),
        Value::String(words) => text(form, habits, words),
        _ => None,
    }
}

/// The listed value that a stored one is, but for its type or the case of its letters.
fn option(options: &[Value], value: &Value) -> Option<Value> {
    if options.contains(value) {
        return Some(value.clone());
    }
    let text = record::text(value)?;
    options
        .iter()
        .find(|option| {
            record::text(option).is_some_and(|option| option.eq_ignore_ascii_case(&text))
        })
        .cloned()
}

fn boolean(form: &Form, habits: Habits, flag: bool) -> Option<Value> {
    if habits.is_bit(form) {
        Some(u8::from(flag).into())
    } else if form.boolean {
        Some(flag.into())
    } else {
        written(form, if flag { "1" } else { "0" })
    }
}

fn number(form: &Form, habits: Habits, value: &Value) -> Option<Value> {
    if habits.is_text(form) {
        return written(form, &record::text(value)?);
    }
    if form.number {
        return Some(value.clone());
    }
    if form.integer {
        return match value.as_i64() {
            Some(_) => Some(value.clone()),
            // PHP's cast: what is behind the point is cut off.
            None => record::amount(value).map(|amount| record::number(amount.trunc())),
        };
    }
    let is_set = value.as_f64() != Some(0.0);
    form.boolean.then(|| is_set.into())
}

fn text(form: &Form, habits: Habits, words: &str) -> Option<Value> {
    let is_number = form.number || form.integer;
    if form.text.is_some() {
        // A number where it may be one, unless the server would show it as text.
        let number = (habits == Habits::Strict && is_number).then(|| own_number(form, words));
        return number.flatten().or_else(|| written(form, words));
    }
    if is_number {
        return own_number(form, words);
    }
    if !form.boolean {
        return None;
    }
    match words {
        "1" | "true" => Some(true.into()),
        "0" | "false" | "" => Some(false.into()),
        _ => None,
    }
}

fn own_number(form: &Form, words: &str) -> Option<Value> {
    let amount = record::amount(&words.into())?;
    // A code that looks like a number, as one with zeros in front, stays what it is.
    let is_number = form.text.is_none_or(|text| text == Text::Decimal);
    let is_own = is_number || amount.normalize().to_string() == words;
    let amount = if form.is_whole() {
        amount.trunc()
    } else {
        amount
    };
    is_own.then(|| record::number(amount))
}

/// A text in the form's format.
fn written(form: &Form, words: &str) -> Option<Value> {
    formatted(form.text?, words).map(|text| text.into_owned().into())
}

fn formatted(kind: Text, words: &str) -> Option<Cow<'_, str>> {
    let is_fit = match kind {
        Text::Any => true,
        Text::Email => formats::is_email(words),
        Text::Uuid => formats::is_uuid(words),
        Text::Decimal => formats::is_decimal(words),
        Text::Time => return Some(usual(words).unwrap_or(Cow::Borrowed(words))),
        Text::DateTime => return usual(words),
        Text::Date => {
            return usual(words)
                .and_then(|time| time.get(..10).map(str::to_owned))
                .map(Cow::Owned);
        }
    };
    is_fit.then_some(Cow::Borrowed(words))
}

/// A time in the usual form: a date alone is its midnight.
fn usual(words: &str) -> Option<Cow<'_, str>> {
    if is_stamp(words) {
        return Some(Cow::Borrowed(words));
    }
    record::time(words).map(|time| Cow::Owned(stamp(time)))
}

/// Whether a text looks as times are stored: what is stored so was checked.
fn is_stamp(words: &str) -> bool {
    words.len() == 19
        && words.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            10 => byte == b' ',
            13 | 16 => byte == b':',
            _ => byte.is_ascii_digit(),
        })
}

/// A stored time as PHP writes a date object, `2020-03-10T00:00:00.000000Z`; strictly, as all others.
pub(super) fn time(words: &str, habits: Habits) -> Option<String> {
    let time = record::time(words)?;
    Some(match habits {
        Habits::Real => time.strftime("%Y-%m-%dT%H:%M:%S.000000Z").to_string(),
        Habits::Strict => stamp(time),
    })
}
