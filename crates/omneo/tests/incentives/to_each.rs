//! The same for many customers.

use fault_server::{Fault, FaultServer, Moment, Received, Response};
use futures_util::{StreamExt as _, stream};
use omneo::incentives::Report;
use omneo::testing::ManualTimer;
use omneo::types::{Point, PointDefinition, RewardDefinition};
use omneo::{Error, ErrorKind, Omneo, ProfileRef, RetryPolicy, identity};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::bench::{MELBOURNE, refusal};

fn omneo(server: &FaultServer) -> Omneo {
    Omneo::builder()
        .base_url(server.url())
        .token("hush")
        .retry(RetryPolicy::never())
        .timer(ManualTimer::new())
        .build()
        .unwrap()
}

fn healthy() -> FaultServer {
    let server = FaultServer::start();
    server.application(|_| Response::json(201, &json!({"data": {"id": 7}})));
    server
}

fn profile(request: &Received) -> String {
    let body: Value = request.json().unwrap();
    body["profile_id"].as_str().unwrap().to_owned()
}

/// What becomes of each customer, by the letter that the id begins with.
fn fate(request: &Received) -> Fault {
    match profile(request).as_bytes()[0] {
        b's' => Fault::none(),
        b'v' => Fault::respond(Response::json(
            422,
            &json!({"message": "No.", "errors": {"profile_id": ["is invalid"]}}),
        )),
        b'n' => Fault::status(404),
        b'u' => Fault::status(500).processed(),
        b'l' => Fault::reset(Moment::Unanswered),
        // Done, and the answer is no JSON.
        b'd' => Fault::respond(Response::new(201).body("<html>")).processed(),
        other => panic!("{other}"),
    }
}

async fn to_each(omneo: &Omneo, profiles: Vec<String>) -> Report<Point> {
    let issue = omneo.issue::<PointDefinition>(7).value(150);
    issue.to_each(stream::iter(profiles)).send().await.unwrap()
}

fn names(outcomes: &[omneo::incentives::Outcome<Point>], profiles: &[String]) -> Vec<String> {
    let mut names: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
            let name = &profiles[usize::try_from(outcome.index).unwrap()];
            assert_eq!(outcome.profile, ProfileRef::from(name.as_str()));
            name.clone()
        })
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn failures_keep_no_one_else_from_it() {
    let server = healthy();
    server.fallback(fate);
    let profiles = ["s-1", "v-1", "l-1", "s-2", "n-1", "u-1", "d-1", "s-3"].map(str::to_owned);
    let report = to_each(&omneo(&server), profiles.to_vec()).await;
    assert_eq!(report.total(), 8);
    // The one whose answer can't be read has it.
    assert_eq!(report.succeeded, 4);
    assert_eq!(names(&report.failed, &profiles), ["n-1", "v-1"]);
    assert_eq!(names(&report.unknown, &profiles), ["l-1", "u-1"]);
    assert_eq!(server.received().len(), 8, "nothing is sent twice");
    for failed in &report.failed {
        let error = failed.result.as_ref().unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Validation(_) | ErrorKind::NotFound(_)
            ),
            "{error:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn every_customer_is_counted_exactly_once(
        fates in prop::collection::vec(prop::sample::select(vec!["s", "v", "n", "u", "l", "d"]), 0..40),
        concurrency in 1_usize..50,
    ) {
        let server = healthy();
        server.fallback(fate);
        let omneo = omneo(&server);
        let profiles: Vec<_> = fates.iter().enumerate().map(|(index, fate)| format!("{fate}-{index}")).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let issue = omneo.issue::<PointDefinition>(7).value(150);
        let each = issue.to_each(stream::iter(profiles.clone())).concurrency(concurrency);
        let report = runtime.block_on(each.send()).unwrap();
        let of = |letters: &str| {
            let mut of: Vec<_> = profiles.iter().filter(|name| letters.contains(&name[..1])).cloned().collect();
            of.sort();
            of
        };
        prop_assert_eq!(report.succeeded, of("sd").len() as u64);
        prop_assert_eq!(names(&report.failed, &profiles), of("vn"));
        prop_assert_eq!(names(&report.unknown, &profiles), of("ul"));
        prop_assert_eq!(report.total(), profiles.len() as u64);
        let mut received: Vec<_> = server.received().iter().map(|request| profile(request)).collect();
        received.sort();
        prop_assert_eq!(received, of("svnuld"));
    }
}

/// Every request stalls, so that those in flight are those that the client sends at a time.
async fn in_flight(limit: Option<usize>, customers: usize) -> usize {
    let server = healthy();
    server.fallback(|_| Fault::stall(Moment::Unanswered));
    let omneo = omneo(&server);
    let profiles = (0..customers).map(|index| format!("p-{index}"));
    let each = omneo.issue::<PointDefinition>(7).value(150);
    let each = each.to_each(stream::iter(profiles));
    let each = match limit {
        Some(limit) => each.concurrency(limit),
        None => each,
    };
    let at_once = limit.unwrap_or(8).min(customers);
    let let_go = async {
        let mut stalled = 0;
        while stalled < customers {
            // All that can be in flight are, before any is let go.
            for _ in 0..at_once.min(customers - stalled) {
                server.stalled().await;
                stalled += 1;
            }
            server.release();
        }
    };
    let (report, ()) = tokio::join!(each.send(), let_go);
    assert_eq!(report.unwrap().total(), customers as u64);
    server.peak_in_flight()
}

