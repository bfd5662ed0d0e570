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
