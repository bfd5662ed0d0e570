//! The emptiest values that the schema allows.

use serde_json::{Map, Value};

use super::form::{Form, Member, Object, SHAPES, Shape, Text};
use super::habits::Habits;
use crate::context::Context;
use crate::record::Record;

/// What an answer says that only says something.
pub(super) const MESSAGE: &str = "OK";

/// What is answered by shape alone.
pub(super) fn content(context: &Context<'_>, form: Option<&Form>) -> Value {
    match form {
        Some(form) if form.text == Some(Text::Any) && !form.null => MESSAGE.into(),
        Some(form) => value(context, form),
        None => Value::Object(Map::new()),
    }
}

/// What stands for a member that a record does not have: null if it may be, an empty list or map, nothing if it may be left out.
pub(super) fn member(context: &Context<'_>, member: &Member) -> Option<Value> {
    let form = &member.form;
    if form.null {
        return Some(Value::Null);
    }
    if member.is_required {
        return Some(value(context, form));
    }
    if member.source.is_some() || form.free {
        return None;
    }
    match &form.object {
        Some(Object::Shapes(_)) => None,
        _ if form.is_list() => Some(Value::Array(Vec::new())),
        Some(Object::Map(_)) => Some(context.habits().empty_map(form)),
        None => None,
    }
}

/// The emptiest value of a form.
pub(super) fn value(context: &Context<'_>, form: &Form) -> Value {
    if form.null {
        return Value::Null;
    }
    if let Some(option) = form.options.first() {
        return option.clone();
    }
    if form.boolean {
        return if context.habits().is_bit(form) {
            0.into()
        } else {
            false.into()
        };
    }
    if form.integer || form.number {
        return if context.habits().is_text(form) {
            "0".into()
        } else {
            0.into()
        };
    }
    if let Some(text) = form.text {
        return self::text(context, text);
    }
    match &form.object {
        Some(Object::Shapes(shapes)) => {
            let shape = shapes.first().and_then(|shape| SHAPES.shape(*shape));
            match (shape, &form.list) {
                (Some(_), Some(_)) if context.habits() == Habits::Real => Value::Array(Vec::new()),
                (Some(shape), _) => object(context, shape),
                (None, _) => Value::Object(Map::new()),
            }
        }
        _ if form.list.is_some() && form.object.is_none() => Value::Array(Vec::new()),
        Some(Object::Map(_)) => context.habits().empty_map(form),
        None => Value::Object(Map::new()),
    }
}

fn object(context: &Context<'_>, shape: &Shape) -> Value {
    let members = shape.members.iter().filter_map(|member| {
        let value = match member.form.text {
            Some(Text::Any) if member.name == "message" && !member.form.null => {
                let option = member.form.options.first();
                Some(option.cloned().unwrap_or_else(|| MESSAGE.into()))
            }
            _ => self::member(context, member),
        };
        Some((member.name.clone(), value?))
    });
    Value::Object(members.collect::<Record>())
}

fn text(context: &Context<'_>, text: Text) -> Value {
    match text {
        Text::Any => "".into(),
        Text::DateTime | Text::Time => context.stamp().into(),
        Text::Date => context.stamp().get(..10).unwrap_or_default().into(),
        Text::Email => "nobody@example.com".into(),
        Text::Uuid => uuid::Uuid::nil().to_string().into(),
        Text::Decimal => "0".into(),
    }
}
