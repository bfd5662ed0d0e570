//! Answers that are lost.

use std::time::Duration;

use fault_server::{Fault, Moment, Response};
use omneo::incentives::Reference;
use omneo::runtime::Effect;
use omneo::{ErrorKind, HandleExt, RetryPolicy, identity};
use serde_json::{Value, json};

use crate::ledger::{Key, LIST, Ledger, Made, PROFILE, REFERENCE, Way};

/// Faults that come after it was redeemed.
fn after() -> [Fault; 6] {
    [
        Fault::reset(Moment::Unanswered),
        Fault::close(Moment::InHead),
        Fault::reset(Moment::InBody),
        Fault::stall(Moment::Unanswered),
        Fault::status(500).processed(),
        Fault::none().with(Response::truncated),
    ]
}

/// Faults that leave open whether it was redeemed, and come before it is.
fn before() -> [Fault; 4] {
    [
        Fault::reset(Moment::Unprocessed),
        Fault::stall(Moment::Unprocessed),
        Fault::status(500),
        Fault::status(504),
    ]
}

/// Every way, by every key that it can be found by.
fn findable() -> impl Iterator<Item = (Way, Key)> {
    Way::ALL
        .into_iter()
        .flat_map(|way| [(way, Key::Reference), (way, Key::Receipt)])
}

#[tokio::test]
async fn a_redemption_whose_answer_is_lost_is_found_and_not_sent_again() {
    for (way, key) in findable() {
        for fault in after() {
            let ledger = Ledger::open();
            ledger.script([fault.clone()]);
            let id = ledger.redeem(way, key).await.unwrap();
            assert_eq!(id, 1000, "{way:?} {key:?} {fault:?}");
            assert_eq!((ledger.sent(), ledger.count()), (1, 1), "{way:?} {fault:?}");
            assert_eq!(ledger.pauses(), [1]);
        }
    }
}

#[tokio::test]
async fn a_redemption_that_is_not_there_after_all_looks_is_sent_once_more() {
    for (way, key) in findable() {
        for fault in before() {
            let ledger = Ledger::open();
            ledger.script([fault.clone()]);
            ledger.redeem(way, key).await.unwrap();
            assert_eq!((ledger.sent(), ledger.count()), (2, 1), "{way:?} {fault:?}");
            assert_eq!(ledger.asked(LIST), 3);
            assert_eq!(ledger.pauses(), [1, 2, 4]);
        }
    }
}

#[tokio::test]
async fn a_redemption_is_sent_twice_at_most() {
    for way in Way::ALL {
        for fault in before() {
            let ledger = Ledger::open();
            ledger.server.fallback(move |sent| match sent.path() {
                LIST => Fault::none(),
                _ => fault.clone(),
            });
            let error = ledger.redeem(way, Key::Reference).await.unwrap_err();
            assert_eq!(error.effect(), Effect::Unknown, "{error:?}");
            assert_eq!((ledger.sent(), ledger.count()), (2, 0));
            assert_eq!(ledger.pauses(), [1, 2, 4, 1, 2, 4]);
        }
    }
}

#[tokio::test]
async fn a_redemption_that_the_list_shows_late_is_found() {
    for way in Way::ALL {
        for lag in 0..3 {
            let ledger = Ledger::open();
            ledger.script([Fault::reset(Moment::Unanswered)]);
            ledger.lag(lag);
            ledger.redeem(way, Key::Reference).await.unwrap();
            assert_eq!((ledger.sent(), ledger.count()), (1, 1));
            assert_eq!(ledger.asked(LIST), lag + 1);
        }
    }
}

#[tokio::test]
async fn a_redemption_without_a_reference_is_never_sent_again() {
    let unread = [Effect::Unknown; 5].into_iter().chain([Effect::Done]);
    let unknown = [Effect::Unknown; 4];
    let faults = after().into_iter().zip(unread);
    for (fault, effect) in faults.chain(before().into_iter().zip(unknown)) {
        for way in Way::ALL {
            let ledger = Ledger::open();
            ledger.script([fault.clone()]);
            let error = ledger.redeem(way, Key::None).await.unwrap_err();
            assert_eq!(error.effect(), effect, "{fault:?} {error:?}");
            assert_eq!((ledger.sent(), ledger.asked(LIST)), (1, 0), "{fault:?}");
            assert_eq!(ledger.pauses(), [0; 0]);
        }
    }
}

