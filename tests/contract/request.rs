//! What the bindings send.

use std::collections::BTreeMap;

use http::header::{ACCEPT, CONTENT_TYPE};
use omneo_api::runtime::{Body, File, Multipart, ParameterKind, Part};
use omneo_api::{OPERATIONS, Operation, RequestOptions};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use serde_json::{Map, Value, json};

use crate::bindings::{Binding, Given};
use crate::documents::{Document, place};
use crate::route::{Parameter, Route};
use crate::table::Outcome;
use crate::wire::{BASE_URL, Bench, Prepared, Sent};
use crate::{Context, compare, samples, shadow};

/// A parameter with the values that cover its schema.
struct Sampled {
    parameter: Parameter,
    values: Vec<Value>,
}

/// What an operation is called with: all that path, query and body can be, and what has to be given only.
pub(crate) fn givens(context: &Context<'_>, route: &Route) -> Vec<Given> {
    let document = context.documents.published.value();
    let parameters = route
        .parameters(document)
        .into_iter()
        .map(|parameter| Sampled {
            values: context.samples.published.samples(&parameter.schema),
            parameter,
        });
    let parameters = parameters.collect::<Vec<_>>();
    let bodies = bodies(context, route);
    let rows = parameters
        .iter()
        .map(|sampled| sampled.values.len())
        .chain([bodies.len(), 1])
        .max();
    let mut givens = Vec::new();
    for row in 0..rows.unwrap_or(1) {
        givens.push(given(route, &parameters, &bodies, row, true));
    }
    givens.push(given(route, &parameters, &bodies, 0, false));
    givens
}

fn given(
    route: &Route,
    parameters: &[Sampled],
    bodies: &[Value],
    row: usize,
    is_whole: bool,
) -> Given {
    let mut given = Given::default();
    let mut options = RequestOptions::new();
    for Sampled { parameter, values } in parameters {
        let Some(value) = values.get(row % values.len().max(1)) else {
            continue;
        };
        match &*parameter.location {
            "path" => _ = given.path.insert(parameter.name.clone(), value.clone()),
            "query" if is_whole || parameter.required => {
                for (name, text) in pairs(&parameter.name, value) {
                    options = options.query(name, text);
                }
            }
            _ => {}
        }
    }
    given.body = bodies.get(row % bodies.len().max(1)).cloned();
    if let Some(Body::Multipart(parts)) = route.operation.map(|operation| operation.body) {
        options = options.multipart(multipart(parts, given.body.as_ref()));
    }
    given.options = options;
    given
}

/// A query parameter as it is sent: the members of an object each by themselves.
fn pairs(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(member, value)| pairs(&format!("{name}[{member}]"), value))
            .collect(),
        Value::Array(items) => items.iter().flat_map(|item| pairs(name, item)).collect(),
        value => vec![(name.to_owned(), text(value))],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The bodies of both documents, without what the corrections refuse: no type could hold that.
fn bodies(context: &Context<'_>, route: &Route) -> Vec<Value> {
    let documents = context.documents;
    let mut bodies = Vec::new();
    for content in route.bodies(documents.published.value()) {
        let published = context.samples.published.samples(&content.schema);
        let fitted = published
            .iter()
            .filter_map(|body| documents.corrected_value(&content.schema, body));
        bodies.extend(context.samples.corrected.samples(&content.schema));
        bodies.extend(fitted.map(|(body, _)| body));
    }
    bodies
}

/// The parts that the table knows, with the values of a body.
fn multipart(parts: &[Part], body: Option<&Value>) -> Multipart {
    let mut multipart = Multipart::new();
    for part in parts {
        let Some(value) = body.and_then(|body| body.get(part.name)) else {
            continue;
        };
        multipart = match part.is_file {
            true => multipart.file(
                part.name,
                File::bytes("sample.csv", text(value)).content_type("text/csv"),
            ),
            false => multipart.text(part.name, text(value)),
        };
    }
    multipart
}

