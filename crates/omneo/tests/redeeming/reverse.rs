//! Undoing: in the first ten minutes, by the client's clock.

use std::time::Duration;

use omneo::ErrorKind;
use omneo::types::{Redemption, SuccessfulRedemption};
use serde_json::json;

use crate::ledger::{Ledger, PROFILE};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_was_just_redeemed_is_reversed() {
    let ledger = Ledger::open();
    let redeemed = ledger
        .omneo
        .profile(PROFILE)
        .redeem(20)
        .send()
        .await
        .unwrap();
    for _ in 0..3 {
        // The last time it is eleven minutes, of which one is for clocks that are wrong.
        ledger.omneo.reverse(&redeemed).await.unwrap();
        ledger.timer.advance(MINUTE * 11 / 2);
    }
    assert_eq!(ledger.asked("/v3/redemptions/1000/reversal"), 3);
}

#[tokio::test]
async fn what_is_surely_too_old_to_be_reversed_is_refused() {
    let ledger = Ledger::open();
    let redeemed = ledger
        .omneo
        .profile(PROFILE)
        .redeem(20)
        .send()
        .await
        .unwrap();
    let credit = ledger.omneo.profile(PROFILE).redeem_credit(7, 20);
    let credit = credit.send().await.unwrap();
    ledger.timer.advance(MINUTE * 11 + Duration::from_secs(1));
    let sent = ledger.server.received().len();
    let omneo = &ledger.omneo;
    for result in [
        omneo.reverse(&redeemed).await,
        omneo.reverse(&redeemed.redemption).await,
        omneo.reverse(&credit).await,
    ] {
        let error = result.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidRequest(_)),
            "{error:?}"
        );
        assert!(error.to_string().contains("`return_`"), "{error}");
    }
    assert_eq!(ledger.server.received().len(), sent);
    omneo.return_(&redeemed).send().await.unwrap();
}

#[tokio::test]
async fn what_may_be_young_enough_is_left_to_the_server() {
    let ledger = Ledger::open();
    ledger.timer.advance(MINUTE * 600);
    let omneo = &ledger.omneo;
    let id = || Some(5.into());
    omneo.reverse(5).await.unwrap();
    let undated = Redemption {
        id: id(),
        ..Redemption::default()
    };
    omneo.reverse(&undated).await.unwrap();
    // The server's clock is before ours.
    let created_at = serde_json::from_value(json!("2024-02-01 00:00:00")).unwrap();
    let future = SuccessfulRedemption {
        id: id(),
        created_at,
        ..SuccessfulRedemption::default()
    };
    omneo.reverse(&future).await.unwrap();
    assert_eq!(ledger.asked("/v3/redemptions/5/reversal"), 3);
}
