//! How often, when, and what is said of it.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(feature = "commerce", feature = "incentives", feature = "platform"))]

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use fault_server::{Fault, FaultServer, Moment, Response};
use omneo::auth::{Issued, TokenSource};
use omneo::http::Method;
use omneo::runtime::{BoxFuture, Effect, File, Multipart, Stopped};
use omneo::testing::ManualTimer;
use omneo::{
    Backoff, Builder, Client, Error, ErrorKind, HandleExt, Omneo, OptionsExt, RateLimit, Repeat,
    RetryBudget, RetryPolicy, Timeouts, Timer, Token,
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

fn server() -> FaultServer {
    let server = FaultServer::start();
    server.application(|_| Response::json(200, &json!({"data": {"id": 7}})));
    server
}

fn builder(server: &FaultServer, timer: &ManualTimer) -> Builder {
    Omneo::builder()
        .base_url(server.url())
        .token("hush")
        .timer(timer.clone())
}

fn omneo(server: &FaultServer) -> (Omneo, ManualTimer) {
    let timer = ManualTimer::new();
    (builder(server, &timer).build().unwrap(), timer)
}

fn seconds(pauses: &[Duration]) -> Vec<f64> {
    pauses.iter().map(Duration::as_secs_f64).collect()
}

#[tokio::test]
async fn a_pause_is_as_long_as_the_server_asks() {
    let server = server();
    let (omneo, timer) = omneo(&server);
    server.script([
        Fault::respond(Response::new(503).retry_after(7)),
        Fault::respond(Response::new(429).retry_after("Wed, 31 Jan 2024 00:00:20 GMT")),
        Fault::respond(
            Response::new(429)
                .header("X-RateLimit-Remaining", 0)
                .header("X-RateLimit-Reset", 1_706_659_200 + 50),
        ),
    ]);
    omneo.rewards().get(7).await.unwrap();
    // The date and the reset are told from the clock: 13 and 30 seconds are left by then.
    assert_eq!(seconds(&timer.pauses()), [7.0, 13.0, 30.0]);
}

#[tokio::test]
async fn pauses_grow_where_the_server_asks_for_none() {
    let server = server();
    let timer = ManualTimer::new();
    let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(3)).without_jitter();
    let omneo = builder(&server, &timer)
        .retry(RetryPolicy::default().attempts(5).backoff(backoff))
        .build()
        .unwrap();
    server.script(vec![Fault::status(500); 4]);
    omneo.rewards().get(7).await.unwrap();
    assert_eq!(seconds(&timer.pauses()), [1.0, 2.0, 3.0, 3.0]);
}

#[tokio::test]
async fn a_server_that_asks_for_no_pause_at_all_gets_one() {
    let server = server();
    let timer = ManualTimer::new();
    let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(9)).without_jitter();
    let omneo = builder(&server, &timer)
        .retry(RetryPolicy::default().backoff(backoff))
        .build()
        .unwrap();
    server.script([
        Fault::respond(Response::new(429).retry_after(0)),
        // Its clock is slow, or ours fast.
        Fault::respond(Response::new(503).retry_after("Tue, 30 Jan 2024 00:00:00 GMT")),
    ]);
    omneo.rewards().get(7).await.unwrap();
    assert_eq!(seconds(&timer.pauses()), [1.0, 2.0]);
}

#[tokio::test]
async fn the_last_error_says_attempts_time_and_cause() {
    let server = server();
    let timer = ManualTimer::new();
    let backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(1)).without_jitter();
    let omneo = builder(&server, &timer)
        .retry(RetryPolicy::default().backoff(backoff))
        .build()
        .unwrap();
    server.script([
        Fault::status(500),
        Fault::reset(Moment::Unanswered),
        Fault::status(502),
        Fault::respond(Response::json(503, &json!({"message": "Be right back."}))),
    ]);
    let error = omneo.rewards().get(7).await.unwrap_err();
    let attempts = error.attempts().unwrap();
    assert_eq!(
        (attempts.count, attempts.elapsed),
        (4, Duration::from_secs(3))
    );
    assert_eq!(attempts.stopped, Some(Stopped::Attempts));
    assert_eq!(
        error.to_string(),
        "rewards_show: the server answered 503 Service Unavailable: Be right back.; \
         try again later if it is safe to repeat (4 attempts in 3s)"
    );
}

