//! One chunk, sent until each of its records is taken, refused or in doubt.

use std::collections::BTreeMap;
use std::time::Duration;

use omneo_api::runtime::Effect;
use omneo_api::{Error, ErrorKind};
use omneo_types::Id;
use omneo_types::jiff;

use super::chunk::Chunk;
use super::context::Context;
use super::find::{self, Found};
use super::outcome::{Outcome, State};
use super::record::{Record, Repeat};

/// The pauses before a chunk is sent again.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(2),
    Duration::from_secs(8),
    Duration::from_secs(30),
];

/// What came of a chunk.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) outcomes: Vec<Outcome>,
    /// What the server took, and works off.
    pub(super) queued: Vec<Queued>,
    /// Why no other chunk should be sent.
    pub(super) fatal: Option<Error>,
    pub(super) was_busy: bool,
}

/// Records in a batch of the server's.
pub(super) struct Queued {
    pub(super) batch: Id,
    pub(super) keys: Vec<(u64, Option<Id>)>,
}

/// A part of a chunk that is still to be sent.
struct Part<R> {
    chunk: Chunk<R>,
    tries: usize,
    /// When its answer was lost, if it was.
    lost: Option<jiff::Timestamp>,
}

pub(super) async fn send<R: Record>(
    context: &Context,
    chunk: Chunk<R>,
    lost: Option<jiff::Timestamp>,
) -> Sent {
    let mut sent = Sent::default();
    let mut parts = vec![Part {
        chunk,
        tries: 0,
        lost,
    }];
    while let Some(mut part) = parts.pop() {
        if part.chunk.len() == 0 {
            continue;
        }
        if sent.fatal.is_some() {
            let why = sent.fatal.as_ref().map(ToString::to_string);
            let why = why.unwrap_or_default();
            sent.end(&part.chunk, |_| State::Failed(format!("not sent: {why}")));
            continue;
        }
        if let Some(sent_at) = part.lost.take()
            && R::REPEAT == Repeat::Doubles
            && sent.settle(context, &part.chunk, sent_at).await
        {
            continue;
        }
        let sent_at = context.now();
        let keys = part.chunk.keys();
        let records = std::mem::take(&mut part.chunk.records);
        let (records, taken) = R::send(context.client(), &context.common, records).await;
        part.chunk.records = records;
        let error = match taken {
            Ok(taken) => {
                sent.was_busy |= taken.was_busy;
                match taken.batch {
                    Some(batch) => {
                        context.claim(&batch);
                        sent.queued.push(Queued { batch, keys });
                    }
                    None if taken.is_done => sent.end(&part.chunk, |_| State::Succeeded {
                        id: taken.made.clone(),
                    }),
                    None => sent.end(&part.chunk, |_| State::Accepted),
                }
                continue;
            }
            Err(error) => error,
        };
        sent.fail(&mut parts, part, error, sent_at, context).await;
    }
    sent
}

impl Sent {
    fn end<R: Record>(&mut self, chunk: &Chunk<R>, state: impl Fn(u64) -> State) {
        for (index, external_id) in chunk.keys() {
            self.outcomes.push(Outcome {
                index,
                external_id,
                state: state(index),
            });
        }
    }

    /// Looks for what may have been taken. Whether nothing is left to be sent.
    async fn settle<R: Record>(
        &mut self,
        context: &Context,
        chunk: &Chunk<R>,
        sent_at: jiff::Timestamp,
    ) -> bool {
        if R::MOST == 1 {
            let why = "the answer was lost, and there is nothing to look for it by";
            self.end(chunk, |_| State::Unknown(why.to_owned()));
            return true;
        }
        match find::find(context, &chunk.keys(), sent_at).await {
            Ok(Found::Batch(batch)) => {
                let keys = chunk.keys();
                self.queued.push(Queued { batch, keys });
                true
            }
            Ok(Found::Nothing) => false,
            Ok(Found::Unsure(why)) => {
                self.end(chunk, |_| State::Unknown(why.to_owned()));
                true
            }
            Err(error) => {
                let why =
                    format!("the answer was lost, and its batch can't be looked for: {error}");
                self.end(chunk, |_| State::Unknown(why.clone()));
                true
            }
        }
    }

