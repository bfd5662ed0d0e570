//! What is sent for each family: a row without, and one with all that the builder offers.

use jiff::civil::datetime;
use omneo::incentives::Location;
use omneo::omneo_types::{Id, jiff};
use omneo::types::{
    AchievementDefinition, BenefitDefinition, CreditDefinition, PointDefinition, RewardDefinition,
    TierDefinition,
};
use omneo_mock::sample;
use serde_json::json;

use crate::bench::{Bench, MELBOURNE, PROFILE};
use crate::schema;

/// Each row is a test: what is called, and the one request that it makes.
macro_rules! requests {
    ($(
        $name:ident:
        |$omneo:ident| $issue:expr
        => $operation:ident($sample:ident) $line:literal $body:tt
    )+) => {$(
        #[tokio::test]
        async fn $name() {
            let bench = Bench::start().await;
            bench.server.$operation(|_, then| then.ok(sample::$sample()));
            let $omneo = &bench.omneo;
            $issue.send().await.unwrap();
            let body = json!($body);
            assert_eq!(bench.body(), body);
            assert_eq!(bench.sent()[0].line, format!($line));
            schema::assert_fits(stringify!($operation), &format!($line), &body);
        }
    )+};
}

const NOON: jiff::civil::DateTime = datetime(2026, 3, 1, 12, 0, 0, 0);
const NEXT_YEAR: jiff::civil::DateTime = datetime(2027, 3, 1, 12, 30, 59, 0);

