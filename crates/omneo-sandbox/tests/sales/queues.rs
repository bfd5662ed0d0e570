use serde_json::json;

use crate::support::{profile, refused, sandbox};
use crate::{count, made, read, sale, with};

#[test]
fn a_queued_record_is_there_later() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let body = with(sale(&ada, 10.0), json!({"external_id": "A"}));
    for path in ["/v3/transactions/queue", "/v3/orders/queue"] {
        let reply = sandbox.call("POST", path, body.clone());
        assert_eq!(
            (reply.status, reply.body),
            (200, json!({"data": "OK"})),
            "{path}"
        );
    }
    sandbox.settle_blocking();
    for path in ["/v3/transactions", "/v3/orders"] {
        assert_eq!(count(&sandbox, path), 1, "{path}");
    }
}

#[test]
fn a_queue_that_updates_adds_no_second() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    for (kind, copies) in [("queue", 1), ("queue/create", 3)] {
        for total in [10.0, 12.0] {
            let body = with(sale(&ada, total), json!({"external_id": "A"}));
            made(&sandbox, &format!("/v3/orders/{kind}"), body.clone());
            made(&sandbox, &format!("/v3/transactions/{kind}"), body);
        }
        sandbox.settle_blocking();
        assert_eq!(count(&sandbox, "/v3/orders"), copies);
        assert_eq!(count(&sandbox, "/v3/transactions"), copies);
    }
    assert_eq!(read(&sandbox, "/v3/orders")[0]["total"], 12);
}

#[test]
fn a_queued_product_is_found_by_its_external_id() {
    let sandbox = sandbox();
    for title in ["Hat", "Top Hat"] {
        let body = json!({"external_id": "P1", "title": title, "variants": [{"sku": "HAT"}]});
        made(&sandbox, "/v3/products/queue", body);
    }
    sandbox.settle_blocking();
    let products = read(&sandbox, "/v3/products");
    assert_eq!(products.as_array().map(Vec::len), Some(1));
    assert_eq!(products[0]["title"], "Top Hat");
    assert_eq!(products[0]["variants"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_queued_record_that_fails_is_dropped_whole() {
    let sandbox = sandbox();
    // The location would be made before the line is refused.
    let items = json!([{
        "name": "Hat", "quantity": 1, "price_current": 5, "price_sell": 5, "product_variant_id": 9,
    }]);
    let body = with(
        sale("", 10.0),
        json!({"profile_id": null, "location_id": "NEW", "items": items}),
    );
    made(&sandbox, "/v3/transactions/queue", body);
    sandbox.settle_blocking();
    assert_eq!(count(&sandbox, "/v3/transactions"), 0);
    assert_eq!(count(&sandbox, "/v3/locations"), 0);
}

#[test]
fn what_has_not_the_form_of_a_record_is_not_queued() {
    let sandbox = sandbox();
    let body = with(sale("", 10.0), json!({"total": "much"}));
    let errors = refused(sandbox.call("POST", "/v3/transactions/queue", body));
    assert!(errors["total"].is_array(), "{errors}");
}
