//! How a definition and a profile are named: which look-ups go before, and how long they are remembered.

use std::time::Duration;

use fault_server::{FaultServer, Response};
use futures_util::stream;
use omneo::omneo_types::Id;
use omneo::testing::ManualTimer;
use omneo::types::{
    AchievementDefinition, BenefitDefinition, ClaimableBenefitDefinition, CreditDefinition,
    PointDefinition, RewardDefinition, TierDefinition,
};
use omneo::{Error, Omneo, identity};
use omneo_mock::{Server, sample};
use serde_json::{Value, json};

use crate::bench::{Bench, MELBOURNE, PROFILE, refusal};

async fn bench() -> Bench {
    Bench::with(|builder| builder.timezone(MELBOURNE)).await
}

/// All six families with one definition each, which has the id 7 and the handle `it`.
macro_rules! families {
    ($server:ident: $($definition:ident $sample:ident $index:ident $show:ident)+) => {$(
        let definition = $definition {
            id: Some(7.into()),
            handle: Some("it".to_owned()),
            ..sample::$sample()
        };
        $server.$index(|when, then| {
            when.query("filter[handle]", "it");
            then.items([definition.clone()]);
        });
        $server.$show(|when, then| {
            when.definition(7);
            then.ok(definition);
        });
    )+};
}

fn define(server: &Server) {
    families! { server:
        RewardDefinition reward_definition rewards_definitions_index rewards_definitions_show
        BenefitDefinition benefit_definition benefits_definitions_index benefits_definitions_show
        PointDefinition point_definition points_definitions_index points_definitions_show
        CreditDefinition credit_definition credits_definitions_index credits_definitions_show
        TierDefinition tier_definition tiers_definitions_index tiers_definitions_show
        AchievementDefinition achievement_definition
        achievements_definitions_index achievements_definitions_show
    }
    server.benefits_definitions_handle(|when, then| {
        when.handle("it");
        then.ok(BenefitDefinition {
            id: Some(7.into()),
            handle: Some("it".to_owned()),
            ..sample::benefit_definition()
        });
    });
    server.rewards_store(|_, then| then.ok(sample::reward()));
    server.benefits_store(|_, then| then.ok(sample::benefit()));
    server.points_store(|_, then| then.ok(sample::point()));
    server.credits_store(|_, then| then.ok(sample::credit()));
    server.profiles_tiers_assign(|_, then| then.ok(sample::tier_progress()));
    server.profiles_achievements_store(|_, then| then.ok(sample::achievement_point()));
    server.tiers_points_store(|_, then| then.ok(sample::tier_point()));
    server.profiles_benefits_claim(|_, then| then.ok(sample::benefit()));
}

/// A row for each: what is looked up where the definition is given as an id, as a handle, as one that was read, and as one
/// that was read of which only the id or only the handle is known.
macro_rules! lookups {
    ($($name:ident: $definition:ident |$omneo:ident, $it:ident| $issue:expr,
       id: $by_id:expr, handle: $by_handle:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            let by_id: &[&str] = &$by_id;
            let by_handle: &[&str] = &$by_handle;
            let read = |id: Option<i64>, handle: Option<&str>| $definition {
                id: id.map(Into::into),
                handle: handle.map(str::to_owned),
                ..Default::default()
            };
            macro_rules! each {
                ($given:expr, $wanted:expr) => {{
                    let bench = bench().await;
                    define(&bench.server);
                    let $omneo = &bench.omneo;
                    let $it = $given;
                    $issue.send().await.unwrap();
                    let mut lines = bench.take_lines();
                    lines.pop();
                    assert_eq!(lines, $wanted);
                }};
            }
            each!(7, by_id);
            each!(Id::from("7"), by_id);
            each!("it", by_handle);
            each!("it".to_owned(), by_handle);
            each!(&read(Some(7), Some("it")), [""; 0]);
            each!(&read(Some(7), None), by_id);
            each!(&read(None, Some("it")), by_handle);
        }
    )+};
}

lookups! {
    a_reward_is_named_either_way: RewardDefinition |omneo, it| omneo.issue::<RewardDefinition>(it).to(PROFILE),
        id: [], handle: [];
    a_benefit_is_named_by_id: BenefitDefinition |omneo, it| omneo.issue::<BenefitDefinition>(it).to(PROFILE),
        id: [], handle: ["GET /v3/benefits/definitions/handle/it"];
    points_are_named_by_id: PointDefinition |omneo, it| omneo.issue::<PointDefinition>(it).to(PROFILE).value(1),
        id: [], handle: ["GET /v3/points/definitions?filter[handle]=it"];
    a_credit_is_named_either_way: CreditDefinition |omneo, it| omneo.issue::<CreditDefinition>(it).value(1),
        id: [], handle: [];
    a_tier_is_named_by_handle: TierDefinition |omneo, it| omneo.issue::<TierDefinition>(it).to(PROFILE),
        id: ["GET /v3/tiers/definitions/7"], handle: [];
    an_achievement_is_named_by_id: AchievementDefinition
        |omneo, it| omneo.issue::<AchievementDefinition>(it).to(PROFILE).count(1),
        id: [], handle: ["GET /v3/achievements/definitions?filter[handle]=it"];
    tier_points_are_named_by_the_id_of_a_point_definition: PointDefinition
        |omneo, it| omneo.tier_points(it).to(PROFILE).value(1),
        id: [], handle: ["GET /v3/points/definitions?filter[handle]=it"];
    a_claim_is_named_by_handle: BenefitDefinition |omneo, it| omneo.profile(PROFILE).claim(it),
        id: ["GET /v3/benefits/definitions/7"], handle: [];
}