#[tokio::test]
async fn only_so_many_calls_are_under_way_at_once() {
    assert_eq!(in_flight(None, 24).await, 8);
    assert_eq!(in_flight(Some(1), 3).await, 1);
    assert_eq!(in_flight(Some(3), 12).await, 3);
    assert_eq!(in_flight(Some(100), 12).await, 12);
}

/// Customers are taken from the stream as they are needed.
#[tokio::test]
async fn a_stream_without_end_is_no_matter() {
    let server = healthy();
    let profiles = stream::iter(0_u64..).map(|index| format!("p-{index}"));
    let issue = omneo(&server).issue::<PointDefinition>(7).value(150);
    let outcomes = issue
        .to_each(profiles)
        .concurrency(2)
        .outcomes()
        .await
        .unwrap();
    let some: Vec<_> = outcomes.take(5).collect().await;
    assert!(some.iter().all(|outcome| outcome.result.is_ok()));
    assert!(server.received().len() < 10);
}

#[tokio::test]
async fn nothing_is_sent_for_no_one() {
    let server = healthy();
    let report = to_each(&omneo(&server), Vec::new()).await;
    assert_eq!((report.total(), report.succeeded), (0, 0));
    assert!(server.received().is_empty());
}

/// Whatever a tenant has none of is found before anyone is sent anything.
#[tokio::test]
async fn an_unknown_definition_fails_before_anything_is_sent() {
    let server = FaultServer::start();
    server.application(|request| {
        assert_eq!(request.method, "GET");
        match request.path().contains("/handle/") {
            true => Response::json(404, &json!({"message": "No query results"})),
            false => Response::json(200, &json!({"data": []})),
        }
    });
    let issue = omneo(&server)
        .issue::<PointDefinition>("nothing")
        .value(150);
    let message = refusal(issue.to_each(stream::iter(["p-1", "p-2"])).send().await);
    assert!(
        message.contains("no point definition has the handle \"nothing\""),
        "{message}"
    );
}

/// What is wrong for one is wrong for all.
#[tokio::test]
async fn what_can_not_be_right_is_refused_once() {
    use omneo::omneo_types::jiff::civil::date;
    let server = healthy();
    let omneo = omneo(&server);
    let each = || stream::iter(["p-1", "p-2"]);
    let points = || omneo.issue::<PointDefinition>(7);
    let rewards = || omneo.issue::<RewardDefinition>(7);
    let early = points()
        .value(1)
        .issued_at(date(2026, 3, 2))
        .expires_at(date(2026, 3, 1));
    for (message, field) in [
        (
            refusal(points().value(0).to_each(each()).send().await),
            "`value`",
        ),
        (
            refusal(rewards().to_each(each()).send().await),
            "`timezone`",
        ),
        (refusal(early.to_each(each()).send().await), "`expires_at`"),
        (
            refusal(
                points()
                    .value(1)
                    .to_each(each())
                    .concurrency(0)
                    .send()
                    .await,
            ),
            "`concurrency`",
        ),
    ] {
        assert!(message.contains(field), "{field} is not in {message:?}");
    }
    assert!(server.received().is_empty());
}

/// Each identity is one customer's, and is looked up for that customer.
#[tokio::test]
async fn identities_are_customers_too() {
    let server = FaultServer::start();
    server.application(|request| match request.path() {
        "/v3/profiles/exists" => {
            let id = request.json().unwrap()["id"].clone();
            match id == "nobody" {
                true => Response::json(404, &json!({"message": "No query results"})),
                false => Response::json(200, &json!({"data": {"id": id}})),
            }
        }
        "/v3/rewards/definitions" => {
            Response::json(200, &json!({"data": [{"id": 3, "handle": "birthday"}]}))
        }
        _ => Response::json(201, &json!({"data": {"id": 7}})),
    });
    let customers = ["p-1", "nobody", "p-2"].map(|id| identity("shopify", id));
    let issue = omneo(&server).issue::<RewardDefinition>("birthday");
    let issue = issue.timezone(MELBOURNE);
    let report = issue.to_each(stream::iter(customers)).send().await.unwrap();
    assert_eq!(report.succeeded, 2);
    assert_eq!(report.failed[0].index, 1);
    // The definition is read once for all.
    let received = server.received();
    let reads = received.iter().filter(|sent| sent.method == "GET");
    assert_eq!(reads.count(), 1);
}

#[tokio::test]
async fn a_handle_that_no_definition_has_keeps_all_from_being_sent() {
    let server = FaultServer::start();
    server.application(|_| Response::json(200, &json!({"data": []})));
    let issue = omneo(&server).issue::<RewardDefinition>("birthday");
    let issue = issue.timezone(MELBOURNE);
    let report = issue.to_each(stream::iter(["p-1", "p-2"])).send().await;
    let message = refusal(report);
    assert!(
        message.contains("no reward definition has the handle"),
        "{message}"
    );
    assert!(server.received().iter().all(|sent| sent.method == "GET"));
}

#[tokio::test]
async fn it_can_be_sent_from_another_task() {
    let server = healthy();
    let omneo = omneo(&server);
    let issue = omneo.issue::<PointDefinition>(7).value(150);
    let one = tokio::spawn(issue.clone().to("p-1").send());
    let customers = stream::iter(["p-2", "p-3"]);
    let report = tokio::spawn(issue.clone().to_each(customers).send());
    let outcomes = tokio::spawn(async move {
        let customers = stream::iter([identity("shopify", 1)]);
        let outcomes = issue.to_each(customers).outcomes().await?;
        Ok::<_, Error>(outcomes.count().await)
    });
    one.await.unwrap().unwrap();
    assert_eq!(report.await.unwrap().unwrap().succeeded, 2);
    assert_eq!(outcomes.await.unwrap().unwrap(), 1);
}
