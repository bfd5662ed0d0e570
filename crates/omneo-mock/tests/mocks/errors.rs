//! Every form of failure.

use std::time::Duration;

use omneo::{ErrorKind, RetryPolicy};
use omneo_mock::operations::RewardsShow;
use omneo_mock::{Then, sample};

use crate::{client, start};

async fn failure(answer: impl FnOnce(Then<RewardsShow>) -> Then<RewardsShow>) -> omneo::Error {
    let (server, omneo) = start().await;
    server.rewards_show(|_, then| answer(then));
    omneo.rewards().get(7).await.unwrap_err()
}

macro_rules! fails_as {
    ($($answer:ident $kind:ident)+) => {$(
        let error = failure(|then| then.$answer()).await;
        assert!(matches!(error.kind(), ErrorKind::$kind(_)), "{error}");
    )+};
}

#[tokio::test]
async fn each_failure_is_of_its_kind() {
    fails_as! {
        unauthenticated Unauthenticated
        forbidden Forbidden
        not_found NotFound
        server_error Server
    }
    let error = failure(|then| then.message(409, "It is redeemed already.")).await;
    assert!(matches!(error.kind(), ErrorKind::Conflict(_)), "{error}");
    assert!(error.to_string().contains("It is redeemed already."));
}

#[tokio::test]
async fn a_refusal_names_the_fields() {
    let faults = [
        ("email", "The email exists"),
        ("items.0.quantity", "Too few."),
        ("email", "The email is no email."),
    ];
    let error = failure(|then| then.validation(faults)).await;
    let ErrorKind::Validation(refusal) = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(
        refusal.errors["email"],
        ["The email exists", "The email is no email."]
    );
    assert_eq!(refusal.errors["items.0.quantity"], ["Too few."]);
}

#[tokio::test]
async fn a_throttled_client_is_told_how_long_to_wait() {
    let error = failure(|then| then.throttled(Duration::from_millis(1500))).await;
    assert!(matches!(error.kind(), ErrorKind::RateLimited(_)), "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
}

#[tokio::test]
async fn what_is_no_type_is_sent_as_it_stands() {
    let error = failure(|then| then.raw(200, "no record")).await;
    assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error}");
    let error = failure(|then| then.and(|then| then.status(503).body("<html>"))).await;
    assert!(matches!(error.kind(), ErrorKind::Server(_)), "{error}");
}

#[tokio::test]
async fn a_mock_that_is_used_up_gives_way_to_the_next() {
    let (server, _) = start().await;
    let omneo = client(&server, RetryPolicy::default());
    let failing = server.rewards_show(|_, then| then.server_error().up_to_n_times(2));
    let working = server.rewards_show(|_, then| then.ok(sample::reward()));
    omneo.rewards().get(7).await.unwrap();
    failing.assert_calls(2);
    working.assert_calls(1);
}
