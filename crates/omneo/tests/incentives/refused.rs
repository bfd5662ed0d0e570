//! What is refused before anything is sent, and what the server refuses.

use std::str::FromStr as _;

use omneo::incentives::DefinitionRef;
use omneo::omneo_types::jiff::civil::{date, datetime};
use omneo::omneo_types::jiff::{Timestamp, Zoned};
use omneo::omneo_types::{Amount, Id};
use omneo::types::{
    AchievementDefinition, BenefitDefinition, CreditDefinition, PointDefinition, RewardDefinition,
    TierDefinition,
};
use omneo::{Error, ErrorKind, ProfileRef, identity};
use omneo_mock::sample;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::bench::{Bench, MELBOURNE, PROFILE, refusal};

/// A row for each: what is issued, and words of the refusal.
macro_rules! refused {
    ($($name:ident: |$omneo:ident| $issue:expr => $($word:literal)+;)+) => {$(
        #[tokio::test]
        async fn $name() {
            let bench = Bench::start().await;
            let $omneo = &bench.omneo;
            let issued = $issue.send().await;
            bench.assert_refused(issued, &[$($word),+]);
        }
    )+};
}

refused! {
    points_of_nothing: |omneo| omneo.issue::<PointDefinition>(7).to(PROFILE).value(0)
        => "`value`" "is 0" "above zero";
    a_reward_below_nothing:
        |omneo| omneo.issue::<RewardDefinition>(7).to(PROFILE).timezone(MELBOURNE).value(-20)
        => "`value`" "is -20" "above zero";
    a_benefit_of_nothing:
        |omneo| omneo.issue::<BenefitDefinition>(7).to(PROFILE).timezone(MELBOURNE).value(0)
        => "`value`" "above zero";
    a_credit_below_nothing:
        |omneo| omneo.issue::<CreditDefinition>(7).value(Amount::from_str("-0.01").unwrap())
        => "`value`" "is -0.01" "above zero";
    tier_points_of_nothing: |omneo| omneo.tier_points(7).to(PROFILE).value(0)
        => "`value`" "above zero";
    a_count_of_nothing: |omneo| omneo.issue::<AchievementDefinition>(7).to(PROFILE).count(0)
        => "`count`" "is 0" "above zero";
    a_count_below_nothing: |omneo| omneo.issue::<AchievementDefinition>(7).to(PROFILE).count(-1)
        => "`count`" "is -1" "above zero";
    less_than_nothing_left:
        |omneo| omneo.issue::<PointDefinition>(7).to(PROFILE).value(10).value_remaining(-1)
        => "`value_remaining`" "is -1" "below zero";
    more_left_than_there_was:
        |omneo| omneo.issue::<CreditDefinition>(7).value(10).value_remaining(11)
        => "`value_remaining`" "is 11" "more than the value of 10";
    a_reward_above_its_definitions_range:
        |omneo| omneo.issue(&RewardDefinition {
            id: Some(7.into()),
            max_value: Some(50.into()),
            ..Default::default()
        }).to(PROFILE).timezone(MELBOURNE).value(51)
        => "`value`" "is 51" "more than the 50 that the definition allows";
    a_credit_above_its_definitions_range:
        |omneo| omneo.issue(&CreditDefinition {
            handle: Some("gift-card".to_owned()),
            max_value: Some(Amount::from_str("99.95").unwrap()),
            ..Default::default()
        }).value(100)
        => "`value`" "is 100" "99.95";

    no_timezone_for_a_reward: |omneo| omneo.issue::<RewardDefinition>(7).to(PROFILE)
        => "`timezone`" "missing" "Australia/Melbourne" "Builder::timezone";
    no_timezone_for_a_benefit: |omneo| omneo.issue::<BenefitDefinition>(7).to(PROFILE)
        => "`timezone`" "missing";
    no_timezone_for_a_claim: |omneo| omneo.profile(PROFILE).claim("it")
        => "`timezone`" "missing";
    no_timezone_for_a_claim_that_is_redeemed:
        |omneo| omneo.profile(PROFILE).claim_and_redeem("it")
        => "`timezone`" "missing";
    a_timezone_that_is_none:
        |omneo| omneo.issue::<RewardDefinition>(7).to(PROFILE).timezone("Australia/Melburne")
        => "`timezone`" "\"Australia/Melburne\"" "no IANA name";
    an_empty_timezone:
        |omneo| omneo.issue::<RewardDefinition>(7).to(PROFILE).timezone("")
        => "`timezone`" "no IANA name";
    an_abbreviation_of_a_timezone:
        |omneo| omneo.issue::<CreditDefinition>(7).value(1).timezone("AEST")
        => "`timezone`" "no IANA name";
    an_offset_for_a_timezone:
        |omneo| omneo.issue::<CreditDefinition>(7).value(1).timezone("+11:00")
        => "`timezone`" "no IANA name";
    a_timezone_that_nobody_knows:
        |omneo| omneo.issue::<CreditDefinition>(7).value(1).timezone("Etc/Unknown")
        => "`timezone`" "no IANA name";
    // The look-up of the definition does not go before.
    a_timezone_that_is_none_of_a_benefit_by_its_handle:
        |omneo| omneo.issue::<BenefitDefinition>("it").to(PROFILE).timezone("AEST")
        => "`timezone`" "no IANA name";

    an_expiry_before_the_issue:
        |omneo| omneo.issue::<PointDefinition>(7).to(PROFILE).value(1)
            .issued_at(datetime(2026, 3, 1, 12, 0, 0, 0))
            .expires_at(datetime(2026, 3, 1, 11, 59, 59, 0))
        => "`expires_at`" "2026-03-01 11:59:59" "before the issue at 2026-03-01 12:00:00";
    an_expiry_on_the_day_before_the_issue:
        |omneo| omneo.issue::<AchievementDefinition>(7).to(PROFILE).count(1)
            .issued_at(datetime(2026, 3, 1, 12, 0, 0, 0)).expires_at(date(2026, 2, 28))
        => "`expires_at`" "2026-02-28" "before the issue";
    an_expiry_before_now:
        |omneo| omneo.issue::<BenefitDefinition>(7).to(PROFILE).timezone(MELBOURNE)
            .expires_at(date(2024, 1, 30))
        => "`expires_at`" "2024-01-30" "before now";
    // It is the 31st in Melbourne, and ten in the morning... of that day.
    an_expiry_before_now_by_the_clocks_of_the_zone:
        |omneo| omneo.issue::<RewardDefinition>(7).to(PROFILE).timezone(MELBOURNE)
            .expires_at(datetime(2024, 1, 31, 10, 59, 59, 0))
        => "`expires_at`" "before now, 2024-01-31 11:00:00";
    an_expiry_before_the_accrual:
        |omneo| omneo.issue::<PointDefinition>(7).to(PROFILE).value(1)
            .accrued_at(date(2026, 3, 1)).expires_at(date(2026, 2, 28))
        => "`expires_at`" "before the issue at 2026-03-01";
    a_moment_of_expiry_before_the_issue_in_the_zone:
        |omneo| omneo.issue::<CreditDefinition>(7).value(1).timezone(MELBOURNE)
            .issued_at(datetime(2026, 3, 1, 12, 0, 0, 0))
            .expires_at("2026-03-01T00:59:59Z".parse::<Timestamp>().unwrap())
        => "`expires_at`" "2026-03-01 11:59:59";

    an_empty_handle: |omneo| omneo.issue::<PointDefinition>("").to(PROFILE).value(1)
        => "handle of the point definition is empty";
    an_empty_handle_where_handles_are_sent: |omneo| omneo.issue::<TierDefinition>("").to(PROFILE)
        => "handle of the tier definition is empty";
    an_empty_id: |omneo| omneo.issue::<TierDefinition>(Id::from("")).to(PROFILE)
        => "id of the tier definition is empty";
    an_empty_id_where_ids_are_sent:
        |omneo| omneo.issue::<PointDefinition>(Id::from("")).to(PROFILE).value(1)
        => "id of the point definition is empty";
    a_definition_that_was_not_read:
        |omneo| omneo.issue(&PointDefinition::default()).to(PROFILE).value(1)
        => "point definition" "neither an id nor a handle";
    an_empty_external_id: |omneo| omneo.issue::<CreditDefinition>(7).value(1).external_id("")
        => "`external_id`" "empty";
    an_empty_profile: |omneo| omneo.issue::<PointDefinition>(7).to("").value(1)
        => "profile" "empty";
    an_empty_profile_in_the_path: |omneo| omneo.issue::<TierDefinition>("gold").to("")
        => "profile" "empty";
    an_empty_identity: |omneo| omneo.issue::<TierDefinition>("gold").to(identity("pos", ""))
        => "identity" "empty";
    // No definition is looked up for nobody.
    an_empty_profile_and_a_handle: |omneo| omneo.issue::<PointDefinition>("it").to("").value(1)
        => "profile" "empty";
}

