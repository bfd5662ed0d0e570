//! One chunk, sent until each of its records is taken, refused or in doubt.

use std::collections::HashSet;
use std::time::Duration;

use omneo_api::runtime::Effect;
use omneo_api::{Error, ErrorKind};
use omneo_types::Id;
use omneo_types::jiff;

use super::checkpoint::Entry;
use super::chunk::{Chunk, Key};
use super::context::Context;
use super::find::{self, Found};
use super::outcome::{Outcome, State};
use super::record::{Common, Record, Repeat, What};
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
    /// The records that were not done, and that another run should send.
    open: HashSet<u64>,
    alone: Alone,
}

/// Records of a chunk that were refused one by one, without a name and with the same words. To find that of each takes a
/// thousand requests, for something that is wrong for all.
#[derive(Default)]
struct Alone {
    words: String,
    count: usize,
    /// How many are enough, when records from all over the chunk are among them.
    enough: Option<usize>,
}

/// So many in a row may be wrong by chance.
const IN_A_ROW: usize = 4;

impl Alone {
    /// Whether with this one it is enough; else has others tried from all over the chunk.
    fn are_all<R: Record>(&mut self, words: String, parts: &mut Vec<Part<R>>) -> bool {
        if self.words != words {
            *self = Self {
                words,
                ..Self::default()
            };
        }
        self.count += 1;
        if self.count >= IN_A_ROW && self.enough.is_none() {
            let far = parts.iter_mut().filter(|part| part.chunk.len() > 1);
            let far: Vec<_> = far
                .map(|part| Part::new(part.chunk.split_off(part.chunk.len() - 1), 0))
                .collect();
            self.enough = Some(self.count + far.len());
            parts.extend(far);
        }
        self.enough.is_some_and(|enough| self.count >= enough)
    }
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
    /// Whether it is written down that just these records are sent together.
    is_noted: bool,
}

impl<R> Part<R> {
    fn new(chunk: Chunk<R>, tries: usize) -> Self {
        Self {
            chunk,
            tries,
            is_noted: false,
        }
    }
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
            Effect::Done => Some("and yet nothing of it is found"),
            _ if self.error.is_timeout() => {
                Some("nothing of it is found, and the server may be at it still")
            }
            _ => None,
        }
    }
}

/// Sends a chunk.
pub(super) async fn send<R: Record>(
    context: &Context,
    common: &Common<R::Scope>,
    chunk: Chunk<R>,
) -> Sent {
    let sent = Sent::default();
    sent.send(context, common, vec![Part::new(chunk, 0)]).await
}

/// Finds out what came of a chunk that an earlier run sent, and sends it if that does no harm.
pub(super) async fn resume<R: Record>(
    context: &Context,
    common: &Common<R::Scope>,
    chunk: Chunk<R>,
    sent_at: jiff::Timestamp,
) -> Sent {
    let (mut sent, mut parts) = (Sent::default(), Vec::new());
    let error = Error::custom("an earlier run sent it, and broke off before the answer came");
    let lost = Lost { sent_at, error };
    let part = Part {
        is_noted: true,
        ..Part::new(chunk, 0)
    };
    sent.lose(context, common, &mut parts, part, lost).await;
    sent.was_busy = false;
    sent.send(context, common, parts).await
}

impl Sent {
    async fn send<R: Record>(
        mut self,
        context: &Context,
        common: &Common<R::Scope>,
        parts: Vec<Part<R>>,
    ) -> Self {
        self.send_all(context, common, parts).await;
        if let Err(error) = context.note_all(&self.outcomes, &self.open).await {
            self.fatal.get_or_insert(error);
        }
        self
    }

    async fn send_all<R: Record>(
        &mut self,
        context: &Context,
        common: &Common<R::Scope>,
        mut parts: Vec<Part<R>>,
    ) {
        let sent = self;
        while let Some(mut part) = parts.pop() {
            if let Some(error) = &sent.fatal {
                let state = not_sent(error);
                sent.leave(&part.chunk, &state);
                continue;
            }
            let sent_at = context.now();
            let sending = || Entry::Sending {
                indexes: part.chunk.indexes(),
                at: sent_at,
                digest: part.chunk.digest,
            };
            if !part.is_noted
                && let Err(error) = context.note(sending).await
            {
                sent.stop(&part.chunk, error);
                continue;
            }
            part.is_noted = true;
            let records = std::mem::take(&mut part.chunk.records);
            let (records, taken) = R::send(context.omneo(), common, records).await;
            part.chunk.records = records;
            match taken {
                Ok(taken) => {
                    context.took();
                    sent.was_busy |= taken.was_busy;
                    sent.batches += u64::from(R::MOST > 1);
                    sent.may_be_more |= taken.was_lost;
                    match taken.what {
                        What::Batch(batch) => {
                            context.claim(&batch);
                            sent.queue(context, batch, &part.chunk).await;
                        }
                        What::Ended(state) => sent.end(&part.chunk, &state),
                    }
                }
                Err(error) => match Failure::of::<R>(&error) {
                    Failure::Refused => sent.refuse(context, &mut parts, part, error),
                    Failure::Fatal => sent.stop(&part.chunk, error),
                    Failure::Passing => sent.pause(context, &mut parts, part, error).await,
                    Failure::Lost => {
                        let lost = Lost { sent_at, error };
                        sent.lose(context, common, &mut parts, part, lost).await;
                    }
                },
            }
        }
    }
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

