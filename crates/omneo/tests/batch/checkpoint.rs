//! Runs that break off, and others that go on with them.

use std::collections::BTreeMap;
use std::future::{pending, poll_fn};
use std::io;
use std::pin::pin;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use fastrand::Rng;
use fault_server::{Fault, Moment, Response};
use futures_util::{Stream as _, stream};
use omneo::batch::{Batch, Checkpoint, Outcome, Remove, Report, State, Store};
use omneo::runtime::BoxFuture;
use omneo::testing::ManualTimer;
use omneo::types::{ProfileTagBatchItem, TransactionBatchRowInput};
use omneo::{Omneo, Timer};

use crate::server::{BatchServer, FAILS, REFUSED, REFUSED_UNNAMED};
use crate::support::{collect, marked, tally, transaction, transactions, why};

/// The lines of a checkpoint, which outlive their runs.
#[derive(Clone, Default)]
struct Lines {
    text: Arc<Mutex<String>>,
    /// How many writes go well; all if it is 0.
    writes: usize,
    done: Arc<AtomicUsize>,
}

impl Lines {
    fn checkpoint(&self) -> Checkpoint {
        Checkpoint::new(self.clone(), self.text.lock().unwrap().lines()).unwrap()
    }
}

impl Store for Lines {
    fn append(&self, lines: String) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let done = self.done.fetch_add(1, Ordering::Relaxed);
            if self.writes > 0 && done >= self.writes {
                return Err(io::Error::other("the disk is full"));
            }
            self.text.lock().unwrap().push_str(&lines);
            Ok(())
        })
    }
}

/// The time of the server's, which does not pass, and no pauses.
#[derive(Debug)]
struct NoTime;

impl Timer for NoTime {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_now(&self) -> SystemTime {
        ManualTimer::new().system_now()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::task::yield_now())
    }

    fn limit(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(pending())
    }
}

fn omneo(url: &str) -> Omneo {
    let omneo = Omneo::builder().base_url(url).token("hush").timer(NoTime);
    omneo.build().unwrap()
}

fn batch(url: &str, checkpoint: Checkpoint) -> Batch<TransactionBatchRowInput> {
    let batch = omneo(url).batch().chunk(10).concurrency(4);
    batch.checkpoint(checkpoint)
}

/// Until what a client sent that is gone has reached the server.
async fn let_it_arrive(url: &str) {
    for _ in 0..5 {
        let _ = omneo(url).batches().get("none").await;
    }
}

/// What the server does with each.
fn mark(rng: &mut Rng) -> Option<&'static str> {
    match rng.u32(0..100) {
        0..2 => Some(REFUSED),
        2..4 => Some(REFUSED_UNNAMED),
        4..7 => Some(FAILS),
        _ => None,
    }
}

fn records(marks: &[Option<&str>]) -> Vec<TransactionBatchRowInput> {
    let numbered = marks.iter().enumerate();
    numbered
        .map(|(number, mark)| match mark {
            Some(mark) => marked(number, mark),
            None => transaction(number),
        })
        .collect()
}

/// Holds that the server has each record once that is not marked, and no other, and that so it is told.
fn hold(
    server: &BatchServer,
    marks: &[Option<&str>],
    outcomes: &BTreeMap<u64, Outcome>,
    seed: u64,
) {
    let copies = server.copies("transactions");
    assert!(
        outcomes.keys().copied().eq(0..marks.len() as u64),
        "seed {seed}"
    );
    for (number, mark) in marks.iter().enumerate() {
        let times = copies
            .get(&format!("t-{number}"))
            .copied()
            .unwrap_or_default();
        let outcome = &outcomes[&(number as u64)];
        assert_eq!(
            times,
            usize::from(mark.is_none()),
            "seed {seed}: {outcome:?}"
        );
        let is_true = match outcome.state {
            State::Succeeded { .. } => mark.is_none(),
            State::Failed(_) => mark.is_some(),
            _ => false,
        };
        assert!(is_true, "seed {seed}: {outcome:?}");
    }
}