/// All of it is taken as it is.
#[tokio::test]
async fn what_is_at_the_edge_is_not_refused() {
    let bench = Bench::start().await;
    bench
        .server
        .rewards_store(|_, then| then.ok(sample::reward()));
    bench
        .server
        .points_store(|_, then| then.ok(sample::point()));
    let omneo = &bench.omneo;
    let definition = RewardDefinition {
        id: Some(7.into()),
        max_value: Some(50.into()),
        ..Default::default()
    };
    let reward = omneo.issue(&definition).to(PROFILE).timezone(MELBOURNE);
    let day = date(2026, 3, 1);
    let reward = reward.value(50).value_remaining(50);
    let reward = reward.issued_at(day.at(12, 0, 0, 0)).expires_at(day);
    reward.send().await.unwrap();
    // A definition without a limit says 0.
    let unlimited = RewardDefinition {
        max_value: Some(0.into()),
        ..definition
    };
    let reward = omneo.issue(&unlimited).to(PROFILE).timezone(MELBOURNE);
    reward.value(1_000_000).send().await.unwrap();
    // Points of long ago, taken over from elsewhere.
    let points = omneo.issue::<PointDefinition>(7).to(PROFILE).value(1);
    let points = points
        .accrued_at(date(2019, 3, 1))
        .expires_at(date(2020, 3, 1));
    points.send().await.unwrap();
    assert_eq!(bench.sent().len(), 3);
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
async fn an_unknown_handle_is_told_before_it_is_issued() {
    let bench = Bench::start().await;
    none_at_all(&bench);
    let omneo = &bench.omneo;
    let points = omneo.issue::<PointDefinition>("purchsae").to(PROFILE);
    let message = refusal(points.value(1).send().await);
    assert!(
        message.contains("no point definition has the handle \"purchsae\""),
        "{message}"
    );
    assert!(
        bench
            .take_lines()
            .iter()
            .all(|line| line.starts_with("GET "))
    );
}

/// Where the endpoint takes handles, nothing is looked up until it refuses one.
#[tokio::test]
async fn an_unknown_handle_that_the_server_refuses_names_the_family() {
    let bench = Bench::start().await;
    bench.server.points_definitions_index(|_, then| {
        then.items([PointDefinition {
            handle: Some("birthday".to_owned()),
            ..sample::point_definition()
        }]);
    });
    none_at_all(&bench);
    bench.server.rewards_store(|_, then| {
        let message = "The selected reward definition handle is invalid.";
        then.validation([("reward_definition_handle", message)]);
    });
    let reward = bench
        .omneo
        .issue::<RewardDefinition>("birthday")
        .to(PROFILE);
    let error = reward.timezone(MELBOURNE).send().await.unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with("rewards_store: no reward definition has the handle \"birthday\", but a point definition has; name the family that is meant: "),
        "{message}"
    );
    // The rest is as the server refused it.
    assert!(field_errors(&error)["reward_definition_handle"].is_array());
    assert_eq!(error.status().unwrap(), 422);
}

