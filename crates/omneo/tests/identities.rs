//! Profiles by an identity: looked up once, remembered, and never mistaken for another.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(feature = "profiles", feature = "incentives"))]

use std::time::Duration;

use fault_server::{Fault, FaultServer, Moment, Response};
use httpmock::{Mock, MockServer};
use omneo::testing::ManualTimer;
use omneo::{ErrorKind, HandleExt, Omneo, identity};
use serde_json::json;

fn omneo(server: &MockServer, timer: &ManualTimer) -> Omneo {
    Omneo::builder()
        .base_url(format!("{}/api", server.base_url()))
        .token("hush")
        .timer(timer.clone())
        .build()
        .unwrap()
}

fn lookup<'s>(server: &'s MockServer, handle: &str, value: &str, id: &str) -> Mock<'s> {
    server.mock(|when, then| {
        when.method("POST")
            .path("/api/v3/profiles/exists")
            .header("authorization", "Bearer hush")
            .json_body(json!({"type": handle, "id": value}));
        then.json_body(json!({"data": {"id": id}}));
    })
}

fn balances<'s>(server: &'s MockServer, id: &str, status: u16) -> Mock<'s> {
    server.mock(|when, then| {
        when.path(format!("/api/v3/profiles/{id}/balances"));
        then.status(status).json_body(json!({"data": {}}));
    })
}

#[tokio::test]
async fn an_identity_is_looked_up_once_in_ten_minutes() {
    let server = MockServer::start_async().await;
    let timer = ManualTimer::new();
    let omneo = omneo(&server, &timer);
    let lookup = lookup(&server, "shopify", "123", "p-1");
    let balances = balances(&server, "p-1", 200);
    for (minute, lookups) in [(0, 1), (9, 1), (11, 2)] {
        timer.advance(Duration::from_secs(minute * 60) - timer.passed());
        let profile = omneo.clone().profile(identity("shopify", 123));
        profile.balances().await.unwrap();
        lookup.assert_calls(lookups);
    }
    balances.assert_calls(3);
}

#[tokio::test]
async fn everything_below_an_identity_goes_to_its_profile() {
    let server = MockServer::start_async().await;
    let omneo = omneo(&server, &ManualTimer::new());
    // No path could carry this one.
    lookup(&server, "pos", "../a/b %2e", "p-2");
    let reward = server.mock(|when, then| {
        when.path("/api/v3/profiles/p-2/rewards/7")
            .query_param("include", "profile");
        then.json_body(json!({"data": {"id": 7}}));
    });
    let rewards = omneo.profile(identity("pos", "../a/b %2e")).rewards();
    rewards.query("include", "profile").get(7).await.unwrap();
    reward.assert_calls(1);
}

#[tokio::test]
async fn another_profile_is_not_mistaken_for_that_of_the_identity() {
    let server = MockServer::start_async().await;
    let omneo = omneo(&server, &ManualTimer::new());
    let lookup = lookup(&server, "pos", "7", "p-1");
    let other = balances(&server, "p-2", 200);
    let client = omneo.profile(identity("pos", "7")).client().clone();
    client.profiles_balances_index(&"p-2".into()).await.unwrap();
    other.assert_calls(1);
    lookup.assert_calls(0);
}

#[tokio::test]
async fn an_identity_that_nobody_has_is_not_found() {
    let server = MockServer::start_async().await;
    let omneo = omneo(&server, &ManualTimer::new());
    server.mock(|when, then| {
        when.path("/api/v3/profiles/exists");
        then.status(404)
            .json_body(json!({"message": "No query results"}));
    });
    let error = omneo
        .profile(identity("pos", "7"))
        .balances()
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotFound(_)), "{error:?}");
    assert_eq!(error.operation(), Some("POST /v3/profiles/exists"));
    let error = omneo
        .profile(identity("pos", ""))
        .balances()
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::InvalidRequest(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_time_limit_of_a_call_holds_for_its_look_up_too() {
    let server = FaultServer::start();
    let timer = ManualTimer::new();
    let omneo = Omneo::builder()
        .base_url(server.url())
        .token("hush")
        .timer(timer.clone())
        .build()
        .unwrap();
    let profile = omneo.profile(identity("pos", "7"));
    let profile = profile.deadline(Duration::from_secs(5));
    let silence = |seconds| {
        let (server, timer) = (&server, &timer);
        async move {
            server.stalled().await;
            timer.expire_limits();
            assert_eq!(timer.passed(), Duration::from_secs(seconds));
        }
    };

    server.script([Fault::stall(Moment::Unprocessed)]);
    let (error, ()) = tokio::join!(profile.balances(), silence(0));
    let error = error.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.operation(), Some("POST /v3/profiles/exists"));
    assert_eq!(timer.passed(), Duration::from_secs(5));

    // What the look-up takes is gone for the call.
    server.application(|request| match request.path() {
        "/v3/profiles/exists" => Response::json(200, &json!({"data": {"id": "p-1"}})),
        _ => Response::json(200, &json!({"data": {}})),
    });
    server.script([
        Fault::respond(Response::new(429).retry_after(3)),
        Fault::none(),
        Fault::stall(Moment::Unprocessed),
    ]);
    let (error, ()) = tokio::join!(profile.balances(), silence(8));
    assert!(error.unwrap_err().is_timeout());
    assert_eq!(timer.passed(), Duration::from_secs(10));
}

#[tokio::test]
async fn a_profile_that_is_gone_is_looked_up_again() {
    let server = MockServer::start_async().await;
    let omneo = omneo(&server, &ManualTimer::new());
    let mut first = lookup(&server, "pos", "7", "merged");
    balances(&server, "merged", 404);
    balances(&server, "winner", 200);
    let profile = omneo.profile(identity("pos", "7"));
    profile.balances().await.unwrap_err();
    first.delete();
    let second = lookup(&server, "pos", "7", "winner");
    profile.balances().await.unwrap();
    second.assert_calls(1);
}

#[tokio::test]
async fn the_id_that_the_server_gives_stays_one_segment() {
    let server = MockServer::start_async().await;
    let omneo = omneo(&server, &ManualTimer::new());
    lookup(&server, "pos", "7", "../rewards");
    let error = omneo
        .profile(identity("pos", "7"))
        .balances()
        .await
        .unwrap_err();
    assert!(!error.is_timeout(), "{error:?}");
    assert_eq!(error.operation(), Some("profiles_balances_index"));
}

#[test]
fn no_debug_shows_whose_profile_it_is() {
    let omneo = Omneo::builder().tenant("acme").token("t").build().unwrap();
    let shown = format!(
        "{:?} {:?}",
        identity("pos", "private"),
        omneo.profile(identity("pos", "private"))
    );
    assert!(!shown.contains("private"), "{shown}");
}
