//! What is sent.

use std::time::Duration;

use omneo_api::filters::{benefit, profile, reward, reward_definition, transaction};
use omneo_api::omneo_types::jiff::civil::date;
use omneo_api::omneo_types::{Decimal, Id};
use omneo_api::{ErrorKind, filter, types};
use reqwest::header::{HeaderName, HeaderValue};

use super::server::Server;

/// What a list asks for, without what chooses the page.
macro_rules! sent {
    (|$api:ident| $list:expr) => {{
        let server = Server::of(1);
        let $api = server.api();
        $list.await.unwrap();
        server.only().shown()
    }};
}

#[tokio::test]
async fn typed_filters_are_sent_in_the_servers_form() {
    assert_eq!(
        sent!(|api| api
            .rewards()
            .list()
            .filter(reward::expires_at.gte(date(2026, 1, 31)))
            .filter(reward::value_remaining.gt(Decimal::new(1050, 2)))
            .filter(reward::profile_id.is_in([&Id::from("9332c9b2"), &Id::from(7)]))
            .filter(reward::source_type.ne("transaction"))
            .filter(reward::meta.nullable(true))),
        "filter[expires_at][gte]=2026-01-31 00:00:00&filter[value_remaining][gt]=10.50\
         &filter[profile_id][in]=9332c9b2,7&filter[source_type][ne]=transaction&filter[meta][nullable]=1"
    );
    assert_eq!(
        sent!(|api| api
            .rewards()
            .definitions()
            .list()
            .filter(reward_definition::is_published.eq(true))
            .filter(reward_definition::period_type.eq(types::PeriodType::Days))),
        "filter[is_published]=1&filter[period_type]=days"
    );
}

#[tokio::test]
async fn fields_of_relations_keep_the_spelling_of_the_schema() {
    assert_eq!(
        sent!(|api| api
            .transactions()
            .list()
            .filter(transaction::tags_handle.eq("vip"))
            .filter(transaction::profile_identities_identifier.eq("1004993MH"))),
        "filter[tags.handle]=vip&filter[profile.identities.identifier]=1004993MH"
    );
    assert_eq!(
        sent!(|api| api
            .profile("p-1")
            .benefits()
            .list()
            .filter(benefit::definition_type.eq("discount"))
            .filter(benefit::tags.eq("a"))
            .filter(benefit::tags.eq("b"))),
        "filter[definition][type]=discount&tags[]=a&tags[]=b"
    );
    assert_eq!(
        sent!(|api| api
            .profiles()
            .list()
            .filter(profile::custom_field.key("shop").key("size").gte(42))
            .filter(profile::search_with.key("email").eq("ada"))
            .filter(profile::json_contains.eq("x"))),
        "filter[custom_field][shop][size][gte]=42&filter[search_with][email]=ada&filter[json_contains]=x"
    );
}

#[tokio::test]
async fn a_filter_of_any_name_is_sent() {
    assert_eq!(
        sent!(|api| api
            .rewards()
            .list()
            .filter(filter("any.name").eq("x"))
            .filter(filter("a[b]").lt(5))
            .filter(filter("a][b").is_in([true, false]))),
        "filter[any.name]=x&filter[a][b][lt]=5&filter[a][b][in]=1,0"
    );
}

#[tokio::test]
async fn a_value_stays_a_value_whatever_is_in_it() {
    let value = "a&filter[b]=c#d+e %20é";
    let server = Server::of(1);
    let list = server.api().rewards().list();
    list.filter(reward::source_type.eq(value)).await.unwrap();
    assert_eq!(server.only().get("filter[source_type]"), Some(value));
}

#[tokio::test]
async fn orders_and_includes_are_comma_lists() {
    assert_eq!(
        sent!(|api| api
            .identities()
            .query("sort", "handle")
            .list()
            .sort("-created_at")
            .include("profile")
            .sort(filter("id").asc())
            .include("other")
            .query("currency", "AUD")),
        "sort=handle,-created_at,id&include=profile,other&currency=AUD"
    );
    assert_eq!(
        sent!(|api| api.rewards().list().sort(reward::expires_at.desc())),
        "sort=-expires_at"
    );
}

#[tokio::test]
async fn a_search_goes_by_what_the_operation_has() {
    assert_eq!(
        sent!(|api| api.profiles().list().search("ada")),
        "search=ada"
    );
    assert_eq!(
        sent!(|api| api.transactions().list().search("ada")),
        "filter[search]=ada"
    );
}

/// The size and the number of the page that a list asks for.
macro_rules! paged {
    (|$api:ident| $list:expr) => {{
        let server = Server::of(1);
        let $api = server.api();
        $list.await.unwrap();
        let asked = server.only();
        let value = |name| asked.get(name).map(|value| value.parse::<u64>().unwrap());
        (value("page[size]"), value("page[number]"))
    }};
}

