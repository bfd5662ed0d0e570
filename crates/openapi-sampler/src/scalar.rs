//! Numbers and texts.

use fastrand::Rng;
use serde_json::{Number, Value};

use crate::conjunction::Conjunction;
use crate::pattern;

/// Numbers within the schema's bounds: one inside, the bounds, and one with a fraction unless whole ones are asked for.
pub(crate) fn numbers(all: &Conjunction<'_>, is_integer: bool, rng: &mut Rng) -> Vec<Value> {
    let low = bound(all, "minimum", "exclusiveMinimum");
    let high = bound(all, "maximum", "exclusiveMaximum");
    let step = all.each("multipleOf").find_map(Value::as_f64);
    let step = step.filter(|step| *step > 0.0);
    let fits = |number: &f64| {
        low.is_none_or(|low| low.number < *number || low.is_reached && low.number == *number)
            && high.is_none_or(|high| {
                *number < high.number || high.is_reached && *number == high.number
            })
            && step.is_none_or(|step| (number / step).fract() == 0.0)
            && (!is_integer || number.fract() == 0.0)
    };
    let stride = step.unwrap_or(1.0);
    let stride = if is_integer { stride.max(1.0) } else { stride };
    let start = match (low, high) {
        (Some(low), _) => low.number,
        (None, Some(high)) => high.number - 10_000.0 * stride,
        (None, None) => 0.0,
    };
    let room = high.map_or(f64::INFINITY, |high| (high.number - start) / stride);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 10000
    let inside = rng.u32(1..=room.clamp(1.0, 10_000.0) as u32);
    // Whole strides from zero, so that multiples are met.
    let inside = ((start / stride).floor() + f64::from(inside)) * stride;
    let middle = (start + high.map_or(start, |high| high.number)) / 2.0;
    let candidates = [
        Some(inside),
        low.map(|low| (low.number / stride).ceil() * stride),
        high.map(|high| (high.number / stride).floor() * stride),
        low.map(|low| low.number),
        high.map(|high| high.number),
        Some(inside + 0.25).filter(|_| !is_integer),
        high.map(|_| middle).filter(|_| !is_integer),
    ];
    let mut found = Vec::new();
    for number in candidates.into_iter().flatten().filter(fits) {
        let value = number_value(number);
        if !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

#[derive(Clone, Copy)]
struct Bound {
    number: f64,
    is_reached: bool,
}

/// A bound. What excludes it is a number of its own, or in OpenAPI 3.0 a flag beside it.
fn bound(all: &Conjunction<'_>, inclusive: &str, exclusive: &str) -> Option<Bound> {
    let (number, is_reached) = match all.first(exclusive) {
        Some(Value::Number(number)) => (number.as_f64()?, false),
        flag => {
            let number = all.each(inclusive).find_map(Value::as_f64)?;
            (number, flag != Some(&Value::Bool(true)))
        }
    };
    Some(Bound { number, is_reached })
}

fn number_value(number: f64) -> Value {
    #[allow(clippy::cast_possible_truncation)] // checked before
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::from)
}

/// Texts of the schema's pattern or format, or by the property's name; else two, one of them not plain.
pub(crate) fn texts(
    all: &Conjunction<'_>,
    by_name: Option<String>,
    name: Option<&str>,
    rng: &mut Rng,
) -> Vec<Value> {
    if let Some(text) = all
        .text("pattern")
        .and_then(|text| pattern::matching(text, rng))
    {
        return vec![text.into()];
    }
    if let Some(text) = all.text("format").and_then(|format| formatted(format, rng)) {
        return vec![text.into()];
    }
    if let Some(text) = by_name {
        return vec![text.into()];
    }
    let plain = format!("{} {}", name.unwrap_or("text"), rng.u16(100..1000));
    [plain, "Zoë \"Ω\" & co: 50%2B? #1".to_owned()]
        .into_iter()
        .map(|text| fit(all, text).into())
        .collect()
}

fn formatted(format: &str, rng: &mut Rng) -> Option<String> {
    let number = rng.u16(1000..10000);
    Some(match format {
        "email" => format!("ada.{number}@example.com"),
        "date" => format!("2024-02-{:02}", number % 29 + 1),
        "date-time" => format!("2024-02-{:02}T03:04:05Z", number % 29 + 1),
        "time" => "03:04:05Z".to_owned(),
        "duration" => format!("P{number}D"),
        "uuid" => format!("9332c9b2-e31c-4d49-8ec3-62a9466d{number}"),
        "uri" | "url" | "uri-reference" => format!("https://example.com/{number}"),
        "hostname" => format!("host-{number}.example.com"),
        "ip" | "ipv4" => "192.0.2.7".to_owned(),
        "ipv6" => "2001:db8::7".to_owned(),
        "decimal" => format!("{number}.50"),
        // "hello" in base 64
        "byte" => "aGVsbG8=".to_owned(),
        _ => return None,
    })
}

/// As long as the schema asks.
fn fit(all: &Conjunction<'_>, text: String) -> String {
    let mut text = match all.count("maxLength") {
        Some(longest) => text.chars().take(longest).collect(),
        None => text,
    };
    let missing = all
        .count("minLength")
        .unwrap_or(0)
        .saturating_sub(text.chars().count());
    text.extend(std::iter::repeat_n('x', missing.min(10_000)));
    text
}
