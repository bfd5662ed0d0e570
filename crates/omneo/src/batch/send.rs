//! One chunk, sent until each of its records is taken, refused or in doubt.

use std::time::Duration;

use omneo_api::runtime::Effect;
use omneo_api::{Error, ErrorKind};
use omneo_types::Id;
use omneo_types::jiff;

use super::chunk::{Chunk, Key};
use super::context::Context;
use super::find::{self, Found};
use super::outcome::{Outcome, State};
use super::record::{Record, Repeat};
use super::refusal::Refusal;

/// The pauses before a chunk is sent again.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(2),
    Duration::from_secs(8),
    Duration::from_secs(30),
];

/// How often a chunk is sent that is refused for the rate: about ten minutes, as the server is up and lets others through.
const THROTTLED: usize = 20;

/// What came of a chunk.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) outcomes: Vec<Outcome>,
    /// What the server took, and works off.
    pub(super) queued: Vec<Queued>,
    /// Why no other chunk should be sent.
    pub(super) fatal: Option<Error>,
    pub(super) was_busy: bool,
    /// How many batches the server took, as far as is known.
    pub(super) batches: u64,
    /// Whether it may have taken more.
    pub(super) may_be_more: bool,
}

/// Records in a batch of the server's.
pub(super) struct Queued {
    pub(super) batch: Id,
    pub(super) keys: Vec<Key>,
}

/// A part of a chunk that is still to be sent.
struct Part<R> {
    chunk: Chunk<R>,
    /// How often it was sent in vain.
    tries: usize,
}

/// An answer that did not come, or can't be read.
struct Lost {
    sent_at: jiff::Timestamp,
    error: Error,
}

impl Lost {
    /// Why the records are not simply sent again, though no batch of theirs is found.
    fn doubt(&self) -> Option<&'static str> {
        match self.error.effect() {
            Effect::Done => Some("and yet no batch of theirs is found"),
            _ if self.error.is_timeout() => {
                Some("no batch of theirs is found, and the server may be at it still")
            }
            _ => None,
        }
    }
}

/// Sends a chunk.
pub(super) async fn send<R: Record>(context: &Context, chunk: Chunk<R>) -> Sent {
    let mut sent = Sent::default();
    let mut parts = vec![Part { chunk, tries: 0 }];
    while let Some(mut part) = parts.pop() {
        if let Some(error) = &sent.fatal {
            let state = not_sent(error);
            sent.end(&part.chunk, &state);
            continue;
        }
        let sent_at = context.now();
        let records = std::mem::take(&mut part.chunk.records);
        let (records, taken) = R::send(context.client(), &context.common, records).await;
        part.chunk.records = records;
        match taken {
            Ok(taken) => {
                sent.was_busy |= taken.was_busy;
                sent.batches += u64::from(!taken.is_done);
                sent.may_be_more |= taken.was_lost;
                match taken.batch {
                    Some(batch) => {
                        context.claim(&batch);
                        sent.queue(batch, &part.chunk);
                    }
                    None if taken.is_done => {
                        sent.end(&part.chunk, &State::Succeeded { id: taken.made });
                    }
                    None => sent.end(&part.chunk, &State::Accepted { batch: None }),
                }
            }
            Err(error) => match Failure::of::<R>(&error) {
                Failure::Refused => sent.refuse(&mut parts, part, error),
                Failure::Fatal => sent.stop(&part.chunk, error),
                Failure::Passing => sent.pause(context, &mut parts, part, error).await,
                Failure::Lost => {
                    let lost = Lost { sent_at, error };
                    sent.lose(context, &mut parts, part, lost).await;
                }
            },
        }
    }
    sent
}

/// What is said of records that are not sent because of what became of others.
pub(super) fn not_sent(why: impl std::fmt::Display) -> State {
    State::Failed(format!("not sent: {why}"))
}

/// What an error says of the records, and of those after them.
enum Failure {
    /// Some of these records are wrong.
    Refused,
    /// No record would fare better.
    Fatal,
    /// They were not taken, and may be later.
    Passing,
    /// They may have been taken.
    Lost,
}

impl Failure {
    fn of<R: Record>(error: &Error) -> Self {
        let is_alone = R::MOST == 1;
        let status = error.status().map(|status| status.as_u16());
        match (error.kind(), status) {
            // A proxy that gave up on the request says so too.
            (_, Some(408)) => Self::Lost,
            (_, Some(425)) => Self::Passing,
            (ErrorKind::Validation(_) | ErrorKind::Conflict(_), _) | (_, Some(413)) => {
                Self::Refused
            }
            // Of a batch it is the endpoint that is not there.
            (ErrorKind::NotFound(_), _) if is_alone => Self::Refused,
            (ErrorKind::InvalidRequest(_), _) if is_alone => Self::Refused,
            _ if error.effect() != Effect::None => Self::Lost,
            (ErrorKind::RateLimited(_) | ErrorKind::Transport(_) | ErrorKind::Timeout(_), _) => {
                Self::Passing
            }
            _ => Self::Fatal,
        }
    }
}

