//! What a sandbox starts with.

use http::Method;
use serde_json::Value;

use crate::engine::{Asked, Engine, Outcome};

/// What a sandbox starts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Seed {
    /// Nothing.
    #[default]
    Empty,
    /// A retailer with customers, definitions of all incentives, products and sales: see `omneo-sandbox`'s README.
    Demo,
}

/// The demo as requests: each has a `method`, a `path`, a `body`, and perhaps a name for its answer (`as`), by which later ones mention its members:
/// `{ada.id}`.
const DEMO: &str = include_str!("demo.json");

/// Makes what a new sandbox starts with.
pub(crate) fn plant(engine: &mut Engine, seed: Seed, token: &str) -> Result<(), String> {
    match seed {
        Seed::Empty => Ok(()),
        Seed::Demo => play(engine, DEMO, token),
    }
}

fn play(engine: &mut Engine, steps: &str, token: &str) -> Result<(), String> {
    let steps: Vec<Value> = serde_json::from_str(steps).map_err(|error| error.to_string())?;
    let mut answers = serde_json::Map::new();
    for step in &steps {
        let step = filled(step, &answers);
        let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
        let method: Method = text("method").parse().unwrap_or(Method::POST);
        let path = format!("/api{}", text("path"));
        let body = step.get("body").unwrap_or(&Value::Null);
        let answer = match engine.answer(Asked::json(method, &path, token, body)) {
            Outcome::Answered { answer, .. } => answer,
            Outcome::Closed { .. } => return Err(format!("{path} was not answered")),
        };
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if !(200..300).contains(&answer.status) {
            return Err(format!(
                "{path} was answered with {}: {body}",
                answer.status
            ));
        }
        if let Some(name) = step.get("as").and_then(Value::as_str) {
            let data = body.get("data").unwrap_or(&body).clone();
            answers.insert(name.to_owned(), data);
        }
    }
    Ok(())
}

/// A step with what it mentions of earlier answers: a text that is a mention becomes the value, one with mentions inside has their texts.
fn filled(step: &Value, answers: &serde_json::Map<String, Value>) -> Value {
    match step {
        Value::String(text) => mentioned(text, answers),
        Value::Array(items) => items.iter().map(|item| filled(item, answers)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), filled(value, answers)))
            .collect(),
        other => other.clone(),
    }
}

fn mentioned(text: &str, answers: &serde_json::Map<String, Value>) -> Value {
    for (name, answer) in answers {
        for (member, value) in answer.as_object().into_iter().flatten() {
            let mention = format!("{{{name}.{member}}}");
            if text == mention {
                return value.clone();
            }
            if text.contains(&mention) {
                let value = crate::record::text(value).unwrap_or_default();
                return mentioned(&text.replace(&mention, &value), answers);
            }
        }
    }
    text.into()
}