#[tokio::test]
async fn a_success_says_how_many_attempts_it_took() {
    let server = server();
    let (omneo, _) = omneo(&server);
    server.script([Fault::reset(Moment::Unprocessed), Fault::status(500)]);
    let answer = omneo.api().rewards_show(&7.into()).await.unwrap();
    assert_eq!(answer.attempts().unwrap().count, 3);
    let answer = omneo.api().rewards_show(&7.into()).await.unwrap();
    assert_eq!(answer.attempts().unwrap().count, 1);
}

#[tokio::test]
async fn a_pause_beyond_the_time_of_the_call_is_not_made() {
    let server = server();
    let timer = ManualTimer::new();
    let limits = Timeouts::default().call(Duration::from_secs(60));
    let omneo = builder(&server, &timer).timeouts(limits).build().unwrap();
    server.script([
        Fault::respond(Response::new(503).retry_after(40)),
        Fault::respond(Response::new(503).retry_after(20)),
    ]);
    let error = omneo.rewards().get(7).await.unwrap_err();
    let attempts = error.attempts().unwrap();
    assert_eq!(
        (attempts.count, attempts.stopped),
        (2, Some(Stopped::Deadline))
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(20)));
    assert_eq!(seconds(&timer.pauses()), [40.0]);
    assert!(
        error.to_string().contains("the time limit of the call"),
        "{error}"
    );
}

#[tokio::test]
async fn an_attempt_gets_what_is_left_of_the_time_of_the_call() {
    let server = server();
    let (omneo, timer) = omneo(&server);
    server.script([
        Fault::respond(Response::new(503).retry_after(2)),
        Fault::stall(Moment::Unprocessed),
    ]);
    let rewards = omneo.rewards().deadline(Duration::from_secs(5));
    let (error, ()) = tokio::join!(rewards.get(7), async {
        server.stalled().await;
        timer.expire_limits();
    });
    let error = error.unwrap_err();
    let ErrorKind::Timeout(timeout) = error.kind() else {
        panic!("{error:?}");
    };
    // Of which three were left.
    assert_eq!(timeout.limit(), Some(Duration::from_secs(5)));
    assert_eq!(timer.passed(), Duration::from_secs(5));
    assert_eq!(error.attempts().unwrap().stopped, Some(Stopped::Deadline));
}

