//! Twig, as far as it is Jinja too: `extra_data_template` of a webhook, and the templates of targets.
//!
//! Values print as PHP prints them: nothing for null and false, `1` for true, no fraction where there is none. Nothing is escaped, as the output is
//! JSON. Of Twig's own filters there are `json_encode`, `date`, `number_format` and `raw`. Not there are Twig's `a ? b : c` and `a ?? b`; Jinja says
//! `b if a else c` and `a|default(b)`, the latter as Twig does.

use std::fmt::Write as _;
use std::sync::LazyLock;

use jiff::tz::TimeZone;
use minijinja::value::{Serde, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value as Data};
use serde_json::Value;

use crate::record::{self, Record};

/// Instructions that one template may take, so that none goes on for ever.
const FUEL: u64 = 200_000;

/// How much text one template may make.
const LONGEST: usize = 1 << 20;

static TWIG: LazyLock<Environment<'static>> = LazyLock::new(twig);

/// Why a template makes no JSON.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TemplateError {
    #[error("the template can't be rendered: {0}")]
    Twig(String),
    #[error("the template does not render to JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the template renders to more than {LONGEST} bytes")]
    Long,
}

impl From<Error> for TemplateError {
    fn from(error: Error) -> Self {
        Self::Twig(error.to_string())
    }
}

/// The JSON that a template makes of a context.
pub(crate) fn render(template: &str, context: &Record) -> Result<Value, TemplateError> {
    let template = TWIG.template_from_str(template)?;
    let mut text = Limited::default();
    let rendered = template.render_captured_to(Data::from(Serde(context)), &mut text);
    if let Err(error) = rendered {
        return Err(match text.is_full {
            true => TemplateError::Long,
            false => error.into(),
        });
    }
    Ok(serde_json::from_slice(&text.bytes)?)
}

/// A template can make much text with few instructions.
#[derive(Default)]
struct Limited {
    bytes: Vec<u8>,
    is_full: bool,
}

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > LONGEST {
            self.is_full = true;
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn twig() -> Environment<'static> {
    let mut twig = Environment::new();
    twig.set_fuel(Some(FUEL));
    twig.set_undefined_behavior(UndefinedBehavior::Chainable);
    twig.set_formatter(|out, _, value| out.write_str(&printed(value)).map_err(Error::from));
    twig.add_filter("json_encode", json_encode);
    twig.add_filter("date", date);
    twig.add_filter("number_format", number_format);
    twig.add_filter("raw", |value: Data| value);
    twig
}

/// A value as PHP prints it.
fn printed(value: &Data) -> String {
    if value.is_undefined() || value.is_none() {
        return String::new();
    }
    if value.kind() == ValueKind::Bool {
        return if value.is_true() {
            "1".to_owned()
        } else {
            String::new()
        };
    }
    let text = value.to_string();
    match value.is_number().then(|| text.strip_suffix(".0")).flatten() {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

fn json_encode(value: &Data) -> Result<String, Error> {
    serde_json::to_string(value)
        .map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}

/// PHP's letters of dates, and jiff's.
const LETTERS: &[(char, &str)] = &[
    ('d', "%d"),
    ('D', "%a"),
    ('j', "%-d"),
    ('l', "%A"),
    ('m', "%m"),
    ('M', "%b"),
    ('n', "%-m"),
    ('F', "%B"),
    ('Y', "%Y"),
    ('y', "%y"),
    ('a', "%P"),
    ('A', "%p"),
    ('g', "%-I"),
    ('h', "%I"),
    ('G', "%-H"),
    ('H', "%H"),
    ('i', "%M"),
    ('s', "%S"),
    ('c', "%Y-%m-%dT%H:%M:%S+00:00"),
    ('U', "%s"),
];

/// A time in PHP's format; nothing for what is none.
fn date(value: &Data, format: Option<&str>) -> Result<String, Error> {
    let Some(at) = value.as_str().and_then(record::time) else {
        return Ok(String::new());
    };
    let mut pattern = String::new();
    let mut letters = format.unwrap_or("Y-m-d H:i:s").chars();
    while let Some(letter) = letters.next() {
        let known = LETTERS.iter().find(|(name, _)| *name == letter);
        match (letter, known) {
            ('\\', _) => pattern.extend(letters.next()),
            ('%', _) => pattern.push_str("%%"),
            (_, Some((_, jiff))) => pattern.push_str(jiff),
            (other, None) => pattern.push(other),
        }
    }
    let mut text = String::new();
    write!(text, "{}", at.to_zoned(TimeZone::UTC).strftime(&pattern))
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, "the format of a date is wrong"))?;
    Ok(text)
}