requests! {
    a_reward:
    |omneo| omneo.issue::<RewardDefinition>("birthday").to(PROFILE).timezone(MELBOURNE)
    => rewards_store(reward) "POST /v3/rewards" {
        "reward_definition_handle": "birthday",
        "profile_id": PROFILE,
        "timezone": "Australia/Melbourne",
    }
    a_reward_by_the_id_of_its_definition:
    |omneo| omneo.issue::<RewardDefinition>(7).to(PROFILE).timezone(MELBOURNE)
    => rewards_store(reward) "POST /v3/rewards" {
        "reward_definition_id": 7,
        "profile_id": PROFILE,
        "timezone": "Australia/Melbourne",
    }
    a_reward_with_all:
    |omneo| omneo.issue::<RewardDefinition>("birthday").to(PROFILE).timezone(MELBOURNE)
        .value(20).value_remaining(15).issued_at(NOON).expires_at(NEXT_YEAR)
        .external_id("R-1").meta("campaign", "spring").meta("step", 2)
    => rewards_store(reward) "POST /v3/rewards" {
        "reward_definition_handle": "birthday",
        "profile_id": PROFILE,
        "timezone": "Australia/Melbourne",
        "value_initial": 20,
        "value_remaining": 15,
        "issued_at": "2026-03-01 12:00:00",
        "expires_at": "2027-03-01 12:30:59",
        "external_id": "R-1",
        "meta": {"campaign": "spring", "step": 2},
    }

    a_benefit:
    |omneo| omneo.issue::<BenefitDefinition>(7).to(PROFILE).timezone(MELBOURNE)
    => benefits_store(benefit) "POST /v3/benefits" {
        "benefit_definition_id": 7,
        "profile_id": PROFILE,
        "timezone": "Australia/Melbourne",
        "issued_at": null,
    }
    a_benefit_with_all:
    |omneo| omneo.issue::<BenefitDefinition>(7).to(PROFILE).timezone(MELBOURNE)
        .value(20).issued_at(NOON).expires_at(NEXT_YEAR).external_id("B-1").meta("till", 4)
    => benefits_store(benefit) "POST /v3/benefits" {
        "benefit_definition_id": 7,
        "profile_id": PROFILE,
        "timezone": "Australia/Melbourne",
        "value": 20,
        "issued_at": "2026-03-01 12:00:00",
        "expires_at": "2027-03-01 12:30:59",
        "external_id": "B-1",
        "meta": {"till": 4},
    }

    points:
    |omneo| omneo.issue::<PointDefinition>(7).to(PROFILE).value(150)
    => points_store(point) "POST /v3/points" {
        "point_definition_id": 7,
        "profile_id": PROFILE,
        "value_initial": 150,
        "issued_at": "2024-01-31 00:00:00",
    }
    points_with_all:
    |omneo| omneo.issue::<PointDefinition>(7).to(PROFILE).value(150)
        .value_remaining(0).issued_at(NOON).accrued_at(NOON.date()).expires_at(NEXT_YEAR)
        .description("A purchase").meta("receipt", "991")
    => points_store(point) "POST /v3/points" {
        "point_definition_id": 7,
        "profile_id": PROFILE,
        "value_initial": 150,
        "value_remaining": 0,
        "issued_at": "2026-03-01 12:00:00",
        "accrued_at": "2026-03-01",
        "expires_at": "2027-03-01 12:30:59",
        "description": "A purchase",
        "meta": {"receipt": "991"},
    }

    a_credit_of_nobody:
    |omneo| omneo.issue::<CreditDefinition>("gift-card").value(50)
    => credits_store(credit) "POST /v3/credits" {
        "credit_definition_handle": "gift-card",
        "value_initial": 50,
    }
    a_credit_by_the_id_of_its_definition:
    |omneo| omneo.issue::<CreditDefinition>(7).value(50).to(PROFILE)
    => credits_store(credit) "POST /v3/credits" {
        "credit_definition_id": 7,
        "profile_id": PROFILE,
        "value_initial": 50,
    }
    a_credit_with_all:
    |omneo| omneo.issue::<CreditDefinition>("gift-card").to(PROFILE).value(50)
        .value_remaining(40).timezone(MELBOURNE).issued_at(NOON).released_at(NOON.date())
        .expires_at(NEXT_YEAR).external_id(991).meta("order", 4)
        .name("Gift card").message("Happy birthday").recipient_email("ada@example.com")
        .recipient_name("Ada").number("6006").security_code("0042").staff(9)
        .creator("1f0c9ad2-6c1a-4a54-9a53-1a7f3a1f6a10").location(3).locked_until(NEXT_YEAR)
    => credits_store(credit) "POST /v3/credits" {
        "credit_definition_handle": "gift-card",
        "profile_id": PROFILE,
        "value_initial": 50,
        "value_remaining": 40,
        "timezone": "Australia/Melbourne",
        "issued_at": "2026-03-01 12:00:00",
        "released_at": "2026-03-01",
        "expires_at": "2027-03-01 12:30:59",
        "external_id": "991",
        "meta": {"order": 4},
        "name": "Gift card",
        "message": "Happy birthday",
        "recipient_email": "ada@example.com",
        "recipient_first_name": "Ada",
        "credit_number": "6006",
        "security_code": "0042",
        "staff_id": "9",
        "creator_profile_id": "1f0c9ad2-6c1a-4a54-9a53-1a7f3a1f6a10",
        "location_id": 3,
        "locked": true,
        "lock_expires_at": "2027-03-01 12:30:59",
    }
    a_credit_that_stays_locked_in_a_shop_known_by_its_code:
    |omneo| omneo.issue::<CreditDefinition>("gift-card").value(50).locked()
        .location(Location::ExternalCode("MEL-1".to_owned()))
    => credits_store(credit) "POST /v3/credits" {
        "credit_definition_handle": "gift-card",
        "value_initial": 50,
        "locked": true,
        "location_external_code": "MEL-1",
    }
    a_credit_of_a_shop_known_by_its_own_id:
    |omneo| omneo.issue::<CreditDefinition>("gift-card").value(50)
        .location(Location::ExternalId(12.into()))
    => credits_store(credit) "POST /v3/credits" {
        "credit_definition_handle": "gift-card",
        "value_initial": 50,
        "location_external_id": "12",
    }

    a_tier:
    |omneo| omneo.issue::<TierDefinition>("gold").to(PROFILE)
    => profiles_tiers_assign(tier_progress) "POST /v3/profiles/{PROFILE}/tiers/assign" {
        "tier": "gold",
    }

    an_achievement:
    |omneo| omneo.issue::<AchievementDefinition>(7).to(PROFILE).count(2)
    => profiles_achievements_store(achievement_point) "POST /v3/profiles/{PROFILE}/achievements" {
        "definition_id": 7,
        "count": 2,
    }
    an_achievement_with_all:
    |omneo| omneo.issue::<AchievementDefinition>(7).to(PROFILE).count(2)
        .issued_at(NOON).expires_at(NEXT_YEAR).meta("visit", 5)
    => profiles_achievements_store(achievement_point) "POST /v3/profiles/{PROFILE}/achievements" {
        "definition_id": 7,
        "count": 2,
        "issued_at": "2026-03-01 12:00:00",
        "expires_at": "2027-03-01 12:30:59",
        "meta": {"visit": 5},
    }

    tier_points:
    |omneo| omneo.tier_points(7).to(PROFILE).value(150)
    => tiers_points_store(tier_point) "POST /v3/tiers/points" {
        "point_definition_id": 7,
        "profile_id": PROFILE,
        "value": 150,
        "issued_at": "2024-01-31 00:00:00",
    }
    tier_points_with_all:
    |omneo| omneo.tier_points(7).to(PROFILE).value(150)
        .issued_at(NOON).accrued_at(NEXT_YEAR).meta("receipt", "991")
    => tiers_points_store(tier_point) "POST /v3/tiers/points" {
        "point_definition_id": 7,
        "profile_id": PROFILE,
        "value": 150,
        "issued_at": "2026-03-01 12:00:00",
        "accrued_at": "2027-03-01 12:30:59",
        "meta": {"receipt": "991"},
    }

    a_claim:
    |omneo| omneo.profile(PROFILE).claim("free-alteration").timezone(MELBOURNE)
    => profiles_benefits_claim(benefit) "POST /v3/profiles/{PROFILE}/benefits/claim" {
        "definition": "free-alteration",
        "timezone": "Australia/Melbourne",
    }
    a_claim_with_all:
    |omneo| omneo.profile(PROFILE).claim("free-alteration").timezone(MELBOURNE)
        .external_id("C-1").meta("app", "ios")
    => profiles_benefits_claim(benefit) "POST /v3/profiles/{PROFILE}/benefits/claim" {
        "definition": "free-alteration",
        "timezone": "Australia/Melbourne",
        "external_id": "C-1",
        "meta": {"app": "ios"},
    }
    a_claim_that_is_redeemed_at_once:
    |omneo| omneo.profile(PROFILE).claim_and_redeem("free-alteration").timezone(MELBOURNE)
        .external_id("C-1").meta("app", "ios")
    => profiles_benefits_claim_redeem(redemption)
    "POST /v3/profiles/{PROFILE}/benefits/claim-redeem" {
        "definition": "free-alteration",
        "timezone": "Australia/Melbourne",
        "external_id": "C-1",
        "meta": {"app": "ios"},
    }
}

/// The server sends the ids of benefit definitions as text, and asks for a number.
#[tokio::test]
async fn an_id_that_was_read_as_text_is_sent_as_the_number() {
    let bench = Bench::start().await;
    bench
        .server
        .benefits_store(|_, then| then.ok(sample::benefit()));
    let definition = BenefitDefinition {
        id: Some(Id::from("7")),
        ..sample::benefit_definition()
    };
    let issue = bench.omneo.issue(&definition).timezone(MELBOURNE);
    issue.to(PROFILE).send().await.unwrap();
    assert_eq!(bench.body()["benefit_definition_id"], 7);
}

/// What the server answers is what the caller gets.
#[tokio::test]
async fn the_answer_is_the_instance() {
    use omneo::incentives::Instance;
    let bench = Bench::start().await;
    bench
        .server
        .points_store(|_, then| then.ok(sample::point()));
    let issue = bench.omneo.issue::<PointDefinition>(7).to(PROFILE);
    let point = issue.value(150).send().await.unwrap();
    assert_eq!(Instance::id(&point), sample::point().id.as_ref());
    assert_eq!(
        Instance::profile_id(&point),
        sample::point().profile_id.as_ref()
    );
}
