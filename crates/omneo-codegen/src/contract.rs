//! A call of every operation's method, for the tests that hold the bindings against the schema.
//!
//! Only those tests include the file: `binding!` is a macro of theirs, and the crate does not compile it.

use std::fmt::Write;

use openapi_lowering::Lowered;
use openapi_lowering::table::{Answer, Body, Operation};

pub(crate) fn generate(lowered: &Lowered) -> String {
    let mut operations = lowered.operations.iter().collect::<Vec<_>>();
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    let mut out = String::from("&[\n");
    for operation in operations {
        let _ = writeln!(
            out,
            "binding!({}({}) {} => {}),",
            operation.id,
            path(operation),
            body(&operation.body),
            answer(&operation.answer),
        );
    }
    out.push(']');
    out
}

fn path(operation: &Operation) -> String {
    let parameters = operation.path_parameters.iter();
    parameters
        .map(|parameter| {
            let (name, argument, ty) = (&parameter.name, &parameter.argument, &parameter.rust_type);
            format!("{name:?} {argument}: {ty}, ")
        })
        .collect()
}

/// The argument that a method has for the body, if it has one.
fn body(body: &Body) -> String {
    match body {
        Body::Json(ty) | Body::Form(ty) => format!("value {ty}"),
        Body::Text | Body::Binary(_) => "text".to_owned(),
        _ => "none".to_owned(),
    }
}

fn answer(answer: &Answer) -> &'static str {
    match answer {
        Answer::Raw => "stream",
        _ => "value",
    }
}
