//! The same for many customers.

use std::fmt;

use futures_util::{Stream, StreamExt as _, stream};
use omneo_api::Error;
use omneo_api::runtime::Effect;

use super::{Issuable, Issue, Order, ValueGiven};
use crate::client::Omneo;
use crate::incentives::check;
use crate::profile::ProfileRef;

/// How many calls are under way at once, unless it is said otherwise.
const CONCURRENCY: usize = 8;

/// Makes the same of a definition for many customers: made by [`Issue::to_each`].
#[must_use = "nothing is sent before `send` or `outcomes`"]
pub struct IssueEach<K: Issuable, S> {
    omneo: Omneo,
    order: Order<K>,
    profiles: S,
    concurrency: usize,
}

/// What came of one customer.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome<A> {
    /// The place in the stream, from 0.
    pub index: u64,
    /// Who it was for.
    pub profile: ProfileRef,
    /// What was made, or why not. Of an error, [`effect`](Error::effect) says whether it may have been made all the same.
    pub result: Result<A, Error>,
}

/// What came of all: every customer of the stream is counted in exactly one of the three.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<A> {
    /// How many have it.
    pub succeeded: u64,
    /// Who has not, and why.
    pub failed: Vec<Outcome<A>>,
    /// Of whom it is not known: the answer was lost.
    pub unknown: Vec<Outcome<A>>,
}

impl<A> Default for Report<A> {
    fn default() -> Self {
        Self {
            succeeded: 0,
            failed: Vec::new(),
            unknown: Vec::new(),
        }
    }
}

impl<A> Report<A> {
    /// How many there were.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.succeeded + (self.failed.len() + self.unknown.len()) as u64
    }

    fn count(&mut self, outcome: Outcome<A>) {
        match outcome.result.as_ref().map_err(Error::effect) {
            // What was done is done, though its answer can't be read.
            Ok(_) | Err(Effect::Done) => self.succeeded += 1,
            Err(Effect::None) => self.failed.push(outcome),
            Err(_) => self.unknown.push(outcome),
        }
    }
}

impl<K: Issuable, To, V> Issue<K, To, V> {
    /// For each of these customers: ids or [identities](crate::identity), of which only a few are held at a time.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo, birthdays: Vec<String>) -> Result<(), omneo::Error> {
    /// use futures_util::stream;
    /// use omneo::types::RewardDefinition;
    ///
    /// let issue = omneo.issue::<RewardDefinition>("birthday");
    /// let report = issue.to_each(stream::iter(birthdays)).send().await?;
    /// for failed in &report.failed {
    ///     eprintln!("{}: {:?}", failed.index, failed.result);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_each<S>(self, profiles: S) -> IssueEach<K, S>
    where
        S: Stream<Item: Into<ProfileRef>>,
        V: ValueGiven,
    {
        IssueEach {
            omneo: self.omneo,
            order: self.order,
            profiles,
            concurrency: CONCURRENCY,
        }
    }
}

impl<K: Issuable, S: Stream<Item: Into<ProfileRef>>> IssueEach<K, S> {
    /// How many calls are under way at once, at most. 8. The client's rate limit holds for them all.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls;
        self
    }

    /// Sends to all, and sums up. What fails for one does not keep the others from it.
    ///
    /// # Errors
    ///
    /// What is wrong for everyone, before anything is sent: `InvalidRequest` for what can't be right, and for a definition
    /// that is not known.
    pub async fn send(self) -> Result<Report<K::Answer>, Error> {
        let outcomes = self.outcomes().await?;
        let report = outcomes.fold(Report::default(), async |mut report, outcome| {
            report.count(outcome);
            report
        });
        Ok(report.await)
    }

    /// What comes of each, as it comes: in no order, and for streams whose failures should not all be held.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn outcomes(self) -> Result<impl Stream<Item = Outcome<K::Answer>>, Error> {
        if self.concurrency == 0 {
            return Err(check::refuse(
                "concurrency",
                "is 0; it has to be above zero",
            ));
        }
        let Self {
            omneo,
            mut order,
            profiles,
            concurrency,
        } = self;
        order.read_definition(&omneo).await?;
        order.prepare(&omneo).await?;
        let indexes = stream::iter(0..);
        let calls = profiles.zip(indexes).map(move |(profile, index)| {
            let profile = profile.into();
            let order = order.for_profile(profile.clone());
            let omneo = omneo.clone();
            async move {
                Outcome {
                    index,
                    profile,
                    result: order.send(&omneo).await,
                }
            }
        });
        Ok(calls.buffer_unordered(concurrency))
    }
}

impl<K: Issuable, S> fmt::Debug for IssueEach<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssueEach")
            .field("definition", &self.order.definition)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
