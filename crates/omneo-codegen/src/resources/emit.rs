//! Handles become Rust.

use std::fmt::Write;

use openapi_lowering::table::{Answer, Body, Operation, PathParameter};

use super::plan::{Handle, Method, Target};
use crate::lists::{Listed, listed};

pub(super) fn handles(handles: &[Handle], operations: &[Operation]) -> String {
    let mut out = String::new();
    for handle in handles {
        self::handle(&mut out, handle, operations);
    }
    out
}

fn handle(out: &mut String, handle: &Handle, operations: &[Operation]) {
    let name = &handle.type_name;
    let what = if handle.path.is_empty() {
        "Every resource of the API".to_owned()
    } else if handle.path.ends_with('}') {
        format!("What lies below `{}`", handle.path)
    } else {
        format!("`{}`", handle.path)
    };
    let _ = writeln!(out, "#[doc = {:?}]", format!("{what}."));
    let _ = writeln!(
        out,
        "#[derive(Clone, Debug)]\npub struct {name} {{ client: Client, "
    );
    for parameter in &handle.parameters {
        let _ = writeln!(out, "{}: {},", parameter.argument, parameter.rust_type);
    }
    let _ = writeln!(out, "}}\n\nhandle!({name});\n\nimpl {name} {{");
    if handle.path.is_empty() {
        out.push_str("pub(crate) fn of(client: Client) -> Self { Self { client } }\n");
    }
    for method in &handle.methods {
        match &method.target {
            Target::Handle(target) => accessor(out, handle, method, target),
            Target::Operation(index) => {
                let operation = &operations[*index];
                match listed(operation) {
                    Some(listed) => list(out, handle, method, operation, &listed),
                    None => call(out, handle, method, operation),
                }
            }
        }
    }
    out.push_str("}\n\n");
}

fn arguments(parameters: &[PathParameter]) -> String {
    parameters
        .iter()
        .map(|parameter| {
            format!(
                ", {}: impl Into<{}>",
                parameter.argument, parameter.rust_type
            )
        })
        .collect()
}

fn accessor(out: &mut String, handle: &Handle, method: &Method, target: &str) {
    let held = handle
        .parameters
        .iter()
        .map(|parameter| format!("{0}: self.{0}.clone(), ", parameter.argument));
    let given = method
        .parameters
        .iter()
        .map(|parameter| format!("{0}: {0}.into(), ", parameter.argument));
    let _ = writeln!(
        out,
        "#[doc = \"[`{target}`].\"]\npub fn {}(&self{}) -> {target} {{ {target} {{ client: self.client.clone(), {} }} }}",
        method.name,
        arguments(&method.parameters),
        held.chain(given).collect::<String>(),
    );
}

/// Whether the handle has the parameter, so that the method does not take it.
fn is_held(handle: &Handle, parameter: &PathParameter) -> bool {
    handle
        .parameters
        .iter()
        .any(|held| held.argument == parameter.argument)
}

/// A method that gives a list. It is compiled where it is called: the list knows its operation only through a trait
/// object, for which the whole of the call, down to the reading of each record's fields, would be compiled with this
/// crate, for every list there is.
fn list(
    out: &mut String,
    handle: &Handle,
    method: &Method,
    operation: &Operation,
    listed: &Listed<'_>,
) {
    let Listed { record, page } = listed;
    let (mut types, mut owned, mut lent) = (String::new(), String::new(), Vec::new());
    for (index, parameter) in operation.path_parameters.iter().enumerate() {
        let argument = &parameter.argument;
        let _ = write!(types, "{}, ", parameter.rust_type);
        let _ = match is_held(handle, parameter) {
            true => write!(owned, "self.{argument}.clone(), "),
            false => write!(owned, "{argument}.into(), "),
        };
        lent.push(format!("&path.{index}"));
    }
    let (path, again) = match lent.is_empty() {
        true => (String::new(), ""),
        false => (
            format!("let path: ({types}) = ({owned}); "),
            "let path = path.clone(); ",
        ),
    };
    let _ = writeln!(
        out,
        "#[doc = {:?}]\n#[inline]\npub fn {}(&self{}) -> crate::List<{record}> {{ {path}crate::List::new(&self.client, {:?}, move |client| {{ {again}async move {{ client.{}({}).await.map({page}) }} }}) }}",
        doc(operation, ""),
        method.name,
        arguments(&method.parameters),
        operation.id,
        operation.id,
        lent.join(", "),
    );
}

