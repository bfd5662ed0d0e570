//! What a customer has before and after, and what was lacking.

use fault_server::{Fault, Moment, Response};
use omneo::ErrorKind;
use serde_json::json;

use crate::ledger::{Ledger, PROFILE, REDEEM, REFERENCE};

const BALANCES: &str = "/v3/profiles/9332c9b2-e31c-4d49-8ec3-62a9466d339c/balances";

#[tokio::test]
async fn the_balances_after_it_are_those_of_the_answer() {
    let ledger = Ledger::open();
    let redeemed = ledger
        .omneo
        .profile(PROFILE)
        .redeem(20)
        .send()
        .await
        .unwrap();
    assert_eq!(redeemed.after().unwrap().credit_balance.unwrap(), 60);
    assert!(redeemed.before.is_none());
    assert_eq!(ledger.asked(BALANCES), 0);
}

#[tokio::test]
async fn the_balances_before_it_are_read_before_it_is_sent() {
    let ledger = Ledger::open();
    let redeem = ledger.omneo.profile(PROFILE).redeem(20).balances_before();
    let redeemed = redeem.send().await.unwrap();
    assert_eq!(redeemed.before.unwrap().point_balance.unwrap(), 120);
    let received = ledger.server.received();
    let paths: Vec<_> = received.iter().map(|sent| sent.path()).collect();
    assert_eq!(paths, [BALANCES, REDEEM]);
}

#[tokio::test]
async fn what_has_balances_that_cannot_be_read_is_not_redeemed() {
    let ledger = Ledger::open();
    ledger.script([Fault::status(403)]);
    let redeem = ledger.omneo.profile(PROFILE).redeem(20).balances_before();
    let error = redeem.send().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Forbidden(_)), "{error:?}");
    assert_eq!(ledger.sent(), 0);
}

#[tokio::test]
async fn the_balances_after_one_that_was_found_are_read() {
    let ledger = Ledger::open();
    ledger.script([Fault::none(), Fault::reset(Moment::Unanswered)]);
    let redeem = ledger.omneo.profile(PROFILE).redeem(20);
    let redeem = redeem.reference(REFERENCE).balances_before();
    let redeemed = redeem.clone().send().await.unwrap();
    assert!(redeemed.was_found);
    assert_eq!(redeemed.after().unwrap().credit_balance.unwrap(), 60);
    assert_eq!(ledger.asked(BALANCES), 2);

    let earlier = redeem.look_first().send().await.unwrap();
    assert!(earlier.before.is_none());
    assert!(earlier.after().is_some());
}

#[tokio::test]
async fn balances_that_cannot_be_read_after_it_do_not_make_it_fail() {
    let ledger = Ledger::open();
    // The balances before, the redemption, the look, the balances after.
    ledger.script([
        Fault::none(),
        Fault::reset(Moment::Unanswered),
        Fault::none(),
        Fault::status(403),
    ]);
    let redeem = ledger.omneo.profile(PROFILE).redeem(20);
    let redeem = redeem.reference(REFERENCE).balances_before();
    let redeemed = redeem.send().await.unwrap();
    assert!(redeemed.after().is_none());
    assert!(redeemed.before.is_some());
    assert_eq!((ledger.sent(), ledger.asked(BALANCES)), (1, 2));
    assert_eq!(ledger.server.script_left(), 0);
}

#[tokio::test]
async fn what_was_lacking_is_told() {
    for (asked, total, lacking) in [
        (110, json!("100.00"), Some("10")),
        (100, json!(100), Some("0")),
        (100, json!("100.50"), Some("0")),
        (100, json!(null), None),
    ] {
        let ledger = Ledger::open();
        let answer = json!({"data": {"id": 5, "total": total}});
        ledger.script([Fault::respond(Response::json(200, &answer))]);
        let redeem = ledger.omneo.profile(PROFILE).redeem(asked);
        let redeemed = redeem.send().await.unwrap();
        let shortfall = redeemed
            .shortfall()
            .map(|lack| lack.normalize().to_string());
        assert_eq!(shortfall.as_deref(), lacking);
    }
    // No amount was asked for.
    let ledger = Ledger::open();
    let profile = ledger.omneo.profile(PROFILE);
    let redeemed = profile.redeem_benefits([("alteration", 1)]).send().await;
    assert!(redeemed.unwrap().shortfall().is_none());
}
