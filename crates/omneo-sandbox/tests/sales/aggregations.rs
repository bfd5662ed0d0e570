use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{at, made, read, sale, with};

fn sums(sandbox: &Sandbox, profile: &str) -> Value {
    sandbox.settle_blocking();
    read(sandbox, &format!("/v3/profiles/{profile}/aggregations"))
}

#[test]
fn what_is_void_deleted_or_taken_off_does_not_count() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let sales = [10.0, 20.0, 40.0, 80.5];
    let sales = sales.map(|total| made(&sandbox, "/v3/transactions", sale(&ada, total)));
    assert_eq!(sums(&sandbox, &ada)["spend_all"], 150.5);
    let path = at("/v3/transactions", &sales[0]);
    done(sandbox.call("PUT", &path, json!({"is_void": true})));
    assert_eq!(sums(&sandbox, &ada)["spend_all"], 140.5);
    done(sandbox.call("DELETE", &at("/v3/transactions", &sales[1]), Value::Null));
    assert_eq!(sums(&sandbox, &ada)["spend_all"], 120.5);
    let path = at(&format!("/v3/profiles/{ada}/transactions"), &sales[2]);
    done(sandbox.call("GET", &format!("{path}/unattach"), Value::Null));
    let sums = sums(&sandbox, &ada);
    assert_eq!(sums["spend_all"], 80.5);
    assert_eq!(sums["shop_count"], 1);
}

#[test]
fn a_claimed_transaction_counts() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let body = with(
        sale(&ada, 49.99),
        json!({"profile_id": null, "receipt_ref": "43"}),
    );
    made(&sandbox, "/v3/transactions", body);
    let claim = json!({
        "profile_id": ada, "transaction_receipt_ref": "43", "transaction_total": "49.99",
    });
    made(
        &sandbox,
        &format!("/v3/profiles/{ada}/transactions/claims"),
        claim,
    );
    assert_eq!(sums(&sandbox, &ada)["spend_all"], 49.99);
}
