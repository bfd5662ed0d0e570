//! Many records at once: a retailer's nightly load.
//!
//! ```no_run
//! # #[cfg(feature = "commerce")]
//! # async fn run(omneo: omneo::Omneo, rows: Vec<omneo::types::TransactionBatchRowInput>) {
//! use futures_util::stream;
//!
//! let batch = omneo.batch().expect(rows.len() as u64).on_progress(|progress| eprintln!("{progress}"));
//! let report = batch.send(stream::iter(rows)).report().await;
//! println!("{report}");
//! for outcome in report.failed.iter().chain(&report.unknown) {
//!     eprintln!("record {} ({:?}): {:?}", outcome.index, outcome.external_id, outcome.state);
//! }
//! # }
//! ```
//!
//! The input is any stream, of a file's rows (`omneo::readers`) for one. What it yields is sent in chunks, some at once, and
//! never more is held than these chunks and the ids of the records that the server works off. [`Record`] lists what can be
//! sent, and how.
//!
//! # What becomes of a record
//!
//! Every record that was read ends in exactly one [`State`]:
//!
//! | state | means | send it again? |
//! |---|---|---|
//! | `Succeeded` | the server did it | no |
//! | `Failed` | the server did not do it: it refused the record or failed to do it, or the record was not sent | when the message's cause is gone |
//! | `Accepted` | the server took it, and had not done it when the [time](Batch::wait) was up | no; read its batch later |
//! | `Unknown` | it may be done, and can't be told | after a look |
//!
//! A chunk that is refused is not lost with its worst record. The records that the refusal names are set aside, and the
//! rest is sent again; where it names none, halves are tried until the bad ones are found. What is wrong for all (a token
//! that is not valid, `match_criteria` that nobody knows, a server that can't be reached) ends the run, and
//! [`Report::stopped`] says why.
//!
//! # Answers that are lost
//!
//! Omneo has no idempotency keys. When a connection breaks, or the server fails amid its work, nobody tells whether a
//! chunk was taken.
//!
//! | records | what is done |
//! |---|---|
//! | twice is as good as once | sent again |
//! | with an `external_id` each | their batch is looked for among the server's, for half a minute, by size, time, [import job](Batch::import_job) and ids; found, it is followed, else the chunk is sent again |
//! | some without | `Unknown` if there is a batch that may be theirs, else sent again |
//! | sent alone, with an id that lists can be filtered by | looked for by it, for half a minute; not found, sent again |
//! | of which nothing can be found: sent alone without such an id, or in a batch that is not named | `Unknown` |
//!
//! [`Record`] tells which is true of a kind.
//!
//! A program that breaks off loses answers too: with a [`Checkpoint`] the next goes on where it was.
//!
//! After a time limit a chunk is not sent again, as the server may be at it still. How long a server may be at a request
//! whose connection broke is not documented: one that takes it up after that half minute has it twice. So give each record
//! an `external_id` that is its own, by which that would be seen, and a load an [import](Batch::import) of its own.

mod checkpoint;
mod chunk;
mod context;
mod find;
mod outcome;
mod pace;
mod progress;
// Of what the kinds need a section has a part; with all of them nothing may be left over.
#[cfg_attr(
    not(all(
        feature = "automation",
        feature = "commerce",
        feature = "configuration",
        feature = "incentives",
        feature = "profiles"
    )),
    allow(dead_code, unused_imports, unused_macros)
)]
mod record;
mod refusal;
mod resume;
mod run;
mod send;
mod settle;

use std::fmt;
use std::time::Duration;

use futures_util::Stream;
use omneo_types::Id;

pub use checkpoint::{Checkpoint, Store};
pub(crate) use find::LOOKS;
pub use outcome::{Outcome, Report, State};
pub use progress::Progress;
#[cfg(feature = "incentives")]
pub use record::ForProfile;
pub use record::{
    AggregationBatch, CustomFieldOwner, EventIdentifier, ForProduct, Matched, Queue, QueueCreate,
    Record, Remove, Unscoped,
};
pub use run::{Canceller, Run};
pub(crate) use settle::{PAUSE, REFUSALS, is_refusal, longer};

// What a kind needs that is made elsewhere.
#[cfg(feature = "incentives")]
pub(crate) use self::{
    find::Found,
    record::{Repeat, Taken, sealed},
};

use self::chunk::Chunks;
use self::context::Context;
use self::pace::Pace;
pub(crate) use self::record::Common;
use crate::client::Omneo;
use crate::import::ImportRecord;

/// Sends many records: made by [`Omneo::batch`], started by [`send`](Batch::send).
#[must_use = "nothing is sent before `send`"]
pub struct Batch<R: Record> {
    pub(crate) omneo: Omneo,
    common: Common<R::Scope>,
    chunk: usize,
    bytes: usize,
    concurrency: usize,
    pub(crate) wait: Duration,
    pub(crate) expected: Option<u64>,
    on_progress: Option<OnProgress>,
    pub(crate) checkpoint: Option<Checkpoint>,
}

