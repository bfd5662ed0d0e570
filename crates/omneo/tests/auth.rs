//! Tokens: where they come from, when they are renewed, and who never sees them.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(feature = "incentives")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use httpmock::{Mock, MockServer};
use omneo::auth::{Issued, OAuth, TokenSource};
use omneo::http::Method;
use omneo::runtime::BoxFuture;
use omneo::testing::ManualTimer;
use omneo::{Client, Error, ErrorKind, Omneo, RateLimit, Token};
use serde_json::json;

fn builder(server: &MockServer) -> omneo::Builder {
    Omneo::builder()
        .base_url(format!("{}/api", server.base_url()))
        .timer(ManualTimer::new())
}

fn oauth() -> OAuth {
    OAuth::new("the-client", "hush-secret").user("pos@example.com", "hush-password")
}

/// Answers a list of rewards to this token, and 401 to any other.
fn rewards<'s>(server: &'s MockServer, token: &str) -> Mock<'s> {
    server.mock(|when, then| {
        when.path("/api/v3/rewards")
            .header("authorization", format!("Bearer {token}"));
        then.json_body(json!({"data": []}));
    })
}

fn unauthenticated(server: &MockServer) -> Mock<'_> {
    server.mock(|when, then| {
        when.path("/api/v3/rewards");
        then.status(401)
            .json_body(json!({"message": "Unauthenticated."}));
    })
}

async fn list(omneo: &Omneo) -> Result<(), Error> {
    omneo
        .request(Method::GET, "/v3/rewards")
        .send_bytes()
        .await
        .map(drop)
}

#[tokio::test]
async fn oauth_sends_every_field_of_the_documented_form() {
    let server = MockServer::start_async().await;
    let login = server.mock(|when, then| {
        when.method("POST")
            .path("/api/v3/auth/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .header_missing("authorization")
            .form_urlencoded_tuple("grant_type", "password")
            .form_urlencoded_tuple("client_id", "the-client")
            .form_urlencoded_tuple("client_secret", "hush-secret")
            .form_urlencoded_tuple("username", "pos@example.com")
            .form_urlencoded_tuple("password", "hush-password")
            .form_urlencoded_tuple("scope", "read-rewards");
        then.json_body(json!({"access_token": "hush-1", "token_type": "Bearer"}));
    });
    let called = rewards(&server, "hush-1");
    let source = oauth().grant_type("password").scope("read-rewards");
    let omneo = builder(&server).token_source(source).build().unwrap();
    list(&omneo).await.unwrap();
    list(&omneo.clone()).await.unwrap();
    login.assert_calls(1);
    called.assert_calls(2);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let server = MockServer::start_async().await;
    let timer = ManualTimer::new();
    let login = server.mock(|when, then| {
        when.path("/api/v3/auth/token");
        then.json_body(json!({"access_token": "hush-1", "expires_in": "3600"}));
    });
    rewards(&server, "hush-1");
    let omneo = builder(&server)
        .timer(timer.clone())
        .token_source(oauth())
        .build()
        .unwrap();
    for (passed, logins) in [(0, 1), (3539, 1), (3541, 2), (7000, 2)] {
        timer.advance(Duration::from_secs(passed) - timer.passed());
        list(&omneo).await.unwrap();
        login.assert_calls(logins);
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_whatever_the_method() {
    let server = MockServer::start_async().await;
    let numbers = AtomicU32::new(0);
    let source = Rotating(numbers);
    let refused = server.mock(|when, then| {
        when.path("/api/v3/rewards")
            .header("authorization", "Bearer token-1");
        then.status(401)
            .json_body(json!({"message": "Unauthenticated."}));
    });
    let taken = server.mock(|when, then| {
        when.method("POST")
            .path("/api/v3/rewards")
            .header("authorization", "Bearer token-2")
            .json_body(json!({"a": 1}));
        then.json_body(json!({"data": {"id": 1}}));
    });
    let omneo = builder(&server).token_source(source).build().unwrap();
    let sent = omneo
        .request(Method::POST, "/v3/rewards")
        .json(&json!({"a": 1}));
    let answer = sent.send_whole::<serde_json::Value>().await.unwrap();
    assert_eq!(answer.attempts().unwrap().count, 2);
    refused.assert_calls(1);
    taken.assert_calls(1);
}

/// Issues `token-1`, `token-2` and so on.
struct Rotating(AtomicU32);

impl TokenSource for Rotating {
    fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move { Ok(Issued::new(Token::new(&format!("token-{number}"))?)) })
    }
}

#[tokio::test]
async fn a_token_that_expires_while_a_call_waits_for_its_turn_is_not_sent() {
    let server = MockServer::start_async().await;
    let old = rewards(&server, "token-1");
    let new = rewards(&server, "token-2");
    let omneo = builder(&server)
        .token_source(ForAMinute(AtomicU32::new(0)))
        .rate_limit(RateLimit::per_minute(1))
        .build()
        .unwrap();
    list(&omneo).await.unwrap();
    list(&omneo).await.unwrap();
    old.assert_calls(1);
    new.assert_calls(1);
}

/// Issues `token-1`, `token-2` and so on, good for a minute each.
struct ForAMinute(AtomicU32);

impl TokenSource for ForAMinute {
    fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move {
            let issued = Issued::new(Token::new(&format!("token-{number}"))?);
            Ok(issued.lives_for(Duration::from_secs(60)))
        })
    }
}

