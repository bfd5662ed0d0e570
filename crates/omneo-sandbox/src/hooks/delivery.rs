//! Deliveries in the store: what is to be sent, and what was.
//!
//! What is to be sent is of a kind of its own, so that looking for what is due does not wade through what is done.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::sender::Outcome;
use super::{is_address, micros, pauses};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::secret;
use crate::store::Store;

/// The kind of what waits or is under way.
const OPEN: &str = "~delivery";

/// When it is due, in microseconds, as the store finds it.
const DUE: &str = "due_at";

/// The kind of what is done.
const DONE: &str = "~delivered";

/// How many that are done are kept, for whoever asks what was sent.
const KEPT: i64 = 10_000;

/// How many are taken at a time.
const TAKEN: usize = 256;

/// A webhook's message: one trigger to one address.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    pub(crate) id: String,
    /// The HMAC of the body.
    pub(super) signature: String,
    /// `profile.updated`; sent as the header `X-Omneo-Event`.
    pub trigger: String,
    /// Where it is sent.
    pub url: String,
    /// The JSON that is sent: the event's context.
    pub body: String,
    /// How often it was sent.
    pub attempts: u32,
    /// What came of it.
    pub state: DeliveryState,
    /// Why the last attempt failed: the status that came, or what kept one from coming.
    pub failure: Option<String>,
}

/// What came of a [`Delivery`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryState {
    /// It is due, or will be.
    Waiting,
    /// It is being sent.
    UnderWay,
    /// The receiver answered with a 2xx.
    Delivered,
    /// It failed, and is not sent again.
    Failed,
}

/// The states and their names in the store.
const STATES: &[(DeliveryState, &str)] = &[
    (DeliveryState::Waiting, "waiting"),
    (DeliveryState::UnderWay, "under way"),
    (DeliveryState::Delivered, "delivered"),
    (DeliveryState::Failed, "failed"),
];

impl DeliveryState {
    fn name(self) -> &'static str {
        let mut states = STATES.iter();
        states
            .find(|(state, _)| *state == self)
            .map_or("", |(_, name)| name)
    }

    fn named(name: &str) -> Self {
        let mut states = STATES.iter();
        states
            .find(|(_, known)| *known == name)
            .map_or(Self::Waiting, |(state, _)| *state)
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("trigger", &self.trigger)
            .field("url", &self.url)
            .field("body", &self.body)
            .field("attempts", &self.attempts)
            .field("state", &self.state)
            .field("failure", &self.failure)
            .finish()
    }
}

impl Delivery {
    fn read(record: &Record) -> Self {
        let text = |member| record.text(member).unwrap_or_default();
        Self {
            id: text("id"),
            signature: String::new(),
            trigger: text("trigger"),
            url: text("url"),
            body: text("body"),
            attempts: attempts(record),
            state: DeliveryState::named(&text("state")),
            failure: record.text("failure"),
        }
    }
}

fn attempts(record: &Record) -> u32 {
    let attempts = record.integer("attempts").unwrap_or_default();
    attempts.try_into().unwrap_or_default()
}

/// Notes a delivery to a webhook, due now.
pub(super) fn note(
    context: &Context<'_>,
    webhook: &Record,
    trigger: &str,
    body: &Record,
) -> Result<(), Refusal> {
    let url = webhook.text("url").unwrap_or_default();
    if !is_address(&url) {
        tracing::warn!(trigger, "the URL of a webhook is none of HTTP or HTTPS");
        return Ok(());
    }
    let body = serde_json::to_string(body).map_err(|error| {
        Refusal::Internal(format!("a webhook's body can't be written: {error}"))
    })?;
    let record = json!({
        "id": context.store().next_number(OPEN)?,
        "trigger": trigger,
        "url": url,
        "body": body,
        "attempts": 0,
        "state": DeliveryState::Waiting.name(),
        DUE: micros(context.now()),
        "retry_hourly": webhook.flag("retry_hourly").unwrap_or_default(),
        "retry_daily": webhook.flag("retry_daily").unwrap_or_default(),
    });
    if let Value::Object(record) = record {
        context.store().insert(OPEN, &record)?;
    }
    Ok(())
}

/// Makes what was under way when the process ended due again. A receiver may get it twice: better than never.
pub(crate) fn recover(context: &Context<'_>) -> Result<(), Refusal> {
    let under_way = DeliveryState::UnderWay.name();
    for mut record in context.find(OPEN, &[("state", under_way.into())])? {
        record.set("state", DeliveryState::Waiting.name());
        record.set(DUE, micros(context.now()));
        context.store().put(OPEN, &record)?;
    }
    Ok(())
}

/// Some of the deliveries that are due, oldest first, which are under way from now; none if none is. What is taken is given to [`finish`].
pub(crate) fn take_due(store: &Store, now: Timestamp) -> Result<Vec<Delivery>, Refusal> {
    let due = store.due(OPEN, micros(now), TAKEN)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let secret = secret::secret(store)?;
    whole(store, || {
        let mut taken = Vec::new();
        for mut record in due {
            record.set("state", DeliveryState::UnderWay.name());
            record.set("attempts", attempts(&record).saturating_add(1));
            // Not due while it is under way.
            record.remove(DUE);
            store.put(OPEN, &record)?;
            let delivery = Delivery::read(&record);
            taken.push(Delivery {
                signature: secret::sign(&secret, delivery.body.as_bytes()),
                ..delivery
            });
        }
        Ok(taken)
    })
}

/// Does several changes as one.
fn whole<T>(store: &Store, change: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    store.begin()?;
    let changed = change();
    match changed {
        Ok(_) => store.commit()?,
        Err(_) => store.rollback()?,
    }
    changed
}

/// When the next delivery is due, in microseconds; `None` if none waits.
pub(crate) fn next_due(store: &Store) -> Option<i64> {
    store.next_due(OPEN).ok().flatten()
}

/// Notes what came of a delivery: done, or due again after a pause.
pub(crate) fn finish(
    store: &Store,
    id: &str,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), Refusal> {
    // Gone if the store was replaced by a snapshot meanwhile.
    let Some(mut record) = store.get(OPEN, id)? else {
        return Ok(());
    };
    let state = match outcome {
        Outcome::Delivered => {
            record.remove("failure");
            DeliveryState::Delivered
        }
        Outcome::Failed(why) => {
            record.set("failure", why.as_str());
            let flag = |member| record.flag(member).unwrap_or_default();
            let pause = pauses::after(
                attempts(&record) as usize,
                flag("retry_hourly"),
                flag("retry_daily"),
            );
            match pause.and_then(|pause| now.checked_add(pause).ok()) {
                Some(due) => {
                    record.set(DUE, micros(due));
                    DeliveryState::Waiting
                }
                None => DeliveryState::Failed,
            }
        }
    };
    record.set("state", state.name());
    if state == DeliveryState::Waiting {
        store.put(OPEN, &record)?;
        return Ok(());
    }
    whole(store, || {
        store.delete(OPEN, id)?;
        store.insert(DONE, &record)?;
        // Ids count: what is done long after its time is kept a little longer.
        let number = record.integer("id").unwrap_or_default();
        store.delete(DONE, &(number - KEPT).to_string())?;
        Ok(())
    })
}

/// All deliveries in the order of their events; of those that are done the latest ten thousand.
pub(crate) fn deliveries(store: &Store) -> Result<Vec<Delivery>, Refusal> {
    let mut records = store.find(DONE, &[])?;
    records.extend(store.find(OPEN, &[])?);
    records.sort_by_key(|record| record.integer("id"));
    Ok(records.iter().map(Delivery::read).collect())
}
