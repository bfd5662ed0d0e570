//! Handlers: which gets what, how many at once, and what comes of failures.

use std::io;

use omneo::types::{ProfileEventContext, Reward};
use omneo::webhooks::{Context, Event, Group, Refusal, Router, Taken, Trigger};
use tokio::sync::mpsc;

use crate::support::{Failures, event, gate};

/// Hands over events one by one, and what the handlers said.
async fn dispatch(router: Router, events: &[(&str, &'static str)]) {
    let dispatcher = router.concurrency(1).start();
    for (name, context) in events {
        dispatcher.submit(event(name, context)).await.unwrap();
    }
    dispatcher.drain().await;
}

fn channel() -> (
    impl Fn(String) -> io::Result<()> + Clone + Send + Sync + 'static,
    mpsc::UnboundedReceiver<String>,
) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let say = move |said| sender.send(said).map_err(io::Error::other);
    (say, receiver)
}

fn said(mut receiver: mpsc::UnboundedReceiver<String>) -> Vec<String> {
    let mut said = Vec::new();
    while let Ok(next) = receiver.try_recv() {
        said.push(next);
    }
    said
}

#[tokio::test]
async fn an_event_goes_to_the_handler_of_its_name_as_what_that_takes() {
    let (say, heard) = channel();
    let [profiles, rewards, contexts, others] = [(); 4].map(|()| say.clone());
    let router = Router::new()
        .on(
            [Trigger::ProfileCreated, Trigger::ProfileUpdated],
            move |profile: ProfileEventContext| {
                let said = profiles(format!("profile {:?}", profile.first_name));
                async { said }
            },
        )
        .on(Group::Reward, move |reward: Reward| {
            let said = rewards(format!(
                "reward {:?}",
                reward.value_remaining.map(|v| v.to_string())
            ));
            async { said }
        })
        .on("acme.birthday", move |context: Context| {
            let said = contexts(format!("{context:?}"));
            async { said }
        })
        .otherwise(move |event: Event| {
            let said = others(format!("{} {}", event.trigger(), event.text()));
            async { said }
        });
    let events = [
        ("profile.updated", r#"{"first_name": "Ada"}"#),
        ("reward.issued", r#"{"value_remaining": "12.50"}"#),
        ("acme.birthday", "{}"),
        ("acme.wedding", r#"{"id": 1}"#),
        ("profile.deleted", "{}"),
        ("", "{}"),
    ];
    dispatch(router, &events).await;
    assert_eq!(
        said(heard),
        [
            r#"profile Some("Ada")"#,
            r#"reward Some("12.50")"#,
            "Unknown",
            r#"acme.wedding {"id": 1}"#,
            "profile.deleted {}",
            " {}",
        ]
    );
}

#[tokio::test]
async fn of_two_handlers_the_last_gets_the_event() {
    let (say, heard) = channel();
    let [first, second] = [(); 2].map(|()| say.clone());
    let router = Router::new()
        .on(Group::Tier, move |event: Event| {
            let said = first(format!("first {}", event.trigger()));
            async { said }
        })
        .on(Trigger::TierLost, move |event: Event| {
            let said = second(format!("second {}", event.trigger()));
            async { said }
        });
    dispatch(router, &[("tier.lost", "{}"), ("tier.achieved", "{}")]).await;
    assert_eq!(said(heard), ["second tier.lost", "first tier.achieved"]);
}

#[tokio::test]
async fn an_event_that_nobody_handles_is_acknowledged() {
    let dispatcher = Router::new().start();
    let taken = dispatcher.submit(event("tier.lost", "{}")).await;
    assert_eq!(taken, Ok(Taken::Unhandled));
}

#[tokio::test]
async fn every_failure_is_told() {
    let failures = Failures::default();
    let router = Router::new()
        .on_failure(failures.hook())
        .on("fails", async |_: Event| {
            Err(io::Error::other("no room on the shelf"))
        })
        .on("panics", async |event: Event| match event.text() {
            "{}" => panic!("{} is empty", event.trigger()),
            _ => Ok::<_, io::Error>(()),
        })
        .on("panics.early", |event: Event| {
            // Before there is a future.
            if event.text() == "{}" {
                panic!("{} is empty", event.trigger());
            }
            async { Ok::<_, io::Error>(()) }
        })
        .on(Trigger::RewardCreated, async |_: Reward| {
            Ok::<_, io::Error>(())
        });
    let events = [
        ("fails", "{}"),
        ("panics", "{}"),
        ("panics.early", "{}"),
        ("reward.created", r#"{"value_remaining": "a lot"}"#),
        ("reward.created", "{}"),
    ];
    dispatch(router, &events).await;
    let told = failures.told();
    assert_eq!(told.len(), 4, "{told:#?}");
    assert_eq!(told[0], "fails was not handled: no room on the shelf");
    assert_eq!(
        told[1],
        "panics was not handled: its handler panicked: panics is empty"
    );
    assert_eq!(
        told[2],
        "panics.early was not handled: its handler panicked: panics.early is empty"
    );
    let misfit = r#"the context of "reward.created" could not be decoded at value_remaining: "#;
    assert!(told[3].starts_with(misfit), "{}", told[3]);
}

#[tokio::test]
async fn no_more_handlers_run_at_once_than_may() {
    let (gate, mut watch) = gate();
    let router = Router::new().concurrency(2).otherwise(move |event| {
        let gate = gate.clone();
        async move { gate.pass(event).await }
    });
    let dispatcher = router.start();
    for context in ["1", "2", "3", "4"] {
        dispatcher.submit(event("any", context)).await.unwrap();
    }
    assert_eq!(watch.started_so_far().await, ["1", "2"]);
    watch.let_through(1);
    assert_eq!(watch.started_so_far().await, ["3"]);
    watch.let_through(1);
    assert_eq!(watch.started_so_far().await, ["4"]);
    watch.open();
    dispatcher.drain().await;
}

#[tokio::test]
async fn more_than_may_wait_are_refused_until_there_is_room() {
    let (gate, mut watch) = gate();
    let router = Router::new().queue(2).otherwise(move |event| {
        let gate = gate.clone();
        async move { gate.pass(event).await }
    });
    let dispatcher = router.start();
    for context in ["1", "2"] {
        assert_eq!(
            dispatcher.submit(event("any", context)).await,
            Ok(Taken::Queued)
        );
    }
    assert_eq!(
        dispatcher.submit(event("any", "3")).await,
        Err(Refusal::Full)
    );
    watch.let_through(1);
    assert_eq!(watch.started_so_far().await, ["1", "2"]);
    assert_eq!(
        dispatcher.submit(event("any", "3")).await,
        Ok(Taken::Queued)
    );
    watch.open();
    dispatcher.drain().await;
    assert_eq!(watch.started_so_far().await, ["3"]);
}

#[tokio::test]
async fn more_bytes_than_may_wait_are_refused() {
    let (gate, watch) = gate();
    let router = Router::new().queue_bytes(6).otherwise(move |event| {
        let gate = gate.clone();
        async move { gate.pass(event).await }
    });
    let dispatcher = router.start();
    assert_eq!(
        dispatcher.submit(event("any", "1234")).await,
        Ok(Taken::Queued)
    );
    assert_eq!(
        dispatcher.submit(event("any", "567")).await,
        Err(Refusal::Full)
    );
    assert_eq!(
        dispatcher.submit(event("any", "56")).await,
        Ok(Taken::Queued)
    );
    watch.open();
    while dispatcher.pending() > 0 {
        tokio::task::yield_now().await;
    }
    // One that is larger than all may be is taken alone.
    assert_eq!(
        dispatcher.submit(event("any", "123456789")).await,
        Ok(Taken::Queued)
    );
    assert_eq!(
        dispatcher.submit(event("any", "1")).await,
        Err(Refusal::Full)
    );
    dispatcher.drain().await;
}

#[tokio::test]
async fn draining_ends_what_was_taken_and_takes_no_more() {
    let (gate, mut watch) = gate();
    let failures = Failures::default();
    let router = Router::new()
        .concurrency(1)
        .on_failure(failures.hook())
        .otherwise(move |event| {
            let gate = gate.clone();
            async move { gate.pass(event).await }
        });
    let dispatcher = router.start();
    for context in ["1", "\"fail\"", "3"] {
        dispatcher.submit(event("any", context)).await.unwrap();
    }
    let draining = tokio::spawn({
        let dispatcher = dispatcher.clone();
        async move { dispatcher.drain().await }
    });
    assert_eq!(watch.started_so_far().await, ["1"]);
    assert_eq!(
        dispatcher.submit(event("any", "4")).await,
        Err(Refusal::Closed)
    );
    assert!(!draining.is_finished());
    assert_eq!(dispatcher.pending(), 3);
    watch.open();
    draining.await.unwrap();
    assert_eq!(watch.started_so_far().await, ["\"fail\"", "3"]);
    assert_eq!(
        failures.told(),
        ["any was not handled: no room on the shelf"]
    );
    assert_eq!(dispatcher.pending(), 0);
}
