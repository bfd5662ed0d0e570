//! What is sent: a row without, and one with all that a method or a builder offers.

use fault_server::{Fault, Moment};
use omneo::incentives::{BenefitRef, Strategy};
use omneo::omneo_types::{Decimal, Id};
use omneo::runtime::Effect;
use omneo::types::{Benefit, Credit, Redemption};
use serde_json::{Value, json};

use crate::ledger::{Ledger, PROFILE};
use crate::schema;

/// Each row is a test: what is called, and the one request that it makes.
macro_rules! requests {
    ($(
        $name:ident:
        |$omneo:ident| $call:expr
        => $operation:ident $line:literal $body:tt
    )+) => {$(
        #[tokio::test]
        async fn $name() {
            let ledger = Ledger::open();
            let $omneo = &ledger.omneo;
            $call.await.unwrap();
            let (line, body) = ledger.request();
            assert_eq!((&*line, &body), (&*format!($line), &json!($body)));
            schema::assert_fits(stringify!($operation), &line, &body);
        }
    )+};
}

requests! {
    an_amount:
    |omneo| omneo.profile(PROFILE).redeem(100).send()
    => profiles_redeem_store "POST /v3/profiles/{PROFILE}/redeem" {"amount": 100}

    an_amount_with_all:
    |omneo| omneo.profile(PROFILE).redeem(Decimal::new(15_50, 2))
        .strategies([Strategy::Points, Strategy::Rewards, Strategy::Benefits, Strategy::Credits])
        .benefit("alteration", 2).benefit(16, 1).strict().currency("AUD")
        .reference("POS-991").receipt("R-17").location(3)
        .meta("till", 4).meta("shop", "Carlton")
        .send()
    => profiles_redeem_store "POST /v3/profiles/{PROFILE}/redeem" {
        "amount": 15.5,
        "strategies": ["points", "rewards", "benefits", "credits"],
        "benefits": [{"handle": "alteration", "quantity": 2}, {"id": 16, "quantity": 1}],
        "strict": true,
        "currency": "AUD",
        "transaction_external_id": "POS-991",
        "transaction_receipt_ref": "R-17",
        "location_id": 3,
        "meta": {"till": 4, "shop": "Carlton"},
    }

    // The schema has a text of it, and the server's validation tells texts from numbers.
    a_reference_that_is_a_number:
    |omneo| omneo.profile(PROFILE).redeem(1).reference(991).send()
    => profiles_redeem_store "POST /v3/profiles/{PROFILE}/redeem" {
        "amount": 1,
        "transaction_external_id": "991",
    }

    benefits:
    |omneo| omneo.profile(PROFILE).redeem_benefits([("alteration", 1), ("coffee", 2)])
        .benefit(&Benefit { id: Some(16.into()), ..Benefit::default() }, 3)
        .send()
    => profiles_redeem_store "POST /v3/profiles/{PROFILE}/redeem" {
        "benefits": [
            {"handle": "alteration", "quantity": 1},
            {"handle": "coffee", "quantity": 2},
            {"id": 16, "quantity": 3},
        ],
    }

    one_benefit:
    |omneo| omneo.profile(PROFILE).redeem_benefit(16, 2)
    => profiles_benefits_redeem_store "POST /v3/profiles/{PROFILE}/benefits/16/redeem" {"count": 2}

    one_benefit_that_was_read:
    |omneo| async {
        let benefit = Benefit { id: Some(16.into()), ..Benefit::default() };
        omneo.profile(PROFILE).redeem_benefit(&benefit, 1).await
    }
    => profiles_benefits_redeem_store "POST /v3/profiles/{PROFILE}/benefits/16/redeem" {"count": 1}

    a_credit:
    |omneo| omneo.profile(PROFILE).redeem_credit(7, 20).send()
    => profiles_credits_redeem "POST /v3/profiles/{PROFILE}/credits/7/redeem" {"amount": 20}

    a_credit_with_all:
    |omneo| omneo.profile(PROFILE)
        .redeem_credit(&Credit { id: Some(7.into()), ..Credit::default() }, Decimal::new(5, 2))
        .security_code("0815").reference("POS-991").receipt("R-17").location(3).meta("till", 4)
        .send()
    => profiles_credits_redeem "POST /v3/profiles/{PROFILE}/credits/7/redeem" {
        "amount": 0.05,
        "security_code": "0815",
        "transaction_external_id": "POS-991",
        "transaction_receipt_ref": "R-17",
        "location_id": 3,
        "meta": {"till": 4},
    }

    a_reversal:
    |omneo| omneo.reverse(5)
    => redemptions_reversal "POST /v3/redemptions/5/reversal" null

    a_return:
    |omneo| omneo.return_(&Redemption { id: Some(5.into()), ..Redemption::default() }).send()
    => redemptions_return "POST /v3/redemptions/5/return" {}

    a_return_with_all:
    |omneo| omneo.return_(5).amount(Decimal::new(10_25, 2))
        .strategies([Strategy::Credits])
        .benefit(BenefitRef::Handle("alteration".to_owned()), 1).strict().currency("AUD")
        .reference("POS-991-R").receipt("R-18").location(3).meta("till", 4)
        .send()
    => redemptions_return "POST /v3/redemptions/5/return" {
        "amount": 10.25,
        "strategies": ["credits"],
        "benefits": [{"handle": "alteration", "quantity": 1}],
        "strict": true,
        "currency": "AUD",
        "transaction_external_id": "POS-991-R",
        "transaction_receipt_ref": "R-18",
        "location_id": 3,
        "meta": {"till": 4},
    }

    a_return_of_a_benefit:
    |omneo| omneo.return_benefit(Id::from(5), 2)
    => redemptions_benefit_return "POST /v3/redemptions/5/benefit/return" {"count": 2}
}

#[tokio::test]
async fn what_can_not_be_looked_for_is_sent_once() {
    let ledger = Ledger::open();
    ledger.script(vec![Fault::reset(Moment::Unprocessed); 4]);
    let omneo = &ledger.omneo;
    let given_back = omneo.return_(5).send().await;
    let reversed = omneo.reverse(5).await;
    let errors = [
        given_back.unwrap_err(),
        reversed.unwrap_err(),
        omneo.return_benefit(5, 1).await.unwrap_err(),
        omneo
            .profile(PROFILE)
            .redeem_benefit(16, 1)
            .await
            .unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.effect(), Effect::Unknown, "{error:?}");
    }
    assert_eq!(ledger.server.received().len(), 4);
}

#[tokio::test]
async fn a_profile_is_found_by_its_identity_once() {
    let ledger = Ledger::open();
    let shopify = omneo::identity("shopify", "7010205892808");
    let profile = ledger.omneo.profile(shopify);
    profile.redeem(1).send().await.unwrap();
    profile.redeem_benefit(16, 1).await.unwrap();
    let paths: Vec<_> = ledger.server.received();
    let paths: Vec<_> = paths.iter().map(|sent| sent.path()).collect();
    // The ledger's answer to whatever it does not know has the id 5.
    assert_eq!(
        paths,
        [
            "/v3/profiles/exists",
            "/v3/profiles/5/redeem",
            "/v3/profiles/5/benefits/16/redeem",
        ]
    );
    let sent: Value = ledger.server.received()[0].json().unwrap();
    assert_eq!(sent, json!({"type": "shopify", "id": "7010205892808"}));
}
