//! What the bindings make of an answer that is no success.

use std::collections::{BTreeMap, BTreeSet};

use omneo_api::runtime::StatusError;
use omneo_api::{Error, ErrorKind};
use serde_json::Value;

use crate::Context;
use crate::bindings::{Binding, Failed, Given};
use crate::route::Route;
use crate::table::Outcome;
use crate::wire::{Bench, Prepared};

/// The errors of the document: the pointers of their schemas, by status.
pub(crate) type Errors = BTreeMap<u16, BTreeSet<String>>;

/// The errors of some operations.
pub(crate) fn errors<'r>(document: &Value, routes: impl IntoIterator<Item = &'r Route>) -> Errors {
    let mut errors = Errors::new();
    let answers = routes.into_iter().flat_map(|route| route.answers(document));
    for (status, contents) in answers.filter(|(status, _)| *status >= 400) {
        let schemas = contents.into_iter().map(|content| content.schema);
        errors.entry(status).or_default().extend(schemas);
    }
    errors
}

pub(crate) fn check(
    context: &Context<'_>,
    bench: &Bench,
    route: &Route,
    binding: &Binding,
    given: &Given,
) -> Outcome {
    let mut outcome = Outcome::default();
    // An operation may answer errors that only others are said to answer.
    let mut all = context.errors.clone();
    all.append(&mut errors(context.documents.published.value(), [route]));
    for (status, schema) in all
        .iter()
        .flat_map(|(status, schemas)| schemas.iter().map(move |schema| (*status, schema)))
    {
        for body in context.samples.published.samples(schema) {
            outcome.checked += 1;
            let (_, result) = bench.call(binding, given, Prepared::json(status, &body));
            let problem = match result {
                Err(Failed::Call(error)) => problem(&error, binding.id, status, &body),
                Err(failed) => Some(failed.to_string()),
                Ok(_) => Some("it was taken for a success".to_owned()),
            };
            outcome
                .failures
                .extend(problem.map(|problem| format!("error {status}: {problem}")));
        }
    }
    if outcome.checked == 0 {
        outcome.failures.push("the schema has no errors".to_owned());
    }
    outcome
}

fn problem(error: &Error, id: &str, status: u16, body: &Value) -> Option<String> {
    let Some(said) = of_kind(error.kind(), status) else {
        return Some(format!("it became {:?}", error.kind()));
    };
    let fields = body
        .get("errors")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    // A field without a text says nothing.
    let fields =
        fields.filter(|(_, texts)| texts.as_array().is_some_and(|texts| !texts.is_empty()));
    let fields = fields
        .map(|(name, texts)| (name.clone(), texts.clone()))
        .collect::<BTreeMap<_, _>>();
    let known = said
        .errors
        .iter()
        .map(|(name, texts)| (name.clone(), Value::from(texts.clone())));
    let wrong = [
        ("the operation", error.operation() == Some(id)),
        (
            "the status",
            said.status.as_u16() == status && error.status() == Some(said.status),
        ),
        (
            "the message",
            said.message.as_deref() == body.get("message").and_then(Value::as_str),
        ),
        ("the fields", known.collect::<BTreeMap<_, _>>() == fields),
    ];
    let (what, _) = wrong.into_iter().find(|(_, is_right)| !is_right)?;
    Some(format!("{what} is not that of {body}: {error:?}"))
}

/// The error inside, if it is of the kind that the status stands for.
fn of_kind(kind: &ErrorKind, status: u16) -> Option<&StatusError> {
    match (status, kind) {
        (401, ErrorKind::Unauthenticated(error))
        | (403, ErrorKind::Forbidden(error))
        | (404, ErrorKind::NotFound(error))
        | (409, ErrorKind::Conflict(error))
        | (400 | 422, ErrorKind::Validation(error))
        | (429, ErrorKind::RateLimited(error))
        | (500..=599, ErrorKind::Server(error)) => Some(error),
        (400 | 401 | 403 | 404 | 409 | 422 | 429 | 500..=599, _) => None,
        (_, ErrorKind::Refused(error)) => Some(error),
        _ => None,
    }
}