#[tokio::test]
async fn a_redemption_that_was_answered_and_is_nowhere_is_not_sent_again() {
    let page = Fault::respond(Response::html(200, "<h1>Maintenance</h1>"));
    for way in Way::ALL {
        let ledger = Ledger::open();
        ledger.script([page.clone()]);
        let error = ledger.redeem(way, Key::Reference).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Done);
        assert_eq!((ledger.sent(), ledger.asked(LIST)), (1, 3));
    }
}

#[tokio::test]
async fn what_the_server_refuses_is_not_looked_for() {
    for way in Way::ALL {
        for status in [401, 403, 404, 409, 422] {
            let ledger = Ledger::open();
            ledger.script([Fault::status(status)]);
            let error = ledger.redeem(way, Key::Reference).await.unwrap_err();
            assert_eq!(error.status().unwrap(), status);
            assert_eq!(error.effect(), Effect::None);
            assert_eq!((ledger.sent(), ledger.asked(LIST)), (1, 0), "{status}");
        }
    }
}

#[tokio::test]
async fn a_look_that_fails_ends_it_with_the_first_error() {
    for way in Way::ALL {
        for looks in [1, 3] {
            let ledger = Ledger::open();
            let seen = vec![Fault::none(); looks - 1];
            let first = [Fault::reset(Moment::Unprocessed)];
            ledger.script(first.into_iter().chain(seen).chain([Fault::status(403)]));
            let error = ledger.redeem(way, Key::Reference).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error:?}");
            assert_ne!(error.operation(), Some("redemptions_index"));
            assert_eq!((ledger.sent(), ledger.asked(LIST)), (1, looks));
        }
    }
}

#[tokio::test]
async fn a_refusal_of_the_second_does_not_say_that_nothing_was_redeemed() {
    let lost = Fault::reset(Moment::Unprocessed);
    for way in Way::ALL {
        // The first was redeemed late, and left too little for the second.
        let ledger = Ledger::open();
        let looks = [Fault::none(), Fault::none(), Fault::none()];
        ledger.script(
            [lost.clone()]
                .into_iter()
                .chain(looks)
                .chain([Fault::status(422)]),
        );
        let error = ledger.redeem(way, Key::Reference).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown, "{error:?}");
        assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error:?}");
        assert_eq!((ledger.sent(), ledger.asked(LIST)), (2, 6));

        let ledger = Ledger::open();
        ledger.lag(3);
        ledger.script([Fault::reset(Moment::Unanswered)]);
        ledger.script([
            Fault::none(),
            Fault::none(),
            Fault::none(),
            Fault::status(422),
        ]);
        ledger.redeem(way, Key::Reference).await.unwrap();
        assert_eq!((ledger.sent(), ledger.count()), (2, 1));
    }
}

#[tokio::test]
async fn a_redemption_that_is_surely_another_is_not_taken_for_it() {
    let hour = Duration::from_secs(3600);
    let transaction = |external_id: &str| json!({ "external_id": external_id });
    let others: &[(&str, Value)] = &[
        ("profile_id", "1b2c9a52-0000-4d49-8ec3-62a9466d339c".into()),
        ("type", "reversal".into()),
        ("type", "adjustment-of-tomorrow".into()),
        ("transaction", transaction("POS-990")),
        ("created_at", "2024-01-01 00:00:00".into()),
    ];
    for way in Way::ALL {
        let other_kind = match way {
            Way::Return => "redeem",
            Way::Strategy | Way::Credit => "return",
        };
        let other_kind = [("type", other_kind.into()), ("total", "20.01".into())];
        for (field, value) in others.iter().chain(&other_kind) {
            // To give back a redemption needs no profile.
            if way == Way::Return && *field == "profile_id" {
                continue;
            }
            let ledger = Ledger::open();
            ledger.ignore_filters();
            let other = Made::before(&ledger.timer, Duration::ZERO);
            let other = other.with("type", way.kind().into());
            ledger.enter(other.with(field, value.clone()));
            ledger.script([Fault::reset(Moment::Unanswered)]);
            let id = ledger.redeem(way, Key::Reference).await.unwrap();
            assert_eq!(id, 1001, "{field} {value}");
            assert_eq!((ledger.sent(), ledger.count()), (1, 2), "{field} {value}");
        }
        // Of another purchase by its receipt.
        let ledger = Ledger::open();
        ledger.ignore_filters();
        let other = Made::before(&ledger.timer, Duration::ZERO);
        let other = other.with("type", way.kind().into());
        ledger.enter(other.with("transaction", json!({"receipt_ref": "R-2"})));
        ledger.script([Fault::reset(Moment::Unanswered)]);
        let id = ledger.redeem(way, Key::Receipt).await.unwrap();
        assert_eq!(id, 1001);
    }
    // As it is, it would be.
    let ledger = Ledger::open();
    ledger.enter(Made::before(&ledger.timer, hour));
    ledger.script([Fault::reset(Moment::Unprocessed)]);
    let id = ledger.redeem(Way::Strategy, Key::Reference).await.unwrap();
    assert_eq!((id, ledger.sent()), (5.into(), 1));
}

