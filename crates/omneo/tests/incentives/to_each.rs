//! The same for many customers.

use std::sync::Mutex;

use fault_server::{Fault, FaultServer, Moment, Received, Response};
use futures_util::{StreamExt as _, stream};
use omneo::batch::{Outcome, Report, State};
use omneo::incentives::{Each, External, Recipient};
use omneo::omneo_types::Id;
use omneo::testing::ManualTimer;
use omneo::types::{
    AchievementDefinition, BenefitDefinition, CreditDefinition, PointDefinition, RewardDefinition,
    TierDefinition,
};
use omneo::{Error, Omneo, ProfileRef, RetryPolicy, identity};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::bench::{MELBOURNE, refusal};
use crate::schema;

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

async fn to_each(omneo: &Omneo, profiles: Vec<String>) -> Report {
    let issue = omneo.issue::<PointDefinition>(7).value(150);
    issue
        .to_each(stream::iter(profiles))
        .await
        .unwrap()
        .report()
        .await
}

fn names(outcomes: &[Outcome], profiles: &[String]) -> Vec<String> {
    let mut names: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
            let name = &profiles[usize::try_from(outcome.index).unwrap()];
            assert_eq!(outcome.profile_id, Some(Id::from(name.as_str())));
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
    assert_eq!(report.total, 8);
    // The one whose answer can't be read has it.
    assert_eq!(report.succeeded, 4);
    assert_eq!(names(&report.failed, &profiles), ["n-1", "v-1"]);
    assert_eq!(names(&report.unknown, &profiles), ["l-1", "u-1"]);
    assert_eq!(server.received().len(), 8, "nothing is sent twice");
    for failed in &report.failed {
        let State::Failed(why) = &failed.state else {
            panic!("{failed:?}");
        };
        assert!(why.contains("404") || why.contains("is invalid"), "{why}");
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
        let report = runtime.block_on(async {
            let batch = issue.batch().await.unwrap().concurrency(concurrency);
            batch.to_each(stream::iter(profiles.clone())).report().await
        });
        let of = |letters: &str| {
            let mut of: Vec<_> = profiles.iter().filter(|name| letters.contains(&name[..1])).cloned().collect();
            of.sort();
            of
        };
        prop_assert_eq!(report.succeeded, of("sd").len() as u64);
        prop_assert_eq!(names(&report.failed, &profiles), of("vn"));
        prop_assert_eq!(names(&report.unknown, &profiles), of("ul"));
        prop_assert_eq!(report.total, profiles.len() as u64);
        let mut received: Vec<_> = server.received().iter().map(|request| profile(request)).collect();
        received.sort();
        prop_assert_eq!(received, of("svnuld"));
    }
}

#[tokio::test]
async fn only_so_many_calls_are_under_way_at_once() {
    for limit in [1, 3] {
        let server = healthy();
        let issue = omneo(&server).issue::<PointDefinition>(7).value(150);
        let batch = issue.batch().await.unwrap().concurrency(limit);
        let profiles = (0..50).map(|index| format!("p-{index}"));
        let report = batch.to_each(stream::iter(profiles)).report().await;
        assert_eq!(report.succeeded, 50);
        assert!(server.peak_in_flight() <= limit);
    }
}

/// Customers are taken from the stream as they are needed.
#[tokio::test]
async fn a_stream_without_end_is_no_matter() {
    let server = healthy();
    let profiles = stream::iter(0_u64..).map(|index| format!("p-{index}"));
    let issue = omneo(&server).issue::<PointDefinition>(7).value(150);
    let batch = issue.batch().await.unwrap().concurrency(2);
    let some: Vec<_> = batch.to_each(profiles).take(5).collect().await;
    let is_made = |outcome: &Outcome| matches!(outcome.state, State::Succeeded { id: Some(_) });
    assert!(some.iter().all(is_made));
    assert!(server.received().len() < 10);
}

#[tokio::test]
async fn nothing_is_sent_for_no_one() {
    let server = healthy();
    let report = to_each(&omneo(&server), Vec::new()).await;
    assert_eq!((report.total, report.succeeded), (0, 0));
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
    let message = refusal(issue.to_each(stream::iter(["p-1", "p-2"])).await);
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
    let shared = rewards().timezone(MELBOURNE).external_id("x");
    for (message, field) in [
        (refusal(points().value(0).to_each(each()).await), "`value`"),
        (refusal(rewards().to_each(each()).await), "`timezone`"),
        (refusal(early.to_each(each()).await), "`expires_at`"),
        (refusal(shared.to_each(each()).await), "`external_id`"),
    ] {
        assert!(message.contains(field), "{field} is not in {message:?}");
    }
    assert!(server.received().is_empty());
}

