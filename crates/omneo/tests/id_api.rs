//! The ID API: the handle of a profile under another base, with tokens of the customer's own.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(feature = "profiles", feature = "incentives", feature = "commerce"))]

use std::time::Duration;

use fault_server::{Fault, FaultServer, Moment, Response};
use httpmock::{Mock, MockServer};
use omneo::auth::ShopifyLogin;
use omneo::http::{HeaderName, HeaderValue, Method};
use omneo::testing::ManualTimer;
use omneo::{ErrorKind, HandleExt, Omneo, RetryPolicy, Token, identity};
use serde_json::{Value, json};

fn omneo(server: &MockServer) -> Omneo {
    Omneo::builder()
        .base_url(format!("{}/api", server.base_url()))
        .token("admin")
        .timer(ManualTimer::new())
        .build()
        .unwrap()
}

/// A route of the ID API that answers `{data}` to the customer's token.
fn route<'s>(server: &'s MockServer, method: &str, path: &str, data: &Value) -> Mock<'s> {
    server.mock(|when, then| {
        when.method(method)
            .path(format!("/id/api/v1{path}"))
            .header("authorization", "Bearer customer");
        then.json_body(json!({ "data": data }));
    })
}

fn login<'s>(server: &'s MockServer, body: Value, exp: i64) -> Mock<'s> {
    server.mock(|when, then| {
        when.method("POST")
            .path("/id/api/v1/auth/token")
            .header("authorization", "Bearer admin")
            .json_body(body);
        then.json_body(json!({"data": {"token": "customer", "exp": exp}}));
    })
}

#[tokio::test]
async fn a_profile_is_reached_by_me_with_the_customers_token() {
    let server = MockServer::start_async().await;
    let me = omneo(&server).id(Token::new("customer").unwrap());
    let calls = [
        route(
            &server,
            "GET",
            "/profiles/me",
            &json!({"first_name": "Ada"}),
        ),
        route(
            &server,
            "PUT",
            "/profiles/me",
            &json!({"first_name": "Ada"}),
        ),
        route(
            &server,
            "GET",
            "/profiles/me/balances",
            &json!({"reward_balance": 5}),
        ),
        route(&server, "GET", "/profiles/me/rewards/7", &json!({"id": 7})),
        route(
            &server,
            "GET",
            "/profiles/me/attributes/custom/shop:size",
            &json!({}),
        ),
        route(&server, "DELETE", "/profiles/me/purge", &json!(null)),
    ];
    assert_eq!(me.get().await.unwrap().first_name.as_deref(), Some("Ada"));
    me.update(&Default::default()).await.unwrap();
    me.balances().await.unwrap();
    me.rewards().get(7).await.unwrap();
    me.attributes().custom().get("shop:size").await.unwrap();
    me.purge().await.unwrap();
    for call in calls {
        call.assert_calls(1);
    }
}

#[tokio::test]
async fn a_query_goes_along() {
    let server = MockServer::start_async().await;
    let call = server.mock(|when, then| {
        when.path("/id/api/v1/profiles/me/balances")
            .query_param("currency", "AUD");
        then.json_body(json!({"data": {}}));
    });
    let me = omneo(&server).id(Token::new("customer").unwrap());
    let in_dollars = (*me).clone().query("currency", "AUD");
    in_dollars.balances().await.unwrap();
    call.assert_calls(1);
}