#[tokio::test]
async fn a_page_is_chosen_as_far_as_the_operation_has_pages() {
    // Both, neither, and only the size.
    assert_eq!(paged!(|api| api.rewards().list()), (Some(100), Some(1)));
    assert_eq!(
        paged!(|api| api.profile("p-1").addresses().list()),
        (None, None)
    );
    assert_eq!(paged!(|api| api.credits().list()), (Some(100), None));

    assert_eq!(
        paged!(|api| api.rewards().list().page(1)),
        (Some(100), Some(1))
    );
    assert_eq!(
        paged!(|api| api.rewards().list().page(3)),
        (Some(100), Some(3))
    );
    let addresses = |n| move |api: omneo_api::Api| api.profile("p-1").addresses().list().page(n);
    assert_eq!(paged!(|api| addresses(1)(api)), (None, None));
    assert_eq!(paged!(|api| addresses(2)(api)), (None, Some(2)));
    assert_eq!(
        paged!(|api| api.credits().list().page(2)),
        (Some(100), Some(2))
    );
}

#[tokio::test]
async fn the_callers_size_of_a_page_goes_before_the_default() {
    assert_eq!(
        paged!(|api| api.rewards().list().page_size(500)),
        (Some(500), Some(1))
    );
    assert_eq!(
        paged!(|api| api.profile("p-1").addresses().list().page_size(5)),
        (Some(5), None)
    );
    assert_eq!(
        paged!(|api| api.rewards().query("page[size]", 5).list()),
        (Some(5), Some(1))
    );
    assert_eq!(
        paged!(|api| api.rewards().query("page[size]", 5).list().page_size(7)),
        (Some(7), Some(1))
    );
}

#[tokio::test]
async fn options_of_the_handle_and_of_the_list_go_with_every_page() {
    let server = Server::of(3);
    let header = |name| HeaderName::from_static(name);
    let rewards = server.api().rewards().options(|options| {
        options
            .query("currency", "AUD")
            .header(header("x-handle"), HeaderValue::from_static("1"))
    });
    let list = rewards.list().page_size(1).options(|options| {
        options
            .timeout(Duration::from_secs(9))
            .header(header("x-list"), HeaderValue::from_static("2"))
    });
    let ids = super::ids(&mut list.items()).await.unwrap();
    assert_eq!(ids, [1, 2, 3]);
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    for asked in &asked {
        assert_eq!(asked.path, "/api/v3/rewards");
        assert_eq!(asked.shown(), "currency=AUD");
        assert_eq!(asked.request.headers()["x-handle"], "1");
        assert_eq!(asked.request.headers()["x-list"], "2");
        assert_eq!(asked.request.timeout(), Some(&Duration::from_secs(9)));
    }
    // The handle has none of what its list was told.
    rewards.list().await.unwrap();
    let last = server.asked().pop().unwrap();
    assert!(last.request.headers().get("x-list").is_none());
}

#[tokio::test]
async fn what_can_not_be_sent_is_refused_by_every_form() {
    let server = Server::of(9);
    let rewards = || server.api().rewards().list();
    for list in [
        rewards().filter(filter("a]b").eq(1)),
        rewards().filter(reward::timezone.eq("")),
        rewards().filter(reward::profile_id.is_in::<&str>([])),
        rewards().sort("").filter(filter("a").eq(1)),
        rewards().page_size(0),
    ] {
        for error in [
            list.clone().await.unwrap_err(),
            list.page(1).await.unwrap_err(),
            list.items().try_next().await.unwrap_err(),
            list.all(10).await.unwrap_err(),
            list.first().await.unwrap_err(),
            list.count().await.unwrap_err(),
        ] {
            assert!(
                matches!(error.kind(), ErrorKind::InvalidRequest(_)),
                "{error}"
            );
            assert_eq!(error.operation(), Some("rewards_index"));
        }
    }
    let error = rewards().page(0).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::InvalidRequest(_)),
        "{error}"
    );
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_page_number_in_the_query_is_one_page_and_no_list() {
    let server = Server::of(3);
    let list = server
        .api()
        .rewards()
        .query("page[number]", 2)
        .query("page[size]", 1)
        .list();
    let page = list.clone().await.unwrap();
    assert_eq!(super::id(&page.data[0]), 2);
    assert_eq!(server.only().page(), 2);
    for error in [
        list.items().try_next().await.unwrap_err(),
        list.page(1).await.unwrap_err(),
        list.count().await.unwrap_err(),
    ] {
        assert!(
            matches!(error.kind(), ErrorKind::InvalidRequest(_)),
            "{error}"
        );
    }
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn values_are_not_shown() {
    let list = Server::of(1).api().rewards().list();
    let list = list
        .filter(reward::source_type.eq("hush"))
        .query("currency", "hush")
        .search("hush");
    for shown in [format!("{list:?}"), format!("{:?}", list.items())] {
        assert!(!shown.contains("hush"), "{shown}");
        assert!(shown.contains("rewards_index") && shown.contains("filter[source_type]"));
    }
}
