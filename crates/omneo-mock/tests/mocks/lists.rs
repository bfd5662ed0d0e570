//! Lists and their pages.

use omneo::filters::reward;
use omneo::types::Reward;
use omneo_mock::sample;

use crate::start;

fn rewards(count: i64) -> impl Iterator<Item = Reward> {
    (1..=count).map(|id| Reward {
        id: Some(id.into()),
        ..sample::reward()
    })
}

#[tokio::test]
async fn a_list_is_read_over_all_its_pages() {
    let (server, omneo) = start().await;
    let mock = server.rewards_index(|_, then| then.items(rewards(7)));
    let mut items = omneo.rewards().list().page_size(3).items();
    let mut ids = Vec::new();
    while let Some(reward) = items.try_next().await.unwrap() {
        ids.push(reward.id.unwrap().to_string());
    }
    assert_eq!(ids, ["1", "2", "3", "4", "5", "6", "7"]);
    mock.assert_calls(3);
}

#[tokio::test]
async fn a_page_says_which_of_how_many_it_is() {
    let (server, omneo) = start().await;
    server.rewards_index(|_, then| then.items(rewards(17)));
    let list = || omneo.rewards().list();
    let first = list().page_size(15).await.unwrap();
    let meta = first.meta.unwrap();
    assert_eq!(first.data.len(), 15);
    assert_eq!(meta.total.unwrap(), 17);
    assert_eq!(meta.to.unwrap(), 15);

    let last = list().page_size(15).page(2).await.unwrap();
    let meta = last.meta.unwrap();
    assert_eq!(last.data.len(), 2);
    assert_eq!(meta.last_page.unwrap(), 2);
    assert_eq!(meta.from.unwrap(), 16);
    assert_eq!(last.links.unwrap().next, None);

    let beyond = list().page(3).await.unwrap();
    assert!(beyond.is_empty());
    assert_eq!(beyond.meta.unwrap().from, None);
    assert_eq!(list().count().await.unwrap(), 17);
}

#[tokio::test]
async fn a_page_is_met_by_its_number_and_filter() {
    let (server, omneo) = start().await;
    let pages = [1, 2].map(|number| {
        server.rewards_index(|when, then| {
            when.query("filter[value_remaining][gt]", 0)
                .page_number(number)
                .page_size(100);
            then.page(rewards(1), number, 2);
        })
    });
    let list = omneo.rewards().list().filter(reward::value_remaining.gt(0));
    assert_eq!(list.all(10).await.unwrap().len(), 2);
    for page in pages {
        page.assert_calls(1);
    }
}

#[tokio::test]
async fn a_request_without_a_number_is_for_the_first_page() {
    let (server, omneo) = start().await;
    let mock = server.rewards_index(|when, then| {
        when.page_number(1).query_missing("sort");
        then.items([]);
    });
    assert!(omneo.api().rewards_index().await.unwrap().is_empty());
    omneo.rewards().list().page(1).await.unwrap();
    mock.assert_calls(2);
    omneo.rewards().list().page(2).await.unwrap_err();
    omneo.rewards().list().sort("id").await.unwrap_err();
    mock.assert_calls(2);
}

#[tokio::test]
async fn a_list_without_pages_comes_whole() {
    let (server, omneo) = start().await;
    server.rewards_extend(|_, then| then.items(rewards(40)));
    server.auth_scopes(|_, then| then.items([sample::auth_scope()]));
    let body = serde_json::from_str(r#"{"ids": [1], "profile_id": "p-1"}"#).unwrap();
    let answer = omneo.api().rewards_extend(&body).await.unwrap();
    assert_eq!((answer.data.len(), &answer.meta), (40, &None));
    let scopes = omneo.api().auth_scopes().await.unwrap();
    assert_eq!(scopes.len(), 1);
}

#[tokio::test]
async fn laravels_own_page_has_its_own_form() {
    let (server, omneo) = start().await;
    server.profiles_group_transactions(|when, then| {
        when.profile("p-1");
        then.items((0..20).map(|_| sample::grouped_transaction()));
    });
    let profile = "p-1".into();
    let page = omneo.api().profiles_group_transactions(&profile).await;
    let page = page.unwrap().into_inner();
    assert_eq!((page.len(), page.next_page()), (15, Some(2)));
    let pages = omneo.profile("p-1").group_transactions().list();
    assert_eq!(pages.all(20).await.unwrap().len(), 20);
}
