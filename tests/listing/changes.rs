//! Lists that change while they are read.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use omneo_api::listing::Drift;
use omneo_api::omneo_types::Integer;
use omneo_api::{Error, ErrorKind};
use proptest::prelude::*;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::server::{Server, page, telling};
use super::{id, ids};

fn drift(added: u64, removed: u64) -> Drift {
    let mut drift = Drift::default();
    drift.added = added;
    drift.removed = removed;
    drift
}

/// Answers each page of a list with the length that it has then.
fn of_lengths(lengths: &'static [u64]) -> Arc<Server> {
    Server::new(move |asked| {
        let at = (asked.page() as usize - 1).min(lengths.len() - 1);
        page(asked, &(1..=lengths[at]).collect::<Vec<_>>()).into()
    })
}

#[tokio::test]
async fn growth_goes_on_to_the_new_last_page() {
    let server = of_lengths(&[4, 4, 7]);
    let mut items = server
        .api()
        .rewards()
        .list()
        .page_size(2)
        .prefetch(0)
        .items();
    // The last page was the second, until the second was read.
    let server_grows = of_lengths(&[4, 7]);
    let mut growing = server_grows.api().rewards().list().page_size(2).items();
    assert_eq!(ids(&mut items).await.unwrap(), [1, 2, 3, 4]);
    assert_eq!(items.drift(), drift(0, 0));
    assert_eq!(ids(&mut growing).await.unwrap(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(growing.drift(), drift(3, 0));
    assert_eq!(growing.total(), Some(7));
}

#[tokio::test]
async fn a_list_that_shrinks_ends_sooner_and_says_so() {
    let server = of_lengths(&[8, 8, 5]);
    let mut items = server
        .api()
        .rewards()
        .list()
        .page_size(2)
        .prefetch(0)
        .items();
    assert_eq!(ids(&mut items).await.unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(server.pages(), [1, 2, 3]);
    assert_eq!(items.drift(), drift(0, 3));
}

#[tokio::test]
async fn a_page_that_is_ahead_when_the_list_shrinks_is_read_too() {
    let server = of_lengths(&[8, 2]);
    let mut pages = server
        .api()
        .rewards()
        .list()
        .page_size(2)
        .prefetch(2)
        .pages();
    let mut lengths = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        lengths.push(page.len());
    }
    assert_eq!(lengths, [2, 0, 0]);
    assert_eq!(server.pages(), [1, 2, 3]);
}

#[tokio::test]
async fn an_empty_or_short_page_in_the_middle_does_not_end_the_list() {
    let server = Server::new(|asked| {
        let number = asked.page();
        let records = match number {
            2 | 3 => vec![],
            4 => vec![json!({"id": 40})],
            _ => vec![json!({"id": number * 10}), json!({"id": number * 10 + 1})],
        };
        json!({"data": records, "meta": {"current_page": number, "last_page": 5}}).into()
    });
    let mut items = server.api().rewards().list().items();
    assert_eq!(ids(&mut items).await.unwrap(), [10, 11, 40, 50, 51]);
}

#[tokio::test]
async fn a_last_page_that_is_not_told_again_stays() {
    let server = Server::new(|asked| match asked.page() {
        1 => telling(asked, &json!({"current_page": 1, "last_page": 3})).into(),
        _ => json!({"data": [{"id": asked.page()}]}).into(),
    });
    let mut items = server.api().rewards().list().items();
    assert_eq!(ids(&mut items).await.unwrap(), [1, 2, 3]);
}

#[tokio::test]
async fn strict_makes_an_error_of_what_may_be_missed() {
    for prefetch in [0, 1, 3] {
        let server = of_lengths(&[8, 8, 5, 9]);
        let list = server
            .api()
            .rewards()
            .list()
            .page_size(2)
            .prefetch(prefetch);
        let mut items = list.strict().items();
        let mut seen = Vec::new();
        let error = loop {
            match items.next().await.unwrap() {
                Ok(reward) => seen.push(id(&reward)),
                Err(error) => break error,
            }
        };
        assert_eq!(seen, [1, 2, 3, 4]);
        assert!(matches!(
            error.kind(),
            ErrorKind::ListChanged {
                before: 8,
                after: 5
            }
        ));
        assert_eq!(
            error.to_string(),
            "rewards_index: page 3: the list fell from 8 to 5 records while it was read, so some may have been missed; list it again"
        );
        assert!(items.next().await.is_none());
    }
}

#[tokio::test]
async fn strict_takes_additions() {
    let server = of_lengths(&[4, 5, 6]);
    let mut items = server.api().rewards().list().page_size(2).strict().items();
    assert_eq!(ids(&mut items).await.unwrap(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(items.drift(), drift(2, 0));
}

#[tokio::test]
async fn a_list_that_grows_for_ever_without_records_is_an_error() {
    let server = Server::new(|asked| {
        let meta = json!({"current_page": asked.page(), "last_page": asked.page() + 1});
        let records = match asked.page() {
            1 => vec![json!({"id": 1})],
            _ => vec![],
        };
        json!({"data": records, "meta": meta}).into()
    });
    let mut items = server.api().rewards().list().items();
    assert_eq!(id(&items.try_next().await.unwrap().unwrap()), 1);
    let error = items.try_next().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ListBroken(_)));
    assert!(
        error.to_string().contains("the last 100 pages were empty"),
        "{error}"
    );
    assert_eq!(error.page(), Some(101));
    assert!(server.asked().len() <= 102);
}

#[tokio::test]
async fn a_last_page_that_is_never_reached_is_an_error() {
    let server = Server::new(|asked| {
        let meta = json!({"current_page": asked.page(), "last_page": i64::MAX});
        json!({"data": [], "meta": meta}).into()
    });
    let error = server.api().rewards().list().first().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ListBroken(_)), "{error}");
}