    async fn fail<R: Record>(
        &mut self,
        parts: &mut Vec<Part<R>>,
        mut part: Part<R>,
        error: Error,
        sent_at: jiff::Timestamp,
        context: &Context,
    ) {
        let status = error.status().map_or(0, |status| status.as_u16());
        if matches!(error.kind(), ErrorKind::Validation(_)) || status == 413 {
            self.refuse(parts, part, &error);
            return;
        }
        match error.effect() {
            Effect::None if is_passing(&error) => {
                self.was_busy = true;
                let Some(pause) = PAUSES.get(part.tries) else {
                    self.end(&part.chunk, |_| State::Failed(error.to_string()));
                    return;
                };
                context.timer().sleep(*pause).await;
                part.tries += 1;
                parts.push(part);
            }
            Effect::None => {
                self.end(&part.chunk, |_| State::Failed(error.to_string()));
                self.fatal = Some(error);
            }
            // Taken for certain, under a name that could not be read.
            Effect::Done if R::REPEAT == Repeat::Harmless || R::MOST == 1 => {
                let state = if R::MOST == 1 {
                    State::Succeeded { id: None }
                } else {
                    State::Accepted
                };
                self.end(&part.chunk, |_| state.clone());
            }
            _ => {
                self.was_busy = true;
                let Some(pause) = PAUSES.get(part.tries) else {
                    self.end(&part.chunk, |_| State::Unknown(error.to_string()));
                    return;
                };
                if R::REPEAT == Repeat::Harmless {
                    context.timer().sleep(*pause).await;
                }
                part.tries += 1;
                part.lost = Some(sent_at);
                parts.push(part);
            }
        }
    }

    /// Sets the records aside that a refusal names; tries halves where it names none.
    fn refuse<R: Record>(&mut self, parts: &mut Vec<Part<R>>, part: Part<R>, error: &Error) {
        let Part {
            mut chunk, tries, ..
        } = part;
        let again = |chunk| Part {
            chunk,
            tries,
            lost: None,
        };
        if chunk.len() == 1 {
            let why = match named::<R>(error, 1) {
                Named::Records(mut records) => records.remove(&0),
                Named::None | Named::Request(_) => None,
            };
            let why = why.unwrap_or_else(|| words(error));
            self.end(&chunk, |_| State::Failed(why.clone()));
            return;
        }
        match named::<R>(error, chunk.len()) {
            Named::Records(records) => {
                let mut rest = Chunk::default();
                let entries = chunk.indexes.into_iter().zip(chunk.records);
                for (place, (index, record)) in entries.enumerate() {
                    match records.get(&place) {
                        Some(why) => self.outcomes.push(Outcome {
                            index,
                            external_id: record.external_id().cloned(),
                            state: State::Failed(why.clone()),
                        }),
                        None => {
                            rest.indexes.push(index);
                            rest.records.push(record);
                        }
                    }
                }
                parts.push(again(rest));
            }
            Named::Request(why) => {
                self.end(&chunk, |_| State::Failed(why.clone()));
                self.fatal = Some(Error::invalid_request(why));
            }
            Named::None => {
                let second = chunk.split_off(chunk.len() / 2);
                parts.push(again(second));
                parts.push(again(chunk));
            }
        }
    }
}

/// Whether what failed may go well later: the server is busy, or can't be reached.
fn is_passing(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::RateLimited(_) | ErrorKind::Transport(_) | ErrorKind::Timeout(_) => true,
        ErrorKind::Refused(_) => error.status().is_some_and(|status| status.as_u16() == 408),
        _ => false,
    }
}

/// What a refusal is about.
enum Named {
    /// These records, by their places in the request.
    Records(BTreeMap<usize, String>),
    /// The request itself: no other one would do better.
    Request(String),
    None,
}

fn named<R: Record>(error: &Error, count: usize) -> Named {
    let (mut records, mut request) = (BTreeMap::<usize, String>::new(), None);
    for (key, texts) in error.field_errors() {
        let text = texts.join(" ");
        let mut words = key.split('.');
        match (words.next(), words.next().map(str::parse::<usize>)) {
            (Some(name), Some(Ok(place))) if name == R::NAME && place < count => {
                let field = words.collect::<Vec<_>>().join(".");
                let why = match field.as_str() {
                    "" => text,
                    field => format!("{field}: {text}"),
                };
                let known = records.entry(place).or_default();
                if !known.is_empty() {
                    known.push_str("; ");
                }
                known.push_str(&why);
            }
            (Some(name), None) if name != R::NAME && !name.is_empty() => {
                request = Some(format!("{name}: {text}"));
            }
            _ => {}
        }
    }
    match request {
        _ if !records.is_empty() => Named::Records(records),
        // Of a record that goes alone every field is at the top.
        Some(why) if R::MOST > 1 => Named::Request(why),
        _ => Named::None,
    }
}

/// The server's words on a record that was sent alone.
fn words(error: &Error) -> String {
    let fields = error.field_errors().iter();
    let words: Vec<_> = fields
        .map(|(field, texts)| format!("{field}: {}", texts.join(" ")))
        .collect();
    match words.is_empty() {
        true => error.to_string(),
        false => words.join("; "),
    }
}
