//! Which handler gets which event.

use std::collections::HashMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use omneo_api::runtime::BoxFuture;

use super::{BoxError, Cause, Dispatcher, Event, Failure, FromEvent, Seen, Triggers};

pub(super) type Handler = Arc<dyn Fn(Event) -> BoxFuture<'static, Result<(), Cause>> + Send + Sync>;

/// Which handler gets which event, and how many run at once. [`start`](Self::start) makes a [`Dispatcher`] of it, which
/// events are handed to.
///
/// A handler is an async function of what it wants to know: the [`Event`], its [`Context`](super::Context), or the context
/// as any type ([`FromEvent`]). An event goes to one handler: the one that was given last for its name, or else
/// [`otherwise`](Self::otherwise). One that nobody handles is acknowledged, so that Omneo does not send it again.
///
/// ```no_run
/// # #[cfg(all(feature = "automation", feature = "incentives"))]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use omneo::types::{ProfileEventContext, Reward};
/// use omneo::webhooks::{Event, Group, Router, SeenInMemory, Trigger, Verifier};
///
/// let dispatcher = Router::new()
///     .on([Trigger::ProfileCreated, Trigger::ProfileUpdated], async |profile: ProfileEventContext| {
///         println!("{:?} has {:?}", profile.id, profile.reward_balance);
///         Ok::<_, std::io::Error>(())
///     })
///     .on(Group::Reward, async |reward: Reward| {
///         println!("{:?}", reward.value_remaining);
///         Ok::<_, std::io::Error>(())
///     })
///     .otherwise(async |event: Event| {
///         println!("{} {}", event.trigger(), event.text());
///         Ok::<_, std::io::Error>(())
///     })
///     .on_failure(|failure| eprintln!("{failure}; kept for later: {}", failure.event.text()))
///     .deduplicate(SeenInMemory::default())
///     .start();
/// # Ok(())
/// # }
/// ```
pub struct Router {
    pub(super) handlers: HashMap<String, Handler>,
    pub(super) otherwise: Option<Handler>,
    pub(super) failed: Arc<dyn Fn(Failure) + Send + Sync>,
    pub(super) seen: Option<Arc<dyn Seen>>,
    pub(super) concurrency: usize,
    pub(super) queue: usize,
    pub(super) queue_bytes: usize,
}

impl Default for Router {
    fn default() -> Self {
        Self::new()
    }
}

impl Router {
    /// Without handlers. 16 run at once, up to 1,024 events and 64 MiB of contexts wait or are being handled.
    #[must_use]
    pub fn new() -> Self {
        Self {
            handlers: HashMap::new(),
            otherwise: None,
            failed: Arc::new(drop),
            seen: None,
            concurrency: 16,
            queue: 1024,
            queue_bytes: 64 * 1024 * 1024,
        }
    }

    /// Gives these events to a handler: a [`Trigger`](super::Trigger), several, a [`Group`](super::Group), or the name of an
    /// event of the tenant's own.
    ///
    /// A handler that was given for one of them before gets it no more.
    #[must_use]
    pub fn on<T, F, O, E>(mut self, triggers: impl Into<Triggers>, handler: F) -> Self
    where
        T: FromEvent + Send + 'static,
        F: Fn(T) -> O + Send + Sync + 'static,
        O: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let handler = boxed(handler);
        for name in triggers.into().names() {
            self.handlers.insert(name.clone(), handler.clone());
        }
        self
    }

    /// Gives all other events to a handler, those of unknown names too.
    #[must_use]
    pub fn otherwise<T, F, O, E>(mut self, handler: F) -> Self
    where
        T: FromEvent + Send + 'static,
        F: Fn(T) -> O + Send + Sync + 'static,
        O: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.otherwise = Some(boxed(handler));
        self
    }

    /// Tells of every event that was acknowledged and then not handled. Omneo doesn't send those again by itself: this is the
    /// place to keep them, or to ask for them again. It is called where the handler ran, so it must not block.
    ///
    /// Failures are logged in any case, at the level of errors.
    #[must_use]
    pub fn on_failure(mut self, tell: impl Fn(Failure) + Send + Sync + 'static) -> Self {
        self.failed = Arc::new(tell);
        self
    }

    /// Handles no event twice that this store has [seen](Seen).
    #[must_use]
    pub fn deduplicate(mut self, seen: impl Seen) -> Self {
        self.seen = Some(Arc::new(seen));
        self
    }

    /// Runs at most so many handlers at once; at least one.
    #[must_use]
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.concurrency = handlers.max(1);
        self
    }

    /// Takes at most so many events that are not handled yet, and refuses more; at least one.
    #[must_use]
    pub fn queue(mut self, events: usize) -> Self {
        self.queue = events.max(1);
        self
    }

    /// Takes events of at most so many bytes in all that are not handled yet, and refuses more. One that is larger is taken if
    /// it is alone.
    #[must_use]
    pub fn queue_bytes(mut self, bytes: usize) -> Self {
        self.queue_bytes = bytes.max(1);
        self
    }

    /// Begins to take events. Handlers run on the tokio runtime of whoever submits.
    #[must_use]
    pub fn start(self) -> Dispatcher {
        Dispatcher::new(self)
    }

    pub(super) fn handler(&self, event: &Event) -> Option<&Handler> {
        let named = self.handlers.get(&*event.trigger().as_str());
        named.or(self.otherwise.as_ref())
    }
}

fn boxed<T, F, O, E>(handler: F) -> Handler
where
    T: FromEvent + Send + 'static,
    F: Fn(T) -> O + Send + Sync + 'static,
    O: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<BoxError>,
{
    let handler = Arc::new(handler);
    Arc::new(move |event| {
        let handler = handler.clone();
        let run = async move {
            let wanted = T::from_event(&event).map_err(Cause::Context)?;
            handler(wanted)
                .await
                .map_err(|error| Cause::Handler(error.into()))
        };
        // What it leaves behind is dropped with it.
        let run = AssertUnwindSafe(run).catch_unwind();
        Box::pin(run.map(|ran| ran.unwrap_or_else(|panic| Err(Cause::panic(&*panic)))))
    })
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router")
            .field("events", &self.handlers.len())
            .field("concurrency", &self.concurrency)
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}