/// Unless it is said otherwise: how many bytes go in one request, how many requests are under way at once, and how long a
/// batch is waited for.
const BYTES: usize = 4 * 1024 * 1024;
const CONCURRENCY: usize = 8;
const WAIT: Duration = Duration::from_secs(10 * 60);

impl Omneo {
    /// Sends many records of a kind: see [`Record`].
    pub fn batch<R: Record<Scope: Unscoped>>(&self) -> Batch<R> {
        Batch::new(self, R::Scope::nothing())
    }

    /// Sends many records of a kind with which something goes that is of them all, the scope: see [`Record`].
    ///
    /// ```no_run
    /// # #[cfg(feature = "incentives")]
    /// # async fn run(omneo: omneo::Omneo, codes: Vec<String>) {
    /// use futures_util::stream;
    /// use omneo::types::{AllocationBatchDefinitionInput, AllocationBatchItemInput, AllocationType};
    ///
    /// let pool = AllocationBatchDefinitionInput::new("7", AllocationType::RewardDefinition);
    /// let codes = codes.into_iter().map(AllocationBatchItemInput::new);
    /// let report = omneo.batch_of(pool).send(stream::iter(codes)).report().await;
    /// # }
    /// ```
    pub fn batch_of<R: Record>(&self, scope: impl Into<R::Scope>) -> Batch<R> {
        Batch::new(self, scope.into())
    }
}

impl<R: Record> Batch<R> {
    fn new(omneo: &Omneo, scope: R::Scope) -> Self {
        Self {
            omneo: omneo.clone(),
            common: Common {
                import_job: None,
                match_criteria: None,
                scope,
            },
            chunk: R::MOST,
            bytes: BYTES,
            concurrency: CONCURRENCY,
            wait: WAIT,
            expected: None,
            on_progress: None,
            checkpoint: None,
        }
    }
}

impl<R: Record> Batch<R> {
    /// How many records go in one request, at most. 500, which is also the most that Omneo takes.
    pub fn chunk(mut self, records: usize) -> Self {
        self.chunk = records.clamp(1, R::MOST);
        self
    }

    /// How many bytes of records go in one request, at most. 4 MiB. A longer record goes alone.
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// How many requests are under way at once, at most. 8. Fewer while the server is busy.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// How long a batch that the server took is waited for. 10 minutes. What is not worked off by then is
    /// [`Accepted`](State::Accepted); so is everything at once with no time at all.
    pub fn wait(mut self, time: Duration) -> Self {
        self.wait = time;
        self
    }

    /// The import job that the batches belong to; [`import`](Self::import) makes one.
    pub fn import_job(mut self, id: impl Into<Id>) -> Self
    where
        R: ImportRecord,
    {
        // Text in the bodies of batches, whatever it is elsewhere.
        self.common.import_job = Some(id.into().to_string().into());
        self
    }

    /// What profiles are matched by: `email`, or the handle of an identity.
    pub fn match_criteria(mut self, name: impl Into<String>) -> Self
    where
        R: Matched,
    {
        self.common.match_criteria = Some(name.into());
        self
    }

    /// How many records there will be, so that [`Progress`] can tell what remains.
    pub fn expect(mut self, records: u64) -> Self {
        self.expected = Some(records);
        self
    }

    /// Is called whenever something came of records, with the counts so far.
    pub fn on_progress(mut self, call: impl FnMut(&Progress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// Writes down what is done, with the [import](Self::import) that it is for, and goes on where an earlier run with this checkpoint broke off: see [`Checkpoint`].
    pub fn checkpoint(mut self, checkpoint: Checkpoint) -> Self {
        self.checkpoint = Some(checkpoint);
        self
    }

    /// Sends all records of a stream, of which only a few chunks are held at a time. Nothing is sent before the [`Run`] is
    /// polled.
    pub fn send<'a, S: Stream<Item = R> + Send + 'a>(self, records: S) -> Run<'a> {
        let import_job = self.common.import_job.clone();
        let mut context = Context::new(self.omneo, import_job, self.wait, self.concurrency);
        let mut chunks = Chunks::new(records, self.chunk, self.bytes);
        if let Some(Checkpoint { log, past }) = self.checkpoint {
            context.write::<R>(log, &past);
            chunks = chunks.after(past);
        }
        let progress = Progress::new(context.timer().now(), self.expected);
        let tell = self.on_progress;
        let pace = Pace::new(self.concurrency);
        run::run(context, self.common, chunks, pace, progress, tell)
    }
}

type OnProgress = Box<dyn FnMut(&Progress) + Send>;

impl<R: Record> fmt::Debug for Batch<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("chunk", &self.chunk)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
