//! What the server makes of the values that it is published to send.
//!
//! PHP sends a decimal of the database as text, a boolean of it as 0 or 1, and an empty map as an empty list. The types
//! of `omneo-types` read either form as the same value, so only code that reads the JSON itself sees a difference.

use serde_json::Value;

/// How a value is sent that its type writes otherwise.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// As its type writes it.
    AsWritten,
    /// Text with two decimals at least, as a column of money is read.
    Amount,
    /// Text.
    Integer,
    /// 0 or 1.
    Flag,
    /// A list, if it is empty.
    Map,
    /// By the form of the items.
    List(&'static Form),
    /// By the fields of the type of this name.
    Record(&'static str),
}

/// Of each type the fields that are sent otherwise than written; sorted.
static FORMS: &[(&str, &[(&str, Form)])] = include!(concat!(env!("OUT_DIR"), "/forms.rs"));

/// Changes a value as its type writes it to the form that the server sends.
pub fn apply(form: Form, value: &mut Value) {
    match (form, value) {
        (Form::Amount, value @ Value::Number(_)) => *value = decimal(value.to_string()).into(),
        (Form::Integer, value @ Value::Number(_)) => *value = value.to_string().into(),
        (Form::Flag, value @ Value::Bool(_)) => *value = u8::from(*value == true).into(),
        (Form::Map, value) if value.as_object().is_some_and(serde_json::Map::is_empty) => {
            *value = Value::Array(Vec::new());
        }
        (Form::List(item), Value::Array(items)) => {
            items.iter_mut().for_each(|value| apply(*item, value));
        }
        (Form::Record(name), Value::Object(members)) => {
            let Ok(found) = FORMS.binary_search_by_key(&name, |(name, _)| name) else {
                return;
            };
            for (field, form) in FORMS[found].1 {
                if let Some(value) = members.get_mut(*field) {
                    apply(*form, value);
                }
            }
        }
        _ => {}
    }
}

/// `10` as `10.00`.
fn decimal(mut text: String) -> String {
    let decimals = text.split_once('.').map(|(_, decimals)| decimals.len());
    match decimals {
        // A float beyond the numbers that money needs.
        _ if text.contains('e') => {}
        None => text.push_str(".00"),
        Some(1) => text.push('0'),
        Some(_) => {}
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{FORMS, Form, apply};

    fn sent(form: Form, mut value: Value) -> Value {
        apply(form, &mut value);
        value
    }

    #[test]
    fn the_fields_are_sorted() {
        assert!(FORMS.is_sorted_by_key(|(name, _)| name));
    }

    #[test]
    fn a_value_is_sent_as_php_has_it() {
        for (form, written, expected) in [
            (Form::Amount, json!(10), json!("10.00")),
            (Form::Amount, json!(49.9), json!("49.90")),
            (Form::Amount, json!(-0.125), json!("-0.125")),
            (Form::Amount, json!(1e-7), json!("1e-7")),
            (Form::Integer, json!(3), json!("3")),
            (Form::Flag, json!(true), json!(1)),
            (Form::Flag, json!(false), json!(0)),
            (Form::Map, json!({}), json!([])),
            (
                Form::List(&Form::Flag),
                json!([true, null]),
                json!([1, null]),
            ),
        ] {
            assert_eq!(sent(form, written), expected, "{form:?}");
        }
    }

    #[test]
    fn what_has_another_form_already_stays() {
        for form in [
            Form::AsWritten,
            Form::Amount,
            Form::Flag,
            Form::Map,
            Form::List(&Form::Flag),
            Form::Record("no such type"),
        ] {
            for written in [json!(null), json!("10"), json!([1]), json!({"a": true})] {
                assert_eq!(sent(form, written.clone()), written, "{form:?}");
            }
        }
    }
}
