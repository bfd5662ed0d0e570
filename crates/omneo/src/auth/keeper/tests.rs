use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;
use std::time::Duration;

use omneo_api::runtime::{BoxFuture, Direct};
use omneo_api::{Client, Error, ErrorKind, Token};
use tokio::sync::Semaphore;

use super::Keeper;
use crate::auth::{Issued, TokenSource};
use crate::testing::ManualTimer;

/// Issues `token-1`, `token-2` and so on.
struct Counting {
    issued: AtomicU32,
    /// Issuing waits for a permit.
    gate: Semaphore,
    fails_from: u32,
    lives: Duration,
}

impl TokenSource for Counting {
    fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        Box::pin(async move {
            let number = self.issued.fetch_add(1, Ordering::SeqCst) + 1;
            let _ = self.gate.acquire().await.unwrap();
            if number >= self.fails_from {
                return Err(Error::config("no token today"));
            }
            let token = Token::new(&format!("token-{number}"))?;
            Ok(Issued::new(token).lives_for(self.lives))
        })
    }
}

struct Fixture {
    source: Arc<Counting>,
    timer: Arc<ManualTimer>,
    keeper: Arc<Keeper>,
    client: Client,
}

/// Tokens are good for ten minutes each.
fn fixture(fails_from: u32, permits: usize) -> Fixture {
    fixture_of(Counting {
        issued: AtomicU32::new(0),
        gate: Semaphore::new(permits),
        fails_from,
        lives: Duration::from_secs(600),
    })
}

fn fixture_of(source: Counting) -> Fixture {
    let source = Arc::new(source);
    let timer = Arc::new(ManualTimer::default());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    Fixture {
        keeper: Arc::new(Keeper::new(source.clone(), timer.clone())),
        source,
        timer,
        client: Client::with_transport("http://127.0.0.1:1", http, Arc::new(Direct::new()))
            .unwrap(),
    }
}

impl Fixture {
    async fn token(&self) -> Result<String, String> {
        let token = self.keeper.token(&self.client).await;
        token
            .map(|token| token.header().to_str().unwrap().to_owned())
            .map_err(|error| error.to_string())
    }