#[tokio::test]
async fn whenever_a_run_is_dropped_the_next_sends_each_record_once() {
    let mut dropped = 0;
    for seed in 0..100 {
        let mut rng = Rng::with_seed(seed);
        let server = BatchServer::with(|rules| {
            rules.reads = rng.u32(0..3);
            rules.lists_early = rng.bool();
        });
        let url = server.faults.url();
        let marks: Vec<_> = (0..120).map(|_| mark(&mut rng)).collect();
        let lines = Lines::default();
        let outcomes = loop {
            let run = batch(&url, lines.checkpoint()).send(stream::iter(records(&marks)));
            let mut polls = match dropped < 3 * (seed + 1) {
                true => rng.usize(1..80),
                false => usize::MAX,
            };
            let mut run = pin!(run);
            let mut outcomes = BTreeMap::new();
            let ended = poll_fn(|context| {
                loop {
                    if polls == 0 {
                        return Poll::Ready(false);
                    }
                    polls -= 1;
                    match run.as_mut().poll_next(context) {
                        Poll::Ready(Some(outcome)) => {
                            assert!(outcomes.insert(outcome.index, outcome).is_none());
                        }
                        Poll::Ready(None) => return Poll::Ready(true),
                        Poll::Pending => return Poll::Pending,
                    }
                }
            });
            if ended.await {
                break outcomes;
            }
            dropped += 1;
            let_it_arrive(&url).await;
        };
        hold(&server, &marks, &outcomes, seed);
    }
    assert!(dropped >= 100, "{dropped}");
}

const URL: &str = "OMNEO_TEST_URL";
const FILE: &str = "OMNEO_TEST_CHECKPOINT";
const SEED: u64 = 11;

fn load() -> Vec<Option<&'static str>> {
    let mut rng = Rng::with_seed(SEED);
    (0..3_000).map(|_| mark(&mut rng)).collect()
}

/// The process that is killed by the test below.
#[tokio::test]
#[ignore = "it is a part of the next"]
async fn load_in_a_process_of_its_own() {
    let [url, file] = [URL, FILE].map(|name| std::env::var(name).unwrap());
    let run = batch(&url, Checkpoint::file(file).unwrap()).send(stream::iter(records(&load())));
    let report = run.report().await;
    assert!(report.stopped.is_none(), "{report}");
}

#[tokio::test]
async fn whenever_the_process_is_killed_the_next_sends_each_record_once() {
    let server = BatchServer::with(|rules| rules.reads = 1);
    let url = server.faults.url();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("load");
    let left = Arc::new(AtomicUsize::new(0));

    // The request at which the process dies: processed or not, its answer goes nowhere.
    let (dies, time_to_die) = mpsc::channel();
    let (died, is_dead) = mpsc::channel();
    let count = left.clone();
    let mut rng = Rng::with_seed(SEED);
    server.faults.fallback(move |_| {
        if count.load(Ordering::Relaxed) == 0 || count.fetch_sub(1, Ordering::Relaxed) > 1 {
            return Fault::none();
        }
        dies.send(()).unwrap();
        is_dead.recv().unwrap();
        match rng.bool() {
            true => Fault::none(),
            false => Fault::reset(Moment::Unprocessed),
        }
    });

    let mut rng = Rng::with_seed(!SEED);
    for killed in 0..100 {
        left.store(rng.usize(1..12), Ordering::Relaxed);
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([
                "checkpoint::load_in_a_process_of_its_own",
                "--exact",
                "--ignored",
            ])
            .env(URL, &url)
            .env(FILE, &file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while time_to_die.recv_timeout(Duration::from_secs(1)).is_err() {
            let ended = process.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "it ended by itself, after {killed} were killed"
            );
        }
        process.kill().unwrap();
        process.wait().unwrap();
        died.send(()).unwrap();
        let_it_arrive(&url).await;
    }
    let outcomes =
        collect(batch(&url, Checkpoint::file(file).unwrap()).send(stream::iter(records(&load()))));
    hold(&server, &load(), &outcomes.await, SEED);
}

async fn report(
    server: &BatchServer,
    lines: &Lines,
    records: Vec<TransactionBatchRowInput>,
) -> Report {
    let batch = batch(&server.faults.url(), lines.checkpoint());
    batch.send(stream::iter(records)).report().await
}

#[tokio::test]
async fn what_ended_is_told_again_and_not_sent_again() {
    let server = BatchServer::start();
    let lines = Lines::default();
    assert!(lines.checkpoint().is_new());
    let mut input = transactions(30);
    input[3] = marked(3, REFUSED);
    input[4] = marked(4, FAILS);
    let run =
        |checkpoint| batch(&server.faults.url(), checkpoint).send(stream::iter(input.clone()));
    let first = collect(run(lines.checkpoint())).await;
    assert!(!lines.checkpoint().is_new());
    let sent = server.faults.received().len();
    let second = run(lines.checkpoint());
    let again = collect(second).await;
    assert_eq!(server.faults.received().len(), sent);
    assert_eq!(tally(&first), tally(&again));
    assert_eq!(why(&first[&3]), why(&again[&3]));
    assert_eq!(why(&again[&4]), "The profile is not known.");
    assert_eq!(again[&4].external_id, first[&4].external_id);
}