/// What was looked up is what is sent.
#[tokio::test]
async fn the_other_name_is_sent() {
    let bench = bench().await;
    define(&bench.server);
    let omneo = &bench.omneo;
    let points = omneo.issue::<PointDefinition>("it").to(PROFILE);
    points.value(1).send().await.unwrap();
    let tier = omneo.issue::<TierDefinition>(7).to(PROFILE);
    tier.send().await.unwrap();
    let sent = bench.sent();
    assert_eq!(sent[1].body["point_definition_id"], 7);
    assert_eq!(sent[3].body, json!({"tier": "it"}));
}

#[tokio::test]
async fn what_a_customer_may_claim_is_named_by_itself() {
    let bench = bench().await;
    define(&bench.server);
    let claimable = ClaimableBenefitDefinition {
        handle: Some("it".to_owned()),
        ..sample::claimable_benefit_definition()
    };
    let claim = bench.omneo.profile(PROFILE).claim(&claimable);
    claim.send().await.unwrap();
    assert_eq!(bench.body()["definition"], "it");
}

/// A server need not say the handle that it was asked by.
#[tokio::test]
async fn a_look_up_serves_the_endpoint_that_takes_the_name_it_was_asked_by() {
    let bench = bench().await;
    bench.server.benefits_definitions_handle(|_, then| {
        then.raw(200, json!({"data": {"id": 7}}));
    });
    bench
        .server
        .benefits_store(|_, then| then.ok(sample::benefit()));
    bench
        .server
        .profiles_benefits_claim(|_, then| then.ok(sample::benefit()));
    let issue = bench.omneo.issue::<BenefitDefinition>("it").to(PROFILE);
    issue.send().await.unwrap();
    let claim = bench.omneo.profile(PROFILE).claim("it");
    claim.send().await.unwrap();
    assert_eq!(bench.sent()[2].body["definition"], "it");
}

#[tokio::test]
async fn a_definition_is_looked_up_once_in_ten_minutes() {
    let bench = bench().await;
    define(&bench.server);
    let lookup = "GET /v3/points/definitions?filter[handle]=it";
    for (seconds, lookups) in [(0, 1), (599, 0), (600, 1), (1199, 0), (1201, 1)] {
        bench
            .timer
            .advance(Duration::from_secs(seconds) - bench.timer.passed());
        // A clone knows it too, and so does whatever else is made of the definition.
        let omneo = bench.omneo.clone();
        let points = omneo.issue::<PointDefinition>("it").to(PROFILE);
        points.value(1).send().await.unwrap();
        omneo
            .tier_points("it")
            .to(PROFILE)
            .value(1)
            .send()
            .await
            .unwrap();
        let lines = bench.take_lines();
        let found = lines.iter().filter(|line| *line == lookup).count();
        assert_eq!(found, lookups, "after {seconds} s: {lines:?}");
    }
}

/// The family is part of the name.
#[tokio::test]
async fn the_same_handle_is_another_definition_in_another_family() {
    let bench = bench().await;
    define(&bench.server);
    let omneo = &bench.omneo;
    for _ in 0..2 {
        let points = omneo.issue::<PointDefinition>("it").to(PROFILE);
        points.value(1).send().await.unwrap();
        let achievement = omneo.issue::<AchievementDefinition>("it").to(PROFILE);
        achievement.count(1).send().await.unwrap();
    }
    assert_eq!(
        bench.take_lines(),
        [
            "GET /v3/points/definitions?filter[handle]=it",
            "POST /v3/points",
            "GET /v3/achievements/definitions?filter[handle]=it",
            &format!("POST /v3/profiles/{PROFILE}/achievements"),
            "POST /v3/points",
            &format!("POST /v3/profiles/{PROFILE}/achievements"),
        ]
    );
}

async fn points(omneo: &Omneo, profile: impl Into<omneo::ProfileRef>) -> Result<(), Error> {
    let issue = omneo.issue::<PointDefinition>("it");
    issue.to(profile).value(1).send().await.map(drop)
}