pub(crate) fn check(
    context: &Context<'_>,
    bench: &Bench,
    route: &Route,
    operation: &'static Operation,
    binding: &Binding,
    givens: &[Given],
) -> Outcome {
    let mut outcome = Outcome::default();
    let documents = context.documents;
    let parameters = route.parameters(documents.published.value());
    let published = documents.published.value();
    outcome
        .failures
        .extend(in_the_table(operation, &parameters, published));
    outcome
        .failures
        .extend(names_in_the_table(operation, route, published));
    let shadowed = shadow::problems(context, bench, route, binding, &givens[0]);
    outcome.failures.extend(shadowed);
    for content in route.bodies(documents.published.value()) {
        for (sampler, document) in [
            (&context.samples.published, &documents.published),
            (&context.samples.corrected, &documents.corrected),
        ] {
            let samples = sampler.samples(&content.schema);
            outcome
                .failures
                .extend(samples::problems(document, &content.schema, &samples));
        }
    }
    for given in givens {
        outcome.checked += 1;
        let (sent, result) = bench.call(binding, given, Prepared::text(200, ""));
        let Some(sent) = sent else {
            let why = result.err().map(|failed| failed.to_string());
            outcome
                .failures
                .push(format!("nothing was sent: {}", why.unwrap_or_default()));
            continue;
        };
        let mut problems = Vec::new();
        if sent.method != operation.method {
            problems.push(format!("the method is {}", sent.method));
        }
        problems.extend(path_problem(operation, given, &sent.url));
        problems.extend(query_problems(
            &documents.published,
            &parameters,
            given,
            &sent.url,
        ));
        if sent
            .headers
            .get(ACCEPT)
            .is_none_or(|accept| accept != "application/json")
        {
            problems.push("it does not ask for JSON".to_owned());
        }
        let by_correction = body_problems(context, route, operation, given, &sent, &mut problems);
        outcome.corrected += usize::from(by_correction);
        outcome.failures.extend(
            problems
                .into_iter()
                .map(|problem| format!("request: {problem}")),
        );
    }
    outcome
}

/// Whether the table of operations calls an operation what the schema calls it.
fn names_in_the_table(operation: &Operation, route: &Route, document: &Value) -> Vec<String> {
    let text = |key: &str| {
        let value = document.pointer(&format!("{}/{key}", route.pointer));
        value.and_then(Value::as_str)
    };
    let names = [
        ("operationId", operation.operation_id),
        ("tags/0", operation.tag),
    ];
    names
        .into_iter()
        .filter(|(key, name)| text(key).is_some_and(|published| published != *name))
        .map(|(key, name)| format!("the table has `{name}` for {key}"))
        .collect()
}

/// Whether the table of operations knows the parameters as the schema has them.
fn in_the_table(operation: &Operation, parameters: &[Parameter], document: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    let query = parameters
        .iter()
        .filter(|parameter| parameter.location == "query");
    let mut published = BTreeMap::new();
    for parameter in query {
        let ty = document.pointer(&format!("{}/type", parameter.schema));
        let kind = match ty.and_then(Value::as_str) {
            Some("integer") => ParameterKind::Integer,
            Some("number") => ParameterKind::Number,
            Some("boolean") => ParameterKind::Boolean,
            Some("array") => ParameterKind::Array,
            Some("object") => ParameterKind::Object,
            _ => ParameterKind::String,
        };
        published.insert(&*parameter.name, (kind, parameter.required));
    }
    for parameter in operation.query {
        match published.remove(parameter.name) {
            Some(known) if known == (parameter.kind, parameter.required) => {}
            Some(known) => {
                problems.push(format!("`{}` is {known:?} in the schema", parameter.name));
            }
            None => problems.push(format!("`{}` is not in the schema", parameter.name)),
        }
    }
    problems.extend(
        published
            .keys()
            .map(|name| format!("`{name}` is not in the table")),
    );
    problems
}

fn path_problem(operation: &'static Operation, given: &Given, url: &Url) -> Option<String> {
    let Some(path) = url.as_str().strip_prefix(BASE_URL) else {
        return Some(format!("{url} is not under the base URL"));
    };
    let path = path.split('?').next().unwrap_or_default();
    let wanted = operation.path.split('/').map(|segment| {
        let mut segment = segment.to_owned();
        for (name, value) in &given.path {
            segment = segment.replace(&format!("{{{name}}}"), &text(value));
        }
        segment
    });
    let sent = path
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned());
    if !wanted.eq(sent) {
        return Some(format!(
            "{path} is not the path of {} with {:?}",
            operation.path, given.path
        ));
    }
    match Operation::matching(OPERATIONS, operation.method, path) {
        Some(found) if found == operation => None,
        found => Some(format!(
            "{path} reaches {:?}",
            found.map(|operation| operation.id)
        )),
    }
}

