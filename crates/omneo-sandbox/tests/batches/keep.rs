use serde_json::json;

use crate::read;
use crate::support::{done, refused, sandbox};

#[test]
fn a_caller_keeps_a_batch_of_its_own() {
    let sandbox = sandbox();
    let body = json!({"entity_type": "voucher", "import_job_id": 3});
    let kept = done(sandbox.call("POST", "/v3/batches", body));
    assert_eq!(kept["entity_type"], "voucher");
    assert_eq!(kept["import_job_id"], 3);
    let id = kept["batch_id"].as_str().expect("an id");
    let path = format!("/v3/batches/{id}");
    assert_eq!(read(&sandbox, &path)["status"], "pending");
    let items = json!([
        {"status": "success", "external_id": "A", "entity_id": "7"},
        {"status": "pending", "external_id": "B"},
    ]);
    let path_of_items = format!("{path}/items");
    let batch = done(sandbox.call("POST", &path_of_items, json!({"items": items})));
    assert_eq!(batch["status"], "pending");
    assert_eq!(batch["processed_count"], 1);
    assert_eq!(batch["items"][0]["external_id"], "A");
    let none = refused(sandbox.call("POST", &path_of_items, json!({"items": []})));
    assert!(none["items"].is_array(), "{none}");
}