/// A tenant where nobody has the identity `nobody`, and batches are worked off at once.
fn tenant() -> FaultServer {
    let server = FaultServer::start();
    let rows = Mutex::new(Vec::<Value>::new());
    server.application(move |request| match request.path() {
        "/v3/profiles/exists" => {
            let id = request.json().unwrap()["id"].clone();
            match id == "nobody" {
                true => Response::json(404, &json!({"message": "No query results"})),
                false => Response::json(200, &json!({"data": {"id": format!("of-{id}")}})),
            }
        }
        "/v3/rewards/batch.json" | "/v3/benefits/batch.json" => {
            let body = request.json().unwrap();
            let sent = body.get("rewards").or(body.get("benefits")).unwrap();
            rows.lock().unwrap().clone_from(sent.as_array().unwrap());
            Response::json(200, &json!({"message": "Queued.", "batch_id": "b-1"}))
        }
        "/v3/batches/b-1" => {
            let rows = rows.lock().unwrap();
            let items = rows.iter().enumerate().map(|(place, row)| {
                let is_known = row["profile_id"] != "nobody";
                json!({
                    "entity_id": is_known.then_some(place + 1),
                    "external_id": row["external_id"],
                    "status": if is_known { "success" } else { "failed" },
                    "error": (!is_known).then_some("The profile is not known."),
                })
            });
            let items: Vec<_> = items.collect();
            Response::json(200, &json!({"data": {"status": "success", "items": items}}))
        }
        path if request.method == "GET" && path.contains("/definitions") => {
            let definition = json!({"id": 3, "handle": "it"});
            match path.ends_with("definitions") {
                true => Response::json(200, &json!({"data": [definition]})),
                false => Response::json(200, &json!({"data": definition})),
            }
        }
        _ => Response::json(201, &json!({"data": {"id": 7}})),
    });
    server
}

/// Who they are: by id, by an identity, and by one that nobody has.
fn customers() -> [ProfileRef; 3] {
    [
        ProfileRef::from("p-0"),
        identity("shopify", "nobody").into(),
        identity("shopify", "s-2").into(),
    ]
}

fn bodies(server: &FaultServer, path: &str) -> Vec<Value> {
    let mut received = server.received();
    received.retain(|request| request.path() == path);
    received
        .iter()
        .map(|request| request.json().unwrap())
        .collect()
}

/// The endpoints for batches take identities as they are.
#[tokio::test]
async fn rewards_and_benefits_go_in_batches() {
    let server = tenant();
    let omneo = omneo(&server);
    let rewards = omneo
        .issue::<RewardDefinition>("it")
        .value(20)
        .timezone(MELBOURNE)
        .meta("from", "tests");
    let benefits = omneo
        .issue::<BenefitDefinition>("it")
        .value(20)
        .timezone(MELBOURNE)
        .meta("from", "tests");
    let run = rewards.to_each(stream::iter(customers())).await.unwrap();
    let rewards = run.report().await;
    let run = benefits.to_each(stream::iter(customers())).await.unwrap();
    let benefits = run.report().await;
    for report in [rewards, benefits] {
        assert_eq!((report.total, report.succeeded), (3, 2), "{report}");
        assert_eq!(report.failed[0].profile_id, Some("nobody".into()));
        assert_eq!(
            report.failed[0].state,
            State::Failed("The profile is not known.".to_owned())
        );
    }
    let row = |fields: &Value, id: &str, handle: Option<&str>| {
        let mut row = json!({
            "profile_id": id,
            "timezone": MELBOURNE,
            "issued_at": null,
            "meta": {"from": "tests"},
        });
        if let (Some(row), Some(fields)) = (row.as_object_mut(), fields.as_object()) {
            row.extend(fields.clone());
            if let Some(handle) = handle {
                row.insert("profile_id_handle".to_owned(), handle.into());
            }
        }
        row
    };
    let cases = [
        (
            "rewards",
            json!({"reward_definition_id": 3, "value_initial": 20, "profile_id_handle": null}),
        ),
        ("benefits", json!({"benefit_definition_id": 3, "value": 20})),
    ];
    for (name, fields) in cases {
        let line = format!("POST /v3/{name}/batch.json");
        let bodies = bodies(&server, &format!("/v3/{name}/batch.json"));
        assert_eq!(bodies.len(), 1);
        let rows = [
            row(&fields, "p-0", None),
            row(&fields, "nobody", Some("shopify")),
            row(&fields, "s-2", Some("shopify")),
        ];
        let wanted = json!({ name: rows });
        assert_eq!(without_nulls(&bodies[0]), without_nulls(&wanted));
        schema::assert_fits(&format!("{name}_batch"), &line, &bodies[0]);
    }
    assert!(bodies(&server, "/v3/profiles/exists").is_empty());
    // Each definition is read once for all.
    let received = server.received();
    let reads = received
        .iter()
        .filter(|sent| sent.method == "GET" && sent.path().contains("definitions"));
    assert_eq!(reads.count(), 2);
}

