//! What is the customer's own stands in no output.

use std::fmt::Debug;

use fault_server::{Fault, Moment, Response};
use omneo::types::CreditDefinition;
use serde_json::json;

use crate::ledger::{Ledger, PROFILE};

const SECRETS: [&str; 5] = ["s3cret", "POS-991", "R-17", "ada@example.com", "hush"];

#[track_caller]
fn assert_hidden(shown: &str) {
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}

#[test]
fn builders_do_not_show_them() {
    let ledger = Ledger::open();
    let omneo = &ledger.omneo;
    let profile = omneo.profile(PROFILE);
    let redeem = profile.redeem(1).reference("POS-991").receipt("R-17");
    let redeem = redeem.meta("email", "ada@example.com");
    let credit = profile.redeem_credit(7, 1).security_code("s3cret");
    let credit = credit.reference("POS-991").receipt("R-17");
    let issue = omneo.issue::<CreditDefinition>("gift-card").value(50);
    let issue = issue
        .security_code("s3cret")
        .recipient_email("ada@example.com")
        .external_id("POS-991");
    let given_back = omneo.return_(5).reference("POS-991").receipt("R-17");
    let builders: [&dyn Debug; 4] = [&redeem, &credit, &issue, &given_back];
    for builder in builders {
        let shown = format!("{builder:?} {builder:#?}");
        assert_hidden(&shown);
        assert!(!shown.contains(PROFILE), "{shown}");
    }
    // What they are is told all the same.
    assert!(format!("{redeem:?} {credit:?}").contains("amount"));
}

#[tokio::test]
async fn errors_do_not_show_them() {
    let broken = json!({"data": {"id": ["s3cret"], "transaction_external_id": "POS-991"}});
    let faults = [
        Fault::reset(Moment::Unprocessed),
        Fault::status(500),
        Fault::status(404),
        Fault::respond(Response::json(200, &broken)),
        Fault::respond(Response::html(200, "<p>s3cret of ada@example.com</p>")),
    ];
    for fault in faults {
        let ledger = Ledger::open();
        ledger.server.fallback(move |_| fault.clone());
        let profile = ledger.omneo.profile(PROFILE);
        let redeem = profile.redeem(1).reference("POS-991").send().await;
        let credit = profile.redeem_credit(7, 1).security_code("s3cret");
        let credit = credit.reference("POS-991").send().await;
        let found = profile.find_redemption("POS-991").await;
        for error in [redeem.unwrap_err(), credit.unwrap_err(), found.unwrap_err()] {
            assert_hidden(&format!("{error} {error:?} {error:#?}"));
        }
    }
}
