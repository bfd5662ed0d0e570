use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{get, read};

fn sale(sandbox: &Sandbox, id: i64, profile: &str, total: i64, at: &str) {
    let sale = json!({
        "id": id, "profile_id": profile, "total": total, "transacted_at": at, "is_void": false, "location_id": 1,
    });
    sandbox.insert("Transaction", sale).unwrap();
}

#[test]
fn aggregations_are_null_before_they_are_calculated() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let facts = get(&sandbox, &format!("/v3/profiles/{id}/aggregations"));
    assert_eq!(facts["spend_all"], Value::Null);
    assert_eq!(facts["profile_id"], id);
}

#[test]
fn aggregations_are_calculated_from_the_transactions() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let location =
        json!({ "name": "Store", "phone": "1131131", "external_id": "M10", "is_published": true });
    done(sandbox.call("POST", "/v3/locations", location));
    sale(&sandbox, 1, &id, 100, "2026-02-01 10:00:00");
    sale(&sandbox, 2, &id, -20, "2026-02-01 12:00:00");
    sale(&sandbox, 3, &id, 50, "2024-02-01 12:00:00");
    let facts = get(
        &sandbox,
        &format!("/v3/profiles/{id}/aggregations/calculate"),
    );
    assert_eq!(facts["spend_all"], 130);
    assert_eq!(facts["spend_12m"], 80);
    assert_eq!(facts["shop_count"], 2);
    assert_eq!(facts["spend_last_date"], "2026-02-01 12:00:00");
    assert_eq!(facts["dimension_frequency"], "F2");
    assert_eq!(facts["dimension_recency"], "RC");
    assert_eq!(facts["most_transacted_location"]["name"], "Store");
    assert_eq!(read(&sandbox, &id)["aggregations"]["spend_all"], 130);
}

#[test]
fn a_transaction_has_them_calculated_again() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let body = json!({
        "profile_id": id, "total": 80, "transacted_at": "2026-02-01 10:00:00", "timezone": "UTC", "items": [],
    });
    done(sandbox.call("POST", "/v3/transactions", body));
    sandbox.settle_blocking();
    assert_eq!(read(&sandbox, &id)["aggregations"]["spend_all"], 80);
}

#[test]
fn aggregations_can_be_set() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/aggregations");
    done(sandbox.call("PUT", &path, json!({ "likely_country": "Australia" })));
    done(sandbox.call("PUT", &path, json!({ "shop_count": 4 })));
    let facts = get(&sandbox, &path);
    assert_eq!(facts["likely_country"], "Australia");
    assert_eq!(facts["shop_count"], 4);
}
