//! Queues: one record, worked off later; nobody is told but by its event.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Family, Rule, Work, products, sales};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::Record;
use crate::rules::batches::attempt;

const WORK: &str = "queues.perform";

pub(super) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[],
    views: &[],
    work: &[Work {
        name: WORK,
        run: perform,
    }],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "transactions.queue",
        fact: "Answers `OK` and updates or creates the transaction later [seen]; a record that can't be is dropped without a word [inferred].",
        answer: queue,
    },
    Rule {
        operation: "transactions.queue.create",
        fact: "Answers `OK` and creates the transaction later [seen].",
        answer: queue,
    },
    Rule {
        operation: "orders.queue",
        fact: "Answers `OK` and updates or creates the order later [seen], by its `external_id` [inferred].",
        answer: queue,
    },
    Rule {
        operation: "orders.queue.create",
        fact: "Answers `OK` and creates the order later [seen].",
        answer: queue,
    },
    Rule {
        operation: "products.queue",
        fact: "Answers `OK` and updates or creates the product later, by its `external_id` [seen].",
        answer: queue,
    },
];

fn queue(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let what = json!({ "operation": call.operation.id, "body": call.body });
    call.later(WORK, SignedDuration::ZERO, what)?;
    Ok(Answer::Json(json!({ "data": "OK" })))
}

fn perform(context: &mut Context<'_>, what: &Value) -> Result<(), Refusal> {
    let (Some(operation), Some(body)) = (what["operation"].as_str(), what["body"].as_object())
    else {
        return Ok(());
    };
    match attempt(context, |context| record(context, operation, body)) {
        Ok(_) => Ok(()),
        Err(error @ Refusal::Internal(_)) => Err(error),
        Err(refusal) => {
            tracing::debug!(?refusal, operation, "a queued record is dropped");
            Ok(())
        }
    }
}

fn record(context: &mut Context<'_>, operation: &str, body: &Record) -> Result<Record, Refusal> {
    match operation {
        "transactions.queue" => sales::upsert(context, &sales::TRANSACTION, body),
        "transactions.queue.create" => sales::store(context, &sales::TRANSACTION, body),
        "orders.queue" => sales::upsert(context, &sales::ORDER, body),
        "orders.queue.create" => sales::store(context, &sales::ORDER, body),
        "products.queue" => products::upsert(context, body),
        _ => Err(Refusal::NotFound),
    }
}