#[tokio::test]
async fn redirects_that_lead_nowhere_are_followed_once() {
    let server = server();
    let location = format!("{}/v3/rewards/7", server.url());
    server.application(move |_| Response::new(302).header("Location", &location));
    let http = reqwest::Client::builder().no_proxy();
    let http = http.redirect(reqwest::redirect::Policy::limited(2));
    let omneo = builder(&server, &ManualTimer::new())
        .http_client(http.build().unwrap())
        .build()
        .unwrap();
    let error = omneo.rewards().get(7).await.unwrap_err();
    assert!(
        error.to_string().contains("redirects lead nowhere"),
        "{error}"
    );
    assert_eq!(error.attempts().unwrap().count, 1);
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn the_caller_stands_before_this_crate_in_the_user_agent() {
    let server = server();
    let builder = builder(&server, &ManualTimer::new());
    let omneo = builder.user_agent("acme-pos/1.2").build().unwrap();
    omneo.rewards().get(7).await.unwrap();
    let sent = server.received()[0].headers["user-agent"].clone();
    let sent = sent.to_str().unwrap();
    assert!(sent.starts_with("acme-pos/1.2 omneo-rust/"), "{sent}");
}

#[tokio::test]
async fn a_call_whose_time_is_over_is_not_sent() {
    let server = server();
    let timer = ManualTimer::new();
    let omneo = builder(&server, &timer)
        .token_source(Slow(timer.clone()))
        .build()
        .unwrap();
    let rewards = omneo.rewards().deadline(Duration::from_secs(5));
    let error = rewards.delete(7).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.attempts().unwrap().count, 0);
    let error = omneo.rewards().deadline(Duration::ZERO);
    assert!(error.delete(7).await.unwrap_err().is_timeout());
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn an_earlier_attempt_may_have_done_what_the_last_did_not() {
    let update = omneo::types::RewardUpdateInput::default();
    for (lost, last, effect) in [
        (Fault::reset(Moment::Unanswered), 404, Effect::Unknown),
        (Fault::status(500), 422, Effect::Unknown),
        (Fault::respond(Response::new(429)), 404, Effect::None),
    ] {
        let server = server();
        let (omneo, _) = omneo(&server);
        server.script([lost, Fault::status(last)]);
        let error = omneo.rewards().update(7, &update).await.unwrap_err();
        assert_eq!(error.attempts().unwrap().count, 2);
        assert_eq!(error.effect(), effect, "{error:?}");
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_done() {
    let server = server();
    let omneo = builder(&server, &ManualTimer::new())
        .token_source(Broken)
        .build()
        .unwrap();
    let error = omneo.rewards().delete(7).await.unwrap_err();
    assert_eq!(error.effect(), Effect::None, "{error:?}");
    assert!(server.received().is_empty());
}

/// Has no token.
struct Broken;

impl TokenSource for Broken {
    fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        Box::pin(async { Err(Error::custom("the vault is closed")) })
    }
}

/// Takes ten seconds for a token.
struct Slow(ManualTimer);

impl TokenSource for Slow {
    fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        self.0.advance(Duration::from_secs(10));
        Box::pin(async { Ok(Issued::new(Token::new("hush")?)) })
    }
}

#[tokio::test]
async fn an_answer_that_is_streamed_has_a_limit_for_each_piece() {
    let server = FaultServer::start();
    server.application(|_| Response::new(200).body("a".repeat(100_000)));
    let (omneo, timer) = omneo(&server);
    let read = async || {
        let request = omneo.request(Method::GET, "/v3/export");
        let mut pieces = request.send_streamed().await?;
        let mut length = 0;
        while let Some(piece) = pieces.next().await {
            length += piece?.len();
        }
        Ok::<_, Error>(length)
    };
    assert_eq!(read().await.unwrap(), 100_000);
    server.script([Fault::close(Moment::InBody)]);
    let error = read().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error:?}");
    server.script([Fault::stall(Moment::InBody)]);
    let error = tokio::select! {
        biased;
        read = read() => read.unwrap_err(),
        () = async {
            server.stalled().await;
            loop {
                timer.expire_limits();
                tokio::task::yield_now().await;
            }
        } => unreachable!(),
    };
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error:?}");
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert_eq!(error.operation(), Some("GET /v3/export"));
}

#[tokio::test]
async fn a_call_can_have_a_policy_of_its_own() {
    let server = server();
    let (omneo, _) = omneo(&server);
    server.script(vec![Fault::status(500); 10]);
    let tried = |error: omneo::Error| error.attempts().unwrap().count;
    let once = omneo.rewards().retry(RetryPolicy::never());
    assert_eq!(tried(once.get(7).await.unwrap_err()), 1);
    let often = omneo.rewards().retry(RetryPolicy::default().attempts(6));
    assert_eq!(tried(often.get(7).await.unwrap_err()), 6);
    let raw = omneo.request(Method::GET, "/v3/new-things");
    let raw = raw.options(|options| options.retry(RetryPolicy::default().attempts(3)));
    assert_eq!(tried(raw.send_bytes().await.unwrap_err()), 3);
}

#[tokio::test]
async fn what_the_schema_does_not_know_is_repeated_if_the_caller_says_so() {
    let server = server();
    let (omneo, _) = omneo(&server);
    let post = || {
        omneo
            .request(Method::POST, "/v3/new-things")
            .json(&json!({"a": 1}))
    };
    server.script([Fault::reset(Moment::Unanswered)]);
    post().send_bytes().await.unwrap_err();
    server.script([Fault::reset(Moment::Unanswered)]);
    let safe = post().options(|options| options.extension(Repeat::Safe));
    safe.send_bytes().await.unwrap();
    let bodies: Vec<_> = server
        .received()
        .iter()
        .map(|sent| sent.json().unwrap())
        .collect();
    assert_eq!(bodies, vec![json!({"a": 1}); 3]);
}

