//! Deliveries that come twice.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use omneo::runtime::BoxFuture;
use omneo::webhooks::{Begun, Dispatcher, EventId, Refusal, Router, Seen, SeenInMemory, Taken};

use crate::support::{Failures, Watch, event, gate};

fn dispatcher(seen: impl Seen) -> (Dispatcher, Watch, Failures) {
    let (gate, watch) = gate();
    let failures = Failures::default();
    let router = Router::new()
        .deduplicate(seen)
        .on_failure(failures.hook())
        .otherwise(move |event| {
            let gate = gate.clone();
            async move { gate.pass(event).await }
        });
    (router.start(), watch, failures)
}

async fn idle(dispatcher: &Dispatcher) {
    while dispatcher.pending() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_event_is_handled_once() {
    let (dispatcher, mut watch, _) = dispatcher(SeenInMemory::default());
    watch.open();
    let deliver = async |name| dispatcher.submit(event(name, r#"{"id": 1}"#)).await;
    assert_eq!(deliver("reward.created").await, Ok(Taken::Queued));
    idle(&dispatcher).await;
    assert_eq!(deliver("reward.created").await, Ok(Taken::Repeated));
    // The same context under another name is another event.
    assert_eq!(deliver("reward.updated").await, Ok(Taken::Queued));
    dispatcher.drain().await;
    assert_eq!(watch.started_so_far().await.len(), 2);
}

#[tokio::test]
async fn a_repeat_is_refused_while_the_first_may_still_fail() {
    let (dispatcher, mut watch, _) = dispatcher(SeenInMemory::default());
    let deliver = async || dispatcher.submit(event("reward.created", "1")).await;
    assert_eq!(deliver().await, Ok(Taken::Queued));
    watch.started().await;
    assert_eq!(deliver().await, Err(Refusal::Running));
    watch.open();
    idle(&dispatcher).await;
    assert_eq!(deliver().await, Ok(Taken::Repeated));
}

#[tokio::test]
async fn a_repeat_is_handled_if_the_first_failed() {
    let (dispatcher, mut watch, failures) = dispatcher(SeenInMemory::default());
    watch.open();
    let deliver = async || dispatcher.submit(event("reward.created", "\"fail\"")).await;
    for _ in 0..2 {
        assert_eq!(deliver().await, Ok(Taken::Queued));
        idle(&dispatcher).await;
    }
    assert_eq!(watch.started_so_far().await.len(), 2);
    assert_eq!(failures.told().len(), 2);
}

#[tokio::test]
async fn a_refused_event_is_not_taken_for_seen() {
    let (gate, watch) = gate();
    let router = Router::new()
        .queue(1)
        .deduplicate(SeenInMemory::default())
        .otherwise(move |event| {
            let gate = gate.clone();
            async move { gate.pass(event).await }
        });
    let dispatcher = router.start();
    let deliver = async |context| dispatcher.submit(event("reward.created", context)).await;
    assert_eq!(deliver("1").await, Ok(Taken::Queued));
    assert_eq!(deliver("2").await, Err(Refusal::Full));
    watch.open();
    idle(&dispatcher).await;
    assert_eq!(deliver("2").await, Ok(Taken::Queued));
    dispatcher.drain().await;
}

/// A store of a caller's own, which notes what it is asked, and may fail.
#[derive(Clone, Default)]
struct Store {
    asked: Arc<Mutex<Vec<&'static str>>>,
    fails: Arc<AtomicBool>,
}

impl Store {
    fn ask<T: Send + 'static>(
        &self,
        what: &'static str,
        answer: T,
    ) -> BoxFuture<'_, Result<T, omneo::webhooks::BoxError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.asked.lock().unwrap().push(what);
            match self.fails.load(Ordering::Relaxed) {
                true => Err("the database is away".into()),
                false => Ok(answer),
            }
        })
    }
}

impl Seen for Store {
    fn begin(&self, _: EventId) -> BoxFuture<'_, Result<Begun, omneo::webhooks::BoxError>> {
        self.ask("begin", Begun::First)
    }

    fn finish(&self, _: EventId) -> BoxFuture<'_, Result<(), omneo::webhooks::BoxError>> {
        self.ask("finish", ())
    }

    fn forget(&self, _: EventId) -> BoxFuture<'_, Result<(), omneo::webhooks::BoxError>> {
        self.ask("forget", ())
    }
}

#[tokio::test]
async fn a_store_is_told_of_success_and_of_failure() {
    let store = Store::default();
    let (dispatcher, watch, _) = dispatcher(store.clone());
    watch.open();
    for context in ["1", "\"fail\""] {
        dispatcher
            .submit(event("reward.created", context))
            .await
            .unwrap();
        idle(&dispatcher).await;
    }
    let asked = store.asked.lock().unwrap().clone();
    assert_eq!(asked, ["begin", "finish", "begin", "forget"]);
}

#[tokio::test]
async fn an_event_is_refused_if_the_store_does_not_answer() {
    let store = Store::default();
    store.fails.store(true, Ordering::Relaxed);
    let (dispatcher, mut watch, _) = dispatcher(store);
    let taken = dispatcher.submit(event("reward.created", "1")).await;
    assert_eq!(taken, Err(Refusal::Unseen));
    idle(&dispatcher).await;
    assert!(watch.started_so_far().await.is_empty());
}

#[tokio::test]
async fn an_outcome_that_could_not_be_noted_is_told() {
    let store = Store::default();
    let (dispatcher, mut watch, failures) = dispatcher(store.clone());
    dispatcher
        .submit(event("reward.created", "1"))
        .await
        .unwrap();
    watch.started().await;
    store.fails.store(true, Ordering::Relaxed);
    watch.open();
    dispatcher.drain().await;
    let told = failures.told();
    assert_eq!(told.len(), 1);
    assert!(told[0].ends_with("the database is away"), "{told:?}");
}

#[tokio::test]
async fn an_event_is_carried_through_if_the_sender_hangs_up() {
    let (dispatcher, mut watch, _) = dispatcher(Store::default());
    watch.open();
    {
        let mut submitting = Box::pin(dispatcher.submit(event("reward.created", "1")));
        let polled = futures_util::poll!(&mut submitting);
        assert!(polled.is_pending());
    }
    dispatcher.drain().await;
    assert_eq!(watch.started_so_far().await, ["1"]);
}
