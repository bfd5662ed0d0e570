//! Values by the name of a property and by what its description says.

use serde_json::{Value, json};

use crate::source::{is_flag, is_id, is_timestamp};

/// What is known of a scalar.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    /// The schema of the record that it is in.
    pub(super) record: &'a str,
    pub(super) property: &'a str,
    pub(super) description: &'a str,
    pub(super) format: &'a str,
}

/// Profiles, staff and batches have such ids.
const UUID: &str = "9332c9b2-e31c-4d49-8ec3-62a9466d339c";
const PAST: &str = "2026-01-15 09:30:00";
/// Far enough for no test to see it come.
const FUTURE: &str = "2099-12-31 13:59:59";

/// Texts by a word in the property's name, the first that it has.
const TEXTS: &[(&str, &str)] = &[
    ("email", "ada@example.com"),
    // Reserved for fiction.
    ("phone", "+61491570006"),
    ("first_name", "Ada"),
    ("last_name", "Lovelace"),
    ("full_name", "Ada Lovelace"),
    ("currency", "AUD"),
    ("timezone", "Australia/Melbourne"),
    ("iso_3", "AUS"),
    ("iso_state", "VIC"),
    ("iso", "AU"),
    ("country", "Australia"),
    ("state", "Victoria"),
    ("city", "Melbourne"),
    ("postcode", "3000"),
    ("address_line_1", "1 Bourke Street"),
    ("address_line_2", "Level 2"),
    ("colour", "#336699"),
    ("icon", "https://example.com/icon.png"),
    ("image", "https://example.com/image.png"),
    ("url", "https://example.com"),
    ("domain", "example.com"),
    ("ip_address", "127.0.0.1"),
    ("birth_date", "1990-12-10"),
    ("date", "2026-01-15"),
    ("expiry", "2099-12-31"),
    ("open_at", "09:00"),
    ("close_at", "17:00"),
    ("start_at", "2026-01-15 09:30:00"),
    ("end_at", "2026-01-15 10:30:00"),
    ("available_from", "09:00"),
    ("available_until", "17:00"),
    ("statuses", "vip"),
    ("tags", "vip"),
    ("uuid", UUID),
];

/// Numbers by the property's name.
const NUMBERS: &[(&str, f64)] = &[
    ("birth_day", 10.0),
    ("birth_month", 12.0),
    ("birth_year", 1990.0),
    // Unix seconds, in 2099.
    ("exp", 4_102_408_799.0),
    ("latitude", -37.8136),
    ("longitude", 144.9631),
    ("per_page", 15.0),
    ("rate", 1.0),
    ("value_initial", 20.0),
    ("value_remaining", 12.5),
];

/// Flags that are set in a record that is in use.
const SET: &[&str] = &[
    "active",
    "available",
    "is_active",
    "is_assignable",
    "is_published",
    "is_redeemable",
];

pub(super) fn text(named: Named<'_>) -> String {
    let name = named.property;
    if let Some(example) = example(named.description) {
        return example.to_owned();
    }
    match named.format {
        "decimal" => number(named).to_string(),
        "uuid" => UUID.to_owned(),
        "date-time" => time(named),
        _ if is_timestamp(name) => time(named),
        _ if name.starts_with("external") && is_id(name) => "ext-1001".to_owned(),
        _ if is_id(name) => UUID.to_owned(),
        _ if is_flag(name) => "0".to_owned(),
        _ => match TEXTS.iter().find(|(word, _)| has_word(name, word)) {
            Some((_, text)) => (*text).to_owned(),
            None if named.format == "date" => "2026-01-15".to_owned(),
            None if name == "name" || name == "title" => words(named.record),
            None if name == "handle" => words(named.record).to_lowercase().replace(' ', "-"),
            None => words(name),
        },
    }
}

pub(super) fn integer(named: Named<'_>) -> i64 {
    known_number(named.property).map_or(1, |number| number as i64)
}

pub(super) fn number(named: Named<'_>) -> Value {
    let number = known_number(named.property).unwrap_or(10.0);
    match number.fract() == 0.0 {
        true => json!(number as i64),
        false => json!(number),
    }
}

pub(super) fn flag(named: Named<'_>) -> bool {
    SET.contains(&named.property)
}