fn field_errors(error: &Error) -> Value {
    assert!(
        matches!(error.kind(), ErrorKind::Validation(_)),
        "{error:?}"
    );
    json!(error.field_errors())
}

/// Under the server's own names, which the caller finds in its reference.
#[tokio::test]
async fn what_the_server_refuses_is_a_validation_error() {
    let bench = Bench::start().await;
    let faults = [
        ("profile_id", "The selected profile id is invalid."),
        ("meta.step", "The meta.step must be a string."),
    ];
    bench
        .server
        .rewards_store(|_, then| then.validation(faults));
    bench.server.points_store(|_, then| then.validation(faults));
    bench
        .server
        .profiles_tiers_assign(|_, then| then.validation(faults));
    bench.server.rewards_definitions_index(|_, then| {
        then.items([RewardDefinition {
            handle: Some("birthday".to_owned()),
            ..sample::reward_definition()
        }]);
    });
    let wanted = json!({
        "profile_id": ["The selected profile id is invalid."],
        "meta.step": ["The meta.step must be a string."],
    });
    let omneo = &bench.omneo;
    let reward = omneo.issue::<RewardDefinition>("birthday").to(PROFILE);
    let error = reward.timezone(MELBOURNE).send().await.unwrap_err();
    assert_eq!(field_errors(&error), wanted);
    assert_eq!(error.operation(), Some("rewards_store"));
    let points = omneo.issue::<PointDefinition>(7).to(PROFILE).value(1);
    assert_eq!(field_errors(&points.send().await.unwrap_err()), wanted);
    let tier = omneo.issue::<TierDefinition>(&TierDefinition {
        handle: Some("gold".to_owned()),
        ..Default::default()
    });
    assert_eq!(
        field_errors(&tier.to(PROFILE).send().await.unwrap_err()),
        wanted
    );
}

