//! Many records at once: a retailer's nightly load.

mod chunk;
mod context;
mod find;
mod outcome;
mod pace;
mod record;
mod run;
mod send;
mod settle;

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use futures_util::Stream;
use omneo_types::Id;

pub use outcome::{Outcome, Report, State};
pub use record::Record;
pub use run::{Canceller, Run};

use self::chunk::Chunks;
use self::context::Context;
use self::pace::Pace;
use self::record::Common;
use crate::client::Omneo;

/// Sends many records: made by [`Omneo::batch`], started by [`send`](Batch::send).
#[must_use = "nothing is sent before `send`"]
pub struct Batch<R> {
    omneo: Omneo,
    common: Common,
    chunk: usize,
    bytes: usize,
    concurrency: usize,
    wait: Duration,
    records: PhantomData<fn() -> R>,
}

/// Unless it is said otherwise: how many bytes go in one request, how many requests are under way at once, and how long a
/// batch is waited for.
const BYTES: usize = 4 * 1024 * 1024;
const CONCURRENCY: usize = 8;
const WAIT: Duration = Duration::from_secs(10 * 60);

impl Omneo {
    /// Sends many records of a kind: see [`Record`].
    pub fn batch<R: Record>(&self) -> Batch<R> {
        Batch {
            omneo: self.clone(),
            common: Common::default(),
            chunk: R::MOST,
            bytes: BYTES,
            concurrency: CONCURRENCY,
            wait: WAIT,
            records: PhantomData,
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

    /// The import job that the batches belong to.
    pub fn import_job(mut self, id: impl Into<Id>) -> Self {
        self.common.import_job = Some(id.into());
        self
    }

    /// What profiles are matched by: `email`, or the handle of an identity.
    pub fn match_criteria(mut self, name: impl Into<String>) -> Self {
        self.common.match_criteria = Some(name.into());
        self
    }

    /// Sends all records of a stream, of which only a few chunks are held at a time.
    pub fn send<'a, S: Stream<Item = R> + Send + 'a>(self, records: S) -> Run<'a> {
        let context = Context::new(self.omneo, self.common, self.wait);
        let chunks = Chunks::new(records, self.chunk, self.bytes);
        run::run(context, chunks, Pace::new(self.concurrency))
    }
}

impl<R> fmt::Debug for Batch<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("chunk", &self.chunk)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
