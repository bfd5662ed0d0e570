//! Doing what an operation does, from within: the same checks, the same rule.

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::query::Query;
use crate::record::{Record, RecordExt};
use crate::schema::{Operation, SCHEMA};
use crate::{body, engine};

/// Makes or changes one record as an operation would.
///
/// # Errors
///
/// What the operation would refuse.
pub(in crate::rules) fn perform(
    context: &mut Context<'_>,
    operation: &str,
    values: Vec<String>,
    body: Record,
) -> Result<Record, Refusal> {
    let body = body::fitting(named(operation)?, body)?;
    run(context, operation, values, body)
}

fn named(operation: &str) -> Result<&'static Operation, Refusal> {
    let unknown = || Refusal::Internal(format!("the schema has no operation `{operation}`"));
    SCHEMA.operation(operation).ok_or_else(unknown)
}

/// As [`perform`], with a body that has another form than the operation's: a batch's own.
///
/// # Errors
///
/// What the operation's rule would refuse.
pub(in crate::rules) fn run(
    context: &mut Context<'_>,
    operation: &str,
    values: Vec<String>,
    body: Record,
) -> Result<Record, Refusal> {
    let operation = named(operation)?;
    let mut inner = Context::new(context.store(), context.now(), context.habits());
    inner.namespace.clone_from(&context.namespace);
    let mut call = Call {
        context: inner,
        operation,
        values,
        query: Query::default(),
        body,
        file: None,
        token: None,
    };
    match engine::run(&mut call)? {
        Answer::One(record) => Ok(record),
        Answer::Many(records) => Ok(records.into_iter().next().unwrap_or_default()),
        Answer::Data(Value::Object(record)) | Answer::Json(Value::Object(record)) => Ok(record),
        _ => Ok(Record::new()),
    }
}

/// Does something of which nothing stays if it is refused.
///
/// # Errors
///
/// The refusal.
pub(in crate::rules) fn attempt<T>(
    context: &mut Context<'_>,
    what: impl FnOnce(&mut Context<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let store = context.store();
    store.save()?;
    let done = what(context);
    match &done {
        Ok(_) => store.keep()?,
        Err(_) => store.undo()?,
    }
    done
}

/// Why a record was not stored, as the outcome says it.
pub(in crate::rules) fn reason(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Invalid(problems) => {
            let texts = problems.iter().map(|(_, text)| text.as_str());
            texts.collect::<Vec<_>>().join(" ")
        }
        Refusal::NotFound => "No such record.".to_owned(),
        Refusal::Unauthenticated => "Unauthenticated.".to_owned(),
        Refusal::Forbidden => "This action is unauthorized.".to_owned(),
        Refusal::Status(_, message) | Refusal::Internal(message) => message.clone(),
    }
}

/// The id of what was stored.
pub(super) fn id_of(record: &Record) -> Option<Value> {
    record.get("id").filter(|_| record.has("id")).cloned()
}