    fn issued(&self) -> u32 {
        self.source.issued.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_token_is_used_until_a_minute_before_it_expires() {
    let fixture = fixture(u32::MAX, 1);
    for (second, token) in [(0, 1), (539, 1), (540, 2), (1079, 2), (1080, 3)] {
        let passed = fixture.timer.passed();
        fixture.timer.advance(Duration::from_secs(second) - passed);
        assert_eq!(
            fixture.token().await.unwrap(),
            format!("Bearer token-{token}"),
            "after {second} s"
        );
    }
}

#[tokio::test]
async fn a_token_of_a_short_life_is_used_for_most_of_it() {
    let fixture = fixture_of(Counting {
        issued: AtomicU32::new(0),
        gate: Semaphore::new(1),
        fails_from: u32::MAX,
        lives: Duration::from_secs(100),
    });
    for (second, token) in [(0, 1), (89, 1), (90, 2), (179, 2), (180, 3)] {
        let passed = fixture.timer.passed();
        fixture.timer.advance(Duration::from_secs(second) - passed);
        assert_eq!(
            fixture.token().await.unwrap(),
            format!("Bearer token-{token}"),
            "after {second} s"
        );
    }
}

#[tokio::test]
async fn many_calls_wait_for_one_token() {
    let fixture = fixture(u32::MAX, 0);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (keeper, client) = (fixture.keeper.clone(), fixture.client.clone());
        calls.spawn(async move { keeper.token(&client).await });
    }
    tokio::task::yield_now().await;
    fixture.source.gate.add_permits(1);
    let tokens = calls.join_all().await;
    assert!(
        tokens
            .iter()
            .all(|token| *token.as_ref().unwrap() == Token::new("token-1").unwrap())
    );
    assert_eq!(fixture.issued(), 1);
}

#[tokio::test]
async fn a_failure_is_one_failure_for_all_who_wait() {
    let fixture = fixture(1, 0);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (keeper, client) = (fixture.keeper.clone(), fixture.client.clone());
        calls.spawn(async move { keeper.token(&client).await });
    }
    tokio::task::yield_now().await;
    fixture.source.gate.add_permits(100);
    for failed in calls.join_all().await {
        let error = failed.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Config(_)), "{error:?}");
        assert!(error.to_string().contains("no token today"));
    }
    assert_eq!(fixture.issued(), 1);
    // Who comes later tries again.
    fixture.token().await.unwrap_err();
    assert_eq!(fixture.issued(), 2);
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_is_used_until_it_expires() {
    let fixture = fixture(2, 1);
    fixture.token().await.unwrap();
    for (second, issued) in [(545, 2), (550, 2), (556, 3), (599, 4)] {
        let passed = fixture.timer.passed();
        fixture.timer.advance(Duration::from_secs(second) - passed);
        assert_eq!(
            fixture.token().await.unwrap(),
            "Bearer token-1",
            "after {second} s"
        );
        assert_eq!(fixture.issued(), issued, "after {second} s");
    }
    fixture.timer.advance(Duration::from_secs(20));
    assert!(
        fixture
            .token()
            .await
            .unwrap_err()
            .contains("no token today")
    );
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let fixture = fixture(u32::MAX, 1);
    let first = fixture.keeper.token(&fixture.client).await.unwrap();
    fixture.keeper.refused(&first);
    assert_eq!(fixture.token().await.unwrap(), "Bearer token-2");
    // A call that was in flight with the first token.
    fixture.keeper.refused(&first);
    assert_eq!(fixture.token().await.unwrap(), "Bearer token-2");
    assert_eq!(fixture.issued(), 2);
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_block_the_others() {
    let fixture = fixture(u32::MAX, 0);
    let (keeper, client) = (fixture.keeper.clone(), fixture.client.clone());
    let first = tokio::spawn(async move { keeper.token(&client).await });
    tokio::task::yield_now().await;
    first.abort();
    first.await.unwrap_err();
    fixture.source.gate.add_permits(1);
    assert_eq!(fixture.token().await.unwrap(), "Bearer token-2");
}

#[tokio::test]
async fn a_caller_that_waits_and_is_not_polled_stops_no_other() {
    let fixture = fixture(u32::MAX, 0);
    // As a page that is asked for ahead, while its list is not read.
    let mut idle = pin!(fixture.keeper.token(&fixture.client));
    assert!(poll_fn(|cx| Poll::Ready(idle.as_mut().poll(cx).is_pending())).await);
    fixture.source.gate.add_permits(1);
    let mut other = pin!(fixture.token());
    for _ in 0..10 {
        if let Poll::Ready(token) = poll_fn(|cx| Poll::Ready(other.as_mut().poll(cx))).await {
            assert_eq!(token.unwrap(), "Bearer token-1");
            assert_eq!(idle.await.unwrap(), Token::new("token-1").unwrap());
            return;
        }
    }
    panic!("it waits for the one that is not polled");
}

#[tokio::test]
async fn a_clock_that_takes_new_tokens_for_expired_makes_no_storm_of_logins() {
    let fixture = fixture_of(Counting {
        issued: AtomicU32::new(0),
        gate: Semaphore::new(1),
        fails_from: u32::MAX,
        lives: Duration::ZERO,
    });
    for (second, token) in [(0, 1), (0, 1), (9, 1), (10, 2), (19, 2), (20, 3)] {
        let passed = fixture.timer.passed();
        fixture.timer.advance(Duration::from_secs(second) - passed);
        assert_eq!(
            fixture.token().await.unwrap(),
            format!("Bearer token-{token}"),
            "after {second} s"
        );
    }
}

#[tokio::test]
async fn a_source_that_panics_is_an_error_for_all_who_wait() {
    struct Panicking;
    impl TokenSource for Panicking {
        fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
            Box::pin(async {
                tokio::task::yield_now().await;
                panic!("hush");
            })
        }
    }
    let client = fixture(1, 0).client;
    let keeper = Keeper::new(Arc::new(Panicking), Arc::new(ManualTimer::default()));
    let (first, second) = tokio::join!(keeper.token(&client), keeper.token(&client));
    for failed in [first, second, keeper.token(&client).await] {
        let error = failed.unwrap_err();
        assert_eq!(error.to_string(), "the token source panicked");
    }
}
