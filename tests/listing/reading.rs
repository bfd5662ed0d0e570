//! Pages in order, a few of them ahead.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex};

use futures_util::{FutureExt, StreamExt};
use omneo_api::omneo_types::Page;
use omneo_api::types::ProfilesTransactionitemsListType;
use omneo_api::{ErrorKind, List};
use serde_json::json;

use super::server::{Server, failure, page, telling};
use super::{id, ids};

#[tokio::test]
async fn all_pages_are_read_in_order_and_links_are_not_followed() {
    for prefetch in [0, 1, 2, 50] {
        let server = Server::of(7);
        let list = server
            .api()
            .rewards()
            .list()
            .page_size(2)
            .prefetch(prefetch);
        let mut items = list.items();
        assert_eq!(ids(&mut items).await.unwrap(), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(server.pages(), [1, 2, 3, 4]);
        assert_eq!(items.total(), Some(7));
        // Nothing comes after the end.
        assert!(items.next().await.is_none());
        assert_eq!(server.asked().len(), 4);
    }
}

#[tokio::test]
async fn awaiting_a_list_gives_its_first_page() {
    let server = Server::of(7);
    let page = server.api().rewards().list().page_size(3).await.unwrap();
    assert_eq!(page.iter().map(id).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(page.next_page(), Some(2));
    assert_eq!(server.pages(), [1]);
}

#[tokio::test]
async fn a_list_can_be_read_again() {
    let server = Server::of(2);
    let list = server.api().rewards().list().page_size(1);
    for _ in 0..2 {
        assert_eq!(ids(&mut list.items()).await.unwrap(), [1, 2]);
    }
    assert_eq!(list.page(2).await.unwrap().len(), 1);
    assert!(list.page(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_list_in_a_method_that_is_not_called_list_is_one() {
    let server = Server::of(3);
    let api = server.api();
    let profile = api.profile("p-1");
    let assigned = profile
        .transactionitems()
        .list(ProfilesTransactionitemsListType::Assigned);
    assert_eq!(assigned.all(9).await.unwrap().len(), 3);
    let found = api.identities().search_profile("1004993MH").await.unwrap();
    assert_eq!(found.len(), 3);
    let asked = server.asked().pop().unwrap();
    assert_eq!(asked.path, "/api/v3/identities/search-profile/1004993MH");
}

#[tokio::test]
async fn a_page_that_says_nothing_of_others_is_the_whole_list() {
    for answer in [
        json!({"data": [{"id": 1}]}),
        json!({"data": [{"id": 1}], "meta": []}),
        json!({"data": [{"id": 1}], "meta": null, "links": []}),
        json!({"data": [{"id": 1}], "meta": {"current_page": 1}}),
        json!([{"id": 1}]),
    ] {
        let body = answer.clone();
        let server = Server::new(move |_| body.clone().into());
        let items = &mut server.api().rewards().list().items();
        assert_eq!(ids(items).await.unwrap(), [1], "{answer}");
        assert_eq!(server.pages(), [1], "{answer}");
    }
}

#[tokio::test]
async fn numbers_of_pages_may_be_texts() {
    let server = Server::new(|asked| {
        let meta =
            json!({"current_page": asked.page().to_string(), "last_page": "3", "total": "3"});
        telling(asked, &meta).into()
    });
    let mut items = server.api().rewards().list().items();
    assert_eq!(ids(&mut items).await.unwrap(), [1, 2, 3]);
    assert_eq!(items.total(), Some(3));
}

#[tokio::test]
async fn laravels_own_pages_are_counted_like_the_others() {
    let server = Server::new(|asked| {
        json!({"current_page": asked.page(), "data": [{}], "last_page": "3", "total": 3, "next_page_url": "http://x"}).into()
    });
    let list = server.api().profile("p-1").group_transactions().list();
    assert_eq!(list.all(3).await.unwrap().len(), 3);
    assert_eq!(server.pages(), [1, 2, 3]);
}

#[tokio::test]
async fn pages_that_tell_only_of_a_next_one_are_counted_too() {
    let server = Server::new(|asked| {
        let next = (asked.page() < 3).then_some("http://elsewhere.invalid/v3/rewards?page=9");
        json!({"current_page": asked.page(), "data": [{}], "next_page_url": next}).into()
    });
    let list = server.api().profile("p-1").group_orders().list();
    assert_eq!(list.all(3).await.unwrap().len(), 3);
    assert_eq!(server.pages(), [1, 2, 3]);
}

#[tokio::test]
async fn the_next_page_is_asked_for_before_the_one_in_hand_is_given_out() {
    let server =
        Server::new(|asked| super::server::Answer::from(page(asked, &[1, 2, 3, 4])).after(1));
    let mut pages = server.api().rewards().list().page_size(1).pages();
    pages.next().await.unwrap().unwrap();
    assert_eq!(server.pages(), [1, 2]);
    assert_eq!(server.open(), 1);
    pages.next().await.unwrap().unwrap();
    assert_eq!(server.pages(), [1, 2, 3]);
}

#[tokio::test]
async fn without_prefetching_a_page_is_asked_for_when_it_is_needed() {
    let server = Server::of(2);
    let mut items = server
        .api()
        .rewards()
        .list()
        .page_size(1)
        .prefetch(0)
        .items();
    items.next().await.unwrap().unwrap();
    assert_eq!(server.pages(), [1]);
    items.next().await.unwrap().unwrap();
    assert_eq!(server.pages(), [1, 2]);
    assert!(items.next().await.is_none());
    assert_eq!(server.pages(), [1, 2]);
}

#[tokio::test]
async fn no_more_pages_are_ahead_than_is_allowed() {
    for prefetch in [1, 2, 3, 5] {
        let server =
            Server::new(|asked| super::server::Answer::from(page(asked, &[0; 12])).after(3));
        let list = server
            .api()
            .rewards()
            .list()
            .page_size(1)
            .prefetch(prefetch);
        let mut pages = list.pages();
        let mut taken = 0;
        while pages.try_next().await.unwrap().is_some() {
            taken += 1;
            let ahead = server.asked().len() - taken;
            assert_eq!(ahead, prefetch.min(12 - taken), "after page {taken}");
        }
        assert_eq!(taken, 12);
        assert_eq!(server.most(), prefetch);
    }
}

#[tokio::test]
async fn nothing_is_ahead_of_the_first_page() {
    let server = Server::new(|asked| super::server::Answer::from(page(asked, &[0; 9])).after(5));
    let mut pages = server
        .api()
        .rewards()
        .list()
        .page_size(1)
        .prefetch(4)
        .pages();
    {
        let mut first = pin!(pages.next());
        for _ in 0..5 {
            assert!(first.as_mut().now_or_never().is_none());
            assert_eq!(server.pages(), [1]);
        }
    }
    pages.next().await.unwrap().unwrap();
    assert_eq!(server.pages(), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn pages_come_in_order_also_if_later_ones_are_answered_sooner() {
    let server = Server::new(|asked| {
        let polls = usize::try_from(20 - 4 * asked.page() % 17).unwrap();
        super::server::Answer::from(page(asked, &[1, 2, 3, 4, 5, 6])).after(polls)
    });
    let list = server.api().rewards().list().page_size(1).prefetch(5);
    assert_eq!(ids(&mut list.items()).await.unwrap(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(server.most(), 5);
}

#[tokio::test]
async fn pages_ahead_come_on_while_records_are_taken() {
    let server =
        Server::new(|asked| super::server::Answer::from(page(asked, &[1, 2, 3, 4, 5, 6])).after(2));
    let mut items = server.api().rewards().list().page_size(3).items();
    items.next().await.unwrap().unwrap();
    assert_eq!(server.open(), 1);
    items.next().now_or_never().unwrap().unwrap().unwrap();
    items.next().now_or_never().unwrap().unwrap().unwrap();
    assert_eq!(server.open(), 0);
}

#[tokio::test]
async fn an_error_comes_in_its_turn_and_nothing_after_it() {
    for prefetch in [0, 1, 4] {
        let server = Server::new(|asked| match asked.page() {
            3 => failure(500),
            _ => super::server::Answer::from(page(asked, &[1, 2, 3, 4, 5])).after(2),
        });
        let list = server
            .api()
            .rewards()
            .list()
            .page_size(1)
            .prefetch(prefetch);
        let mut items = list.items();
        let mut seen = Vec::new();
        let error = loop {
            match items.next().await.unwrap() {
                Ok(reward) => seen.push(id(&reward)),
                Err(error) => break error,
            }
        };
        assert_eq!(seen, [1, 2]);
        assert_eq!(error.page(), Some(3));
        assert!(matches!(error.kind(), ErrorKind::Server(_)), "{error}");
        assert!(
            error
                .to_string()
                .starts_with("rewards_index: page 3: the server answered 500"),
            "{error}"
        );
        assert!(items.next().await.is_none());
        assert_eq!(server.open(), 0, "a page is still on its way");
    }
}

#[tokio::test]
async fn an_error_of_a_list_without_pages_names_none() {
    let server = Server::new(|_| failure(404));
    let api = server.api();
    let addresses = api.profile("p-1").addresses().list();
    for error in [
        addresses.items().try_next().await.unwrap_err(),
        addresses.await.unwrap_err(),
    ] {
        assert_eq!(error.page(), None);
        assert!(!error.to_string().contains("page"), "{error}");
    }
}

#[tokio::test]
async fn a_next_that_is_dropped_half_way_loses_nothing() {
    let server = Server::new(|asked| super::server::Answer::from(page(asked, &[1, 2, 3])).after(1));
    let mut items = server.api().rewards().list().page_size(1).items();
    let mut seen = Vec::new();
    loop {
        // Polled once, then dropped.
        match items.next().now_or_never() {
            None => continue,
            Some(None) => break,
            Some(Some(reward)) => seen.push(id(&reward.unwrap())),
        }
    }
    assert_eq!(seen, [1, 2, 3]);
    assert_eq!(server.pages(), [1, 2, 3]);
}

#[tokio::test]
async fn dropping_a_stream_drops_what_is_on_its_way() {
    let server = Server::new(|asked| super::server::Answer::from(page(asked, &[0; 9])).after(1));
    let mut pages = server
        .api()
        .rewards()
        .list()
        .page_size(1)
        .prefetch(3)
        .pages();
    pages.next().await.unwrap().unwrap();
    assert_eq!(server.open(), 3);
    drop(pages);
    assert_eq!(server.open(), 0);
}

#[tokio::test]
async fn items_and_pages_are_streams() {
    let server = Server::of(5);
    let list = server.api().rewards().list().page_size(2);
    let odd = list.items().filter_map(|reward| async move {
        let id = id(&reward.unwrap());
        (id % 2 == 1).then_some(id)
    });
    assert_eq!(odd.collect::<Vec<_>>().await, [1, 3, 5]);
    let lengths = list.pages().map(|page| page.unwrap().len());
    assert_eq!(lengths.collect::<Vec<_>>().await, [2, 2, 1]);
}

/// A record that is counted as long as it is kept.
struct Counted(#[allow(dead_code)] Arc<()>);

#[tokio::test]
async fn a_long_list_takes_no_more_memory_than_a_few_pages() {
    const PAGES: u64 = 2_000;
    const SIZE: usize = 50;
    let kept = Arc::new(());
    let numbers = Arc::new(Mutex::new(BTreeMap::new()));
    let (records, asked) = (kept.clone(), numbers.clone());
    let list = List::new(&Server::of(0).client(), "rewards_index", move |client| {
        let query = &client.options().query;
        let (_, number) = query
            .iter()
            .find(|(name, _)| name == "page[number]")
            .unwrap();
        *asked
            .lock()
            .unwrap()
            .entry(number.parse::<u64>().unwrap())
            .or_insert(0) += 1;
        let records = (0..SIZE)
            .map(|_| Counted(records.clone()))
            .collect::<Vec<_>>();
        let mut page = Page::from(records);
        page.meta =
            serde_json::from_value(json!({"current_page": number, "last_page": PAGES})).unwrap();
        async move { Ok(page) }
    });
    let mut items = list.prefetch(3).items();
    let mut count = 0;
    while let Some(item) = items.try_next().await.unwrap() {
        count += 1;
        drop(item);
        let kept = Arc::strong_count(&kept);
        assert!(kept <= 2 + 4 * SIZE, "{kept} records are kept");
    }
    assert_eq!(count, PAGES as usize * SIZE);
    let numbers = numbers.lock().unwrap();
    assert!(numbers.keys().copied().eq(1..=PAGES) && numbers.values().all(|times| *times == 1));
}
