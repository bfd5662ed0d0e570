//! More time: what is sent for each family that takes it, and what is refused before.

use std::time::SystemTime;

use omneo::incentives::{Extendable, Extension, InstanceRef};
use omneo::omneo_types::jiff::civil::{date, datetime};
use omneo::omneo_types::{Id, jiff};
use omneo::types::{Benefit, Credit, Reward};
use omneo::{ErrorKind, identity};
use omneo_mock::sample;
use serde_json::{Value, json};

use crate::bench::{Bench, MELBOURNE, PROFILE};
use crate::schema;

/// A row for each family: by days and by a date.
macro_rules! extensions {
    ($($name:ident: $instance:ident $sample:ident $operation:ident $line:literal;)+) => {$(
        #[tokio::test]
        async fn $name() {
            for (by, field, value) in [
                (Extension::days(30), "extend_days", json!(30)),
                (Extension::until(date(2027, 1, 31)), "extend_date", json!("2027-01-31")),
                (
                    Extension::until(datetime(2027, 1, 31, 23, 59, 59, 0)),
                    "extend_date",
                    json!("2027-01-31 23:59:59"),
                ),
            ] {
                let bench = Bench::start().await;
                let read = $instance { id: Some(16.into()), ..sample::$sample() };
                let other = $instance { id: Some(17.into()), ..sample::$sample() };
                bench.server.$operation(|_, then| {
                    then.items([read.clone(), other.clone()]);
                });
                let profile = bench.omneo.profile(PROFILE);
                let extended = profile.extend(&[read, other], by.clone()).await.unwrap();
                assert_eq!(extended[1].id, Some(17.into()));
                let mut body = json!({"profile_id": PROFILE, "ids": [16, 17]});
                body[field] = value;
                assert_eq!(bench.body(), body);
                assert_eq!(bench.sent()[0].line, $line);
                schema::assert_fits(stringify!($operation), $line, &body);

                bench.take_lines();
                profile.extend::<$instance>([16, 17], by.clone()).await.unwrap();
                assert_eq!(bench.body(), body);
                bench.take_lines();
                profile.extend::<$instance>([Id::from("16"), 17.into()], by).await.unwrap();
                assert_eq!(bench.body(), body);
            }
        }
    )+};
}

extensions! {
    rewards: Reward reward rewards_extend "POST /v3/rewards/extend";
    benefits: Benefit benefit benefits_extend "POST /v3/benefits/extend";
    credits: Credit credit credits_extend "POST /v3/credits/extend";
}

/// What is sent as the date for a moment, by a client with such a timezone.
async fn date_of(timezone: Option<&str>, by: Extension) -> Value {
    let bench = Bench::with(|builder| match timezone {
        Some(name) => builder.timezone(name),
        None => builder,
    })
    .await;
    bench.server.rewards_extend(|_, then| then.items([]));
    let profile = bench.omneo.profile(PROFILE);
    profile.extend::<Reward>([16], by).await.unwrap();
    bench.body()["extend_date"].clone()
}

#[tokio::test]
async fn a_moment_is_turned_to_the_zone_of_the_client() {
    let moment: jiff::Timestamp = "2027-01-31T12:59:59.9Z".parse().unwrap();
    let until = || Extension::until(moment);
    assert_eq!(date_of(None, until()).await, "2027-01-31 12:59:59");
    assert_eq!(
        date_of(Some(MELBOURNE), until()).await,
        "2027-01-31 23:59:59"
    );
    let system = Extension::until(SystemTime::from(moment));
    assert_eq!(date_of(None, system).await, "2027-01-31 12:59:59");
}

#[tokio::test]
async fn the_profile_of_an_identity_is_looked_up() {
    let bench = Bench::start().await;
    bench
        .server
        .profiles_exists(|_, then| then.raw(200, json!({"data": {"id": PROFILE}})));
    bench.server.credits_extend(|_, then| then.items([]));
    let profile = bench.omneo.profile(identity("shopify", 7));
    profile
        .extend::<Credit>([16], Extension::days(1))
        .await
        .unwrap();
    assert_eq!(bench.sent()[1].body["profile_id"], PROFILE);
}

async fn assert_refused<I: Extendable>(
    instances: Vec<impl Into<InstanceRef<I>>>,
    by: Extension,
    words: &[&str],
) {
    let bench = Bench::start().await;
    let extended = bench
        .omneo
        .profile(PROFILE)
        .extend::<I>(instances, by)
        .await;
    bench.assert_refused(extended, words);
}

#[tokio::test]
async fn what_can_not_be_right_is_refused() {
    assert_refused::<Reward>(vec![16], Extension::days(0), &["`days`", "above zero"]).await;
    let none: Vec<i32> = Vec::new();
    assert_refused::<Reward>(none, Extension::days(1), &["`instances`", "empty"]).await;
    let unread = Reward {
        id: None,
        ..sample::reward()
    };
    let both = vec![&unread, &unread];
    assert_refused::<Reward>(both, Extension::days(1), &["`instances`", "no id"]).await;
    let empty = vec![Id::from("")];
    assert_refused::<Reward>(empty, Extension::days(1), &["`instances`", "empty"]).await;
}

/// A reward is extended once, which the server knows.
#[tokio::test]
async fn what_the_server_refuses_is_a_validation_error() {
    let bench = Bench::start().await;
    bench.server.rewards_extend(|_, then| {
        then.validation([("ids.0", "The reward has been extended already.")]);
    });
    let profile = bench.omneo.profile(PROFILE);
    let extended = profile.extend::<Reward>([16], Extension::days(30)).await;
    let error = extended.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Validation(_)),
        "{error:?}"
    );
    assert_eq!(
        error.field_errors()["ids.0"],
        ["The reward has been extended already."]
    );
}
