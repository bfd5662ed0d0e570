//! Keeps secrets out of what errors and `Debug` show.

use serde_json::Value;

/// What stands for a secret.
pub(super) const HIDDEN: &str = "[hidden]";

/// Parts of names, in lower case without separators, that hold a secret.
const SECRET_NAMES: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "authorization",
    "signature",
    "securitycode",
    "apikey",
    "privatekey",
    "credential",
    "cookie",
];

/// Short names that are a secret only as the whole name.
const SECRET_WORDS: [&str; 5] = ["pin", "cvv", "cvc", "otp", "jwt"];

/// Whether a key, header or parameter called `name` holds a secret by the looks of it.
pub(super) fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    SECRET_WORDS.contains(&plain.as_str())
        || SECRET_NAMES.iter().any(|secret| plain.contains(secret))
}

/// Hides the values of secret-looking keys, and tokens inside texts. Returns whether there were any.
pub(super) fn hide_in_json(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => members.iter_mut().fold(false, |changed, (key, value)| {
            let secret = is_secret(key) && !value.is_null();
            if secret {
                *value = Value::from(HIDDEN);
            }
            secret | hide_in_json(value) | changed
        }),
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |changed, item| hide_in_json(item) | changed),
        Value::String(text) => {
            let hidden = hide_in_text(text);
            let changed = hidden != *text;
            *text = hidden;
            changed
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Hides bearer tokens and JSON web tokens in running text.
pub(super) fn hide_in_text(text: &str) -> String {
    let mut after_bearer = false;
    text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "-._~+/=".contains(c)))
        .map(|word| {
            let end = word
                .trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || "-._~+/=".contains(c)));
            let jwt = end.find("eyJ").filter(|start| end.len() - start > 16);
            let secret = if after_bearer && !end.is_empty() {
                Some(0)
            } else {
                jwt
            };
            after_bearer = end.eq_ignore_ascii_case("bearer") || (after_bearer && end.is_empty());
            match secret {
                Some(start) => format!("{}{HIDDEN}{}", &end[..start], &word[end.len()..]),
                None => word.to_owned(),
            }
        })
        .collect()
}

/// At most `limit` bytes of a text on one line: what a server sent must not forge lines of a log.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let flat: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    cut(flat.trim(), limit)
}

/// At most `limit` bytes of a text, with `…` where it was cut.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = (0..=limit)
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(0);
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{cut, hide_in_json, hide_in_text, is_secret, one_line};

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "password",
            "password_confirmation",
            "client_secret",
            "accessToken",
            "X-Api-Key",
            "security_code",
            "Authorization",
            "pin",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["id", "shipping", "author", "sign_up", "handle", ""] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn values_of_secret_keys_are_hidden_at_any_depth() {
        let mut body =
            json!({"a": [{"token": {"deep": "x"}, "refresh_token": 5, "b": 1}], "secret": null});
        assert!(hide_in_json(&mut body));
        assert_eq!(
            body,
            json!({"a": [{"token": "[hidden]", "refresh_token": "[hidden]", "b": 1}], "secret": null})
        );
        assert!(!hide_in_json(&mut json!({"a": ["b", 1, true]})));
    }

    #[test]
    fn tokens_in_running_text_are_hidden() {
        assert_eq!(
            hide_in_text("sent Authorization: Bearer abc.def-1, refused"),
            "sent Authorization: Bearer [hidden], refused"
        );
        assert_eq!(
            hide_in_text("key=eyJhbGciOiJIUzI1NiJ9.e30.x\n"),
            "key=[hidden]\n"
        );
        assert_eq!(hide_in_text("the bearer"), "the bearer");
        assert_eq!(
            hide_in_text("Ünïcode stays — as is"),
            "Ünïcode stays — as is"
        );
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("aé", 3), "aé");
        assert_eq!(cut("aéb", 2), "a…");
        assert_eq!(one_line("a\r\nb\u{1b}[31m ", 100), "a  b [31m");
    }
}
