use serde_json::{Value, json};

use crate::support::{profile, sandbox};
use crate::{count, made, read, sale, with};

#[test]
fn a_transaction_is_found_by_its_external_id() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let body = with(sale(&ada, 10.0), json!({"external_id": "A 1"}));
    let made = made(&sandbox, "/v3/transactions", body);
    let found = read(&sandbox, "/v3/transactions/external/A%201");
    assert_eq!(found["id"], made["id"]);
    let none = sandbox.call("GET", "/v3/transactions/external/B", Value::Null);
    assert_eq!(none.status, 404);
}

#[test]
fn finding_finds_the_profiles_and_nobodys() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let grace = profile(&sandbox, "grace@example.com");
    let receipt = json!({"receipt_ref": "R1"});
    made(
        &sandbox,
        "/v3/transactions",
        with(sale(&ada, 10.0), receipt.clone()),
    );
    made(
        &sandbox,
        "/v3/transactions",
        with(sale(&grace, 10.0), receipt.clone()),
    );
    let nobody = with(sale(&ada, 10.0), json!({"profile_id": null}));
    made(&sandbox, "/v3/transactions", with(nobody, receipt));
    let path = format!("/v3/profiles/{ada}/find-transactions?filter[receipt_ref]=R1");
    assert_eq!(count(&sandbox, &path), 2);
    let path = format!("/v3/profiles/{ada}/find-transactions?filter[receipt_ref]=R2");
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
}

#[test]
fn transactions_are_grouped_by_order_number() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let dealt = [
        ("W1", "2026-02-01 00:00:00"),
        ("W2", "2026-02-02 00:00:00"),
        ("W1", "2026-02-03 00:00:00"),
    ];
    for (number, at) in dealt {
        let members = json!({"order_number": number, "transacted_at": at});
        made(
            &sandbox,
            "/v3/transactions",
            with(sale(&ada, 10.0), members),
        );
    }
    let path = format!("/v3/profiles/{ada}/group_transactions?page[size]=1");
    let reply = sandbox.call("GET", &path, Value::Null);
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.body["total"], 2);
    assert_eq!(reply.body["per_page"], 1);
    let rows = reply.body["data"].as_array().expect("rows");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["order_number"], "W1");
    assert_eq!(rows[0]["number_transactions"], 2);
    assert_eq!(rows[0]["latest_transacted_at"], "2026-02-03 00:00:00");
}

#[test]
fn the_products_of_a_profile_are_counted() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let body = json!({
        "title": "Shirt", "handle": "shirt", "brand": "Acme",
        "variants": [{"sku": "S", "price": 5}, {"sku": "T", "price": 5}],
    });
    made(&sandbox, "/v3/products", body);
    let line = |sku: &str, quantity: i64| json!({"name": sku, "sku": sku, "quantity": quantity, "price_current": 5, "price_sell": 5});
    let sales = [
        (
            "2026-01-01 00:00:00",
            json!([line("S", 3), line("T", 1)]),
            false,
        ),
        ("2026-02-01 00:00:00", json!([line("S", -1)]), false),
        ("2026-02-02 00:00:00", json!([line("S", 7)]), true),
    ];
    for (at, items, is_void) in sales {
        let members = json!({"items": items, "transacted_at": at, "is_void": is_void});
        made(&sandbox, "/v3/transactions", with(sale(&ada, 5.0), members));
    }
    let path = format!("/v3/profiles/{ada}/transaction-products");
    let rows = read(&sandbox, &path);
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    assert_eq!(rows[0]["sku"], "S");
    assert_eq!(rows[0]["purchase_qty"], 3);
    assert_eq!(rows[0]["refund_qty"], 1);
    assert_eq!(rows[0]["count"], 2);
    assert_eq!(rows[0]["latest_transacted_at"], "2026-02-01 00:00:00");
    let since = format!("{path}?filter[transacted_at]=2026-01-15%2000:00:00");
    assert_eq!(read(&sandbox, &since)[0]["purchase_qty"], 0);
    assert_eq!(count(&sandbox, &since), 1);
}