fn call(out: &mut String, handle: &Handle, method: &Method, operation: &Operation) {
    let (returned, unwrap) = answer(&operation.answer);
    let body = match &operation.body {
        Body::Json(ty) | Body::Form(ty) => Some(by_reference(ty)),
        Body::Text => Some("::std::string::String".to_owned()),
        Body::Binary(_) => Some("impl Into<::reqwest::Body>".to_owned()),
        _ => None,
    };
    let multipart = matches!(operation.body, Body::Multipart(_));
    let mut signature = arguments(&method.parameters);
    if let Some(body) = &body {
        let _ = write!(signature, ", body: {body}");
    }
    if multipart {
        signature.push_str(", parts: crate::runtime::Multipart");
    }
    // The binding takes the parameters in the order of the path, which is that of the handles.
    let mut values = operation
        .path_parameters
        .iter()
        .map(|parameter| {
            if is_held(handle, parameter) {
                format!("&self.{}", parameter.argument)
            } else {
                format!("&{}.into()", parameter.argument)
            }
        })
        .collect::<Vec<_>>();
    if body.is_some() {
        values.push("body".to_owned());
    }
    let client = if multipart {
        "self.client.with(RequestOptions::clone(self.client.options()).multipart(parts))"
    } else {
        "self.client"
    };
    let _ = writeln!(
        out,
        "#[doc = {:?}]\npub async fn {}(&self{signature}) -> Result<{returned}, Error> {{ {client}.{}({}).await.map({unwrap}) }}",
        doc(operation, ERRORS),
        method.name,
        operation.id,
        values.join(", "),
    );
}

/// How progenitor takes an argument of this type.
fn by_reference(ty: &str) -> String {
    match ty {
        "bool" | "i64" | "f64" => ty.to_owned(),
        "::std::string::String" => "&str".to_owned(),
        _ => format!("&{ty}"),
    }
}

const INTO_INNER: &str = "ResponseValue::into_inner";

/// What a method returns, and how it gets that out of what the binding returns.
fn answer(answer: &Answer) -> (String, &'static str) {
    match answer {
        Answer::None => ("()".to_owned(), INTO_INNER),
        Answer::Json(ty) => {
            let data = ty
                .strip_prefix("::omneo_types::Data<")
                .or_else(|| ty.strip_prefix("::omneo_types::MaybeData<"))
                .and_then(|inner| inner.strip_suffix('>'));
            match data {
                Some(inner) => (
                    inner.to_owned(),
                    "|answer| answer.into_inner().into_inner()",
                ),
                None => (ty.clone(), INTO_INNER),
            }
        }
        _ => ("crate::runtime::ByteStream".to_owned(), INTO_INNER),
    }
}

const ERRORS: &str = "\n\n# Errors\n\nWhatever keeps the call from succeeding: see [`Error`].";

fn doc(operation: &Operation, end: &str) -> String {
    let mut doc = String::new();
    if let Some(summary) = &operation.summary {
        let _ = writeln!(doc, "{}.\n", summary.trim_end_matches('.'));
    }
    if let Some(description) = &operation.description {
        let _ = writeln!(doc, "{description}\n");
    }
    let _ = write!(
        doc,
        "`{} {}`, [`Client::{}`].",
        operation.method.to_uppercase(),
        operation.path,
        operation.id
    );
    if !operation.parameters.is_empty() {
        let names = operation
            .parameters
            .iter()
            .map(|parameter| {
                let required = if parameter.required {
                    " (required)"
                } else {
                    ""
                };
                format!("`{}`{required}", parameter.name)
            })
            .collect::<Vec<_>>();
        let _ = write!(doc, "\n\nQuery parameters: {}.", names.join(", "));
    }
    doc + end
}