#[tokio::test]
async fn a_server_that_always_answers_the_first_page_is_not_read_for_ever() {
    let server = Server::new(|_| {
        json!({"data": [{"id": 1}], "meta": {"current_page": 1, "last_page": 3}}).into()
    });
    let mut items = server.api().credits().list().items();
    items.try_next().await.unwrap();
    let error = items.try_next().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ListBroken(_)));
    assert!(
        error
            .to_string()
            .starts_with("credits_index: page 2: the server answered page 1 in its place"),
        "{error}"
    );
}

/// Keeps the warnings of this thread, as `name=value` pairs.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN && metadata.target().starts_with("omneo_api")
    }

    fn event(&self, event: &Event<'_>) {
        struct Pairs(String);
        impl Visit for Pairs {
            fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
                self.0 += &format!("{field}={value:?} ");
            }
        }
        let mut pairs = Pairs(String::new());
        event.record(&mut pairs);
        self.0.lock().unwrap().push(pairs.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn what_may_be_missed_is_a_warning() {
    let warnings = Warnings::default();
    // With one subscriber in the process, `tracing` asks that of the thread which comes first, and that is another
    // test's, which has none.
    let _second = tracing::Dispatch::new(warnings.clone());
    let guard = tracing::subscriber::set_default(warnings.clone());
    let grown = of_lengths(&[4, 5]);
    ids(&mut grown.api().rewards().list().page_size(2).items())
        .await
        .unwrap();
    assert!(warnings.0.lock().unwrap().is_empty());
    let shrunk = of_lengths(&[4, 3]);
    ids(&mut shrunk.api().rewards().list().page_size(2).items())
        .await
        .unwrap();
    drop(guard);
    let warnings = warnings.0.lock().unwrap();
    let [warning] = &warnings[..] else {
        panic!("{warnings:?}");
    };
    for part in [
        "operation=\"rewards_index\"",
        "page=2",
        "before=4",
        "after=3",
    ] {
        assert!(warning.contains(part), "{part} is not in {warning}");
    }
}

/// What happens to a list before a page is read.
#[derive(Clone, Copy, Debug)]
enum Change {
    Nothing,
    /// This many, at this place.
    Add(usize, usize),
    Remove(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => Just(Change::Nothing),
        1 => (1..5_usize, 0..40_usize).prop_map(|(count, at)| Change::Add(count, at)),
        1 => (1..8_usize, 0..40_usize).prop_map(|(count, at)| Change::Remove(count, at)),
    ]
}

impl Change {
    fn apply(self, records: &mut Vec<u64>, next: &mut u64) {
        match self {
            Change::Nothing => {}
            Change::Add(count, at) => {
                for _ in 0..count {
                    records.insert(at.min(records.len()), *next);
                    *next += 1;
                }
            }
            Change::Remove(count, at) => {
                let at = at.min(records.len());
                records.drain(at..(at + count).min(records.len()));
            }
        }
    }
}

/// What a program sees of a list, and what the server knows.
struct Seen {
    /// Number, last page and total of each page, in the order in which they came.
    pages: Vec<(u64, u64, u64)>,
    records: BTreeSet<u64>,
    drift: Drift,
    error: Option<Error>,
    asked: Vec<u64>,
    /// The records that the list had all the while.
    stayed: BTreeSet<u64>,
}

fn read(start: u64, size: u32, prefetch: usize, strict: bool, changes: Vec<Change>) -> Seen {
    let records = Arc::new(Mutex::new((1..=start).collect::<Vec<_>>()));
    let stayed = Arc::new(Mutex::new((1..=start).collect::<BTreeSet<_>>()));
    let (held, kept) = (records.clone(), stayed.clone());
    let mut changes = changes.into_iter();
    let mut next = 1_000;
    let server = Server::new(move |asked| {
        let mut records = held.lock().unwrap();
        if asked.page() > 1 {
            changes
                .next()
                .unwrap_or(Change::Nothing)
                .apply(&mut records, &mut next);
        }
        kept.lock().unwrap().retain(|id| records.contains(id));
        page(asked, &records).into()
    });
    let mut list = server
        .api()
        .rewards()
        .list()
        .page_size(size)
        .prefetch(prefetch);
    if strict {
        list = list.strict();
    }
    let mut stream = list.pages();
    let (mut pages, mut records, mut error) = (Vec::new(), BTreeSet::new(), None);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        while let Some(page) = stream.next().await {
            let page = match page {
                Ok(page) => page,
                Err(why) => {
                    error = Some(why);
                    continue;
                }
            };
            let meta = page.meta.as_ref().unwrap();
            let number = |number: Option<Integer>| u64::try_from(number.unwrap().get()).unwrap();
            pages.push((
                number(meta.current_page),
                number(meta.last_page),
                number(meta.total),
            ));
            records.extend(page.iter().map(id));
            // Nothing is asked for beyond what some page has told.
            let known = pages.iter().map(|(_, last, _)| *last).max().unwrap();
            assert!(server.pages().iter().all(|asked| *asked <= known));
            assert!(server.asked().len() - pages.len() <= prefetch);
        }
    });
    let stayed = stayed.lock().unwrap().clone();
    Seen {
        pages,
        records,
        drift: stream.drift(),
        error,
        asked: server.pages(),
        stayed,
    }
}