/// A call that may have been done is not done again, and the error leaves it open.
#[tokio::test]
async fn nothing_is_issued_twice() {
    let bench = Bench::start().await;
    let mocks = [
        bench.server.rewards_store(|_, then| then.server_error()),
        bench.server.points_store(|_, then| then.server_error()),
        bench.server.credits_store(|_, then| then.server_error()),
        bench.server.benefits_store(|_, then| then.server_error()),
        bench
            .server
            .profiles_achievements_store(|_, then| then.server_error()),
        bench
            .server
            .tiers_points_store(|_, then| then.server_error()),
        bench
            .server
            .profiles_benefits_claim(|_, then| then.server_error()),
        bench
            .server
            .profiles_benefits_claim_redeem(|_, then| then.server_error()),
    ];
    let omneo = &bench.omneo;
    let profile = omneo.profile(PROFILE);
    let zoned = omneo.issue::<RewardDefinition>(7).timezone(MELBOURNE);
    let errors = [
        zoned.to(PROFILE).send().await.unwrap_err(),
        omneo
            .issue::<PointDefinition>(7)
            .to(PROFILE)
            .value(1)
            .send()
            .await
            .unwrap_err(),
        omneo
            .issue::<CreditDefinition>(7)
            .value(1)
            .send()
            .await
            .unwrap_err(),
        omneo
            .issue::<BenefitDefinition>(7)
            .to(PROFILE)
            .timezone(MELBOURNE)
            .send()
            .await
            .unwrap_err(),
        omneo
            .issue::<AchievementDefinition>(7)
            .to(PROFILE)
            .count(1)
            .send()
            .await
            .unwrap_err(),
        omneo
            .tier_points(7)
            .to(PROFILE)
            .value(1)
            .send()
            .await
            .unwrap_err(),
        profile
            .claim("it")
            .timezone(MELBOURNE)
            .send()
            .await
            .unwrap_err(),
        profile
            .claim_and_redeem("it")
            .timezone(MELBOURNE)
            .send()
            .await
            .unwrap_err(),
    ];
    for mock in mocks {
        mock.assert_calls(1);
    }
    for error in errors {
        assert_eq!(error.effect(), omneo::Effect::Unknown, "{error:?}");
    }
}

