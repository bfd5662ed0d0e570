//! What a sandbox does between requests: the work that is due, and the webhooks.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use crate::context::WORK;
use crate::engine::{self, Shared};
use crate::hooks::{self, Outcome, Sender};

/// How many pieces of work are done before requests are answered again.
const PIECES: usize = 16;

/// The longest sleep, after which the clock is looked at again.
const LONGEST: Duration = Duration::from_secs(3600);

/// Does what is due until it is told to stop. Whoever asks to be told when all is settled is, once nothing is due and nothing on its way.
pub(crate) async fn run(
    engine: Shared,
    mut settles: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
    mut stop: watch::Receiver<bool>,
) {
    let (wake, clock) = {
        let engine = engine::lock(&engine);
        (std::sync::Arc::clone(&engine.wake), engine.clock.clone())
    };
    let sender = Sender::new();
    let mut under_way: JoinSet<(String, Outcome)> = JoinSet::new();
    let mut waiting: Vec<oneshot::Sender<()>> = Vec::new();
    loop {
        // Whoever asked before this round is not told by what an earlier one found.
        while let Ok(settle) = settles.try_recv() {
            waiting.push(settle);
        }
        let round = round(&engine);
        for delivery in round.deliveries {
            let sender = sender.clone();
            under_way.spawn(async move {
                let outcome = sender.send(&delivery).await;
                (delivery.id, outcome)
            });
        }
        if round.did_work {
            tokio::task::yield_now().await;
            if *stop.borrow() {
                break;
            }
            continue;
        }
        if under_way.is_empty() {
            for settle in waiting.drain(..) {
                let _ = settle.send(());
            }
        }
        let pause = round.pause.unwrap_or(LONGEST);
        tokio::select! {
            () = wake.notified() => {}
            () = clock.moved() => {}
            settle = settles.recv() => match settle {
                Some(settle) => waiting.push(settle),
                None => break,
            },
            Some(done) = under_way.join_next() => {
                if let Ok((id, outcome)) = done {
                    let engine = engine::lock(&engine);
                    let now = engine.clock.now();
                    if let Err(error) = hooks::finish(&engine.store, &id, &outcome, now) {
                        tracing::error!(?error, "what came of a webhook could not be kept");
                    }
                }
            }
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stopped| *stopped) => break,
        }
    }
}

/// What one look at the store brought.
struct Round {
    did_work: bool,
    deliveries: Vec<hooks::Delivery>,
    /// Until more is due, if the clock runs.
    pause: Option<Duration>,
}

fn round(engine: &Shared) -> Round {
    let mut engine = engine::lock(engine);
    let mut did_work = false;
    for _ in 0..PIECES {
        match engine.work() {
            Ok(true) => did_work = true,
            Ok(false) => break,
            Err(error) => {
                tracing::error!(?error, "work could not be done");
                break;
            }
        }
    }
    let now = engine.clock.now();
    let deliveries = hooks::take_due(&engine.store, now).unwrap_or_default();
    let pause = (!engine.clock.is_fixed())
        .then(|| {
            let work = engine.store.next_due(WORK).ok().flatten();
            let hooks = hooks::next_due(&engine.store);
            let next = [work, hooks].into_iter().flatten().min()?;
            let left = next.saturating_sub(now.as_microsecond()).max(0);
            Some(Duration::from_micros(left.unsigned_abs()))
        })
        .flatten();
    Round {
        did_work,
        deliveries,
        pause,
    }
}