/// Whether a record that is new has no such value yet.
pub(super) fn is_unset(schema: &Value) -> bool {
    schema["description"]
        .as_str()
        .is_some_and(|text| text.to_lowercase().contains("null until"))
}

fn known_number(name: &str) -> Option<f64> {
    NUMBERS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, number)| *number)
}

/// In the form without a zone that the server has for most, unless the description knows better.
fn time(named: Named<'_>) -> String {
    let is_ahead = ["deliver", "ends", "expires", "next", "notify"]
        .iter()
        .any(|word| has_word(named.property, word));
    let time = if is_ahead { FUTURE } else { PAST };
    match named.description.contains("ISO 8601") {
        true => format!("{}.000000Z", time.replace(' ', "T")),
        false => time.to_owned(),
    }
}

/// Whether a name has these words, such as `receipt_email` has `email`.
fn has_word(name: &str, words: &str) -> bool {
    let name = format!("_{name}_");
    name.contains(&format!("_{words}_"))
}

/// The first value that a description names: by `such as` or `e.g.`, or as the first of `home, business or other`.
fn example(description: &str) -> Option<&str> {
    let named = ["such as ", "Such as ", "e.g. ", "E.g. "]
        .iter()
        .find_map(|word| Some(description.split_once(word)?.1))
        .or_else(|| {
            description
                .strip_prefix("As ")
                .filter(|rest| is_digits(rest))
        });
    let value = match named {
        Some(rest) => first(rest),
        None => {
            let list = description.strip_prefix("One of ").unwrap_or(description);
            list.contains(" or ")
                .then(|| list.split(", ").next())?
                .filter(|first| is_value(first))?
        }
    };
    (is_value(value) || is_digits(value)).then_some(value)
}

/// Whether it begins as a time does.
fn is_digits(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn first(list: &str) -> &str {
    let ends = [" or ", " and ", ", ", "; ", " (", ")"];
    let end = ends.iter().filter_map(|end| list.find(end)).min();
    list[..end.unwrap_or(list.len())].trim_end_matches('.')
}

/// A word as programs write it.
fn is_value(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

/// `RewardDefinition` and `reward_definition` as `Reward definition`.
pub(super) fn words(name: &str) -> String {
    let snake = openapi_lowering::naming::snake(name);
    let words = snake.trim_end_matches('_').replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Named, example, text, words};

    #[test]
    fn a_description_gives_an_example() {
        for (description, value) in [
            (
                "Such as benefit_definition or reward_definition.",
                Some("benefit_definition"),
            ),
            (
                "Free grouping text such as wishlist or gift_registry.",
                Some("wishlist"),
            ),
            (
                "Name of the event that fires it, e.g. profile.updated.",
                Some("profile.updated"),
            ),
            (
                "Time of day as a handle, region and hour, e.g. AU-MEL-7.",
                Some("AU-MEL-7"),
            ),
            (
                "Local date-time text such as 2026-05-11 10:00:00.",
                Some("2026-05-11 10:00:00"),
            ),
            ("As 09:02.", Some("09:02")),
            ("home, business, billing or other.", Some("home")),
            (
                "One of company, stockist, brand or club (enum only in the input).",
                Some("company"),
            ),
            (
                "What the points came from, such as a transaction item.",
                None,
            ),
            ("As sent.", None),
            (
                "The transaction or transaction item the points came from.",
                None,
            ),
            ("Dollar value at issue.", None),
            ("", None),
        ] {
            assert_eq!(example(description), value, "{description}");
        }
    }

    #[test]
    fn a_name_gives_a_text() {
        for (property, expected) in [
            ("receipt_email", "ada@example.com"),
            ("mobile_phone", "+61491570006"),
            ("name", "Reward definition"),
            ("handle", "reward-definition"),
            ("short_description", "Short description"),
            ("created_at", "2026-01-15 09:30:00"),
            ("expires_at", "2099-12-31 13:59:59"),
            ("external_id", "ext-1001"),
            ("profile_id", "9332c9b2-e31c-4d49-8ec3-62a9466d339c"),
        ] {
            let named = Named {
                record: "RewardDefinition",
                property,
                description: "",
                format: "",
            };
            assert_eq!(text(named), expected, "{property}");
        }
        assert_eq!(words(""), "X");
    }
}
