//! The run: chunks are sent, some at once, and what the server took is read until it is worked off.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context as Poller, Poll};
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{Stream, StreamExt as _, stream};
use omneo_api::Error;
use omneo_api::runtime::BoxFuture;

use super::chunk::Chunks;
use super::context::Context;
use super::outcome::{Outcome, Report};
use super::pace::Pace;
use super::record::Record;
use super::send::{self, Queued, Sent};
use super::settle;

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

#[derive(Debug, Default)]
pub(super) struct Shared {
    cancelled: AtomicBool,
    stopped: Mutex<Option<Error>>,
}

/// Ends a run early: see [`Run::canceller`].
#[derive(Clone, Debug)]
pub struct Canceller(Arc<Shared>);

impl Canceller {
    /// Lets the run end what is under way, and read no more of its input.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }
}

impl Run<'_> {
    /// What ends this run early, from anywhere.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        Canceller(self.shared.clone())
    }

    /// Runs to the end, and sums up.
    pub async fn report(mut self) -> Report {
        let mut report = Report::default();
        while let Some(outcome) = self.outcomes.next().await {
            report.count(outcome);
        }
        report.stopped = self.stopped();
        report
    }

    /// What ended it before its input did.
    #[must_use]
    pub fn stopped(&self) -> Option<Error> {
        let stopped = self.shared.stopped.lock();
        let stopped = stopped.unwrap_or_else(PoisonError::into_inner);
        stopped.as_ref().map(Error::duplicate)
    }
}

impl Stream for Run<'_> {
    type Item = Outcome;

    fn poll_next(mut self: Pin<&mut Self>, poller: &mut Poller<'_>) -> Poll<Option<Outcome>> {
        self.outcomes.as_mut().poll_next(poller)
    }
}

/// What is under way.
enum Done {
    Sent(Sent, Duration),
    Settled(Vec<Outcome>),
}

struct Engine<R, S> {
    context: Arc<Context>,
    shared: Arc<Shared>,
    chunks: Chunks<R, S>,
    pace: Pace,
    sending: usize,
    waiting: usize,
    under_way: FuturesUnordered<BoxFuture<'static, Done>>,
    ready: VecDeque<Outcome>,
}

pub(super) fn run<'a, R: Record, S: Stream<Item = R> + Send + 'a>(
    context: Context,
    chunks: Chunks<R, S>,
    pace: Pace,
) -> Run<'a> {
    let shared = Arc::new(Shared::default());
    let engine = Engine {
        context: Arc::new(context),
        shared: shared.clone(),
        chunks,
        pace,
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
        outcomes: Box::pin(outcomes),
        shared,
    }
}

impl<R: Record, S: Stream<Item = R> + Send> Engine<R, S> {
    async fn next(&mut self) -> Option<Outcome> {
        loop {
            if let Some(outcome) = self.ready.pop_front() {
                return Some(outcome);
            }
            let may_send = self.sending < self.pace.limit()
                && self.waiting < WAITING
                && !self.chunks.ended()
                && !self.shared.cancelled.load(Ordering::Relaxed);
            if !may_send {
                let done = self.under_way.next().await?;
                self.take(done);
                continue;
            }
            if self.under_way.is_empty() {
                match self.chunks.next().await {
                    Some(chunk) => self.start(chunk),
                    None => return None,
                }
                continue;
            }
            // The input may be slow; what is under way goes on meanwhile.
            let either = {
                let next = std::pin::pin!(self.chunks.next());
                match select(next, self.under_way.next()).await {
                    Either::Left((chunk, _)) => Either::Left(chunk),
                    Either::Right((done, _)) => Either::Right(done),
                }
            };
            match either {
                Either::Left(Some(chunk)) => self.start(chunk),
                Either::Right(Some(done)) => self.take(done),
                Either::Left(None) | Either::Right(None) => {}
            }
        }
    }

    fn start(&mut self, chunk: super::chunk::Chunk<R>) {
        let context = self.context.clone();
        self.sending += 1;
        self.under_way.push(Box::pin(async move {
            let began: Instant = context.timer().now();
            let sent = send::send(&context, chunk, None).await;
            let took = context.timer().now().duration_since(began);
            Done::Sent(sent, took)
        }));
    }

    fn wait(&mut self, queued: Queued) {
        let context = self.context.clone();
        self.waiting += 1;
        self.under_way.push(Box::pin(async move {
            Done::Settled(settle::settle(&context, queued).await)
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
                self.ready.extend(sent.outcomes);
                for queued in sent.queued {
                    self.wait(queued);
                }
                if let Some(error) = sent.fatal {
                    self.shared.cancelled.store(true, Ordering::Relaxed);
                    let mut stopped = self
                        .shared
                        .stopped
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner);
                    stopped.get_or_insert(error);
                }
            }
            Done::Settled(outcomes) => {
                self.waiting -= 1;
                self.ready.extend(outcomes);
            }
        }
    }
}
