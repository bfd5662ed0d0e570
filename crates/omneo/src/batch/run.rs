//! The run: chunks are sent, some at once, and what the server took is read until it is worked off.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as Poller, Poll};
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{Stream, StreamExt as _, stream};
use omneo_api::Error;
use omneo_api::runtime::BoxFuture;
use omneo_types::jiff;
use tokio::sync::Notify;

use super::chunk::{Chunk, Chunks, Step};
use super::context::Context;
use super::outcome::{Outcome, Report};
use super::pace::Pace;
use super::progress::Progress;
use super::record::{Common, Record};
use super::send::{self, Queued, Sent};
use super::{OnProgress, settle};

/// Batches of the server's that are waited for at once. Beyond them no chunk is sent: what they hold is memory.
const WAITING: usize = 200;

/// A run of [`Batch::send`](super::Batch::send): a stream of what became of each record, in no order.
///
/// It works only while it is polled. Dropped, it leaves what is under way to the server.
#[must_use = "a run sends nothing before it is polled"]
pub struct Run<'a> {
    outcomes: Pin<Box<dyn Stream<Item = Outcome> + Send + 'a>>,
    shared: Arc<Shared>,
}

/// What a run, its work and its cancellers share.
#[derive(Debug)]
struct Shared {
    cancelled: AtomicBool,
    /// Wakes the run when it was cancelled.
    wake: Notify,
    told: Mutex<Told>,
}

#[derive(Debug)]
struct Told {
    progress: Progress,
    stopped: Option<Error>,
    batches: u64,
    may_be_more: bool,
}

impl Shared {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a run early: see [`Run::canceller`].
#[derive(Clone, Debug)]
pub struct Canceller(Arc<Shared>);

impl Canceller {
    /// Lets the run end what is under way, and read no more of its input. What it has read and not sent yet fails as not
    /// sent.
    ///
    /// To end it at once, drop it.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
        self.0.wake.notify_one();
    }
}

impl Run<'_> {
    /// What ends this run early, from anywhere.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        Canceller(self.shared.clone())
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.shared.told().progress.clone()
    }

    /// Runs to the end, and sums up. The outcomes that are failed or unknown are all held; where that may be too many, read
    /// the run as the stream that it is.
    pub async fn report(mut self) -> Report {
        self.sum_up().await
    }

    pub(crate) async fn sum_up(&mut self) -> Report {
        let mut report = Report::default();
        while let Some(outcome) = self.outcomes.next().await {
            report.count(outcome);
        }
        report.cancelled = self.shared.cancelled.load(Ordering::Relaxed);
        let mut told = self.shared.told();
        report.stopped = told.stopped.take();
        report.batches = told.batches;
        report
    }

    /// Whether the server may have taken more batches than it is known to have: their answers were lost.
    pub(crate) fn may_be_more_batches(&self) -> bool {
        self.shared.told().may_be_more
    }

    /// What ended it before its input did: what is wrong for all records.
    #[must_use]
    pub fn stopped(&self) -> Option<Error> {
        self.shared.told().stopped.as_ref().map(Error::duplicate)
    }
}

impl Stream for Run<'_> {
    type Item = Outcome;

    fn poll_next(mut self: Pin<&mut Self>, poller: &mut Poller<'_>) -> Poll<Option<Outcome>> {
        self.outcomes.as_mut().poll_next(poller)
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("progress", &self.progress())
            .finish_non_exhaustive()
    }
}

/// What is under way.
enum Done {
    Sent(Sent, Duration),
    Settled(Vec<Outcome>, Result<(), Error>),
}

struct Engine<R: Record, S> {
    context: Arc<Context>,
    common: Arc<Common<R::Scope>>,
    shared: Arc<Shared>,
    chunks: Chunks<R, S>,
    pace: Pace,
    tell: Option<OnProgress>,
    /// Whether it reads no more, though there may be more.
    ended: bool,
    sending: usize,
    waiting: usize,
    under_way: FuturesUnordered<BoxFuture<'static, Done>>,
    ready: VecDeque<Outcome>,
}

pub(super) fn run<'a, R: Record, S: Stream<Item = R> + Send + 'a>(
    context: Context,
    common: Common<R::Scope>,
    chunks: Chunks<R, S>,
    pace: Pace,
    progress: Progress,
    tell: Option<OnProgress>,
) -> Run<'a> {
    let shared = Arc::new(Shared {
        cancelled: AtomicBool::new(false),
        wake: Notify::new(),
        told: Mutex::new(Told {
            progress,
            stopped: None,
            batches: 0,
            may_be_more: false,
        }),
    });
    let engine = Engine {
        context: Arc::new(context),
        common: Arc::new(common),
        shared: shared.clone(),
        chunks,
        pace,
        tell,
        ended: false,
        sending: 0,
        waiting: 0,
        under_way: FuturesUnordered::new(),
        ready: VecDeque::new(),
    };
    let outcomes = stream::unfold(engine, async |mut engine| {
        let outcome = engine.next().await?;
        Some((outcome, engine))
    });
    Run {
        outcomes: Box::pin(outcomes.fuse()),
        shared,
    }
}

