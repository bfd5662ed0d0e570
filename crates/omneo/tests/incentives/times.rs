//! Times as a family has them: in its zone, or in UTC.

use std::time::{Duration, SystemTime};

use omneo::incentives::When;
use omneo::omneo_types::jiff::civil::{date, datetime};
use omneo::omneo_types::{self, jiff};
use omneo::types::{AchievementDefinition, CreditDefinition, PointDefinition, RewardDefinition};
use omneo_mock::sample;
use serde_json::{Value, json};

use crate::bench::{Bench, MELBOURNE, PROFILE};

fn moment() -> jiff::Timestamp {
    "2026-07-01T02:30:15.987654321Z".parse().unwrap()
}

/// How a time is sent by a family with a zone, here Melbourne's, and by one without.
async fn sent(when: impl Into<When> + Clone) -> (Value, Value) {
    let bench = Bench::start().await;
    bench
        .server
        .rewards_store(|_, then| then.ok(sample::reward()));
    bench
        .server
        .points_store(|_, then| then.ok(sample::point()));
    let omneo = &bench.omneo;
    let reward = omneo.issue::<RewardDefinition>(7).to(PROFILE);
    let reward = reward.timezone(MELBOURNE).issued_at(when.clone());
    reward.send().await.unwrap();
    let points = omneo.issue::<PointDefinition>(7).to(PROFILE).value(1);
    points.issued_at(when).send().await.unwrap();
    let sent = bench.sent();
    let issued_at = |index: usize| sent[index].body["issued_at"].clone();
    (issued_at(0), issued_at(1))
}

fn both(text: &str) -> (Value, Value) {
    (json!(text), json!(text))
}

#[tokio::test]
async fn a_civil_time_is_sent_as_it_is() {
    let noon = datetime(2026, 3, 1, 12, 0, 0, 0);
    assert_eq!(sent(noon).await, both("2026-03-01 12:00:00"));
    assert_eq!(sent(date(2026, 3, 1)).await, both("2026-03-01"));
    // In the night when Melbourne's clocks go forward, this hour is not there.
    let gap = datetime(2026, 10, 4, 2, 30, 0, 0);
    assert_eq!(sent(gap).await, both("2026-10-04 02:30:00"));
}

/// By the millisecond the server would not know it.
#[tokio::test]
async fn times_have_whole_seconds() {
    let late = datetime(2026, 3, 1, 23, 59, 59, 999_999_999);
    assert_eq!(sent(late).await, both("2026-03-01 23:59:59"));
    let read: omneo_types::Timestamp = "2026-03-01 23:59:59.5".parse().unwrap();
    assert_eq!(sent(read).await, both("2026-03-01 23:59:59"));
}

#[tokio::test]
async fn a_moment_is_turned_to_the_zone_or_to_utc() {
    let wanted = (json!("2026-07-01 12:30:15"), json!("2026-07-01 02:30:15"));
    let moment = moment();
    assert_eq!(sent(moment).await, wanted);
    assert_eq!(sent(SystemTime::from(moment)).await, wanted);
    let elsewhere = moment.in_tz("America/New_York").unwrap();
    assert_eq!(sent(&elsewhere).await, wanted);
    assert_eq!(sent(elsewhere).await, wanted);
}

/// A record's times can be issued with again.
#[tokio::test]
async fn a_time_that_was_read_is_what_it_came_as() {
    let turned = (json!("2026-07-01 12:30:15"), json!("2026-07-01 02:30:15"));
    for (text, wanted) in [
        ("2026-07-01T02:30:15.000000Z", turned.clone()),
        ("2026-07-01T04:30:15+02:00", turned.clone()),
        ("2026-07-01 04:30:15 Europe/Berlin", turned),
        ("2026-07-01 02:30:15", both("2026-07-01 02:30:15")),
        ("2026-07-01", both("2026-07-01")),
    ] {
        let read: omneo_types::Timestamp = text.parse().unwrap();
        assert_eq!(sent(&read).await, wanted, "{text}");
        assert_eq!(sent(read).await, wanted, "{text}");
    }
}

/// Moments at the ends of what a calendar can say are no panic.
#[tokio::test]
async fn the_ends_of_time_are_sent_too() {
    for moment in [jiff::Timestamp::MIN, jiff::Timestamp::MAX] {
        let (zoned, utc) = sent(moment).await;
        assert!(zoned.is_string() && utc.is_string());
    }
    sent(SystemTime::UNIX_EPOCH - Duration::from_secs(1 << 40)).await;
    sent(SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40)).await;
}

