//! What can't be right is refused before anything is sent, with the name of the method.

use omneo::ErrorKind;
use omneo::incentives::Strategy;
use omneo::omneo_types::Decimal;
use omneo::types::{Benefit, Credit, Redemption, SuccessfulRedemption};

use crate::ledger::{Ledger, PROFILE};

/// Each row is a test: what is called, and the argument that is refused.
macro_rules! refused {
    ($($name:ident: |$omneo:ident, $profile:ident| $call:expr => $argument:literal $word:literal)+) => {$(
        #[tokio::test]
        async fn $name() {
            let ledger = Ledger::open();
            let ($omneo, $profile) = (&ledger.omneo, ledger.omneo.profile(PROFILE));
            let _ = ($omneo, &$profile);
            let error = $call.await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::InvalidRequest(_)), "{error:?}");
            let message = error.to_string();
            assert!(message.contains(concat!("`", $argument, "`")), "{message}");
            assert!(message.contains($word), "{message}");
            assert!(ledger.server.received().is_empty());
        }
    )+};
}

refused! {
    no_amount: |omneo, profile| profile.redeem(0).send() => "amount" "0"
    an_amount_below_zero: |omneo, profile| profile.redeem(Decimal::new(-1, 2)).send() => "amount" "-0.01"
    no_strategies: |omneo, profile| profile.redeem(1).strategies([]).send() => "strategies" "empty"
    a_benefit_no_times:
    |omneo, profile| profile.redeem(1).benefit("coffee", 0).send() => "benefit" "0 times"
    a_benefit_without_an_id:
    |omneo, profile| profile.redeem(1).benefit(&Benefit::default(), 1).send() => "benefit" "id"
    a_benefit_without_a_handle:
    |omneo, profile| profile.redeem(1).benefit("", 1).send() => "benefit" "handle"
    no_benefits:
    |omneo, profile| profile.redeem_benefits([("", 1); 0]).send() => "benefits" "empty"
    an_empty_reference: |omneo, profile| profile.redeem(1).reference("").send() => "reference" "empty"
    an_empty_receipt: |omneo, profile| profile.redeem(1).receipt("").send() => "receipt" "empty"
    a_reference_of_two: |omneo, profile| profile.redeem(1).reference("a,b").send() => "reference" "comma"
    nothing_to_look_for:
    |omneo, profile| profile.redeem(1).look_first().send() => "look_first" "`reference`"

    one_benefit_no_times: |omneo, profile| profile.redeem_benefit(16, 0) => "count" "0"
    one_benefit_without_an_id:
    |omneo, profile| profile.redeem_benefit(&Benefit::default(), 1) => "benefit" "id"

    no_amount_of_a_credit: |omneo, profile| profile.redeem_credit(7, 0).send() => "amount" "0"
    a_credit_without_an_id:
    |omneo, profile| profile.redeem_credit(&Credit::default(), 1).send() => "credit" "id"
    an_empty_reference_of_a_credit:
    |omneo, profile| profile.redeem_credit(7, 1).reference("").send() => "reference" "empty"

    a_reversal_without_an_id:
    |omneo, profile| omneo.reverse(&SuccessfulRedemption::default()) => "redemption" "id"
    a_return_without_an_id:
    |omneo, profile| omneo.return_(&Redemption::default()).send() => "redemption" "id"
    a_return_of_no_amount: |omneo, profile| omneo.return_(5).amount(0).send() => "amount" "0"
    a_return_by_no_strategies:
    |omneo, profile| omneo.return_(5).strategies([]).send() => "strategies" "empty"
    a_return_of_a_benefit_no_times:
    |omneo, profile| omneo.return_(5).benefit("coffee", 0).send() => "benefit" "0 times"
    a_return_with_an_empty_reference:
    |omneo, profile| omneo.return_(5).reference("").send() => "reference" "empty"
    a_benefit_returned_no_times: |omneo, profile| omneo.return_benefit(5, 0) => "count" "0"
    a_benefit_returned_without_an_id:
    |omneo, profile| omneo.return_benefit(&Redemption::default(), 1) => "redemption" "id"
}

#[tokio::test]
async fn an_empty_id_is_refused() {
    let ledger = Ledger::open();
    let omneo = &ledger.omneo;
    let empty = || omneo::omneo_types::Id::from("");
    let profile = omneo.profile(PROFILE);
    let errors = [
        omneo.reverse(empty()).await.unwrap_err(),
        omneo.return_(empty()).send().await.unwrap_err(),
        omneo.return_benefit(empty(), 1).await.unwrap_err(),
        profile.redeem_benefit(empty(), 1).await.unwrap_err(),
        profile.redeem_credit(empty(), 1).send().await.unwrap_err(),
        omneo.profile("").redeem(1).send().await.unwrap_err(),
    ];
    for error in errors {
        assert!(
            matches!(error.kind(), ErrorKind::InvalidRequest(_)),
            "{error:?}"
        );
    }
    assert!(ledger.server.received().is_empty());
}

#[tokio::test]
async fn what_is_given_is_not_asked_for_again() {
    // An amount and benefits go together, and strategies need not be told.
    let ledger = Ledger::open();
    let profile = ledger.omneo.profile(PROFILE);
    let redeem = profile.redeem(Decimal::new(1, 2)).benefit(16, u32::MAX);
    redeem.strategies([Strategy::Credits]).send().await.unwrap();
}
