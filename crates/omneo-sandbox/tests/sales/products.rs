use serde_json::{Value, json};

use crate::support::{done, sandbox};
use crate::{at, count, made, read, with};

fn hat() -> Value {
    json!({
        "title": "Hat", "handle": "hat", "brand": "Acme", "external_id": "P1",
        "variants": [
            {"sku": "HAT-S", "price": 10, "position": 0, "options": [{"name": "Size", "value": "S"}]},
            {"sku": "HAT-L", "price": 12, "position": 1, "options": [{"name": "Size", "value": "L"}]},
        ],
    })
}

#[test]
fn a_product_has_its_variants_and_their_options() {
    let sandbox = sandbox();
    let product = made(&sandbox, "/v3/products", hat());
    let product = read(&sandbox, &at("/v3/products", &product));
    assert_eq!(product["variants"][1]["sku"], "HAT-L");
    assert_eq!(product["variants"][1]["product_id"], product["id"]);
    assert_eq!(product["options"], json!({"Size": ["S", "L"]}));
    assert_eq!(product["status"], "active");
}

#[test]
fn update_create_finds_by_external_id_and_variants_by_sku() {
    let sandbox = sandbox();
    let first = made(&sandbox, "/v3/products/update-create", hat());
    let change = json!({
        "title": "Top Hat",
        "variants": [{"sku": "HAT-S", "price": 11, "position": 0}, {"sku": "HAT-M", "price": 11, "position": 2}],
    });
    for path in ["/v3/products/update-create", "/v3/products/create-update"] {
        let again = made(&sandbox, path, with(hat(), change.clone()));
        assert_eq!(again["id"], first["id"]);
        assert_eq!(again["title"], "Top Hat");
        let skus: Vec<_> = again["variants"]
            .as_array()
            .expect("variants")
            .iter()
            .collect();
        assert_eq!(skus.len(), 3, "{again}");
        assert_eq!(skus[0]["id"], first["variants"][0]["id"]);
        assert_eq!(skus[0]["price"], 11);
    }
    assert_eq!(count(&sandbox, "/v3/products"), 1);
}

#[test]
fn variants_that_are_not_listed_go_if_that_is_asked_for() {
    let sandbox = sandbox();
    let product = made(&sandbox, "/v3/products", hat());
    let path = at("/v3/products", &product);
    let body = json!({"variants": [{"sku": "HAT-L"}], "archive_existing_variants": true});
    let product = done(sandbox.call("PUT", &path, body));
    assert_eq!(product["variants"].as_array().map(Vec::len), Some(1));
    assert_eq!(product["variants"][0]["price"], 12);
}

#[test]
fn variants_are_listed_of_one_product_and_of_all() {
    let sandbox = sandbox();
    let hat = made(&sandbox, "/v3/products", hat());
    let tie = json!({
        "title": "Tie", "handle": "tie", "brand": "Acme", "variants": [{"sku": "TIE", "price": 5}],
    });
    made(&sandbox, "/v3/products", tie);
    let own = format!("{}/variants", at("/v3/products", &hat));
    assert_eq!(count(&sandbox, &own), 2);
    assert_eq!(count(&sandbox, "/v3/products/variants"), 3);
    assert_eq!(count(&sandbox, "/v3/products/variants?filter[sku]=TIE"), 1);
}

#[test]
fn a_variant_of_another_product_is_not_changed() {
    let sandbox = sandbox();
    let hat = made(&sandbox, "/v3/products", hat());
    let tie = json!({"title": "Tie", "handle": "tie", "brand": "Acme"});
    let tie = made(&sandbox, "/v3/products", tie);
    let path = format!("{}/variants", at("/v3/products", &tie));
    let path = at(&path, &hat["variants"][0]);
    assert_eq!(sandbox.call("PUT", &path, json!({"price": 1})).status, 404);
    let path = format!("{}/variants", at("/v3/products", &hat));
    let path = at(&path, &hat["variants"][0]);
    assert_eq!(
        done(sandbox.call("PUT", &path, json!({"price": "1.5"})))["price"],
        1.5
    );
}

#[test]
fn a_deleted_product_takes_its_variants_with_it() {
    let sandbox = sandbox();
    let product = made(&sandbox, "/v3/products", hat());
    let path = at("/v3/products", &product);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    assert_eq!(count(&sandbox, "/v3/products/variants"), 0);
}
