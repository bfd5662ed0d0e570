//! The ID API and the Shopify proxy: what a customer's own browser or app may do.
//!
//! Neither is in the schema. Nearly every route is one of the admin API's for one profile, that of the token, with the same bodies and answers; so
//! [`resolve`] mostly says which operation that is, and no scope is asked for. What is left are the routes that give out tokens.

mod routes;
mod tokens;

use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::answer::Refusal;
use crate::auth::Token;
use crate::context::Context;
use crate::engine::Asked;
use crate::record::{Record, RecordExt};
use crate::rules::tokens::ANONYMOUS;
use crate::schema::{Operation, Route, SCHEMA};

/// What becomes of a request.
pub(crate) enum Resolved {
    /// It is one to this operation, with these values of its path and its own body.
    Operation(&'static Operation, Vec<String>),
    /// It is one to this operation, with another body.
    With(&'static Operation, Vec<String>, Record),
    /// It is answered with this, and status 200.
    Answered(Value),
}

const ID: &str = "/id/api/v1";
const SHOPIFY: &str = "/shopify/api/v1";

/// Where a Shopify customer's signature gets a token.
const SHOPIFY_TOKEN: &str = "/shopify/api/v1/auth/token";

type Answer = fn(&Context<'_>, &Record, Option<&Token>) -> Result<Resolved, Refusal>;

/// Routes that are none of one profile: path, method, what is done.
const OWN: [(&str, Method, Answer); 4] = [
    ("/id/api/v1/auth/token", Method::POST, tokens::issue),
    (SHOPIFY_TOKEN, Method::POST, tokens::shopify),
    ("/id/api/v1/profiles", Method::POST, enrol),
    ("/id/api/v1/locations", Method::GET, locations),
];

/// Whether a path is one of these APIs'.
pub(crate) fn is_path(path: &str) -> bool {
    [ID, SHOPIFY].iter().any(|base| {
        let rest = path.strip_prefix(base);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Whether a path needs no token.
pub(crate) fn is_open(path: &str) -> bool {
    path == SHOPIFY_TOKEN
}

/// What becomes of a request to a path [of these APIs](is_path).
///
/// # Errors
///
/// 404 and 405 for what is no route, 401 for a token of the wrong sort, 422 for a body that is no JSON object.
pub(crate) fn resolve(
    context: &mut Context<'_>,
    token: Option<&Token>,
    asked: &Asked,
) -> Result<Resolved, Refusal> {
    let (method, path) = (&asked.method, asked.path.as_str());
    let mut own = OWN.iter();
    if let Some((_, known, answer)) = own.find(|(known, _, _)| *known == path) {
        return match known == method {
            true => answer(context, &body(asked)?, token),
            false => Err(not_allowed(method, &[known.as_str()])),
        };
    }
    of_profile(context, method, path, token)
}

fn body(asked: &Asked) -> Result<Record, Refusal> {
    if asked.body.is_empty() {
        return Ok(Record::new());
    }
    let refusal = |_| Refusal::invalid("body", "The body must be a JSON object.");
    serde_json::from_slice(&asked.body).map_err(refusal)
}

/// A route of one profile: the token's, or one that is connected with it.
fn of_profile(
    context: &Context<'_>,
    method: &Method,
    path: &str,
    token: Option<&Token>,
) -> Result<Resolved, Refusal> {
    let rest = path.strip_prefix(ID);
    let rest = rest.and_then(|rest| rest.strip_prefix("/profiles/"));
    let (scope, rest) = first(rest.ok_or(Refusal::NotFound)?);
    let (connection, rest) = match scope {
        "me" => (None, rest),
        "connection" => {
            let (connection, rest) = first(rest);
            (Some(decoded(connection)), rest)
        }
        _ => return Err(Refusal::NotFound),
    };
    let segments: Vec<_> = match rest {
        "" => Vec::new(),
        rest => rest.split('/').collect(),
    };
    let routes: Vec<_> = routes::of(&segments).collect();
    let mut found = routes.iter();
    let Some((_, template)) = found.find(|(known, _)| method.as_str() == *known) else {
        let known: Vec<_> = routes.iter().map(|(method, _)| *method).collect();
        return Err(match known.is_empty() {
            true => Refusal::NotFound,
            false => not_allowed(method, &known),
        });
    };
    let profile = profile(token)?;
    let profile = match connection {
        Some(connection) => other_end(context, &connection, &profile)?,
        None => profile,
    };
    if profile == ANONYMOUS {
        return Err(Refusal::NotFound);
    }
    let mut path = format!("/v3/profiles/{profile}");
    for (segment, name) in segments.into_iter().zip(template.split('/')) {
        path.push('/');
        match name {
            "{list}" => path.push_str(&list(context, &profile, segment)?),
            _ => path.push_str(segment),
        }
    }
    operation(method, &path).map(|(operation, values)| Resolved::Operation(operation, values))
}

/// The first segment of a path, and the rest.
fn first(path: &str) -> (&str, &str) {
    path.split_once('/').unwrap_or((path, ""))
}

fn operation(method: &Method, path: &str) -> Result<(&'static Operation, Vec<String>), Refusal> {
    match SCHEMA.route(method, path) {
        Route::Found(operation, values) => Ok((operation, values)),
        _ => Err(Refusal::NotFound),
    }
}

/// The profile of a token; that of an anonymous one is none that there is.
fn profile(token: Option<&Token>) -> Result<String, Refusal> {
    token
        .and_then(|token| token.profile.clone())
        .ok_or(Refusal::Unauthenticated)
}

/// The profile at the other end of a connection that the profile has.
fn other_end(context: &Context<'_>, connection: &str, profile: &str) -> Result<String, Refusal> {
    let connection = context.get("Connection", connection)?;
    match ["connector_id", "connected_id"].map(|end| connection.text(end)) {
        [Some(one), Some(other)] if one == profile => Ok(other),
        [Some(one), Some(other)] if other == profile => Ok(one),
        _ => Err(Refusal::NotFound),
    }
}

/// The id of a list that is named by its id or its handle.
fn list(context: &Context<'_>, profile: &str, named: &str) -> Result<String, Refusal> {
    let handle = decoded(named);
    if context.store().get("ProductList", &handle)?.is_some() {
        return Ok(named.to_owned());
    }
    let equal = [("profile_id", profile.into()), ("handle", handle.into())];
    let list = context.first("ProductList", &equal)?;
    let id = list.and_then(|list| list.text("id"));
    Ok(id.unwrap_or_else(|| named.to_owned()))
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// `POST /id/api/v1/profiles`: finds a profile by `email` or `mobile_phone`, of which only the comms preferences are changed, or else makes one. What
/// Omneo answers is not known. Here it is what the admin API's route answers: of a profile that was there only its comms preferences, as anybody may
/// ask.
fn enrol(context: &Context<'_>, body: &Record, token: Option<&Token>) -> Result<Resolved, Refusal> {
    profile(token)?;
    for member in ["email", "mobile_phone"] {
        let Some(value) = body.get(member).filter(|value| value.is_string()) else {
            continue;
        };
        let found = context.find("Profile", &[(member, value.clone())])?;
        let mut found = found.iter().filter(|profile| !profile.has("deleted_at"));
        if let Some(id) = found.next().and_then(|profile| profile.text("id")) {
            let path = format!("/v3/profiles/{id}/attributes/comms");
            let (operation, values) = operation(&Method::PUT, &path)?;
            return Ok(Resolved::With(operation, values, comms(body)));
        }
    }
    let (operation, values) = operation(&Method::POST, "/v3/profiles")?;
    Ok(Resolved::Operation(operation, values))
}

/// The comms preferences in the body of a profile, wherever it has them.
fn comms(body: &Record) -> Record {
    let mut comms = body.map("comms_attributes").cloned().unwrap_or_default();
    let attributes = body.map("attributes");
    let more = attributes.and_then(|attributes| attributes.map("comms"));
    comms.extend(more.cloned().unwrap_or_default());
    comms
}

/// `GET /id/api/v1/locations`, for any ID token.
fn locations(_: &Context<'_>, _: &Record, token: Option<&Token>) -> Result<Resolved, Refusal> {
    profile(token)?;
    let (operation, values) = operation(&Method::GET, "/v3/locations")?;
    Ok(Resolved::Operation(operation, values))
}

/// 405, in Laravel's words.
fn not_allowed(method: &Method, known: &[&str]) -> Refusal {
    let known = known.join(", ");
    Refusal::Status(
        405,
        format!("The {method} method is not supported for this route. Supported methods: {known}."),
    )
}
