use serde_json::json;

use crate::read;
use crate::support::{done, refused, sandbox};

#[test]
fn codes_are_put_into_a_pool_and_counted() {
    let sandbox = sandbox();
    let definition = json!({"name": "Gift", "handle": "gift", "period": 30, "period_type": "days"});
    let definition = done(sandbox.call("POST", "/v3/benefits/definitions", definition));
    let id = definition["id"].to_string();
    let id = id.trim_matches('"');
    let path = format!("/v3/allocations/{id}/count");
    let none = read(&sandbox, &path);
    assert_eq!(none["all"], 0);
    let body = |codes: serde_json::Value| json!({"definition": {"id": id, "type": "benefit_definition"}, "allocations": codes});
    let codes = json!([
        {"code": "A", "value": 5},
        {"code": "B", "value": 5},
        {"code": "C", "value": 10, "allocated_at": "2026-01-01 00:00:00"},
    ]);
    let reply = sandbox.call("POST", "/v3/allocations/batch.json", body(codes));
    assert_eq!(reply.body, json!({"message": "Queued for processing."}));
    sandbox.settle_blocking();
    // A code that is there already is skipped.
    let codes = json!([{"code": "A"}, {"code": "D"}]);
    sandbox.call("POST", "/v3/allocations/batch.json", body(codes));
    sandbox.settle_blocking();
    let count = read(&sandbox, &path);
    assert_eq!(count["all"], 4);
    assert_eq!(count["redeemed"], 1);
    assert_eq!(count["remaining"], 3);
    assert_eq!(
        count["group"]["redeemd"],
        json!([{"value": 10, "count": 1}])
    );
    let found = read(&sandbox, "/v3/allocations?filter[code]=A");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!(found[0]["definition_type"], "benefit_definition");
}

#[test]
fn a_pool_is_of_a_definition_that_is_there() {
    let sandbox = sandbox();
    let body = json!({
        "definition": {"id": "9", "type": "reward_definition"}, "allocations": [{"code": "A"}],
    });
    let errors = refused(sandbox.call("POST", "/v3/allocations/batch.json", body));
    assert!(errors["definition.id"].is_array(), "{errors}");
    let missing = sandbox.call("GET", "/v3/allocations/9/count", json!(null));
    assert_eq!(missing.status, 404);
}