#[tokio::test]
async fn the_rate_is_of_what_this_run_did() {
    let server = BatchServer::start();
    let lines = Lines::default();
    let _ = report(&server, &lines, transactions(30)).await;
    let mut run =
        batch(&server.faults.url(), lines.checkpoint()).send(stream::iter(transactions(30)));
    while futures_util::StreamExt::next(&mut run).await.is_some() {}
    let progress = run.progress();
    assert_eq!((progress.done(), progress.earlier), (30, 30));
    assert!(progress.rate() < 1e-9, "{progress}");
}

#[tokio::test]
async fn a_batch_that_was_still_worked_off_is_read_by_the_next_run() {
    let server = BatchServer::start();
    let lines = Lines::default();
    let hasty = batch(&server.faults.url(), lines.checkpoint()).wait(Duration::ZERO);
    let first = hasty.send(stream::iter(transactions(20))).report().await;
    assert_eq!(first.accepted, 20);
    let second = report(&server, &lines, transactions(20)).await;
    assert_eq!(second.succeeded, 20);
    assert_eq!(server.batches(), 2);
}

#[tokio::test]
async fn what_was_not_sent_as_the_run_stopped_is_sent_by_the_next() {
    let server = BatchServer::start();
    let lines = Lines::default();
    server
        .faults
        .script([Fault::none(), Fault::respond(Response::new(401))]);
    let first = report(&server, &lines, transactions(100)).await;
    assert!(
        first.stopped.is_some() && !first.failed.is_empty(),
        "{first}"
    );
    let second = report(&server, &lines, transactions(100)).await;
    assert!(second.is_success(), "{second}");
    server.assert_each_is_there_once();
}

#[tokio::test]
async fn what_was_not_sent_as_the_run_was_cancelled_is_sent_by_the_next() {
    let server = BatchServer::start();
    let lines = Lines::default();
    let mut run =
        batch(&server.faults.url(), lines.checkpoint()).send(stream::iter(transactions(200)));
    futures_util::StreamExt::next(&mut run).await;
    run.canceller().cancel();
    let first = run.report().await;
    assert!(first.cancelled && first.total < 200, "{first}");
    let second = report(&server, &lines, transactions(200)).await;
    assert!(second.is_success(), "{second}");
    server.assert_each_is_there_once();
}

#[tokio::test]
async fn other_records_are_refused() {
    let mut changed = transactions(100);
    changed[42] = transaction(1_042);
    let mut moved = transactions(101);
    moved.remove(0);
    for (input, says) in [
        (changed, "is not what it was"),
        (moved, "is not what it was"),
        (transactions(99), "the input has ended after 99 records"),
    ] {
        let server = BatchServer::start();
        let lines = Lines::default();
        let _ = report(&server, &lines, transactions(100)).await;
        let sent = server.sizes().len();
        let total = input.len() as u64;
        let report = report(&server, &lines, input).await;
        let stopped = report.stopped.as_ref().unwrap().to_string();
        assert!(stopped.contains(says), "{stopped}");
        assert_eq!(server.sizes().len(), sent);
        assert!(report.total <= total);
    }
}

#[tokio::test]
async fn records_of_another_kind_are_refused() {
    let server = BatchServer::start();
    let lines = Lines::default();
    let _ = report(&server, &lines, transactions(10)).await;
    let profiles = omneo(&server.faults.url())
        .batch()
        .checkpoint(lines.checkpoint());
    let report = profiles
        .send(stream::iter([crate::support::profile(0)]))
        .report()
        .await;
    let stopped = report.stopped.unwrap().to_string();
    assert!(
        stopped.contains("`transactions`") && stopped.contains("`profiles`"),
        "{stopped}"
    );
}

