//! Faults at random: never two redemptions for one reference.

use fault_server::{Fault, Moment, RandomFaults, Response};
use omneo::Error;
use omneo::runtime::Effect;

use crate::ledger::{Key, Ledger, Way};

const SEEDS: u64 = 150;

fn faults(seed: u64) -> RandomFaults {
    let lost = [
        Fault::reset(Moment::Unprocessed),
        Fault::reset(Moment::Unanswered),
        Fault::close(Moment::InBody),
        Fault::stall(Moment::Unprocessed),
        Fault::stall(Moment::Unanswered),
        Fault::status(500),
        Fault::status(502).processed(),
        Fault::none().with(Response::truncated),
    ];
    let refused = [Fault::status(422), Fault::status(403)];
    let throttled = [
        Fault::respond(Response::new(429).retry_after(1)),
        Fault::respond(Response::new(503).retry_after(1)),
    ];
    RandomFaults::seeded(seed)
        .rate(0.45, lost)
        .rate(0.1, refused)
        .rate(0.1, throttled)
}

#[tokio::test]
async fn a_reference_is_never_redeemed_twice() {
    // One for all: to set up TLS takes longer than a redemption.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let (mut succeeded, mut sent_twice) = (0, 0);
    for seed in 0..SEEDS {
        for way in Way::ALL {
            let ledger = Ledger::with(|builder| builder.http_client(http.clone()));
            let mut faults = faults(seed);
            ledger.server.fallback(move |_| faults.choose());
            ledger.lag(usize::try_from(seed % 3).unwrap());
            let result = ledger.redeem(way, Key::Reference).await;
            let count = ledger.count();
            assert!(
                count <= 1,
                "seed {seed}: {way:?} was redeemed {count} times"
            );
            match result {
                Ok(id) => {
                    assert_eq!((id, count), (1000.into(), 1), "seed {seed} {way:?}");
                    succeeded += 1;
                }
                Err(error) if error.effect() == Effect::None => {
                    assert_eq!(count, 0, "seed {seed} {way:?}: {error:?}");
                }
                Err(_) => {}
            }
            sent_twice += usize::from(ledger.sent() == 2);
        }
    }
    // Else the test would show nothing.
    assert!(
        succeeded > 100 && sent_twice > 10,
        "{succeeded} {sent_twice}"
    );
}

#[tokio::test]
async fn without_a_reference_it_is_sent_once_whatever_happens() {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for seed in 0..SEEDS {
        let ledger = Ledger::with(|builder| builder.http_client(http.clone()));
        let mut faults = faults(seed);
        ledger.server.fallback(move |_| faults.choose());
        let result = ledger.redeem(Way::Strategy, Key::None).await;
        let expected = match result.as_ref().map_err(Error::effect) {
            Ok(_) | Err(Effect::Done) => 1..=1,
            Err(Effect::None) => 0..=0,
            Err(_) => 0..=1,
        };
        let count = ledger.count();
        assert!(expected.contains(&count), "seed {seed}: {count} {result:?}");
    }
}