#[tokio::test]
async fn limits_and_options_are_those_of_a_handle() {
    let server = MockServer::start_async().await;
    let with_header = |path: &str| {
        server.mock(|when, then| {
            when.path(format!("/id/api/v1{path}")).header("x-till", "7");
            then.json_body(json!({"data": []}));
        })
    };
    let calls = [
        with_header("/profiles/me/identities"),
        with_header("/locations"),
    ];
    let me = omneo(&server).id(Token::new("customer").unwrap());
    let till = HeaderValue::from_static("7");
    let me = me.options(|options| options.header(HeaderName::from_static("x-till"), till));
    let me = me.retry(RetryPolicy::never());
    me.identities().list().await.unwrap();
    me.locations().await.unwrap();
    for call in calls {
        call.assert_calls(1);
    }
    let hasty = me.deadline(Duration::ZERO);
    assert!(hasty.get().await.unwrap_err().is_timeout());
    assert!(hasty.locations().await.unwrap_err().is_timeout());
    assert!(hasty.connected(12).get().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_connected_profile_has_a_path_of_its_own() {
    let server = MockServer::start_async().await;
    let me = omneo(&server).id(Token::new("customer").unwrap());
    let child = me.connected(12);
    let get = route(&server, "GET", "/profiles/connection/12", &json!({}));
    let rewards = route(
        &server,
        "GET",
        "/profiles/connection/12/rewards/7",
        &json!({}),
    );
    child.get().await.unwrap();
    child.rewards().get(7).await.unwrap();
    get.assert_calls(1);
    rewards.assert_calls(1);
    let error = me.connected("../me").get().await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::InvalidRequest(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn what_the_id_api_does_not_have_is_not_sent() {
    let server = MockServer::start_async().await;
    let anything = server.mock(|when, then| {
        when.is_true(|_| true);
        then.json_body(json!({"data": {}}));
    });
    let me = omneo(&server).id(Token::new("customer").unwrap());
    let error = me.rewards().delete(7).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the ID API has no DELETE /v3/profiles/{profile}/rewards/{reward}"),
        "{error}"
    );
    // The bindings below reach what is no profile's, too.
    let error = me.client().rewards_show(&7.into()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("belongs to the profile of its token"),
        "{error}"
    );
    // Another profile's would answer with that of the token.
    let other = me
        .client()
        .profiles_show(&"other".into())
        .await
        .unwrap_err();
    assert!(
        other.to_string().contains("the profile of its token"),
        "{other}"
    );
    anything.assert_calls(0);
}

#[tokio::test]
async fn routes_beside_a_profile_are_requests() {
    let server = MockServer::start_async().await;
    let me = omneo(&server).id(Token::new("customer").unwrap());
    let enrol = route(&server, "POST", "/profiles", &json!({"id": "p-1"}));
    let locations = route(&server, "GET", "/locations", &json!([{"name": "Fitzroy"}]));
    let badges = route(&server, "GET", "/profiles/me/badges", &json!([]));
    me.enrol(&json!({"email": "ada@example.com"}))
        .await
        .unwrap();
    let found = me.locations().await.unwrap();
    assert_eq!(found.data[0].name.as_deref(), Some("Fitzroy"));
    let request = me.request(Method::GET, "/profiles/me/badges");
    request.send::<Value>().await.unwrap();
    for call in [enrol, locations, badges] {
        call.assert_calls(1);
    }
}

#[tokio::test]
async fn an_id_token_is_got_by_id_by_identity_or_for_nobody() {
    let server = MockServer::start_async().await;
    let omneo = omneo(&server);
    let by_id = login(&server, json!({"id": "p-1"}), 1_700_000_000);
    let token = omneo.id_token("p-1").await.unwrap();
    let expires = token.expires_at().unwrap();
    let epoch = std::time::SystemTime::UNIX_EPOCH;
    assert_eq!(
        expires.duration_since(epoch).unwrap().as_secs(),
        1_700_000_000
    );
    assert_eq!(token.token().expose(), "customer");
    assert!(!format!("{token:?}").contains("customer"));
    by_id.assert_calls(1);

    let by_identity = login(
        &server,
        json!({"id": "1004993MH", "id_handle": "magento_id"}),
        1,
    );
    omneo
        .id_token(identity("magento_id", "1004993MH"))
        .await
        .unwrap();
    by_identity.assert_calls(1);

    let anonymous = login(&server, json!({}), 1);
    omneo.anonymous_id_token().await.unwrap();
    anonymous.assert_calls(1);
}

#[tokio::test]
async fn an_id_token_may_say_itself_when_it_expires() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.path("/id/api/v1/auth/token");
        // {"exp":1700000000}
        then.json_body(json!({"data": {"token": "eyJ9.eyJleHAiOjE3MDAwMDAwMDB9.sig"}}));
    });
    let token = omneo(&server).id_token("p-1").await.unwrap();
    let expires = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    assert_eq!(token.expires_at(), Some(expires));
}

#[tokio::test]
async fn a_login_whose_answer_is_lost_is_sent_again() {
    let server = FaultServer::start();
    server.application(|request| match request.path() {
        "/id/api/v1/auth/token" => Response::json(200, &json!({"data": {"token": "customer"}})),
        "/shopify/api/v1/auth/token" => Response::json(200, &json!({"token": "customer"})),
        _ => Response::json(200, &json!({"data": {}})),
    });
    let builder = Omneo::builder().base_url(format!("{}/api", server.url()));
    let builder = builder.token("admin").timer(ManualTimer::new());
    let omneo = builder.build().unwrap();
    server.script([Fault::reset(Moment::Unanswered)]);
    omneo.id_token("p-1").await.unwrap();
    server.script([Fault::reset(Moment::Unanswered)]);
    let me = omneo.id(ShopifyLogin::new("7010205892808", "5ca1ab1e"));
    me.get().await.unwrap();
    assert_eq!(server.received().len(), 5);
}

#[tokio::test]
async fn id_tokens_are_renewed_before_they_expire() {
    let server = MockServer::start_async().await;
    let timer = ManualTimer::new();
    let omneo = Omneo::builder()
        .base_url(format!("{}/api", server.base_url()))
        .token("admin")
        .timer(timer.clone())
        .build()
        .unwrap();
    // An hour after the clock's start.
    let first = login(&server, json!({"id": "p-1"}), 1_706_659_200 + 3600);
    route(&server, "GET", "/profiles/me", &json!({}));
    let me = omneo.id(omneo.id_tokens("p-1"));
    me.get().await.unwrap();
    timer.advance(Duration::from_secs(3500));
    me.clone().get().await.unwrap();
    first.assert_calls(1);
    timer.advance(Duration::from_secs(50));
    me.get().await.unwrap();
    first.assert_calls(2);
}

#[tokio::test]
async fn a_signed_shopify_customer_is_exchanged_for_a_token() {
    let server = MockServer::start_async().await;
    let exchange = server.mock(|when, then| {
        when.method("POST")
            .path("/shopify/api/v1/auth/token")
            .header_missing("authorization")
            .json_body(json!({"id": "7010205892808", "signature": "5ca1ab1e"}));
        then.json_body(json!({"token": "customer"}));
    });
    let get = route(&server, "GET", "/profiles/me", &json!({}));
    let omneo = Omneo::builder()
        .base_url(format!("{}/api", server.base_url()))
        .without_token()
        .build()
        .unwrap();
    let me = omneo.id(ShopifyLogin::new("7010205892808", "5ca1ab1e"));
    me.get().await.unwrap();
    me.get().await.unwrap();
    exchange.assert_calls(1);
    get.assert_calls(2);
}