#[tokio::test]
async fn a_second_refusal_is_final() {
    let server = MockServer::start_async().await;
    let refused = unauthenticated(&server);
    let omneo = builder(&server)
        .token_source(Rotating(AtomicU32::new(0)))
        .build()
        .unwrap();
    let error = list(&omneo).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Unauthenticated(_)),
        "{error:?}"
    );
    assert_eq!(error.attempts().unwrap().count, 2);
    refused.assert_calls(2);
}

#[tokio::test]
async fn a_refused_api_token_is_not_sent_again() {
    let server = MockServer::start_async().await;
    let refused = unauthenticated(&server);
    let omneo = builder(&server).token("hush").build().unwrap();
    let error = list(&omneo).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Unauthenticated(_)),
        "{error:?}"
    );
    assert!(error.to_string().contains("get a new token"), "{error}");
    refused.assert_calls(1);
}

#[tokio::test]
async fn a_login_that_fails_fails_the_call_and_shows_no_secret() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.path("/api/v3/auth/token");
        then.status(401).json_body(json!({
            "error": "invalid_client",
            "error_description": "hush-secret is wrong, Bearer hush-token",
        }));
    });
    let called = rewards(&server, "none");
    let omneo = builder(&server).token_source(oauth()).build().unwrap();
    let error = list(&omneo).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Unauthenticated(_)),
        "{error:?}"
    );
    assert_eq!(error.operation(), Some("POST /v3/auth/token"));
    let shown = format!("{error} {error:?} {omneo:?} {:?}", oauth());
    assert!(
        !shown.contains("hush-token") && !shown.contains("hush-password"),
        "{shown}"
    );
    called.assert_calls(0);
}

#[tokio::test]
async fn an_answer_without_a_token_is_told_by_its_place() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.path("/api/v3/auth/token");
        then.json_body(json!({"token": "hush"}));
    });
    let omneo = builder(&server).token_source(oauth()).build().unwrap();
    let error = list(&omneo).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error:?}");
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("access_token") && !shown.contains("hush"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_call_with_a_token_of_its_own_keeps_it() {
    let server = MockServer::start_async().await;
    let called = rewards(&server, "own");
    let omneo = builder(&server).token("hush").build().unwrap();
    let own = Token::new("own").unwrap().header();
    let authorization = omneo::http::header::AUTHORIZATION;
    omneo
        .request(Method::GET, "/v3/rewards")
        .options(|options| options.header(authorization, own))
        .send_bytes()
        .await
        .unwrap();
    called.assert_calls(1);
}

#[tokio::test]
async fn a_redirect_is_an_error_and_no_other_host_sees_the_token() {
    let server = MockServer::start_async().await;
    let other = MockServer::start_async().await;
    let seen = other.mock(|when, then| {
        when.is_true(|_| true);
        then.json_body(json!({"data": []}));
    });
    for status in [301, 302, 303, 307, 308] {
        let mut mock = server.mock(|when, then| {
            when.path("/api/v3/rewards");
            then.status(status)
                .header("location", other.url("/api/v3/rewards"));
        });
        let omneo = builder(&server).token("hush").build().unwrap();
        let error = list(&omneo).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(error.to_string().contains("check the base URL"), "{error}");
        mock.delete();
    }
    seen.assert_calls(0);
}

#[tokio::test]
async fn an_http_client_that_follows_redirects_leaves_the_token_behind() {
    let server = MockServer::start_async().await;
    let other = MockServer::start_async().await;
    // Another host to HTTP: another name.
    let elsewhere = format!("http://localhost:{}/api/v3/rewards", other.port());
    server.mock(|when, then| {
        when.path("/api/v3/rewards");
        then.status(302).header("location", elsewhere);
    });
    let seen = other.mock(|when, then| {
        when.header_missing("authorization");
        then.json_body(json!({"data": []}));
    });
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let omneo = builder(&server)
        .token("hush")
        .http_client(http)
        .build()
        .unwrap();
    list(&omneo).await.unwrap();
    seen.assert_calls(1);
}
