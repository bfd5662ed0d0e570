//! Handles reach the routes of their resource, whatever its scope, and read what each answers.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use httpmock::MockServer;
use omneo_api::omneo_types::Id;
use omneo_api::{Api, types};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn api(server: &MockServer) -> Api {
    Api::new(&server.base_url(), "a-token").unwrap()
}

fn body<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}

/// Makes each call against a server that has just that route.
macro_rules! reach {
    ($server:ident: $($route:literal gives $status:literal $answer:tt by $call:expr;)*) => {$(
        let (method, path) = $route.split_once(' ').unwrap();
        let mut mock = $server.mock(|when, then| {
            when.is_true(move |request| {
                request.method_str() == method && request.uri().path() == path
            });
            then.status($status).json_body(json!($answer));
        });
        $call.await.unwrap_or_else(|error| panic!("{}: {error}", $route));
        mock.assert();
        mock.delete();
    )*};
}

#[tokio::test]
async fn a_handle_of_each_section_reaches_its_route() {
    let server = MockServer::start_async().await;
    let api = api(&server);
    reach! { server:
        "GET /v3/appointments" gives 200 {"data": []} by api.appointments().list();
        "GET /v3/webhooks/5" gives 200 {"data": {"id": 5}} by api.webhooks().get(5);
        "GET /v3/transactions/T-1" gives 200 {"data": {"id": 1}} by api.transactions().get("T-1");
        "DELETE /v3/regions/au" gives 200 {} by api.regions().delete("au");
        "GET /v3/rewards/definitions" gives 200 {"data": []} by api.rewards().definitions().list();
        "GET /v3/lists/9" gives 200 {"data": {"id": 9}} by api.lists().get(9);
        "GET /v3/users/me" gives 200 {"id": 1} by api.users().me();
        "GET /v3/batches/0f6b" gives 200 {"data": {"uuid": "0f6b"}} by api.batches().get("0f6b");
        "GET /v3/profiles/p-1" gives 200 {"data": {"id": "p-1"}} by api.profiles().get("p-1");
    }
}

#[tokio::test]
async fn a_scope_puts_its_ids_in_the_path() {
    let server = MockServer::start_async().await;
    let api = api(&server);
    let profile = api.profile("p-1");
    let wishlist = profile.list("wishlist");
    reach! { server:
        "GET /v3/profiles/p-1/rewards/7" gives 200 {"data": {"id": 7}} by profile.rewards().get(7);
        "GET /v3/profiles/p-1/balances" gives 200 {"data": {}} by profile.balances();
        "GET /v3/profiles/p-1/attributes/custom/shop:size" gives 200 {"data": {}} by
            profile.attributes().custom().get("shop:size");
        "GET /v3/profiles/p-1/lists/wishlist/items/3" gives 200 {"data": {"id": 3}} by
            wishlist.items().get(3);
        "DELETE /v3/profiles/p-1/lists/wishlist/items/3" gives 200 {"data": []} by
            wishlist.items().delete(3);
        "GET /v3/transactions/8/custom-fields/shop:gift" gives 200 {"data": {}} by
            api.transaction(8).custom_fields().get("shop:gift");
        "GET /v3/locations/external_id/L-1" gives 200 {"data": {"id": 1}} by
            api.locations().get_by_id_type("external_id", "L-1");
    }
}

#[tokio::test]
async fn what_is_not_reading_and_writing_is_a_method_of_its_own() {
    let server = MockServer::start_async().await;
    let api = api(&server);
    let profile = api.profile("p-1");
    let redeem = body::<types::RedeemStrategyInput>(json!({"amount": 20}));
    let statuses = body::<types::ProfileStatusBatchInput>(json!({
        "profiles": [{"profile_id": "p-1", "statuses": ["vip"]}],
    }));
    let export = body::<types::ImportJobExportInput>(json!({"status": "FAILED"}));
    let fields = body::<types::CustomFieldBatchDeleteInput>(json!({
        "custom_fields": [{"namespace": "shop", "handle": "size"}],
    }));
    reach! { server:
        "POST /v3/profiles/p-1/redeem" gives 201 {"data": {"id": 1, "total": "20.00"}} by
            profile.redeem(&redeem);
        "POST /v3/redemptions/1/reversal" gives 200 {"data": {"id": 1}} by
            api.redemption(1).reversal();
        "POST /v3/profile/status/batch.json" gives 202 {"data": {"batch_id": "0f6b"}} by
            api.profile_status().batch_json().create(&statuses);
        "POST /v3/imports/2/jobs/export" gives 200 {"data": "id,status"} by
            api.import(2).jobs().export(&export);
        "DELETE /v3/custom-fields/order/6/batchJsonDelete" gives 200 {"deleted": 1} by
            api.custom_fields().model("order", 6).batch_json_delete(&fields);
        "GET /v3/profiles/p-1/tiers/calculate" gives 200 {"data": {}} by profile.tiers().calculate();
    }
}

#[tokio::test]
async fn a_number_and_its_text_are_one_id() {
    let server = MockServer::start_async().await;
    let api = api(&server);
    reach! { server:
        "GET /v3/rewards/7" gives 200 {"data": {"id": "7"}} by api.rewards().get(7);
        "GET /v3/rewards/7" gives 200 {"data": {"id": 7}} by api.rewards().get("7");
        "GET /v3/rewards/7" gives 200 {"data": {"id": 7}} by api.rewards().get(Id::from(7));
    }
}

