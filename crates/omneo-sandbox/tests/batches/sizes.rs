use serde_json::{Value, json};

use crate::support::{refused, sandbox};
use crate::{read, sale};

#[test]
fn a_batch_has_one_to_five_hundred_records() {
    let sandbox = sandbox();
    let path = "/v3/transactions/batch.json";
    for count in [0, 501] {
        let rows: Vec<Value> = (0..count)
            .map(|n| sale(&format!("T{n}"), "a@b.example"))
            .collect();
        let errors = refused(sandbox.call("POST", path, json!({"transactions": rows})));
        assert!(errors["transactions"].is_array(), "{errors}");
    }
    assert_eq!(read(&sandbox, "/v3/batches"), json!([]));
}

#[test]
fn a_record_without_its_form_is_refused_by_its_place() {
    let sandbox = sandbox();
    let mut bad = sale("T1", "a@b.example");
    bad["total"] = "much".into();
    let rows = [sale("T0", "a@b.example"), bad];
    let errors = refused(sandbox.call("POST", "/v3/orders/batch.json", json!({"orders": rows})));
    assert!(errors["orders.1.total"].is_array(), "{errors}");
}
