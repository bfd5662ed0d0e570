//! Events on their way to the handlers.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, oneshot};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tracing::{Instrument, debug, error, info_span};

use super::router::{Handler, Router};
use super::{Begun, Cause, Event, EventId, Failure, Refusal, Seen};

/// Takes events, and runs their handlers beside whoever brings them: bounded, and to their end. Made by
/// [`Router::start`]; a clone is the same dispatcher.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use omneo::webhooks::{Event, Router, Taken};
///
/// let router = Router::new().on("acme.birthday", async |event: Event| {
///     println!("{}", event.text());
///     Ok::<_, std::io::Error>(())
/// });
/// let dispatcher = router.start();
///
/// // In the receiver; it does not wait for the handler.
/// let taken = dispatcher.submit(Event::new("acme.birthday", r#"{"id": 7}"#)?).await?;
/// assert_eq!(taken, Taken::Queued);
///
/// // At shutdown.
/// dispatcher.drain().await;
/// # Ok(())
/// # }
/// ```
///
/// # What may be lost
///
/// An event that was acknowledged is in the memory of this process until its handler is done. If the process dies before,
/// the event is gone, and Omneo does not know. So [`drain`](Self::drain) at shutdown; and where nothing may be lost, let the
/// handler be short and write the event to a queue that is kept, or verify with [`Verifier`](super::Verifier) alone and
/// acknowledge when the work is done. What was missed can be [fired again](crate::types::WebhookBatchInput).
#[derive(Clone)]
pub struct Dispatcher {
    shared: Arc<Shared>,
}

struct Shared {
    router: Router,
    tasks: TaskTracker,
    /// Closed at shutdown.
    room: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
    /// Fair: events start in the order in which they were taken.
    running: Semaphore,
}

/// What became of an event that is not refused: it can be acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Taken {
    /// Its handler runs, or will.
    Queued,
    /// It was handled before.
    Repeated,
    /// There is no handler for it.
    Unhandled,
}

/// A place in the queue, until it is dropped.
struct Place {
    _task: TaskTrackerToken,
    _room: OwnedSemaphorePermit,
    _bytes: OwnedSemaphorePermit,
}

impl Dispatcher {
    pub(super) fn new(router: Router) -> Self {
        let semaphore = |permits: usize| Semaphore::new(permits.min(Semaphore::MAX_PERMITS));
        let shared = Shared {
            tasks: TaskTracker::new(),
            room: Arc::new(semaphore(router.queue)),
            bytes: Arc::new(semaphore(queue_bytes(&router) as usize)),
            running: semaphore(router.concurrency),
            router,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Takes an event. Its handler runs on this tokio runtime; this does not wait for it.
    ///
    /// Once begun it is carried through, even if this future is dropped: when a sender hangs up, say.
    ///
    /// # Errors
    ///
    /// `Full`, `Running`, `Unseen` or `Closed`: it was not taken, and has to come again.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub async fn submit(&self, event: Event) -> Result<Taken, Refusal> {
        let Some(handler) = self.shared.router.handler(&event).cloned() else {
            debug!(omneo.event = %event.trigger(), "no handler for this event");
            return Ok(Taken::Unhandled);
        };
        let place = self.place(&event)?;
        let shared = self.shared.clone();
        let span =
            info_span!("omneo.webhook", otel.kind = "consumer", omneo.event = %event.trigger());
        let Some(seen) = shared.router.seen.clone() else {
            let run = async move {
                shared.run(event, &handler, None).await;
                drop(place);
            };
            tokio::spawn(run.instrument(span));
            return Ok(Taken::Queued);
        };
        let (tell, told) = oneshot::channel();
        let run = async move {
            let id = event.id();
            let begun = seen.begin(id).await;
            let taken = match begun {
                Ok(Begun::First) => Ok(Taken::Queued),
                Ok(Begun::Done) => Ok(Taken::Repeated),
                Ok(Begun::Running) => Err(Refusal::Running),
                Err(error) => {
                    error!(error = %error, "the store of seen events does not answer; the event was refused");
                    Err(Refusal::Unseen)
                }
            };
            // Whoever asked may have gone.
            let _ = tell.send(taken);
            if taken == Ok(Taken::Queued) {
                shared.run(event, &handler, Some((&*seen, id))).await;
            }
            drop(place);
        };
        tokio::spawn(run.instrument(span));
        // It tells unless the store panics.
        told.await.unwrap_or(Err(Refusal::Unseen))
    }

    /// Takes no more events, and waits until all that were taken are handled. To wait no longer than a while, wrap it in
    /// `tokio::time::timeout`; what is [left](Self::pending) then is lost with the process.
    pub async fn drain(&self) {
        self.shared.room.close();
        self.shared.tasks.close();
        self.shared.tasks.wait().await;
    }

    /// How many events wait or are being handled.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.shared.tasks.len()
    }

    fn place(&self, event: &Event) -> Result<Place, Refusal> {
        let shared = &self.shared;
        // First of all, so that whoever drains waits for it.
        let task = shared.tasks.token();
        let refusal = |error| match error {
            TryAcquireError::Closed => Refusal::Closed,
            TryAcquireError::NoPermits => Refusal::Full,
        };
        let room = shared.room.clone().try_acquire_owned().map_err(refusal)?;
        let size = u32::try_from(event.body().len()).unwrap_or(u32::MAX);
        let size = size.min(queue_bytes(&shared.router));
        let bytes = shared.bytes.clone().try_acquire_many_owned(size);
        Ok(Place {
            _task: task,
            _room: room,
            _bytes: bytes.map_err(refusal)?,
        })
    }
}

/// As semaphores count.
fn queue_bytes(router: &Router) -> u32 {
    let most = router.queue_bytes.min(Semaphore::MAX_PERMITS);
    u32::try_from(most).unwrap_or(u32::MAX)
}

impl Shared {
    async fn run(&self, event: Event, handler: &Handler, seen: Option<(&dyn Seen, EventId)>) {
        // It is never closed.
        let running = self.running.acquire().await;
        let ran = handler(event.clone()).await;
        drop(running);
        let noted = match seen {
            Some((seen, id)) if ran.is_ok() => seen.finish(id).await,
            Some((seen, id)) => seen.forget(id).await,
            None => Ok(()),
        };
        // Noted first, so that whoever is told can submit it again.
        let noted = noted.map_err(Cause::Store);
        for cause in [ran, noted].into_iter().filter_map(Result::err) {
            let failure = Failure {
                event: event.clone(),
                cause,
            };
            error!(error = %failure, "an event was not handled");
            (self.router.failed)(failure);
        }
    }
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher")
            .field("router", &self.shared.router)
            .field("pending", &self.pending())
            .finish_non_exhaustive()
    }
}