#[tokio::test]
async fn a_definition_that_the_server_refuses_is_looked_up_again() {
    for (status, is_forgotten) in [(404, true), (422, true), (409, false), (403, false)] {
        let bench = bench().await;
        bench.server.points_store(|_, then| {
            then.message(status, "No.").up_to_n_times(1);
        });
        define(&bench.server);
        points(&bench.omneo, PROFILE).await.unwrap_err();
        bench.take_lines();
        points(&bench.omneo, PROFILE).await.unwrap();
        let lookups = bench.take_lines().len() - 1;
        assert_eq!(lookups, usize::from(is_forgotten), "{status}");
    }
}

#[tokio::test]
async fn only_a_thousand_definitions_are_remembered() {
    let server = FaultServer::start();
    server.application(|request| {
        let query = request.query().unwrap_or_default();
        let pair = query.split('&').find(|pair| pair.contains("handle"));
        let handle = pair.and_then(|pair| pair.split_once('=')).unwrap().1;
        Response::json(200, &json!({"data": [{"id": 7, "handle": handle}]}))
    });
    let omneo = Omneo::builder()
        .base_url(server.url())
        .token("hush")
        .timer(ManualTimer::new())
        .build()
        .unwrap();
    let look_up = async |index: u32| {
        let before = server.received().len();
        let issue = omneo.issue::<PointDefinition>(format!("it-{index}"));
        let nobody = stream::empty::<&str>();
        let run = issue.value(1).to_each(nobody).await.unwrap();
        assert!(run.report().await.is_success());
        server.received().len() - before
    };
    for index in 0..1000 {
        assert_eq!(look_up(index).await, 1);
    }
    assert_eq!(look_up(0).await, 0);
    assert_eq!(look_up(1000).await, 1);
    // The one that was not asked for the longest.
    assert_eq!(look_up(0).await, 0);
    assert_eq!(look_up(1).await, 1);
}

/// In the body and in the path.
#[tokio::test]
async fn the_profile_of_an_identity_is_looked_up_once() {
    let bench = bench().await;
    define(&bench.server);
    let lookup = bench.server.profiles_exists(|_, then| {
        then.raw(200, json!({"data": {"id": PROFILE}}));
    });
    let customer = identity("shopify", 7_010_205_892_808_i64);
    let omneo = &bench.omneo;
    let points = omneo.issue::<PointDefinition>(7).to(customer.clone());
    points.value(1).send().await.unwrap();
    let tier = omneo.issue::<TierDefinition>("it").to(customer.clone());
    tier.send().await.unwrap();
    let claim = omneo.profile(customer).claim("it");
    claim.send().await.unwrap();
    lookup.assert_calls(1);
    let sent = bench.sent();
    assert_eq!(
        sent[0].body,
        json!({"type": "shopify", "id": "7010205892808"})
    );
    assert_eq!(sent[1].body["profile_id"], PROFILE);
    let tier = format!("POST /v3/profiles/{PROFILE}/tiers/assign");
    assert_eq!(sent[2].line, tier);
}

#[tokio::test]
async fn an_identity_is_looked_up_again_when_the_server_refuses_its_profile() {
    let bench = bench().await;
    bench.server.points_store(|_, then| {
        then.validation([("profile_id", "The selected profile id is invalid.")])
            .up_to_n_times(1);
    });
    define(&bench.server);
    bench.server.profiles_exists(|_, then| {
        then.raw(200, json!({"data": {"id": "merged"}}))
            .up_to_n_times(1);
    });
    bench.server.profiles_exists(|_, then| {
        then.raw(200, json!({"data": {"id": PROFILE}}));
    });
    let customer = identity("shopify", 7);
    points(&bench.omneo, customer.clone()).await.unwrap_err();
    points(&bench.omneo, customer).await.unwrap();
    let profiles: Vec<Value> = bench
        .sent()
        .into_iter()
        .map(|sent| sent.body["profile_id"].clone())
        .collect();
    assert_eq!(profiles.last(), Some(&json!(PROFILE)));
}

#[tokio::test]
async fn a_profile_that_no_one_has_is_not_found() {
    let bench = bench().await;
    define(&bench.server);
    bench.server.profiles_exists(|_, then| then.not_found());
    let error = points(&bench.omneo, identity("shopify", 7))
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind(), omneo::ErrorKind::NotFound(_)),
        "{error:?}"
    );
    assert!(!bench.take_lines().contains(&"POST /v3/points".to_owned()));
}

/// It is told by its handle; an id is not.
#[tokio::test]
async fn what_the_server_knows_by_no_name_is_no_use() {
    let bench = bench().await;
    bench.server.tiers_definitions_show(|_, then| {
        then.raw(200, json!({"data": {"id": 7}}));
    });
    let issue = bench.omneo.issue::<TierDefinition>(7).to(PROFILE);
    let message = refusal(issue.send().await);
    assert!(
        message.contains("tier definition has no handle"),
        "{message}"
    );
}