#[test]
fn no_debug_shows_who_it_is_for() {
    let omneo = omneo::Omneo::builder()
        .tenant("acme")
        .token("t")
        .build()
        .unwrap();
    let issue = omneo
        .issue::<CreditDefinition>("gift-card")
        .to(identity("pos", "private"));
    let issue = issue
        .value(1)
        .recipient_email("private@example.com")
        .security_code("private");
    let shown = format!("{issue:?} {:?}", ProfileRef::from("private"));
    assert!(!shown.contains("private"), "{shown}");
    assert!(shown.contains("gift-card"), "{shown}");
    let definition = DefinitionRef::<CreditDefinition>::from("gift-card");
    assert_eq!(format!("{definition:?}"), "credit definition \"gift-card\"");
}

fn on_a_runtime<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn an_amount_is_refused_or_sent_unchanged(mantissa in any::<i64>(), scale in 0_u32..19) {
        let amount = Amount::from(rust_decimal::Decimal::new(mantissa, scale));
        on_a_runtime(async {
            let bench = Bench::start().await;
            bench.server.points_store(|_, then| then.ok(sample::point()));
            let points = bench.omneo.issue::<PointDefinition>(7).to(PROFILE);
            let sent = points.value(amount).send().await;
            if mantissa <= 0 {
                bench.assert_refused(sent, &["`value`"]);
            } else {
                sent.unwrap();
                // serde_json reads a number as a float.
                let text = &bench.sent()[0].text;
                let written = format!("\"value_initial\":{}", amount.normalize());
                assert!(
                    text.contains(&format!("{written},")) || text.contains(&format!("{written}}}")),
                    "{text}"
                );
            }
        });
    }

    #[test]
    fn a_timezone_is_refused_or_sent(
        name in prop_oneof![
            "\\PC{0,20}",
            "[A-Za-z_]{1,12}/[A-Za-z_]{1,12}",
            prop::sample::select(vec![
                MELBOURNE,
                "UTC",
                "America/Argentina/Buenos_Aires",
                "../../etc/passwd",
                "/etc/localtime",
            ])
            .prop_map(str::to_owned),
        ],
    ) {
        on_a_runtime(async {
            let bench = Bench::start().await;
            bench.server.credits_store(|_, then| then.ok(sample::credit()));
            let credit = bench.omneo.issue::<CreditDefinition>(7).value(1);
            let sent = credit.timezone(name.as_str()).send().await;
            match sent {
                Ok(_) => {
                    let body = bench.body();
                    let sent = body["timezone"].as_str().unwrap();
                    assert!(sent.eq_ignore_ascii_case(&name), "{sent} for {name}");
                }
                Err(_) => bench.assert_refused(sent, &["`timezone`"]),
            }
        });
    }

    /// Whatever the times are, one that ends before it begins is not sent.
    #[test]
    fn an_expiry_before_the_issue_is_never_sent(
        issued in -200_000_000_000_i64..200_000_000_000,
        expires in -200_000_000_000_i64..200_000_000_000,
    ) {
        let zoned = |second| Timestamp::from_second(second).unwrap().in_tz(MELBOURNE).unwrap();
        let (issued, expires): (Zoned, Zoned) = (zoned(issued), zoned(expires));
        on_a_runtime(async {
            let bench = Bench::start().await;
            bench.server.points_store(|_, then| then.ok(sample::point()));
            let points = bench.omneo.issue::<PointDefinition>(7).to(PROFILE).value(1);
            let sent = points.issued_at(&issued).expires_at(&expires).send().await;
            match expires < issued {
                true => bench.assert_refused(sent, &["`expires_at`"]),
                false => _ = sent.unwrap(),
            }
        });
    }
}