impl<R: Record, S: Stream<Item = R> + Send> Engine<R, S> {
    async fn next(&mut self) -> Option<Outcome> {
        loop {
            if let Some(outcome) = self.ready.pop_front() {
                return Some(outcome);
            }
            if !self.ended && self.shared.cancelled.load(Ordering::Relaxed) {
                self.end("the run was cancelled");
                continue;
            }
            let has_input = !self.chunks.ended();
            if !has_input && self.under_way.is_empty() {
                return None;
            }
            let may_send = has_input && self.sending < self.pace.limit() && self.waiting < WAITING;
            // What is under way goes on while the input is slow, and is begun before more is read.
            tokio::select! {
                biased;
                () = self.shared.wake.notified(), if !self.ended => {}
                Some(done) = self.under_way.next(), if !self.under_way.is_empty() => self.take(done),
                step = self.chunks.next(), if may_send => match step {
                    Some(Step::Send(chunk)) => self.start(chunk, None),
                    Some(Step::Sent(chunk, at)) => self.start(chunk, Some(at)),
                    Some(Step::Taken(queued)) => self.wait(queued),
                    Some(Step::Ended(outcomes)) => self.tell(outcomes, true),
                    Some(Step::Stop(error)) => self.stop(error),
                    None => {}
                },
            }
        }
    }

    /// Sends a chunk that an earlier run may have sent at a time.
    fn start(&mut self, chunk: Chunk<R>, sent_at: Option<jiff::Timestamp>) {
        let (context, common) = (self.context.clone(), self.common.clone());
        self.sending += 1;
        self.under_way.push(Box::pin(async move {
            let began = context.timer().now();
            let sent = match sent_at {
                Some(sent_at) => send::resume(&context, &common, chunk, sent_at).await,
                None => send::send(&context, &common, chunk).await,
            };
            let took = context.timer().now().duration_since(began);
            Done::Sent(sent, took)
        }));
    }

    fn wait(&mut self, queued: Queued) {
        let context = self.context.clone();
        self.waiting += 1;
        self.under_way.push(Box::pin(async move {
            let (outcomes, noted) = settle::settle(&context, queued).await;
            Done::Settled(outcomes, noted)
        }));
    }

    fn take(&mut self, done: Done) {
        match done {
            Done::Sent(sent, took) => {
                self.sending -= 1;
                match sent.was_busy {
                    true => self.pace.busy(),
                    false => self.pace.answered(took),
                }
                {
                    let mut told = self.shared.told();
                    told.batches += sent.batches;
                    told.may_be_more |= sent.may_be_more;
                }
                self.tell(sent.outcomes, false);
                for queued in sent.queued {
                    self.wait(queued);
                }
                if let Some(error) = sent.fatal {
                    self.stop(error);
                }
            }
            Done::Settled(outcomes, noted) => {
                self.waiting -= 1;
                self.tell(outcomes, false);
                if let Err(error) = noted {
                    self.stop(error);
                }
            }
        }
    }

    /// Ends for a reason that is true of all records; the first is told.
    fn stop(&mut self, error: Error) {
        if !self.ended {
            self.end(&error);
            self.shared.told().stopped = Some(error);
        }
    }

    /// Reads no more. What was read and not sent is not forgotten.
    fn end(&mut self, why: impl fmt::Display) {
        let rest = self.chunks.stop(&send::not_sent(why));
        self.tell(rest, false);
        self.ended = true;
    }

    /// Tells what came of records, perhaps in an earlier run.
    fn tell(&mut self, outcomes: Vec<Outcome>, is_earlier: bool) {
        if outcomes.is_empty() {
            return;
        }
        let progress = {
            let mut told = self.shared.told();
            let progress = &mut told.progress;
            progress.at(self.context.timer().now());
            for outcome in &outcomes {
                progress.count(outcome);
            }
            if is_earlier {
                progress.earlier += outcomes.len() as u64;
            }
            progress.clone()
        };
        self.ready.extend(outcomes);
        // The call may ask the run how far it is.
        if let Some(tell) = &mut self.tell {
            tell(&progress);
        }
    }
}
