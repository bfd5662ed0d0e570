use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{at, made, read, sale, with};

/// A shirt with one variant.
fn shirt(sandbox: &omneo_sandbox::Sandbox) -> Value {
    let variant = json!({
        "sku": "SHIRT-1", "title": "Small", "price": 50, "external_id": "EXT-1",
        "images": [{"url": "/shirt.jpg", "sort_order": 0}],
    });
    let body = json!({"title": "Shirt", "handle": "shirt", "brand": "Acme", "variants": []});
    let product = made(sandbox, "/v3/products", body);
    let path = format!("{}/variants", at("/v3/products", &product));
    made(sandbox, &path, variant)
}

fn line(members: Value) -> Value {
    with(
        json!({"name": "Shirt", "quantity": 1, "price_current": 50, "price_sell": 50}),
        members,
    )
}

#[test]
fn a_line_names_its_product_by_id_sku_or_external_id() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let variant = shirt(&sandbox);
    let names = [
        json!({"product_variant_id": variant["id"]}),
        json!({"product_variant_sku": "SHIRT-1"}),
        json!({"sku": "SHIRT-1"}),
        json!({"variant_external_id": "EXT-1"}),
    ];
    for name in names {
        let body = with(sale(&ada, 50.0), json!({"items": [line(name.clone())]}));
        let transaction = made(&sandbox, "/v3/transactions", body);
        let item = &transaction["items"][0];
        assert_eq!(item["product_variant_id"], variant["id"], "{name}");
        assert_eq!(item["product_id"], variant["product_id"], "{name}");
        assert_eq!(item["sku"], "SHIRT-1", "{name}");
        assert_eq!(item["product"]["brand"], "Acme", "{name}");
        assert_eq!(item["product_images"][0]["url"], "/shirt.jpg", "{name}");
    }
}

#[test]
fn a_line_with_an_unknown_variant_is_refused_by_its_place() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let items = json!([line(json!({})), line(json!({"product_variant_id": 99}))]);
    let body = with(sale(&ada, 50.0), json!({"items": items}));
    let errors = refused(sandbox.call("POST", "/v3/transactions", body));
    assert!(errors["items.1.product_variant_id"].is_array(), "{errors}");
}

#[test]
fn a_snapshot_makes_the_product_that_it_describes_once() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let snapshot = json!({
        "product_id": 501, "sku": "HAT-1", "title": "Hat", "category": "Hats",
        "brand": "Acme", "price": 20, "barcode": "900",
    });
    let items = json!([line(json!({"product_variant": snapshot}))]);
    let body = with(sale(&ada, 20.0), json!({"items": items}));
    let first = made(&sandbox, "/v3/transactions", body.clone());
    let second = made(&sandbox, "/v3/transactions", body);
    let product = &first["items"][0]["product_id"];
    assert!(product.is_i64(), "{first}");
    assert_eq!(&second["items"][0]["product_id"], product);
    let product = read(&sandbox, &format!("/v3/products/{product}"));
    assert_eq!(product["external_id"], "501");
    assert_eq!(product["variants"][0]["sku"], "HAT-1");
}

#[test]
fn a_line_is_added_alone_and_a_return_is_negative() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let variant = shirt(&sandbox);
    let transaction = made(&sandbox, "/v3/transactions", sale(&ada, 50.0));
    let path = format!("{}/items", at("/v3/transactions", &transaction));
    let body = line(json!({"product_variant_id": variant["id"], "quantity": -2}));
    let item = made(&sandbox, &path, body);
    assert_eq!(item["quantity"], -2);
    assert_eq!(item["is_return"], true);
    assert_eq!(crate::count(&sandbox, &path), 2);
    done(sandbox.call("DELETE", &at(&path, &item), Value::Null));
    assert_eq!(crate::count(&sandbox, &path), 1);
}

#[test]
fn a_line_of_another_transaction_is_not_found() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let one = made(&sandbox, "/v3/transactions", sale(&ada, 50.0));
    let two = made(&sandbox, "/v3/transactions", sale(&ada, 50.0));
    let path = format!("{}/items", at("/v3/transactions", &one));
    let path = at(&path, &two["items"][0]);
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 404);
}

#[test]
fn a_recalculated_line_finds_the_product_that_came_after_it() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let items = json!([line(json!({"sku": "SHIRT-1"}))]);
    let body = with(sale(&ada, 50.0), json!({"items": items}));
    let transaction = made(&sandbox, "/v3/transactions", body);
    let item = &transaction["items"][0];
    assert_eq!(item["product_id"], Value::Null);
    assert_eq!(item["sku"], "SHIRT-1");
    let variant = shirt(&sandbox);
    let path = at("/v3/transactions/items", item);
    let item = done(sandbox.call("PUT", &path, Value::Null));
    assert_eq!(item["product_variant_id"], variant["id"]);
}