/// The timezone that a credit is sent with, and how a moment is in it.
async fn zone(
    of_client: Option<&str>,
    of_definition: Option<&str>,
    given: Option<&str>,
) -> (Value, Value) {
    let bench = Bench::with(|builder| match of_client {
        Some(name) => builder.timezone(name),
        None => builder,
    })
    .await;
    bench
        .server
        .credits_store(|_, then| then.ok(sample::credit()));
    let definition = CreditDefinition {
        id: Some(7.into()),
        timezone: of_definition.map(str::to_owned),
        ..Default::default()
    };
    let credit = bench.omneo.issue(&definition).value(1).issued_at(moment());
    let credit = match given {
        Some(name) => credit.timezone(name),
        None => credit,
    };
    credit.send().await.unwrap();
    let body = bench.body();
    (body["timezone"].clone(), body["issued_at"].clone())
}

#[tokio::test]
async fn the_zone_is_the_one_given_or_the_definitions_or_the_clients() {
    let melbourne = (json!(MELBOURNE), json!("2026-07-01 12:30:15"));
    let berlin = Some("Europe/Berlin");
    let none = None;
    assert_eq!(
        zone(berlin, Some("Asia/Tokyo"), Some(MELBOURNE)).await,
        melbourne
    );
    assert_eq!(zone(berlin, Some(MELBOURNE), none).await, melbourne);
    // A definition's may be empty.
    assert_eq!(zone(Some(MELBOURNE), Some(""), none).await, melbourne);
    assert_eq!(zone(Some(MELBOURNE), none, none).await, melbourne);
    // Of a credit it may be left out: its times are UTC then.
    let utc = (Value::Null, json!("2026-07-01 02:30:15"));
    assert_eq!(zone(none, none, none).await, utc);
}

/// PHP knows a zone by its exact spelling only.
#[tokio::test]
async fn a_zone_is_sent_as_iana_spells_it() {
    let wanted = (json!(MELBOURNE), json!("2026-07-01 12:30:15"));
    assert_eq!(zone(None, None, Some("australia/MELBOURNE")).await, wanted);
    assert_eq!(zone(Some("australia/melbourne"), None, None).await, wanted);
    assert_eq!(zone(None, None, Some("utc")).await.0, "UTC");
}

/// Not even when the client has one: there is no field for it.
#[tokio::test]
async fn a_family_without_a_zone_is_sent_none() {
    let bench = Bench::with(|builder| builder.timezone(MELBOURNE)).await;
    bench
        .server
        .points_store(|_, then| then.ok(sample::point()));
    bench
        .server
        .profiles_achievements_store(|_, then| then.ok(sample::achievement_point()));
    let omneo = &bench.omneo;
    let points = omneo.issue::<PointDefinition>(7).to(PROFILE).value(1);
    points.issued_at(moment()).send().await.unwrap();
    let definition = AchievementDefinition {
        id: Some(7.into()),
        timezone: Some(MELBOURNE.to_owned()),
        ..Default::default()
    };
    let achievement = omneo.issue(&definition).to(PROFILE).count(1);
    achievement.issued_at(moment()).send().await.unwrap();
    for sent in bench.sent() {
        assert_eq!(sent.body["timezone"], Value::Null);
        assert_eq!(sent.body["issued_at"], "2026-07-01 02:30:15");
    }
}

/// The clock of the client tells, to the second.
#[tokio::test]
async fn points_are_issued_now() {
    let bench = Bench::start().await;
    bench.timer.advance(Duration::from_millis(90_500));
    bench
        .server
        .points_store(|_, then| then.ok(sample::point()));
    bench
        .server
        .tiers_points_store(|_, then| then.ok(sample::tier_point()));
    let omneo = &bench.omneo;
    omneo
        .issue::<PointDefinition>(7)
        .to(PROFILE)
        .value(1)
        .send()
        .await
        .unwrap();
    omneo
        .tier_points(7)
        .to(PROFILE)
        .value(1)
        .send()
        .await
        .unwrap();
    for sent in bench.sent() {
        assert_eq!(sent.body["issued_at"], "2024-01-31 00:01:30");
        assert_eq!(sent.body.get("accrued_at"), None);
    }
}

/// The server wants one of the two.
#[tokio::test]
async fn points_that_were_accrued_are_not_issued_now() {
    let bench = Bench::start().await;
    bench
        .server
        .points_store(|_, then| then.ok(sample::point()));
    bench
        .server
        .tiers_points_store(|_, then| then.ok(sample::tier_point()));
    let omneo = &bench.omneo;
    let points = omneo.issue::<PointDefinition>(7).to(PROFILE).value(1);
    points.accrued_at(date(2026, 3, 1)).send().await.unwrap();
    let points = omneo.tier_points(7).to(PROFILE).value(1);
    points.accrued_at(date(2026, 3, 1)).send().await.unwrap();
    for sent in bench.sent() {
        assert_eq!(sent.body["accrued_at"], "2026-03-01");
        assert_eq!(sent.body.get("issued_at"), None);
    }
}