#[tokio::test]
async fn a_server_may_spell_profile_and_reference_otherwise() {
    for way in Way::ALL {
        let ledger = Ledger::open();
        ledger.ignore_filters();
        let made = Made::before(&ledger.timer, Duration::ZERO);
        let made = made.with("profile_id", PROFILE.to_uppercase().into());
        let made = made.with("type", way.kind().into());
        let transaction = json!({"external_id": "pos-991 ", "receipt_ref": null});
        ledger.enter(made.with("transaction", transaction));
        ledger.script([Fault::reset(Moment::Unprocessed)]);
        let id = ledger.redeem(way, Key::Reference).await.unwrap();
        assert_eq!((id, ledger.sent()), (5.into(), 1));
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_hours_does_not_redeem_twice() {
    for way in Way::ALL {
        for hours in [1, 10, 23] {
            let ledger = Ledger::open();
            // The server's clock, as the till sees it.
            let made = Made::before(&ledger.timer, Duration::from_secs(3600 * hours));
            ledger.enter(made.with("type", way.kind().into()));
            ledger.script([Fault::reset(Moment::Unprocessed)]);
            ledger.redeem(way, Key::Reference).await.unwrap();
            assert_eq!(ledger.sent(), 1, "{hours} hours");
        }
    }
}

#[tokio::test]
async fn what_was_found_says_so() {
    let ledger = Ledger::open();
    let redeem = ledger
        .omneo
        .profile(PROFILE)
        .redeem(20)
        .reference(REFERENCE);
    let answered = redeem.clone().send().await.unwrap();
    assert!(!answered.was_found);
    ledger.script([Fault::reset(Moment::Unanswered)]);
    let found = redeem.send().await.unwrap();
    assert!(found.was_found);
    let redemption = &found.redemption;
    assert_eq!(redemption.total.unwrap(), 20);
    assert_eq!(redemption.profile_id.as_ref().unwrap(), &PROFILE);
    assert_eq!(found.asked.unwrap(), 20);
    assert!(redemption.created_at.is_some());
}

#[tokio::test]
async fn what_is_looked_for_first_is_not_sent_if_it_is_there() {
    let ledger = Ledger::open();
    let redeem = ledger
        .omneo
        .profile(PROFILE)
        .redeem(20)
        .reference(REFERENCE);
    let first = redeem.clone().look_first().send().await.unwrap();
    assert!(!first.was_found);
    // However long ago it was made.
    ledger.timer.advance(Duration::from_secs(100 * 86_400));
    let again = redeem.look_first().send().await.unwrap();
    assert!(again.was_found);
    assert_eq!(again.redemption.id, first.redemption.id);
    assert_eq!((ledger.sent(), ledger.count()), (1, 1));
    assert_eq!(ledger.pauses(), [0; 0]);
}

#[tokio::test]
async fn what_cannot_be_looked_for_first_is_not_sent() {
    let ledger = Ledger::open();
    let redeem = ledger
        .omneo
        .profile(PROFILE)
        .redeem(20)
        .reference(REFERENCE);
    ledger.script([Fault::status(403)]);
    let error = redeem.look_first().send().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Forbidden(_)), "{error:?}");
    assert_eq!((ledger.sent(), ledger.asked(LIST)), (0, 1));
}