#[tokio::test]
async fn an_upsert_without_its_key_is_not_repeated() {
    let server = server();
    let (omneo, _) = omneo(&server);
    for (body, attempts) in [
        (json!({"external_id": "POS-1"}), 2),
        (json!({"external_id": null}), 1),
        (json!({"receipt_ref": "R-1"}), 1),
    ] {
        server.script([Fault::reset(Moment::Unanswered)]);
        let before = server.received().len();
        let sent = omneo
            .request(Method::POST, "/v3/transactions/update-create")
            .json(&body);
        let result = sent.send::<Value>().await;
        assert_eq!(result.is_ok(), attempts == 2, "{body}");
        if let Err(error) = result {
            assert_eq!(
                error.attempts().unwrap().stopped,
                Some(Stopped::NotRepeatable)
            );
            assert!(
                error.to_string().contains("could do the work twice"),
                "{error}"
            );
        }
        assert_eq!(server.received().len() - before, attempts, "{body}");
    }
}

#[tokio::test]
async fn a_record_that_a_lost_answer_had_deleted_is_deleted() {
    let server = FaultServer::start();
    let mut there = true;
    server.application(move |_| match std::mem::take(&mut there) {
        true => Response::new(204),
        false => Response::json(404, &json!({"message": "No query results"})),
    });
    let (omneo, _) = omneo(&server);
    server.script([Fault::reset(Moment::Unanswered)]);
    omneo.rewards().delete(7).await.unwrap();
    assert_eq!(server.processed(), 2);
    // The first attempt of another call did not delete it.
    let error = omneo.rewards().delete(7).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotFound(_)), "{error:?}");
    // Nor did one that the server turned away.
    server.script([Fault::status(429)]);
    omneo.rewards().delete(7).await.unwrap_err();
}

#[tokio::test]
async fn an_upload_is_sent_again_whole() {
    let server = server();
    let (omneo, _) = omneo(&server);
    server.script([Fault::respond(Response::new(503).retry_after(1))]);
    let csv = File::bytes("rewards.csv", "id,value\n1,2\n".repeat(10_000));
    let parts = Multipart::new()
        .text("handler", "omneo:reward")
        .file("file", csv);
    omneo.imports().create(parts).await.unwrap();
    let sent = server.received();
    assert_eq!(sent.len(), 2);
    // Each has a boundary of its own, of the same length.
    assert_eq!(sent[0].body.len(), sent[1].body.len());
    assert!(sent[1].body.len() > 120_000);
}

#[tokio::test]
async fn an_outage_does_not_multiply_the_load() {
    let server = server();
    let timer = ManualTimer::new();
    let omneo = builder(&server, &timer)
        .retry_budget(RetryBudget::new(10, 0.1))
        .build()
        .unwrap();
    let outage = |_: &_| Fault::status(500);
    server.fallback(outage);
    for _ in 0..100 {
        omneo.clone().rewards().get(7).await.unwrap_err();
    }
    assert_eq!(server.received().len(), 110);
    let error = omneo.rewards().get(7).await.unwrap_err();
    assert_eq!(error.attempts().unwrap().stopped, Some(Stopped::Budget));
    assert!(error.to_string().contains("retry budget"), "{error}");
    // Answers fill it again.
    server.fallback(|_| Fault::none());
    for _ in 0..10 {
        omneo.rewards().get(7).await.unwrap();
    }
    server.script([Fault::status(500)]);
    omneo.rewards().get(7).await.unwrap();
}

#[tokio::test]
async fn being_throttled_costs_no_budget() {
    let server = server();
    let timer = ManualTimer::new();
    let omneo = builder(&server, &timer)
        .retry_budget(RetryBudget::new(0, 0.0))
        .build()
        .unwrap();
    server.script(vec![Fault::respond(Response::new(429).retry_after(1)); 3]);
    omneo.rewards().get(7).await.unwrap();
}