    async fn queue<R: Record>(&mut self, context: &Context, batch: Id, chunk: &Chunk<R>) {
        let taken = || Entry::Taken {
            indexes: chunk.indexes(),
            batch: batch.clone(),
        };
        if let Err(error) = context.note(taken).await {
            self.fatal.get_or_insert(error);
        }
        let keys = chunk.keys();
        self.queued.push(Queued { batch, keys });
    }

    /// Ends all as not done, for another run to send.
    fn leave<R: Record>(&mut self, chunk: &Chunk<R>, state: &State) {
        self.open.extend(&chunk.indexes);
        self.end(chunk, state);
    }

    fn stop<R: Record>(&mut self, chunk: &Chunk<R>, error: Error) {
        self.leave(chunk, &State::Failed(error.to_string()));
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
        common: &Common<R::Scope>,
        parts: &mut Vec<Part<R>>,
        part: Part<R>,
        lost: Lost,
    ) {
        self.was_busy = true;
        if R::MOST == 1 && lost.error.effect() == Effect::Done {
            self.end(&part.chunk, &R::unread());
            return;
        }
        let is_harmless = R::repeat(common, &part.chunk.records) == Repeat::Harmless;
        self.may_be_more |= is_harmless;
        if !is_harmless && !self.find(context, common, &part.chunk, &lost).await {
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

    /// Looks for what came of a part; whether it is nothing, so that it can be sent again.
    async fn find<R: Record>(
        &mut self,
        context: &Context,
        common: &Common<R::Scope>,
        chunk: &Chunk<R>,
        lost: &Lost,
    ) -> bool {
        let repeat = R::repeat(common, &chunk.records);
        let found = match (repeat, chunk.records.first()) {
            (Repeat::Batch, _) => find::find(context, &chunk.keys(), lost.sent_at).await,
            (Repeat::Record, Some(record)) => {
                find::find_record(context, common, record, lost.sent_at).await
            }
            _ => {
                self.end(chunk, &State::Unknown(lost.error.to_string()));
                return false;
            }
        };
        let why = match found {
            Ok(Found::Batch(batch)) => {
                self.batches += 1;
                self.queue(context, batch, chunk).await;
                return false;
            }
            Ok(Found::Record(id)) => {
                self.end(chunk, &State::Succeeded { id });
                return false;
            }
            Ok(Found::Nothing) => match lost.doubt() {
                Some(doubt) => doubt.to_owned(),
                None => return true,
            },
            Ok(Found::Unsure(why)) => why.to_owned(),
            Err(error) => format!("it can't be looked for: {error}"),
        };
        self.may_be_more = true;
        let state = State::Unknown(format!("{}; {why}", lost.error));
        self.end(chunk, &state);
        false
    }

    /// Sets the records aside that a refusal names; tries halves where it names none.
    fn refuse<R: Record>(
        &mut self,
        context: &Context,
        parts: &mut Vec<Part<R>>,
        part: Part<R>,
        error: Error,
    ) {
        let Part {
            mut chunk, tries, ..
        } = part;
        match Refusal::of::<R>(&error, chunk.len()) {
            Refusal::Records(reasons) => {
                let mut rest = Chunk::default();
                let records = chunk.indexes.into_iter().zip(chunk.records);
                for (place, (index, record)) in records.enumerate() {
                    match reasons.get(&place) {
                        Some(why) => {
                            let key = Key::of(index, &record);
                            let state = State::Failed(why.clone());
                            self.outcomes.push(key.outcome(state));
                        }
                        None => rest.push(index, record),
                    }
                }
                if rest.len() > 0 {
                    parts.push(Part::new(rest, tries));
                }
            }
            Refusal::Request(why) => {
                self.leave(&chunk, &State::Failed(why));
                self.fatal = Some(error);
            }
            Refusal::Unnamed if chunk.len() > 1 => {
                let second = chunk.split_off(chunk.len() / 2);
                for chunk in [second, chunk] {
                    parts.push(Part::new(chunk, tries));
                }
            }
            Refusal::Unnamed => {
                let words = error.to_string();
                self.end(&chunk, &State::Failed(words.clone()));
                if R::MOST > 1 && !context.has_taken() && self.alone.are_all(words, parts) {
                    self.fatal = Some(error.with_note(
                        "each record that was sent alone is refused so, and none was taken: it is not the records",
                    ));
                }
            }
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
