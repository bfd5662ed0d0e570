//! Webhooks: which are told of an event, what they are told, and how it is delivered.
//!
//! An event is written down as [deliveries](Delivery) in the transaction of the request that caused it, with the body that is sent: what changes later
//! does not change it. The sending is outside of any transaction:
//!
//! 1. [`recover`] once, when a store is opened: what was under way when the process ended is due again;
//! 2. [`take_due`]: what is due by the sandbox's clock, under way from now;
//! 3. [`Sender::send`] for each, at the same time as others;
//! 4. [`finish`] with what came of it: done, or due again later;
//! 5. [`next_due`] says when to look again.

mod condition;
mod contexts;
mod delivery;
mod pauses;
mod sender;
mod template;

use jiff::Timestamp;
use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

pub(crate) use condition::holds;
pub use delivery::{Delivery, DeliveryState};
pub(crate) use delivery::{deliveries, finish, next_due, recover, take_due};
pub(crate) use sender::{Outcome, Sender};
pub(crate) use template::{TemplateError, render as render_template};

/// Notes an event for the webhooks that want it; they are sent after the request, signed, and again when they fail.
pub(crate) fn event(
    context: &Context<'_>,
    trigger: &str,
    kind: &str,
    record: &Record,
) -> Result<(), Refusal> {
    raise(context, trigger, || {
        contexts::of(context, trigger, kind, record)
    })
}

/// Notes an event whose context is none of a record, or one with more than that.
pub(crate) fn raise(
    context: &Context<'_>,
    trigger: &str,
    body: impl FnOnce() -> Result<Record, Refusal>,
) -> Result<(), Refusal> {
    let mut listeners = context.find("Webhook", &[("trigger", trigger.into())])?;
    // An integration that is told of its own changes could go round for ever.
    listeners.retain(|webhook| {
        is_active(webhook)
            && (context.namespace.is_none() || webhook.text("namespace") != context.namespace)
    });
    if listeners.is_empty() {
        return Ok(());
    }
    let body = body()?;
    for webhook in &listeners {
        tell(context, webhook, trigger, &body)?;
    }
    Ok(())
}

/// The context of a record in an event: what a webhook of the trigger is sent.
pub(crate) fn context_of(
    context: &Context<'_>,
    trigger: &str,
    kind: &str,
    record: &Record,
) -> Result<Record, Refusal> {
    contexts::of(context, trigger, kind, record)
}

/// Whether a webhook is told of anything.
pub(crate) fn is_active(webhook: &Record) -> bool {
    webhook.flag("is_active").unwrap_or(true)
}

/// Notes a delivery for one webhook, if its condition holds.
pub(crate) fn tell(
    context: &Context<'_>,
    webhook: &Record,
    trigger: &str,
    body: &Record,
) -> Result<(), Refusal> {
    if let Some(rule) = webhook.get("condition")
        && !condition::holds(rule, body, trigger)
    {
        return Ok(());
    }
    let mut body = body.clone();
    if let Some(template) = webhook.text("extra_data_template") {
        match template::render(&template, &body) {
            Ok(Value::Object(more)) => body.extend(more),
            Ok(_) => tracing::warn!(trigger, "the extra data of a webhook is no JSON object"),
            Err(error) => {
                tracing::warn!(trigger, %error, "the extra data of a webhook can't be made");
            }
        }
    }
    delivery::note(context, webhook, trigger, &body)
}

/// Whether webhooks may be sent to an address: a URL of HTTP or HTTPS.
pub(crate) fn is_address(url: &str) -> bool {
    reqwest::Url::parse(url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// A time as the store's deliveries have it, so that they compare as numbers.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}