#[tokio::test]
async fn a_redemption_is_found_by_its_reference() {
    let ledger = Ledger::open();
    let profile = ledger.omneo.profile(PROFILE);
    assert!(profile.find_redemption(REFERENCE).await.unwrap().is_none());
    ledger.redeem(Way::Credit, Key::Reference).await.unwrap();
    let found = profile.find_redemption(REFERENCE).await.unwrap().unwrap();
    assert_eq!(found.id.unwrap(), 1000);
    assert!(profile.find_redemption("POS-992").await.unwrap().is_none());
    let other = ledger.omneo.profile("another-profile");
    assert!(other.find_redemption(REFERENCE).await.unwrap().is_none());

    let receipt = || Reference::Receipt(REFERENCE.to_owned());
    assert!(profile.find_redemption(receipt()).await.unwrap().is_none());
    ledger.redeem(Way::Strategy, Key::Receipt).await.unwrap();
    let found = profile.find_redemption(receipt()).await.unwrap().unwrap();
    assert_eq!(found.id.unwrap(), 1001);
    // An empty text is no filter to the server: the whole list.
    assert!(profile.find_redemption("").await.is_err());
}

#[tokio::test]
async fn looks_are_repeated_by_the_policy_of_the_call() {
    let faults = || [Fault::reset(Moment::Unanswered), Fault::status(503)];
    let ledger = Ledger::open();
    ledger.script(faults());
    ledger.redeem(Way::Strategy, Key::Reference).await.unwrap();
    assert_eq!((ledger.sent(), ledger.asked(LIST)), (1, 2));

    let ledger = Ledger::open();
    ledger.script(faults());
    let profile = ledger.omneo.profile(PROFILE).retry(RetryPolicy::never());
    let error = profile.redeem(20).reference(REFERENCE).send().await;
    assert!(matches!(error.unwrap_err().kind(), ErrorKind::Transport(_)));
    assert_eq!((ledger.sent(), ledger.asked(LIST)), (1, 1));
}

#[tokio::test]
async fn a_look_up_that_fails_before_it_is_sent_says_that_nothing_was_redeemed() {
    // The answers came: of another call than the one that redeems.
    let page = || Fault::respond(Response::html(200, "<h1>Maintenance</h1>"));
    for fault in [page(), Fault::reset(Moment::Unanswered)] {
        let ledger = Ledger::with(|builder| builder.retry(RetryPolicy::never()));
        ledger.script(vec![fault; 3]);
        let profile = ledger.omneo.profile(PROFILE);
        let redeem = || profile.redeem(20).reference(REFERENCE);
        let ada = ledger.omneo.profile(identity("shopify", "7010205892808"));
        let errors = [
            redeem().balances_before().send().await.unwrap_err(),
            redeem().look_first().send().await.unwrap_err(),
            ada.redeem(20).send().await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.effect(), Effect::None, "{error:?}");
        }
        assert_eq!((ledger.sent(), ledger.server.script_left()), (0, 0));
    }
}

#[tokio::test]
async fn one_credit_is_not_taken_for_another_of_the_same_purchase() {
    for (items, found) in [
        (
            json!([{"type": "credit", "type_attributes": {"id": 8, "credit_number": "8"}}]),
            false,
        ),
        (json!([{"type": "point"}]), false),
        (
            json!([{"type": "credit", "type_attributes": {"id": 7, "credit_number": "7"}}]),
            true,
        ),
        (json!([]), true),
    ] {
        let ledger = Ledger::open();
        let made = Made::before(&ledger.timer, Duration::ZERO);
        ledger.enter(made.with("items", items));
        ledger.script([Fault::reset(Moment::Unprocessed)]);
        ledger.redeem(Way::Credit, Key::Reference).await.unwrap();
        assert_eq!(ledger.sent(), if found { 1 } else { 2 });
    }
}

#[tokio::test]
async fn it_is_looked_for_as_long_as_is_said() {
    let looks: [(u64, &[u64]); 4] = [(0, &[]), (1, &[1]), (5, &[1, 2, 2]), (20, &[1, 2, 4, 8, 5])];
    for (seconds, pauses) in looks {
        let ledger = Ledger::open();
        ledger.script([Fault::reset(Moment::Unprocessed)]);
        let redeem = ledger.omneo.profile(PROFILE).redeem(20);
        let redeem = redeem.reference(REFERENCE);
        let redeemed = redeem.look_for(Duration::from_secs(seconds)).send().await;
        assert_eq!(ledger.pauses(), pauses);
        // What is not looked for is not sent again.
        assert_eq!(redeemed.is_ok(), seconds > 0);
        assert_eq!(ledger.sent(), if seconds > 0 { 2 } else { 1 });
    }
}