#[tokio::test]
async fn an_answer_of_its_operations_own_form_is_read() {
    let server = MockServer::start_async().await;
    let api = api(&server);
    let profile = api.profile("p-1");
    let batch = body::<types::ProfileBatchInput>(json!({"profiles": []}));
    let queue = body::<types::ProductQueueInput>(json!({"external_id": "X", "title": "Hat"}));
    reach! { server:
        "GET /health" gives 200 {"status": "ok"} by api.health();
        "POST /v3/profiles/batch.json" gives 200 {"batch_id": "0f6b"} by
            api.profiles().batch_json(&batch);
        "POST /v3/profiles/batch.json" gives 200 {"data": {"batch_id": "0f6b"}} by
            api.profiles().batch_json(&batch);
        "POST /v3/products/queue" gives 200 {"data": "OK"} by api.products().queue(&queue);
        "GET /v3/profiles/p-1/ledgers" gives 200 [{"id": 1}] by profile.ledgers().list();
        "GET /v3/profiles/p-1/ledgers" gives 200 {"data": [{"id": 1}]} by profile.ledgers().list();
        "GET /v3/profiles/p-1/achievements" gives 200 {"data": {"0": {"id": 1}}} by
            profile.achievements().list();
        "GET /v3/profiles/p-1/find-transactions" gives 200 {"data": {"id": 1}} by
            profile.find_transactions();
        "GET /v3/profiles/p-1/find-transactions" gives 200 {"data": [{"id": 1}]} by
            profile.find_transactions();
        "DELETE /v3/profiles/p-1/attributes/dates/5" gives 200 {"data": [{"id": 6}]} by
            profile.attributes().dates().delete(5);
        "GET /v3/profiles/p-1/group_transactions" gives 200
            {"current_page": 1, "data": [{}], "last_page": "2", "next_page_url": null, "total": 3} by
            profile.group_transactions().list();
    }
}

#[tokio::test]
async fn pages_are_followed_by_number_to_the_last() {
    let server = MockServer::start_async().await;
    for number in 1..=3 {
        server.mock(|when, then| {
            when.path("/v3/rewards")
                .query_param("page[size]", "1")
                .query_param("page[number]", number.to_string());
            then.json_body(json!({
                "data": [{"id": number}],
                // Not to be followed: another host, and another name for the page.
                "links": {"next": "http://elsewhere.invalid/v3/rewards?page=9"},
                "meta": {"current_page": number, "last_page": "3"},
            }));
        });
    }
    let mut rewards = api(&server).rewards().list().page_size(1).items();
    let mut ids = Vec::new();
    while let Some(reward) = rewards.try_next().await.unwrap() {
        ids.extend(reward.id);
    }
    assert_eq!(ids, [1, 2, 3].map(Id::from));
}

#[tokio::test]
async fn the_query_of_a_handle_stays_with_it_and_its_clones() {
    let server = MockServer::start_async().await;
    let api = api(&server);
    let plain = server.mock(|when, then| {
        when.path("/v3/rewards").query_param_missing("sort");
        then.json_body(json!({"data": []}));
    });
    let sorted = server.mock(|when, then| {
        when.query_param("sort", "-expires_at");
        then.json_body(json!({"data": []}));
    });
    let rewards = api.rewards();
    let handle = rewards.clone().query("sort", "-expires_at");
    handle.list().await.unwrap();
    handle.clone().list().await.unwrap();
    rewards.list().await.unwrap();
    sorted.assert_calls(2);
    plain.assert_calls(1);
}

#[tokio::test]
async fn a_refusal_has_the_servers_words() {
    let server = MockServer::start_async().await;
    for (status, message) in [
        (401, "Unauthenticated."),
        (403, "This action is unauthorized."),
        (404, "No query results for model."),
        (429, "Too Many Attempts."),
    ] {
        let mut mock = server.mock(|when, then| {
            when.path("/v3/profiles/p-1");
            then.status(status).json_body(json!({"message": message}));
        });
        let error = api(&server).profiles().get("p-1").await.unwrap_err();
        mock.delete();
        assert_eq!(error.operation(), Some("profiles_show"));
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        let shown = error.to_string();
        assert!(
            shown.contains(message) && shown.contains(&status.to_string()),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_from_one_that_refuses() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let api = Api::new(&url, "a-token").unwrap();
    let error = api.rewards().list().await.unwrap_err();
    assert!(error.is_connect() && error.status().is_none(), "{error:?}");
    assert!(!format!("{error} {error:?}").contains(&url), "{error:?}");
}

#[tokio::test]
async fn a_wrong_amount_is_told_by_its_place() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.path("/v3/profiles/p-1/rewards");
        then.json_body(json!({"data": [
            {"id": 1, "value_remaining": "1.50"},
            {"id": 2, "value_remaining": {"amount": 1}},
        ]}));
    });
    let error = api(&server).profile("p-1").rewards().list().await;
    let shown = error.unwrap_err().to_string();
    for part in ["profiles_rewards_index", "200", "data[1].value_remaining"] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
}
