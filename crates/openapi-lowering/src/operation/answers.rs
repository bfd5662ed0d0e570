//! Answers: progenitor takes one type for success and one for errors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::body::is_json;
use crate::emit;
use crate::error::Result;
use crate::pointer;
use crate::report::Change;
use crate::schema::{Schemas, untagged};
use crate::source::as_object;
use crate::table;
use crate::ty::Type;

pub(crate) struct Answers {
    /// The statuses that are success, and what they hold.
    success: (Vec<String>, Holding),
    errors: (Vec<String>, Holding),
}

#[derive(Clone, Debug, PartialEq)]
enum Holding {
    Nothing,
    Json(Type),
    Raw,
}

struct Response {
    status: String,
    holding: Holding,
}

pub(super) fn lower(
    schemas: &mut Schemas<'_>,
    operation: &Map<String, Value>,
    at: &str,
    id: &str,
) -> Result<Answers> {
    let empty = Map::new();
    let here = pointer::child(at, "responses");
    let responses = match operation.get("responses") {
        None | Some(Value::Null) => &empty,
        Some(responses) => as_object(responses, &here)?,
    };
    let mut success = BTreeMap::new();
    let mut errors = BTreeMap::new();
    let mut default = None;
    for (status, response) in responses {
        let status = status.to_ascii_uppercase();
        let place = match (status.as_bytes(), status.len()) {
            ([b'2', ..], 3) => &mut success,
            ([b'4' | b'5', ..], 3) => &mut errors,
            _ if status == "DEFAULT" => {
                default = Some(response);
                continue;
            }
            _ if status.starts_with("X-") => continue,
            _ => {
                schemas.report.add(
                    &pointer::child(&here, &status),
                    Change::Dropped,
                    format!("the answer {status} is not bound"),
                    "progenitor knows success and errors",
                );
                continue;
            }
        };
        place.insert(status, response);
    }
    if let Some(default) = default {
        // Where nothing else is said of success or of errors, the default is.
        if success.is_empty() {
            success.insert("2XX".to_owned(), default);
        }
        for status in ["4XX", "5XX"] {
            errors.entry(status.to_owned()).or_insert(default);
        }
    }
    let loose = schemas.options.loose.is_some();
    let success = held(schemas, success, &here, &format!("{id} response"))?;
    let errors = if loose {
        // Errors look alike whatever the operation; the caller's runtime reads them.
        Vec::new()
    } else {
        held(schemas, errors, &here, &format!("{id} error"))?
    };
    let success = one(schemas, success, &here, &format!("{id} response"), loose);
    let errors = one(schemas, errors, &here, &format!("{id} error"), false);
    Ok(Answers { success, errors })
}

fn held(
    schemas: &mut Schemas<'_>,
    responses: BTreeMap<String, &Value>,
    at: &str,
    hint: &str,
) -> Result<Vec<Response>> {
    let mut held = Vec::with_capacity(responses.len());
    let several = responses.len() > 1;
    for (status, response) in responses {
        let here = pointer::child(at, &status);
        let hint = if several {
            format!("{hint} {status}")
        } else {
            hint.to_owned()
        };
        let holding = holding(schemas, response, &here, &hint)?;
        held.push(Response { status, holding });
    }
    Ok(held)
}

fn holding(schemas: &mut Schemas<'_>, response: &Value, at: &str, hint: &str) -> Result<Holding> {
    let (response, at) = match crate::source::reference_of(response) {
        Some(reference) => {
            let located = schemas.source.resolve(reference, at)?;
            (located.value, located.pointer)
        }
        None => (response, at.to_owned()),
    };
    let here = pointer::child(&at, "content");
    let Some(content) = as_object(response, &at)?.get("content") else {
        return Ok(Holding::Nothing);
    };
    let content = as_object(content, &here)?;
    if content.len() > 1 {
        schemas.report.add(
            &here,
            Change::Changed,
            "read as one of its media types",
            "an answer has one type",
        );
    }
    let json = content
        .iter()
        .find(|(media_type, _)| is_json(media_type))
        .or_else(|| content.iter().find(|(media_type, _)| *media_type == "*/*"));
    Ok(match json {
        Some((media_type, value)) => {
            let here = pointer::child(&here, media_type);
            let any = Value::Bool(true);
            let schema = value.get("schema").unwrap_or(&any);
            Holding::Json(schemas.inline(schema, &pointer::child(&here, "schema"), hint)?)
        }
        None if content.is_empty() => Holding::Nothing,
        None => Holding::Raw,
    })
}

