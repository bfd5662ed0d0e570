//! Definitions of all six families: read, written and found by their handle.

use omneo::incentives::{Definition, Definitions, Family};
use omneo::omneo_types::Amount;
use omneo::types::{
    AchievementDefinition, BenefitDefinition, BenefitDefinitionInput, CreditDefinition,
    PointDefinition, RewardDefinition, TierDefinition,
};
use omneo::{ErrorKind, Omneo};
use omneo_mock::sample;
use serde_json::{Value, json};

use crate::bench::{Bench, refusal};
use crate::schema;

/// What generic code calls, one after the other.
async fn use_all<D: Definition>(
    omneo: &Omneo,
    input: &<D::Definitions as Definitions>::Input,
    update: &<D::Definitions as Definitions>::Update,
) -> [D; 5] {
    let definitions = omneo.definitions::<D>();
    let listed = definitions.list().all(10).await.unwrap();
    let [listed] = listed.try_into().unwrap();
    let read = definitions.get(7.into()).await.unwrap();
    let created = definitions.create(input).await.unwrap();
    let updated = definitions.update(7.into(), update).await.unwrap();
    definitions.delete(7.into()).await.unwrap();
    let found = definitions.by_handle("it").await.unwrap();
    [listed, read, created, updated, found]
}

/// A row for each family: its operations, what it requires, what is changed, and how a handle is found.
macro_rules! definitions {
    ($($name:ident: $definition:ident $sample:ident of $family:ident
        $index:ident $show:ident $store:ident $update:ident $destroy:ident
        create $input:tt update $change:tt by $by_handle:literal;)+) => {$(
        #[tokio::test]
        async fn $name() {
            let bench = Bench::start().await;
            let sample = $definition {
                id: Some(7.into()),
                handle: Some("it".to_owned()),
                ..sample::$sample()
            };
            bench.server.$index(|_, then| then.items([sample.clone()]));
            bench.server.$show(|when, then| {
                when.definition(7);
                then.ok(&sample);
            });
            bench.server.$store(|_, then| then.ok(&sample));
            bench.server.$update(|when, then| {
                when.definition(7);
                then.ok(&sample);
            });
            bench.server.$destroy(|when, then| {
                when.definition(7);
                then.no_content();
            });
            bench.server.benefits_definitions_handle(|_, then| {
                then.ok(BenefitDefinition {
                    handle: Some("it".to_owned()),
                    ..sample::benefit_definition()
                });
            });
            let input = serde_json::from_value(json!($input)).unwrap();
            let update = serde_json::from_value(json!($change)).unwrap();
            let answers = use_all::<$definition>(&bench.omneo, &input, &update).await;
            for answer in answers {
                assert_eq!(answer.handle.as_deref(), Some("it"));
            }
            assert_eq!($definition::FAMILY, Family::$family);
            let base = concat!("/v3/", stringify!($name), "/definitions");
            let sent = bench.sent();
            let operations = [
                (stringify!($index), format!("GET {base}"), Value::Null),
                (stringify!($show), format!("GET {base}/7"), Value::Null),
                (stringify!($store), format!("POST {base}"), json!($input)),
                (stringify!($update), format!("PUT {base}/7"), json!($change)),
                (stringify!($destroy), format!("DELETE {base}/7"), Value::Null),
            ];
            assert_eq!(sent.len(), operations.len() + 1);
            for (sent, (operation, line, body)) in sent.iter().zip(operations) {
                assert_eq!((&sent.line, &sent.body), (&line, &body));
                schema::assert_fits(operation, &line, &body);
            }
            assert_eq!(sent[5].line, $by_handle);
        }
    )+};
}