/// Whether a field that has nothing is null or left out is another test's.
fn without_nulls(body: &Value) -> Value {
    match body {
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            let fields = fields.map(|(name, value)| (name.clone(), without_nulls(value)));
            fields.collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// Where there is no batch the profile is looked up; who can't be looked up fails alone.
#[tokio::test]
async fn the_other_families_go_one_by_one_to_identities_too() {
    let server = tenant();
    let omneo = omneo(&server);
    macro_rules! to_each {
        ($($issue:expr;)+) => {[$(
            $issue.to_each(stream::iter(customers())).await.unwrap().report().await
        ),+]};
    }
    let reports = to_each! {
        omneo.issue::<PointDefinition>("it").value(150);
        omneo.tier_points("it").value(150);
        omneo.issue::<CreditDefinition>("it").value(50);
        omneo.issue::<AchievementDefinition>("it").count(1);
        omneo.issue::<TierDefinition>("it");
    };
    for report in reports {
        assert_eq!((report.total, report.succeeded), (3, 2), "{report}");
        assert_eq!(report.failed[0].index, 1);
        assert_eq!(report.failed[0].profile_id, Some("nobody".into()));
    }
    for path in ["points", "tiers/points", "credits"] {
        let bodies = bodies(&server, &format!("/v3/{path}"));
        let mut profiles: Vec<_> = bodies.iter().map(|body| &body["profile_id"]).collect();
        profiles.sort_by_key(ToString::to_string);
        assert_eq!(profiles, ["of-\"s-2\"", "p-0"], "{path}");
    }
    for path in ["achievements", "tiers/assign"] {
        assert_eq!(
            bodies(&server, &format!("/v3/profiles/p-0/{path}")).len(),
            1,
            "{path}"
        );
    }
    // Once for each identity and, as nobody is not remembered, for each family.
    assert_eq!(bodies(&server, "/v3/profiles/exists").len(), 1 + 5);
}

/// By its own id a credit that was made is found, and not made again.
#[tokio::test]
async fn each_may_have_an_external_id_of_its_own() {
    fn recipients<K: Each + External>() -> impl futures_util::Stream<Item = Recipient<K>> + Send {
        let recipient = |id| Recipient::new(id).external_id(format!("birthday-{id}"));
        stream::iter(["p-0", "p-1"].map(recipient))
    }
    let server = tenant();
    let omneo = omneo(&server);
    let issue = omneo.issue::<RewardDefinition>("it").timezone(MELBOURNE);
    let report = issue.to_each(recipients()).await.unwrap().report().await;
    assert_eq!(report.succeeded, 2);
    let sent = bodies(&server, "/v3/rewards/batch.json");
    assert_eq!(sent[0]["rewards"][1]["external_id"], "birthday-p-1");

    let found = json!({"id": 99, "external_id": "birthday-p-0"});
    let found = json!({"data": [found], "links": {}, "meta": {}});
    server.fallback(move |request| match request.method.as_str() {
        "GET" if request.path() == "/v3/credits" => Fault::respond(Response::json(200, &found)),
        "POST" if profile(request) == "p-0" => Fault::reset(Moment::Unanswered),
        _ => Fault::none(),
    });
    let issue = omneo.issue::<CreditDefinition>("it").value(50);
    let run = issue.to_each(recipients()).await.unwrap();
    let mut outcomes: Vec<_> = run.collect().await;
    outcomes.sort_by_key(|outcome| outcome.index);
    let made = |id: i64| State::Succeeded {
        id: Some(id.into()),
    };
    assert_eq!(outcomes[0].state, made(99));
    assert_eq!(outcomes[1].state, made(7));
    let received = server.received();
    let posts = received
        .iter()
        .filter(|sent| sent.method == "POST" && sent.path() == "/v3/credits");
    assert_eq!(posts.count(), 2);
}

#[tokio::test]
async fn a_handle_that_no_definition_has_keeps_all_from_being_sent() {
    let server = FaultServer::start();
    server.application(|_| Response::json(200, &json!({"data": []})));
    let issue = omneo(&server).issue::<RewardDefinition>("birthday");
    let issue = issue.timezone(MELBOURNE);
    let report = issue.to_each(stream::iter(["p-1", "p-2"])).await;
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
    let to_each = issue.clone();
    let report = tokio::spawn(async move {
        let run = to_each.to_each(customers).await?;
        Ok::<_, Error>(run.report().await)
    });
    let outcomes = tokio::spawn(async move {
        let customers = stream::iter([identity("shopify", 1)]);
        let outcomes = issue.to_each(customers).await?;
        Ok::<_, Error>(outcomes.count().await)
    });
    one.await.unwrap().unwrap();
    assert_eq!(report.await.unwrap().unwrap().succeeded, 2);
    assert_eq!(outcomes.await.unwrap().unwrap(), 1);
}
