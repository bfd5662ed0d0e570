//! Each operation as a type: what its mock can be told of a request, and what it answers.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use openapi_lowering::table::{Answer, Body, Operation, PathParameter};
use openapi_lowering::{Lowered, naming};
use serde_json::Value;

use super::forms;

/// Below this path the ID API has the same operations, for the profile of the token.
const PROFILE: &str = "/v3/profiles/{profile}";

/// The methods that every `Server` has. An operation of such a name has an underscore after it.
const OF_SERVER: &[&str] = &["mock", "start", "tidy", "token", "url"];

/// The methods that every `When` has. A path parameter of such a name has an underscore after it.
const OF_WHEN: &[&str] = &[
    "and",
    "body",
    "body_includes",
    "connected",
    "me",
    "page_number",
    "page_size",
    "part",
    "query",
    "query_missing",
];

/// The operations, and a macro that names their methods for tests that go over all of them.
pub(super) fn generate(document: &Value, lowered: &Lowered) -> String {
    let mut out = String::new();
    let (mut methods, mut names) = (Vec::new(), HashSet::new());
    for operation in sorted(lowered) {
        let method = unlike(&operation.id, OF_SERVER);
        let mut name = naming::pascal(&operation.id);
        // `a_b1` and `a_b_1` are one name in another case.
        while !names.insert(name.clone()) {
            name.push('_');
        }
        self::operation(&mut out, operation, &method, &name, document);
        methods.push(method);
    }
    let _ = writeln!(
        out,
        "/// Calls a macro with the method of each operation of this build.\n\
         #[doc(hidden)]\n\
         #[macro_export]\n\
         macro_rules! for_each_operation {{\n\
         ($callback:ident) => {{ $callback! {{ {} }} }};\n\
         }}",
        methods.join(" ")
    );
    out
}

/// A trait for each name of a path's parameter, which an operation has if its path has the parameter.
pub(super) fn path_parameters(lowered: &Lowered) -> String {
    let mut parameters = BTreeMap::new();
    for operation in sorted(lowered) {
        for parameter in &operation.path_parameters {
            let method = method(operation, parameter);
            parameters
                .entry(naming::pascal(&method))
                .or_insert((method, &parameter.name));
        }
    }
    let mut out = String::new();
    for (trait_name, (method, name)) in parameters {
        let _ = writeln!(
            out,
            "path_parameter! {{ {trait_name} {method} {:?} {:?} }}",
            format!("The path has `{{{name}}}`."),
            format!("Meets only requests with this `{{{name}}}` in the path."),
        );
    }
    out
}

fn sorted(lowered: &Lowered) -> Vec<&Operation> {
    let mut operations = lowered.operations.iter().collect::<Vec<_>>();
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    operations
}

fn unlike(name: &str, taken: &[&str]) -> String {
    match taken.contains(&name) {
        true => format!("{name}_"),
        false => name.to_owned(),
    }
}

fn operation(out: &mut String, operation: &Operation, method: &str, name: &str, document: &Value) {
    let (answer, form) = answer(&operation.answer);
    let _ = writeln!(
        out,
        "operation! {{ {method} {:?} {name} {:?} {} => {answer}, {form}, {}; {} }}",
        operation.id,
        doc(operation),
        body(&operation.body),
        status(operation, document),
        operation
            .path_parameters
            .iter()
            .map(|parameter| {
                let method = self::method(operation, parameter);
                format!("{} {:?} ", naming::pascal(&method), parameter.name)
            })
            .collect::<String>(),
    );
    let below = operation.path.strip_prefix(PROFILE);
    if below.is_some_and(|below| below.is_empty() || below.starts_with('/')) {
        let _ = writeln!(out, "impl crate::OfProfile for {name} {{}}");
    }
}

/// The method that a parameter of a path is given by. The binding's argument may have a number for
/// the sake of a name that only the binding has.
fn method(operation: &Operation, parameter: &PathParameter) -> String {
    let method = naming::snake(&parameter.name);
    let names = operation.path_parameters.iter().map(|other| &other.name);
    let namesakes = names.filter(|name| naming::snake(name) == method);
    match namesakes.count() {
        1 => unlike(&method, OF_WHEN),
        _ => unlike(&parameter.argument, OF_WHEN),
    }
}

/// The type of the body, and of what is sent.
fn body(body: &Body) -> String {
    match body {
        Body::None => "()".to_owned(),
        Body::Json(ty) => format!("crate::Json<{ty}>"),
        Body::Form(ty) => format!("crate::UrlEncoded<{ty}>"),
        Body::Multipart(_) => "crate::Multipart".to_owned(),
        // Whatever is added to OpenAPI's bodies is bytes.
        _ => "crate::Bytes".to_owned(),
    }
}

/// The type of the answer, and the form of what is in its envelope.
fn answer(answer: &Answer) -> (String, String) {
    match answer {
        Answer::None => ("()".to_owned(), forms::of_answer("")),
        Answer::Json(ty) => {
            let envelope = ty.strip_prefix("::omneo_types::").filter(|ty| {
                ["Data<", "List<", "MaybeData<", "Page<", "RawPage<"]
                    .iter()
                    .any(|envelope| ty.starts_with(envelope))
            });
            match envelope {
                Some(envelope) => {
                    let (_, inner) = envelope.split_once('<').unwrap_or_default();
                    (ty.clone(), forms::of_answer(inner))
                }
                None => (format!("crate::Bare<{ty}>"), forms::of_answer(ty)),
            }
        }
        // Whatever is added to OpenAPI's answers is bytes.
        _ => ("crate::Bytes".to_owned(), forms::of_answer("")),
    }
}

/// The status of a success.
fn status(operation: &Operation, document: &Value) -> u16 {
    let answers = document
        .pointer(&operation.pointer)
        .map(|o| &o["responses"]);
    let statuses = answers.and_then(Value::as_object).into_iter().flatten();
    statuses
        .filter_map(|(status, _)| status.parse().ok())
        .find(|status| (200..300).contains(status))
        .unwrap_or(match operation.answer {
            Answer::None => 204,
            _ => 200,
        })
}

fn doc(operation: &Operation) -> String {
    let mut doc = format!("`{} {}`", operation.method.to_uppercase(), operation.path);
    if let Some(summary) = &operation.summary {
        let _ = write!(doc, ": {}", summary.trim_end_matches('.'));
    }
    doc.push('.');
    if !operation.parameters.is_empty() {
        let names = operation.parameters.iter().map(|p| format!("`{}`", p.name));
        let names = names.collect::<Vec<_>>().join(", ");
        let _ = write!(doc, "\n\nQuery parameters: {names}.");
    }
    doc
}