impl Sent {
    fn end<R: Record>(&mut self, chunk: &Chunk<R>, state: &State) {
        self.outcomes.extend(chunk.end(state));
    }

    fn queue<R: Record>(&mut self, batch: Id, chunk: &Chunk<R>) {
        let keys = chunk.keys();
        self.queued.push(Queued { batch, keys });
    }

    fn stop<R: Record>(&mut self, chunk: &Chunk<R>, error: Error) {
        self.end(chunk, &State::Failed(error.to_string()));
        self.fatal = Some(error);
    }

    /// Sends a part again when the server is less busy, or can be reached; ends the run if that takes too long.
    async fn pause<R: Record>(
        &mut self,
        context: &Context,
        parts: &mut Vec<Part<R>>,
        part: Part<R>,
        error: Error,
    ) {
        self.was_busy = true;
        let is_throttled = matches!(error.kind(), ErrorKind::RateLimited(_));
        let pause = match PAUSES.get(part.tries) {
            None if is_throttled && part.tries < THROTTLED => PAUSES.last(),
            pause => pause,
        };
        match pause {
            Some(pause) => {
                context.timer().sleep(*pause).await;
                parts.push(part.again());
            }
            None => self.stop(&part.chunk, error),
        }
    }

    /// Finds out what came of a part, and sends it again where that does no harm.
    async fn lose<R: Record>(
        &mut self,
        context: &Context,
        parts: &mut Vec<Part<R>>,
        part: Part<R>,
        lost: Lost,
    ) {
        self.was_busy = true;
        if R::MOST == 1 {
            let state = match lost.error.effect() {
                Effect::Done => State::Succeeded { id: None },
                _ => State::Unknown(lost.error.to_string()),
            };
            self.end(&part.chunk, &state);
            return;
        }
        let is_harmless = R::repeat(&context.common) == Repeat::Harmless;
        self.may_be_more |= is_harmless;
        if !is_harmless && !self.find(context, &part.chunk, &lost).await {
            return;
        }
        match PAUSES.get(part.tries) {
            Some(pause) => {
                // To look for it has taken its time.
                if is_harmless {
                    context.timer().sleep(*pause).await;
                }
                parts.push(part.again());
            }
            None => {
                self.may_be_more = true;
                self.end(&part.chunk, &State::Unknown(lost.error.to_string()));
            }
        }
    }

    /// Looks for the batch of a part; whether there is none, so that it can be sent again.
    async fn find<R: Record>(&mut self, context: &Context, chunk: &Chunk<R>, lost: &Lost) -> bool {
        let why = match find::find(context, &chunk.keys(), lost.sent_at).await {
            Ok(Found::Batch(batch)) => {
                self.batches += 1;
                self.queue(batch, chunk);
                return false;
            }
            Ok(Found::Nothing) => match lost.doubt() {
                Some(doubt) => doubt.to_owned(),
                None => return true,
            },
            Ok(Found::Unsure(why)) => why.to_owned(),
            Err(error) => format!("the batch can't be looked for: {error}"),
        };
        self.may_be_more = true;
        let state = State::Unknown(format!("{}; {why}", lost.error));
        self.end(chunk, &state);
        false
    }

    /// Sets the records aside that a refusal names; tries halves where it names none.
    fn refuse<R: Record>(&mut self, parts: &mut Vec<Part<R>>, part: Part<R>, error: Error) {
        let Part { mut chunk, tries } = part;
        match Refusal::of::<R>(&error, chunk.len()) {
            Refusal::Records(reasons) => {
                let mut rest = Chunk::default();
                let records = chunk.indexes.into_iter().zip(chunk.records);
                for (place, (index, record)) in records.enumerate() {
                    match reasons.get(&place) {
                        Some(why) => self.outcomes.push(Outcome {
                            index,
                            external_id: record.external_id().cloned(),
                            state: State::Failed(why.clone()),
                        }),
                        None => rest.push(index, record),
                    }
                }
                if rest.len() > 0 {
                    parts.push(Part { chunk: rest, tries });
                }
            }
            Refusal::Request(why) => {
                self.end(&chunk, &State::Failed(why));
                self.fatal = Some(error);
            }
            Refusal::Unnamed if chunk.len() > 1 => {
                let second = chunk.split_off(chunk.len() / 2);
                for chunk in [second, chunk] {
                    parts.push(Part { chunk, tries });
                }
            }
            Refusal::Unnamed => self.end(&chunk, &State::Failed(error.to_string())),
        }
    }
}

impl<R> Part<R> {
    fn again(self) -> Self {
        Self {
            tries: self.tries + 1,
            ..self
        }
    }
}