/// A number with so many decimals, and commas between thousands, as PHP has it.
fn number_format(value: &Data, decimals: Option<u32>) -> Result<String, Error> {
    let number = record::amount(&Value::String(value.to_string())).unwrap_or_default();
    let decimals = decimals.unwrap_or(0).min(20);
    let rounded = number.round_dp_with_strategy(
        decimals,
        rust_decimal::RoundingStrategy::MidpointAwayFromZero,
    );
    let text = format!("{:.*}", decimals as usize, rounded.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() {
        "-"
    } else {
        ""
    };
    let point = if fraction.is_empty() { "" } else { "." };
    Ok(format!("{sign}{grouped}{point}{fraction}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::TemplateError;

    fn render(template: &str) -> Result<Value, TemplateError> {
        let context = json!({
            "id": "p1", "first_name": "Ada \"L\"", "email_promo": true, "sms_promo": false, "gender": null, "balance": 25.0,
            "spent": "1234567.895", "joined_at": "2023-01-15 08:05:00", "attributes": { "comms": { "email_promo": true } },
            "tags": ["vip", "new"],
        });
        super::render(template, context.as_object().expect("an object"))
    }

    #[test]
    fn a_template_of_the_guide_is_rendered() {
        let template =
            r#"{"profile":{"id":"{{ id }}","email_promo":"{{ attributes.comms.email_promo }}"}}"#;
        let expected = json!({ "profile": { "id": "p1", "email_promo": "1" } });
        assert_eq!(render(template).expect("rendered"), expected);
    }

    #[test]
    fn values_print_as_php_prints_them() {
        let template = r#"["{{ gender }}", "{{ sms_promo }}", "{{ balance }}", "{{ no.such.thing }}", "{{ email_promo }}"]"#;
        let expected = json!(["", "", "25", "", "1"]);
        assert_eq!(render(template).expect("rendered"), expected);
    }

    #[test]
    fn twigs_filters_are_there() {
        let template = r#"[{{ first_name|json_encode }}, "{{ joined_at|date('j M Y, H:i') }}", "{{ spent|number_format(2) }}", "{{ gender|default('unknown', true) }}", {{ tags|json_encode|raw }}, "{{ 'a' ~ 'b'|upper }}"]"#;
        let expected = json!([
            "Ada \"L\"",
            "15 Jan 2023, 08:05",
            "1,234,567.90",
            "unknown",
            ["vip", "new"],
            "aB"
        ]);
        assert_eq!(render(template).expect("rendered"), expected);
    }

    #[test]
    fn statements_are_there() {
        let template = r#"[{% for tag in tags %}{% if tag == "vip" %}"{{ tag }}",{% endif %}{% endfor %}{% set one = 1 %}{{ one }}]"#;
        assert_eq!(render(template).expect("rendered"), json!(["vip", 1]));
    }

    #[test]
    fn what_is_no_template_or_no_json_is_said() {
        for (template, says) in [
            ("{{ id", "can't be rendered"),
            ("{{ id|no_such_filter }}", "can't be rendered"),
            ("not json", "does not render to JSON"),
            (
                "{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}",
                "can't be rendered",
            ),
            (
                "{% for a in range(9000) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }}{% endfor %}",
                "renders to more than",
            ),
        ] {
            let error = render(template).expect_err(template);
            assert!(error.to_string().contains(says), "{template}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_template_is_a_danger(template in r#"(\{\{|\}\}|\{%|%\}|for|in|if|set|end|[a-z]{1,3}|[-+*/~|.,:()'"0-9\[\] ]){0,24}"#) {
            let _ = render(&template);
        }
    }
}
