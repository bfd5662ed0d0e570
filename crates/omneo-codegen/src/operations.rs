//! The table of operations: what the schema says of each that its method does not.

use std::fmt::Write;

use openapi_lowering::Lowered;
use openapi_lowering::table::{Answer, Body, Operation, Parameter, Part};

pub(crate) fn generate(lowered: &Lowered) -> String {
    let mut operations = lowered.operations.iter().collect::<Vec<_>>();
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    let mut out = String::from("&[\n");
    for operation in &operations {
        let _ = writeln!(
            out,
            "Operation {{ id: {:?}, operation_id: {:?}, method: {:?}, path: {:?}, tag: {:?}, query: &[{}], body: {}, answer: Answer::{}, shadowed_by: &{:?} }},",
            operation.id,
            operation.operation_id.as_deref().unwrap_or(&operation.id),
            operation.method.to_uppercase(),
            operation.path,
            operation.tags.first().map_or("", String::as_str),
            operation
                .parameters
                .iter()
                .map(parameter)
                .collect::<String>(),
            body(&operation.body),
            answer(&operation.answer),
            shadowed_by(operation, &lowered.routes),
        );
    }
    out.push(']');
    out
}

fn parameter(parameter: &Parameter) -> String {
    let kind = match parameter.kind.as_str() {
        "integer" => "Integer",
        "number" => "Number",
        "boolean" => "Boolean",
        "array" => "Array",
        "object" => "Object",
        _ => "String",
    };
    let mut description = parameter.description.clone().unwrap_or_default();
    if !parameter.values.is_empty() {
        if !description.is_empty() {
            description.push(' ');
        }
        let _ = write!(description, "One of {}.", parameter.values.join(", "));
    }
    format!(
        "Parameter {{ name: {:?}, kind: ParameterKind::{kind}, required: {}, description: {description:?} }}, ",
        parameter.name, parameter.required,
    )
}

fn body(body: &Body) -> String {
    match body {
        Body::None => "Body::None".to_owned(),
        Body::Json(_) => "Body::Json".to_owned(),
        Body::Form(_) => "Body::Form".to_owned(),
        Body::Text => "Body::Text".to_owned(),
        Body::Multipart(parts) => {
            let parts = parts.iter().map(part).collect::<String>();
            format!("Body::Multipart(&[{parts}])")
        }
        // Whatever is added to OpenAPI's bodies is bytes.
        _ => "Body::Binary".to_owned(),
    }
}

fn answer(answer: &Answer) -> &'static str {
    match answer {
        Answer::None => "Nothing",
        Answer::Json(_) => "Json",
        // Whatever is added to OpenAPI's answers is bytes.
        _ => "Raw",
    }
}

fn part(part: &Part) -> String {
    format!(
        "Part {{ name: {:?}, required: {}, is_file: {}, description: {:?} }}, ",
        part.name,
        part.required,
        part.is_file,
        part.description.as_deref().unwrap_or_default(),
    )
}

/// The paths that a server would take for another operation's if a parameter had the value of a
/// literal: `/v3/rewards/{reward}` with `definitions` is `/v3/rewards/definitions`.
fn shadowed_by<'r>(operation: &Operation, routes: &'r [(String, String)]) -> Vec<&'r str> {
    let own = operation.path.split('/').collect::<Vec<_>>();
    let is_parameter = |segment: &str| segment.starts_with('{');
    let is_more_specific = |path: &str| {
        let path = path.split('/').collect::<Vec<_>>();
        path.len() == own.len()
            && path
                .iter()
                .zip(&own)
                .all(|(theirs, ours)| theirs == ours || is_parameter(ours))
            && path
                .iter()
                .zip(&own)
                .any(|(theirs, ours)| is_parameter(ours) && !is_parameter(theirs))
    };
    let mut found = routes
        .iter()
        .filter(|(method, path)| *method == operation.method && is_more_specific(path))
        .map(|(_, path)| path.as_str())
        .collect::<Vec<_>>();
    found.sort_unstable();
    found
}