/// One type for all the statuses.
fn one(
    schemas: &mut Schemas<'_>,
    responses: Vec<Response>,
    at: &str,
    hint: &str,
    any_status: bool,
) -> (Vec<String>, Holding) {
    let mut statuses = Vec::new();
    let mut types = Vec::<Type>::new();
    let (mut nothing, mut raw) = (false, false);
    for response in responses {
        statuses.push(response.status);
        match response.holding {
            Holding::Nothing => nothing = true,
            Holding::Raw => raw = true,
            Holding::Json(ty) => {
                if !types.iter().any(|seen| seen.kind == ty.kind) {
                    types.push(ty);
                }
            }
        }
    }
    if any_status && !statuses.is_empty() {
        statuses = vec!["2XX".to_owned()];
    }
    let kinds = types.len() + usize::from(raw) + usize::from(nothing);
    if kinds > 1 {
        let what = match (types.is_empty(), raw, nothing) {
            (_, true, _) => "answers of several media types are bytes",
            (false, false, true) => "an answer may be empty, which is read as null",
            _ => "answers of several types are one enum",
        };
        schemas
            .report
            .add(at, Change::Changed, what, "progenitor takes one type");
    }
    let holding = if raw {
        Holding::Raw
    } else {
        match types.len() {
            0 => Holding::Nothing,
            _ => {
                let mut ty = untagged(types);
                ty.nullable |= nothing;
                if ty.is_nominal() {
                    let nullable = ty.nullable;
                    ty.nullable = false;
                    ty = schemas.define_new(hint, ty);
                    ty.nullable = nullable;
                }
                Holding::Json(ty)
            }
        }
    };
    (statuses, holding)
}

impl Answers {
    fn holdings(&self) -> [&Holding; 2] {
        [&self.success.1, &self.errors.1]
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        self.holdings()
            .into_iter()
            .filter_map(|holding| match holding {
                Holding::Json(ty) => Some(ty),
                _ => None,
            })
    }

    pub(crate) fn types_mut(&mut self) -> impl Iterator<Item = &mut Type> {
        [&mut self.success.1, &mut self.errors.1]
            .into_iter()
            .filter_map(|holding| match holding {
                Holding::Json(ty) => Some(ty),
                _ => None,
            })
    }

    /// The type of a successful answer.
    pub(crate) fn success_mut(&mut self) -> Option<&mut Type> {
        match &mut self.success.1 {
            Holding::Json(ty) => Some(ty),
            _ => None,
        }
    }

    pub(super) fn emit(&self) -> Value {
        let mut responses = Map::new();
        for (statuses, holding) in [&self.success, &self.errors] {
            let response = match holding {
                Holding::Nothing => json!({ "description": "" }),
                Holding::Json(ty) => json!({
                    "description": "",
                    "content": { "application/json": { "schema": emit::schema(ty) } },
                }),
                Holding::Raw => json!({
                    "description": "",
                    "content": { "*/*": {} },
                }),
            };
            for status in statuses {
                responses.insert(status.clone(), response.clone());
            }
        }
        Value::Object(responses)
    }

    pub(super) fn table(&self) -> table::Answer {
        match &self.success.1 {
            // progenitor streams what an operation without a successful answer answers.
            Holding::Nothing if self.success.0.is_empty() => table::Answer::Raw,
            Holding::Nothing => table::Answer::None,
            Holding::Json(ty) => table::Answer::Json(emit::rust(ty)),
            Holding::Raw => table::Answer::Raw,
        }
    }
}