definitions! {
    rewards: RewardDefinition reward_definition of Rewards
        rewards_definitions_index rewards_definitions_show rewards_definitions_store
        rewards_definitions_update rewards_definitions_destroy
        create {"name": "Birthday", "handle": "it", "value": 20, "period": 30, "type": "birthday"}
        update {"value": 25}
        by "GET /v3/rewards/definitions?filter[handle]=it";
    benefits: BenefitDefinition benefit_definition of Benefits
        benefits_definitions_index benefits_definitions_show benefits_definitions_store
        benefits_definitions_update benefits_definitions_destroy
        create {"name": "Alteration", "handle": "it", "period": 90}
        update {"period": 60}
        by "GET /v3/benefits/definitions/handle/it";
    points: PointDefinition point_definition of Points
        points_definitions_index points_definitions_show points_definitions_store
        points_definitions_update points_definitions_destroy
        create {"name": "Purchase", "handle": "it"}
        update {"name": "Purchases"}
        by "GET /v3/points/definitions?filter[handle]=it";
    credits: CreditDefinition credit_definition of Credits
        credits_definitions_index credits_definitions_show credits_definitions_store
        credits_definitions_update credits_definitions_destroy
        create {"name": "Gift card", "handle": "it", "type": "gift_card"}
        update {"name": "Gift cards"}
        by "GET /v3/credits/definitions?filter[handle]=it";
    tiers: TierDefinition tier_definition of Tiers
        tiers_definitions_index tiers_definitions_show tiers_definitions_store
        tiers_definitions_update tiers_definitions_destroy
        create {"name": "Gold", "handle": "it", "value_min": 1000}
        update {"value_min": 1500}
        by "GET /v3/tiers/definitions?filter[handle]=it";
    achievements: AchievementDefinition achievement_definition of Achievements
        achievements_definitions_index achievements_definitions_show
        achievements_definitions_store achievements_definitions_update
        achievements_definitions_destroy
        create {
            "name": "Visits",
            "handle": "it",
            "levels": [{"name": "Five", "display_number": 1, "trigger": 5}],
        }
        update {"name": "Many visits"}
        by "GET /v3/achievements/definitions?filter[handle]=it";
}

/// The handle's own method and the trait's are one.
#[tokio::test]
async fn the_resource_of_a_family_has_by_handle_too() {
    let bench = Bench::start().await;
    bench.server.rewards_definitions_index(|when, then| {
        when.query("filter[handle]", "birthday");
        then.items([RewardDefinition {
            handle: Some("birthday".to_owned()),
            max_value: Some(Amount::from(50)),
            ..sample::reward_definition()
        }]);
    });
    let definitions = bench.omneo.rewards().definitions();
    let birthday = definitions.by_handle("birthday").await.unwrap();
    assert_eq!(birthday.max_value, Some(50.into()));
}

/// MySQL takes `Birthday` for `birthday`, and a server that ignores the filter shows all.
#[tokio::test]
async fn another_definition_is_not_taken_for_the_one_with_the_handle() {
    let bench = Bench::start().await;
    let with = |handle: &str, id: i64| RewardDefinition {
        id: Some(id.into()),
        handle: Some(handle.to_owned()),
        ..sample::reward_definition()
    };
    let others = (1..40).map(|id| with("Birthday", id));
    let all: Vec<_> = others.chain([with("birthday", 40)]).collect();
    bench
        .server
        .rewards_definitions_index(|_, then| then.items(all));
    let definitions = bench.omneo.rewards().definitions();
    let found = definitions.by_handle("birthday").await.unwrap();
    assert_eq!(found.id, Some(40.into()));
}

fn none_at_all(bench: &Bench) {
    let server = &bench.server;
    server.rewards_definitions_index(|_, then| then.items([]));
    server.points_definitions_index(|_, then| then.items([]));
    server.credits_definitions_index(|_, then| then.items([]));
    server.tiers_definitions_index(|_, then| then.items([]));
    server.achievements_definitions_index(|_, then| then.items([]));
    server.benefits_definitions_handle(|_, then| then.not_found());
}