fn query_problems(
    published: &Document,
    parameters: &[Parameter],
    given: &Given,
    url: &Url,
) -> Vec<String> {
    let sent = url.query_pairs().into_owned().collect::<Vec<_>>();
    if sent != given.options.query {
        return vec![format!(
            "the query is {sent:?} instead of {:?}",
            given.options.query
        )];
    }
    let mut problems = Vec::new();
    for (name, value) in &sent {
        let parameter = parameters.iter().find(|parameter| {
            let rest = name.strip_prefix(&*parameter.name);
            parameter.location == "query"
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        });
        let Some(parameter) = parameter else {
            problems.push(format!("the schema has no query parameter `{name}`"));
            continue;
        };
        // A member of an object is no value of its own.
        let is_member = *name != parameter.name;
        let readings = [
            Some(Value::from(&**value)),
            serde_json::from_str(value).ok(),
        ];
        let fits = |reading: Value| published.fits(&parameter.schema, &reading);
        if !is_member && !readings.into_iter().flatten().any(fits) {
            problems.push(format!("the query parameter `{name}` can not be {value:?}"));
        }
    }
    problems
}

/// Whether the body keeps to the corrected schema only.
fn body_problems(
    context: &Context<'_>,
    route: &Route,
    operation: &Operation,
    given: &Given,
    sent: &Sent,
    problems: &mut Vec<String>,
) -> bool {
    let documents = context.documents;
    let contents = route.bodies(documents.published.value());
    let kind = sent
        .headers
        .get(CONTENT_TYPE)
        .map(|kind| kind.to_str().unwrap_or_default());
    let essence = kind
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    let Some(given) = &given.body else {
        if !sent.body.is_empty() || kind.is_some() {
            problems.push(format!(
                "{} bytes of {kind:?} are sent where nothing is asked for",
                sent.body.len()
            ));
        }
        return false;
    };
    let Some(content) = contents
        .iter()
        .find(|content| content.media_type == essence)
    else {
        problems.push(format!("the schema has no body of {essence}"));
        return false;
    };
    let body = match operation.body {
        Body::Json => serde_json::from_slice(&sent.body).ok(),
        Body::Form => form(&sent.body, given),
        Body::Multipart(_) => parts(&sent.body, kind.unwrap_or_default(), given),
        _ => std::str::from_utf8(&sent.body).ok().map(Value::from),
    };
    let Some(body) = body else {
        problems.push(format!("the body can not be read as {essence}"));
        return false;
    };
    problems.extend(
        compare::request(given, &body, is_the_same_to_php)
            .into_iter()
            .map(|problem| format!("body{problem}")),
    );
    for error in documents.corrected.errors(&content.schema, &body) {
        problems.push(format!("body/{}: {error}", place(&error)));
    }
    let errors = documents.published.errors(&content.schema, &body);
    for error in errors.iter().filter(|error| !documents.is_corrected(error)) {
        problems.push(format!(
            "body/{}: {error}, and no correction is why",
            place(error)
        ));
    }
    !errors.is_empty()
}

/// To PHP an empty object is an empty list, and a text that is a number is one.
fn is_the_same_to_php(given: &Value, sent: &Value) -> bool {
    let is_empty = |value: &Value| match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse::<f64>().ok(),
        _ => None,
    };
    is_empty(given) && is_empty(sent) || number(given).is_some() && number(given) == number(sent)
}

/// A form as JSON, in which numbers and flags are what they were given as.
fn form(body: &[u8], given: &Value) -> Option<Value> {
    // reqwest has no other way to the pairs of a form.
    let url = Url::parse(&format!("form:?{}", std::str::from_utf8(body).ok()?)).ok()?;
    let pairs = url
        .query_pairs()
        .map(|(name, value)| (name.to_string(), value.to_string()));
    Some(typed(pairs, given))
}

/// The parts of a multipart body as JSON.
fn parts(body: &[u8], kind: &str, given: &Value) -> Option<Value> {
    let (_, boundary) = kind.split_once("boundary=")?;
    let body = String::from_utf8_lossy(body);
    let mut pairs = Vec::new();
    for part in body.split(&format!("--{boundary}")) {
        let Some((head, value)) = part.split_once("\r\n\r\n") else {
            continue;
        };
        let (_, name) = head.split_once("name=\"")?;
        let (name, _) = name.split_once('"')?;
        pairs.push((name.to_owned(), value.strip_suffix("\r\n")?.to_owned()));
    }
    Some(typed(pairs.into_iter(), given))
}

/// Texts become the JSON that they were given as.
fn typed(pairs: impl Iterator<Item = (String, String)>, given: &Value) -> Value {
    let member = |(name, value): (String, String)| {
        let value = match given.get(&name) {
            Some(Value::String(_)) | None => json!(value),
            Some(_) => serde_json::from_str(&value).unwrap_or(json!(value)),
        };
        (name, value)
    };
    Value::Object(pairs.map(member).collect::<Map<_, _>>())
}
