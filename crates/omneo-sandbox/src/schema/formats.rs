//! The formats that the schema names, as Omneo reads and writes them.

use rust_decimal::Decimal;

use crate::record;

/// `YYYY-MM-DD HH:MM:SS` as Omneo writes it, a date alone, or RFC 3339.
pub(crate) fn is_date_time(text: &str) -> bool {
    record::time(text).is_some() || record::civil(text).is_some()
}

/// As for times: PHP reads either.
pub(crate) fn is_date(text: &str) -> bool {
    is_date_time(text)
}

/// Something on both sides of the last `@`, and no space. Laravel asks for little more.
pub(crate) fn is_email(text: &str) -> bool {
    let is_word = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    text.rsplit_once('@')
        .is_some_and(|(local, domain)| is_word(local) && is_word(domain))
}

pub(crate) fn is_uuid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}

/// A number as text, as PHP's `is_numeric` has it.
pub(crate) fn is_decimal(text: &str) -> bool {
    let text = text.trim();
    text.parse::<Decimal>().is_ok() || Decimal::from_scientific(text).is_ok()
}

/// A format's name, and whether a text has it.
type Format = (&'static str, fn(&str) -> bool);

/// All of them, for the validators.
pub(crate) const ALL: [Format; 5] = [
    ("date-time", is_date_time),
    ("date", is_date),
    ("email", is_email),
    ("uuid", is_uuid),
    ("decimal", is_decimal),
];
