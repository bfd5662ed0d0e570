//! Deliveries that were seen before.

use std::collections::HashSet;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use omneo_api::runtime::BoxFuture;

use super::{BoxError, EventId};
use crate::timer::{Timer, TokioTimer};

/// What is known of an event when it is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It was not seen, and is now taken for being handled: [`finish`](Seen::finish) or [`forget`](Seen::forget) follows.
    First,
    /// Another delivery of it is being handled, and may fail. This one must neither be handled nor acknowledged.
    Running,
    /// It was handled.
    Done,
}

/// A store of the events that were seen, so that none is handled twice; for
/// [`Router::deduplicate`](super::Router::deduplicate). [`SeenInMemory`] is one for a single process; receivers that share
/// their work need one of their own, in a database.
///
/// # What Omneo promises
///
/// Nothing. No page says that an event is delivered once, or in what order. Failed deliveries are sent again, how often and
/// how long is not documented; `retry_hourly` and `retry_daily` are switches of each webhook. Deliveries have no id and no
/// time. So expect any event to come twice, late, and after its successors.
///
/// # What a store can do
///
/// It tells events by [`Event::id`](super::Event::id): two with the same name and the same context, byte by byte, are one.
/// - A repeat whose context changed in the meantime (`updated_at`, a balance) is not recognised. A handler had better bear
///   repeats, by the id of the record that the context is about.
/// - Contexts that show a state rather than a happening may really come twice: a customer who leaves and rejoins a list may
///   look as before. If the context has no time, the second is taken for a repeat as long as the first is remembered. So a
///   store should not remember for longer than repeats are expected, and handlers that only copy the state that came
///   need no store at all.
/// - It keeps no order. Compare `updated_at`, or read the record again.
///
/// # When an event counts as seen
///
/// Once it was handled, not when it came. If it counted at once, an event whose handler failed would be lost: its repeat would
/// be taken for done. And if it counted only afterwards, two deliveries at the same time would both be handled. So a
/// delivery begins, and then either finishes or, if the handler failed, is forgotten.
///
/// | state | [`begin`](Self::begin) answers | then |
/// |---|---|---|
/// | not seen | [`First`](Begun::First) | it is handled: `finish` on success, `forget` on failure |
/// | begun | [`Running`](Begun::Running) | answered 503, so that it comes again when the outcome is known |
/// | finished | [`Done`](Begun::Done) | answered 200, not handled |
/// | forgotten | [`First`](Begun::First) | handled |
///
/// A store that outlives the process must let a `begin` lapse after the longest time that a handler may take: of one that
/// died with its process there will be no `finish`.
pub trait Seen: Send + Sync + 'static {
    /// Takes the event for being handled unless it is seen already. Of several that ask at once one is
    /// [`First`](Begun::First).
    ///
    /// If it fails the delivery is answered 503 and not handled.
    fn begin(&self, event: EventId) -> BoxFuture<'_, Result<Begun, BoxError>>;

    /// The event was handled.
    ///
    /// If it fails that is [reported](super::Failure), and the event may be handled again.
    fn finish(&self, event: EventId) -> BoxFuture<'_, Result<(), BoxError>>;

    /// The event was not handled: a repeat is to be handled.
    fn forget(&self, event: EventId) -> BoxFuture<'_, Result<(), BoxError>>;
}

/// The last events that this process handled.
///
/// ```
/// use std::num::NonZeroUsize;
/// use std::time::Duration;
///
/// use omneo::webhooks::SeenInMemory;
///
/// let seen = SeenInMemory::new(NonZeroUsize::MIN.saturating_add(100_000)).window(Duration::from_secs(600));
/// ```
pub struct SeenInMemory {
    state: Mutex<State>,
    window: Duration,
    timer: Arc<dyn Timer>,
}

struct State {
    /// As many as the dispatcher has at most.
    running: HashSet<EventId>,
    done: LruCache<EventId, Instant>,
}

impl SeenInMemory {
    /// For how long an event is remembered, unless [`window`](Self::window) says otherwise: 65 minutes, so that an hourly
    /// retry still finds it.
    pub const WINDOW: Duration = Duration::from_secs(65 * 60);

