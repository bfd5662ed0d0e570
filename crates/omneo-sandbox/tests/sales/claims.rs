use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{profile, sandbox};
use crate::{at, made, read, with};

/// A sale of nobody, with a receipt.
fn receipt(members: Value) -> Value {
    let body = json!({
        "total": 49.99, "transacted_at": "2026-02-15 10:00:00", "timezone": "UTC",
        "items": [], "receipt_ref": "43", "location_id": "S01",
    });
    with(body, members)
}

fn claim(sandbox: &Sandbox, profile: &str, members: Value) -> Value {
    let body = json!({
        "profile_id": profile, "transaction_receipt_ref": "43", "transaction_total": 49.99,
        "transaction_transacted_at": "2026-02-15", "transaction_timezone": "UTC",
        "transaction_location_external_code": "S01",
    });
    let path = format!("/v3/profiles/{profile}/transactions/claims");
    made(sandbox, &path, with(body, members))
}

#[test]
fn a_claim_attaches_the_transaction_of_nobody_that_fits() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let transaction = made(&sandbox, "/v3/transactions", receipt(json!({})));
    let claim = claim(&sandbox, &ada, json!({}));
    assert_eq!(claim["status"], "claimed");
    assert_eq!(claim["claimed_transaction_id"], transaction["id"]);
    let transaction = read(&sandbox, &at("/v3/transactions", &transaction));
    assert_eq!(transaction["profile_id"], ada.as_str());
    assert_eq!(transaction["claimed_at"], "2026-03-01 09:00:00");
}

#[test]
fn a_claim_waits_for_its_transaction() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let claim = claim(&sandbox, &ada, json!({}));
    assert_eq!(claim["status"], "pending");
    assert_eq!(claim["attempts"], 1);
    let transaction = made(&sandbox, "/v3/transactions", receipt(json!({})));
    let path = format!("/v3/profiles/{ada}/transactions/claims");
    let claim = read(&sandbox, &at(&path, &claim));
    assert_eq!(claim["status"], "claimed");
    assert_eq!(claim["claimed_transaction_id"], transaction["id"]);
    let own = read(
        &sandbox,
        &at(&format!("/v3/profiles/{ada}/transactions"), &transaction),
    );
    assert_eq!(own["profile_id"], ada.as_str());
}

#[test]
fn a_claim_that_differs_stays_pending() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    made(&sandbox, "/v3/transactions", receipt(json!({})));
    let others = [
        json!({"transaction_receipt_ref": "44"}),
        json!({"transaction_total": 50}),
        json!({"transaction_transacted_at": "2026-02-16"}),
        json!({"transaction_location_external_code": "S02"}),
    ];
    for other in others {
        let claim = claim(&sandbox, &ada, other.clone());
        assert_eq!(claim["status"], "pending", "{other}");
    }
}

#[test]
fn what_is_anothers_is_not_claimed() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let grace = profile(&sandbox, "grace@example.com");
    made(
        &sandbox,
        "/v3/transactions",
        receipt(json!({"profile_id": grace})),
    );
    assert_eq!(claim(&sandbox, &ada, json!({}))["status"], "pending");
}

#[test]
fn a_receipt_that_is_a_number_is_the_text() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    made(&sandbox, "/v3/transactions", receipt(json!({})));
    let claim = claim(&sandbox, &ada, json!({"transaction_receipt_ref": 43}));
    assert_eq!(claim["transaction_receipt_ref"], "43");
    assert_eq!(claim["status"], "claimed");
}