/// What adds and what removes are the same JSON.
#[tokio::test]
async fn a_removal_does_not_go_on_where_an_addition_broke_off() {
    let server = BatchServer::start();
    let lines = Lines::default();
    let tag = || ProfileTagBatchItem::new("p-1", ["vip"]);
    let batch = || omneo(&server.faults.url());
    let adding = batch().batch().checkpoint(lines.checkpoint());
    let report = adding.send(stream::iter([tag()])).report().await;
    assert!(report.is_success());
    let removing = batch().batch().checkpoint(lines.checkpoint());
    let report = removing.send(stream::iter([Remove(tag())])).report().await;
    let stopped = report.stopped.unwrap().to_string();
    assert!(
        stopped.contains("`tags`, not of `removed tags`"),
        "{stopped}"
    );
    assert!(server.requests("DELETE").is_empty());
}

#[tokio::test]
async fn what_can_not_be_written_down_is_not_sent() {
    for writes in 1..6 {
        let server = BatchServer::start();
        let lines = Lines {
            writes,
            ..Lines::default()
        };
        let report = report(&server, &lines, transactions(500)).await;
        let stopped = report.stopped.as_ref().unwrap().to_string();
        assert!(
            stopped.contains("the disk is full") || stopped.contains("an earlier line"),
            "{stopped}"
        );
        let written = lines.text.lock().unwrap().matches("sending").count();
        assert!(server.sizes().len() <= written, "{writes}");
        // After the space is there.
        let lines = Lines { writes: 0, ..lines };
        let_it_arrive(&server.faults.url()).await;
        let report = self::report(&server, &lines, transactions(500)).await;
        assert!(report.is_success(), "{report}");
        server.assert_each_is_there_once();
    }
}

mod file {
    use std::fs;
    use std::io::ErrorKind;

    use super::Checkpoint;
    use crate::server::BatchServer;
    use crate::support::transactions;

    #[tokio::test]
    async fn a_line_that_was_cut_is_as_none() {
        let server = BatchServer::start();
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("load");
        let run = |records| {
            let batch = super::batch(&server.faults.url(), Checkpoint::file(&file).unwrap());
            batch
                .send(futures_util::stream::iter(transactions(records)))
                .report()
        };
        let _ = run(30).await;
        let whole = fs::read(&file).unwrap();
        for end in 0..whole.len() {
            fs::write(&file, &whole[..end]).unwrap();
            let is_new = Checkpoint::file(&file).unwrap().is_new();
            assert_eq!(is_new, !whole[..end].contains(&b'\n'), "{end}");
            let kept = fs::read(&file).unwrap();
            assert!(whole.starts_with(&kept) && (kept.is_empty() || kept.ends_with(b"\n")));
        }
        // In the middle of a character.
        fs::write(
            &file,
            [
                &whole[..],
                "{\"ended\":\"Z\u{fc}".as_bytes().split_last().unwrap().1,
            ]
            .concat(),
        )
        .unwrap();
        assert!(run(30).await.is_success());
        assert_eq!(server.sizes(), [10, 10, 10]);
    }

    #[test]
    fn it_is_one_process_s() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("load");
        let first = Checkpoint::file(&file).unwrap();
        let error = Checkpoint::file(&file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
        assert!(error.to_string().contains("another process"), "{error}");
        drop(first);
        Checkpoint::file(&file).unwrap();
    }

    #[test]
    fn what_is_no_checkpoint_is_named_and_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        for (text, says) in [
            (
                "id,email\n1,ada@example.com\n",
                "line 1: this is not a line of a checkpoint",
            ),
            (
                "{\"open\":{\"indexes\":[[0,1]]}}\n",
                "line 1: the first line of a checkpoint is missing",
            ),
            (
                "{\"load\":{\"version\":9,\"records\":\"x\"}}\n",
                "a newer version",
            ),
            (
                "{\"load\":{\"version\":1,\"records\":\"x\"}}\n{\"open\":{\"indexes\":[[5,5]]}}\n",
                "line 2: this is not a line",
            ),
            (
                "{\"load\":{\"version\":1,\"records\":\"x\"}}\n{\"load\":{\"version\":1,\"records\":\"x\"}}\n",
                "line 2: this starts a second load",
            ),
        ] {
            let file = directory.path().join("load");
            fs::write(&file, text).unwrap();
            let error = Checkpoint::file(&file).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidData);
            assert!(error.to_string().contains(says), "{error}");
            assert!(!error.to_string().contains("ada@"), "{error}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        let error = Checkpoint::file(directory.path()).unwrap_err();
        assert!(
            error
                .to_string()
                .contains(&directory.path().display().to_string()),
            "{error}"
        );
    }
}