#[tokio::test]
async fn a_429_slows_all_clones_down() {
    let server = server();
    let timer = ManualTimer::new();
    let omneo = builder(&server, &timer)
        .rate_limit(RateLimit::per_second(10))
        .build()
        .unwrap();
    let clone = omneo.clone();
    omneo.rewards().get(7).await.unwrap();
    clone.rewards().get(7).await.unwrap();
    assert_eq!(seconds(&timer.pauses()), [0.1]);
    server.script([Fault::respond(Response::new(429).retry_after(3))]);
    let once = omneo.rewards().retry(RetryPolicy::never());
    once.get(7).await.unwrap_err();
    let before = timer.passed();
    clone.rewards().get(7).await.unwrap();
    clone.rewards().get(7).await.unwrap();
    let waited = (timer.passed() - before).as_secs_f64();
    assert!((3.0..3.5).contains(&waited), "{waited}");
}

#[tokio::test]
async fn calls_that_wait_for_a_token_take_no_place_of_the_rate_limit_yet() {
    let server = server();
    let timer = ManualTimer::new();
    let gate = Arc::new(Semaphore::new(0));
    let omneo = builder(&server, &timer)
        .rate_limit(RateLimit::per_second(1))
        .token_source(Gated(gate.clone()))
        .build()
        .unwrap();
    let rewards = omneo.rewards();
    let (a, b, c, ()) = tokio::join!(rewards.get(1), rewards.get(2), rewards.get(3), async {
        tokio::task::yield_now().await;
        assert!(timer.pauses().is_empty());
        gate.add_permits(1);
    });
    for answer in [a, b, c] {
        answer.unwrap();
    }
    assert_eq!(seconds(&timer.pauses()), [1.0, 1.0]);
}

/// Has a token when it is let.
struct Gated(Arc<Semaphore>);

impl TokenSource for Gated {
    fn issue<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Issued, Error>> {
        Box::pin(async {
            let _ = self.0.acquire().await;
            Ok(Issued::new(Token::new("hush")?))
        })
    }
}

#[tokio::test]
async fn a_call_that_the_rate_limit_holds_back_too_long_is_not_sent() {
    let server = server();
    let timer = Frozen(ManualTimer::new());
    let omneo = builder(&server, &timer.0)
        .rate_limit(RateLimit::per_minute(1))
        .timer(timer.clone())
        .build()
        .unwrap();
    omneo.rewards().get(7).await.unwrap();
    let second = omneo.rewards().deadline(Duration::from_secs(5));
    let error = tokio::select! {
        biased;
        result = second.get(7) => result.unwrap_err(),
        () = async { timer.0.expire_limits(); std::future::pending().await } => unreachable!(),
    };
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.attempts().unwrap().count, 0);
    assert_eq!(
        error.to_string(),
        "rewards_show: not sent within the time limit of 5s; \
         raise the time limit of the call, or send less at a time"
    );
    assert_eq!(server.received().len(), 1);
}

/// A clock whose pauses never end.
#[derive(Clone, Debug)]
struct Frozen(ManualTimer);

impl Timer for Frozen {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn system_now(&self) -> SystemTime {
        self.0.system_now()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn limit(&self, limit: Duration) -> BoxFuture<'static, ()> {
        self.0.limit(limit)
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closes_is_not_used_again() {
    let server = server();
    server.application(|_| {
        let answer = Response::json(200, &json!({"data": {"id": 7}}));
        answer.header("Connection", "close").close_after()
    });
    let (omneo, _) = omneo(&server);
    for _ in 0..5 {
        let sent = omneo.request(Method::POST, "/v3/rewards").json(&json!({}));
        let answer = sent.send_whole::<Value>().await.unwrap();
        assert_eq!(answer.attempts().unwrap().count, 1);
    }
    assert_eq!((server.processed(), server.connections()), (5, 5));
}

#[tokio::test]
async fn one_client_keeps_its_connection() {
    let server = server();
    let (omneo, _) = omneo(&server);
    for _ in 0..5 {
        omneo.clone().rewards().get(7).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn the_size_cap_holds_for_one_call_too() {
    let server = server();
    let (omneo, _) = omneo(&server);
    let small = omneo
        .rewards()
        .options(|options| options.max_response_bytes(5));
    let error = small.get(7).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::TooLarge { limit: 5 }),
        "{error:?}"
    );
}