    /// Remembers at most so many handled events, the oldest are forgotten first. Each takes about a hundred bytes.
    #[must_use]
    pub fn new(most: NonZeroUsize) -> Self {
        Self {
            state: Mutex::new(State {
                running: HashSet::new(),
                done: LruCache::new(most),
            }),
            window: Self::WINDOW,
            timer: Arc::new(TokioTimer),
        }
    }

    /// Remembers for so long after an event was handled.
    #[must_use]
    pub fn window(self, window: Duration) -> Self {
        Self { window, ..self }
    }

    /// Tells the time by this clock.
    #[must_use]
    pub fn timer(self, timer: impl Timer) -> Self {
        Self {
            timer: Arc::new(timer),
            ..self
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is whole or not there.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 10,000 events.
impl Default for SeenInMemory {
    fn default() -> Self {
        Self::new(NonZeroUsize::MIN.saturating_add(9_999))
    }
}

impl Seen for SeenInMemory {
    fn begin(&self, event: EventId) -> BoxFuture<'_, Result<Begun, BoxError>> {
        let mut state = self.state();
        let at = state.done.peek(&event).copied();
        let is_done = at.is_some_and(|at| self.timer.now().duration_since(at) < self.window);
        let begun = match (is_done, state.running.contains(&event)) {
            (true, _) => Begun::Done,
            (_, true) => Begun::Running,
            _ => {
                state.running.insert(event);
                Begun::First
            }
        };
        drop(state);
        Box::pin(async move { Ok(begun) })
    }

    fn finish(&self, event: EventId) -> BoxFuture<'_, Result<(), BoxError>> {
        let mut state = self.state();
        state.running.remove(&event);
        state.done.put(event, self.timer.now());
        drop(state);
        Box::pin(async { Ok(()) })
    }

    fn forget(&self, event: EventId) -> BoxFuture<'_, Result<(), BoxError>> {
        let mut state = self.state();
        state.running.remove(&event);
        state.done.pop(&event);
        drop(state);
        Box::pin(async { Ok(()) })
    }
}

impl fmt::Debug for SeenInMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("SeenInMemory")
            .field("running", &state.running.len())
            .field("done", &state.done.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;
    use std::time::Duration;

    use super::{Begun, Seen, SeenInMemory};
    use crate::testing::ManualTimer;
    use crate::webhooks::{Event, EventId};

    fn id(name: &str) -> EventId {
        Event::new(name, "{}").unwrap().id()
    }

    async fn begin(seen: &SeenInMemory, name: &str) -> Begun {
        seen.begin(id(name)).await.unwrap()
    }

    #[tokio::test]
    async fn an_event_is_seen_once_it_was_handled() {
        let seen = SeenInMemory::default();
        assert_eq!(begin(&seen, "a").await, Begun::First);
        assert_eq!(begin(&seen, "a").await, Begun::Running);
        assert_eq!(begin(&seen, "b").await, Begun::First);
        seen.finish(id("a")).await.unwrap();
        assert_eq!(begin(&seen, "a").await, Begun::Done);
    }

    #[tokio::test]
    async fn an_event_that_was_not_handled_is_new() {
        let seen = SeenInMemory::default();
        assert_eq!(begin(&seen, "a").await, Begun::First);
        seen.forget(id("a")).await.unwrap();
        assert_eq!(begin(&seen, "a").await, Begun::First);
    }

    #[tokio::test]
    async fn an_event_is_remembered_for_the_window() {
        let timer = ManualTimer::new();
        let seen = SeenInMemory::default()
            .window(Duration::from_secs(60))
            .timer(timer.clone());
        begin(&seen, "a").await;
        seen.finish(id("a")).await.unwrap();
        timer.advance(Duration::from_secs(59));
        assert_eq!(begin(&seen, "a").await, Begun::Done);
        timer.advance(Duration::from_secs(1));
        assert_eq!(begin(&seen, "a").await, Begun::First);
    }

    #[tokio::test]
    async fn the_oldest_is_forgotten_where_there_is_no_room() {
        let seen = SeenInMemory::new(NonZeroUsize::new(2).unwrap());
        for name in ["a", "b", "c"] {
            begin(&seen, name).await;
            seen.finish(id(name)).await.unwrap();
        }
        assert_eq!(begin(&seen, "c").await, Begun::Done);
        assert_eq!(begin(&seen, "a").await, Begun::First);
    }
}