#[tokio::test]
async fn an_unknown_handle_names_the_family_and_the_handle() {
    let bench = Bench::start().await;
    none_at_all(&bench);
    let omneo = &bench.omneo;
    macro_rules! each {
        ($($definition:ident $family:literal)+) => {$(
            let message = refusal(omneo.definitions::<$definition>().by_handle("birthdya").await);
            let wanted = format!("no {} definition has the handle \"birthdya\"", $family);
            assert!(message.contains(&wanted), "{wanted:?} is not in {message:?}");
        )+};
    }
    each! {
        RewardDefinition "reward"
        BenefitDefinition "benefit"
        PointDefinition "point"
        CreditDefinition "credit"
        TierDefinition "tier"
        AchievementDefinition "achievement"
    }
}

#[tokio::test]
async fn a_handle_of_another_family_says_so() {
    let bench = Bench::start().await;
    let definition = |handle: &str| CreditDefinition {
        handle: Some(handle.to_owned()),
        ..sample::credit_definition()
    };
    bench.server.credits_definitions_index(|when, then| {
        when.query("filter[handle]", "gift-card");
        then.items([definition("gift-card")]);
    });
    bench.server.benefits_definitions_handle(|when, then| {
        when.handle("gift-card");
        then.ok(sample::benefit_definition());
    });
    none_at_all(&bench);
    let definitions = bench.omneo.rewards().definitions();
    let message = refusal(definitions.by_handle("gift-card").await);
    let wanted = "no reward definition has the handle \"gift-card\", but a benefit definition and a credit definition has";
    assert!(message.contains(wanted), "{message}");
}

/// Whoever can't look into the other families is told what is known.
#[tokio::test]
async fn other_families_that_can_not_be_read_are_no_matter() {
    let bench = Bench::start().await;
    bench
        .server
        .rewards_definitions_index(|_, then| then.items([]));
    bench
        .server
        .points_definitions_index(|_, then| then.forbidden());
    none_at_all(&bench);
    let definitions = bench.omneo.rewards().definitions();
    let message = refusal(definitions.by_handle("birthday").await);
    assert!(message.contains("no reward definition"), "{message}");
}

#[tokio::test]
async fn what_keeps_a_family_from_being_read_is_the_error() {
    let bench = Bench::start().await;
    bench
        .server
        .rewards_definitions_index(|_, then| then.forbidden());
    bench
        .server
        .benefits_definitions_handle(|_, then| then.unauthenticated());
    let rewards = bench.omneo.rewards().definitions();
    let error = rewards.by_handle("it").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Forbidden(_)), "{error:?}");
    let benefits = bench.omneo.benefits().definitions();
    let error = benefits.by_handle("it").await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Unauthenticated(_)),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_empty_handle_is_refused() {
    let bench = Bench::start().await;
    let omneo = &bench.omneo;
    let rewards = omneo.rewards().definitions().by_handle("").await;
    bench.assert_refused(rewards, &["handle of the reward definition is empty"]);
    let benefits = omneo.benefits().definitions().by_handle("").await;
    bench.assert_refused(benefits, &["handle of the benefit definition is empty"]);
}

/// A handle is one segment of a path.
#[tokio::test]
async fn a_handle_is_sent_as_it_is() {
    let bench = Bench::start().await;
    bench.server.benefits_definitions_handle(|when, then| {
        when.handle("a b?ü");
        then.ok(sample::benefit_definition());
    });
    let benefits = bench.omneo.benefits().definitions();
    benefits.by_handle("a b?ü").await.unwrap();
    bench.take_lines();
    bench.assert_refused(benefits.by_handle("a/b").await, &["a slash"]);
}

#[tokio::test]
async fn a_handle_that_is_there_already_is_the_servers_to_refuse() {
    let bench = Bench::start().await;
    bench.server.benefits_definitions_store(|_, then| {
        then.validation([("handle", "The handle has already been taken.")]);
    });
    let input: BenefitDefinitionInput =
        serde_json::from_value(json!({"name": "Alteration", "handle": "it", "period": 90}))
            .unwrap();
    let error = bench
        .omneo
        .benefits()
        .definitions()
        .create(&input)
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Validation(_)),
        "{error:?}"
    );
    assert_eq!(
        error.field_errors()["handle"],
        ["The handle has already been taken."]
    );
}