proptest! {
    #[test]
    fn no_page_is_skipped_and_what_is_missed_is_told(
        start in 0..40_u64,
        size in 1..7_u32,
        prefetch in 0..5_usize,
        changes in prop::collection::vec(change(), 0..12),
    ) {
        let seen = read(start, size, prefetch, false, changes);
        prop_assert!(seen.error.is_none());
        // In order, from the first, none left out or asked for twice.
        let numbers = seen.pages.iter().map(|(number, ..)| *number);
        prop_assert!(numbers.clone().eq(1..=numbers.count() as u64));
        prop_assert!(seen.asked.iter().copied().eq(1..=seen.asked.len() as u64));
        prop_assert_eq!(seen.asked.len(), seen.pages.len());
        // It ends only where the last page says so.
        let (number, last, _) = *seen.pages.last().unwrap();
        prop_assert!(number >= last, "page {number} of {last} was the last");
        // What fell and what rose is told.
        let pairs = || seen.pages.windows(2).map(|pair| (pair[0].2, pair[1].2));
        prop_assert_eq!(seen.drift.removed, pairs().map(|(a, b)| a.saturating_sub(b)).sum::<u64>());
        prop_assert_eq!(seen.drift.added, pairs().map(|(a, b)| b.saturating_sub(a)).sum::<u64>());
        let missed = seen.stayed.difference(&seen.records).count() as u64;
        prop_assert!(missed <= seen.drift.removed, "{missed} missed, {:?} told", seen.drift);
    }

    #[test]
    fn strict_ends_with_the_first_fall(
        start in 0..40_u64,
        size in 1..7_u32,
        prefetch in 0..5_usize,
        changes in prop::collection::vec(change(), 0..12),
    ) {
        let seen = read(start, size, prefetch, true, changes);
        let falls = seen.pages.windows(2).any(|pair| pair[0].2 > pair[1].2);
        prop_assert!(!falls, "a page came after the list fell");
        let kind = seen.error.as_ref().map(Error::kind);
        match kind {
            None => prop_assert_eq!(seen.stayed.difference(&seen.records).count(), 0),
            Some(ErrorKind::ListChanged { before, after }) => {
                prop_assert!(after < before);
                prop_assert_eq!(seen.pages.last().unwrap().2, *before);
            }
            Some(other) => prop_assert!(false, "{other:?}"),
        }
    }
}
