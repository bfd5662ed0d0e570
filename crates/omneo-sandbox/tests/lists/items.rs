use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, refused, sandbox};
use crate::{definition, get, item, list};

#[test]
fn an_item_names_a_product_that_is_there() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &[]));
    sandbox
        .insert("Product", json!({ "id": 600, "title": "Ring" }))
        .unwrap();
    let variant = json!({ "id": 1234, "product_id": 600, "sku": "R-1", "barcode": "64", "external_id": "113124jjg" });
    sandbox.insert("ProductVariant", variant).unwrap();
    let names = [
        json!({ "product_variant_id": 1234 }),
        json!({ "product_variant_sku": "R-1" }),
        json!({ "product_variant_barcode": "64" }),
        json!({ "external_id": "113124jjg" }),
    ];
    for name in names {
        let made = done(sandbox.call("POST", &format!("{list}/items"), name.clone()));
        assert_eq!(made["product_variant"]["id"], 1234, "{name}");
        assert_eq!(made["product"]["title"], "Ring", "{name}");
    }
    let errors = refused(sandbox.call(
        "POST",
        &format!("{list}/items"),
        json!({ "product_variant_id": 1 }),
    ));
    assert!(errors.get("product_variant_id").is_some(), "{errors}");
    refused(sandbox.call("POST", &format!("{list}/items"), json!({ "quantity": 1 })));
}

#[test]
fn removing_an_item_answers_what_remains() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &[]));
    let a = item(&sandbox, &list, json!({ "external_id": "a" }));
    let b = item(&sandbox, &list, json!({ "external_id": "b" }));
    let remaining = done(sandbox.call("DELETE", &format!("{list}/items/{a}"), Value::Null));
    assert_eq!(remaining.as_array().unwrap().len(), 1);
    assert_eq!(remaining[0]["id"], b);
    assert_eq!(
        get(&sandbox, &format!("{list}/items"))
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_custom_product_keeps_its_price_as_text() {
    // As the real server answers, and not in one form of each value.
    let sandbox = Sandbox::builder().check_answers().start_blocking().unwrap();
    let list = list(&sandbox, definition(&sandbox, &[]));
    let body = json!({ "name": "Bag", "price": "49.99", "quantity": 3, "position": 1 });
    let made = done(sandbox.call("POST", &format!("{list}/custom"), body));
    assert_eq!(made["quantity"], 3);
    assert_eq!(made["custom_product"]["name"], "Bag");
    assert_eq!(made["custom_product"]["price"], "49.99");
    assert_eq!(
        get(&sandbox, "/v3/customProducts")
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn quantities_and_custom_products_can_be_forbidden() {
    let sandbox = sandbox();
    let definition = definition(&sandbox, &["allow_quantity", "allow_custom_product"]);
    let list = list(&sandbox, definition);
    refused(sandbox.call(
        "POST",
        &format!("{list}/items"),
        json!({ "external_id": "a", "quantity": 2 }),
    ));
    let id = item(
        &sandbox,
        &list,
        json!({ "external_id": "a", "quantity": 1 }),
    );
    let body = json!({ "items": [{ "id": id, "quantity": 2 }] });
    let errors = refused(sandbox.call("PUT", &list, body));
    assert!(errors.get("items.0.quantity").is_some(), "{errors}");
    refused(sandbox.call("POST", &format!("{list}/custom"), json!({ "name": "Bag" })));
}

#[test]
fn an_item_is_read_and_changed_in_its_list_alone() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &[]));
    let id = item(&sandbox, &list, json!({ "external_id": "a" }));
    let path = format!("{list}/items/{id}");
    let changed = done(sandbox.call(
        "PUT",
        &path,
        json!({ "status": "purchased", "quantity": 2 }),
    ));
    assert_eq!(changed["status"], "purchased");
    assert_eq!(get(&sandbox, &path)["quantity"], 2);
    let (lists, _) = list.rsplit_once('/').unwrap();
    let other = done(sandbox.call("POST", lists, json!({ "name": "Other" })));
    let path = format!("{lists}/{}/items/{id}", other["id"]);
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
}
