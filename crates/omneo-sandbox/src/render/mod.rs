//! From stored records to the JSON of an answer.
//!
//! The schema says which members an answer has; what a record does not have is looked up (a nested record by its id), derived (by the views of
//! [`rules`](crate::rules)), or is null or the emptiest value that the schema allows.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::Context;
use crate::query::Query;
use crate::record::Record;
use crate::schema::{Envelope, Operation};

mod coerce;
mod empty;
mod form;
mod habits;
mod kinds;
mod page;
mod project;
mod source;

pub(crate) use habits::Habits;
pub(crate) use kinds::{kind, snake};

use form::SHAPES;
use page::Pages;
use project::Projection;

/// The body of an answer, by the operation's schema; none if it has none. `url` is the address of the request without its query, for page links.
pub(crate) fn answer(
    context: &Context<'_>,
    operation: &Operation,
    answer: Answer,
    query: &Query,
    url: &str,
) -> Option<Value> {
    if operation.envelope == Envelope::Empty {
        return None;
    }
    let render = |records: &[Record]| -> Vec<Value> {
        let form = SHAPES.content(operation);
        let records = records.iter();
        records
            .map(|record| {
                Projection::new(context).content(form, operation.model.as_deref(), record)
            })
            .collect()
    };
    match answer {
        Answer::Empty => None,
        Answer::Json(value) => Some(value),
        Answer::Data(value) => Some(page::data(value)),
        Answer::One(record) => {
            let mut items = render(std::slice::from_ref(&record));
            let item = items.pop().unwrap_or_default();
            Some(match operation.envelope {
                Envelope::One => page::data(item),
                Envelope::Bare | Envelope::Free => item,
                _ => page::wrap(operation, vec![item], &Pages::whole(1), query, url),
            })
        }
        Answer::Many(records) => {
            let total = records.len() as u64;
            let is_paged = matches!(operation.envelope, Envelope::Page | Envelope::RawPage);
            let pages = if is_paged || operation.is_paged {
                let (number, size) = query.page();
                Pages::new(number, size, total)
            } else {
                Pages::whole(total)
            };
            let items = render(records.get(pages.range()).unwrap_or_default());
            Some(page::wrap(operation, items, &pages, query, url))
        }
        Answer::Page {
            records,
            total,
            number,
            size,
        } => {
            let pages = Pages::new(number, size, total);
            Some(page::wrap(operation, render(&records), &pages, query, url))
        }
    }
}

/// A record by the component schema of its kind, as an answer nests it and as a webhook's context has it.
pub(crate) fn record(context: &Context<'_>, model: &str, record: &Record) -> Value {
    Projection::new(context).content(SHAPES.model(model), Some(model), record)
}

/// An answer made of the operation's shape alone: for what has no rule.
pub(crate) fn sample(context: &Context<'_>, operation: &Operation) -> Answer {
    let empty = || empty::content(context, SHAPES.content(operation));
    match operation.envelope {
        Envelope::One => Answer::Data(empty()),
        Envelope::Bare => Answer::Json(empty()),
        Envelope::List | Envelope::Page | Envelope::RawPage | Envelope::BareList => {
            Answer::Many(Vec::new())
        }
        Envelope::Free => Answer::Json(json!({ "message": empty::MESSAGE })),
        Envelope::Empty => Answer::Empty,
    }
}

#[cfg(test)]
mod tests;
