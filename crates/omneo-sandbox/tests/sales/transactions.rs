use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{at, count, made, read, sale, with};

#[test]
fn a_transaction_is_read_as_it_was_made() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let body = with(
        sale(&ada, 149.95),
        json!({"external_id": "ORDER-1", "receipt_ref": "659", "payments": ["EFTPOS"], "meta": {"till": 4}}),
    );
    let transaction = made(&sandbox, "/v3/transactions", body);
    let read = read(&sandbox, &at("/v3/transactions", &transaction));
    assert_eq!(read["total"], 149.95);
    assert_eq!(read["external_id"], "ORDER-1");
    assert_eq!(read["profile_id"], ada.as_str());
    assert_eq!(read["profile"]["email"], "ada@example.com");
    assert_eq!(read["transacted_at"], "2026-02-27 14:32:00");
    assert_eq!(read["timezone"], "Australia/Melbourne");
    assert_eq!(read["payments"], json!(["EFTPOS"]));
    assert_eq!(read["meta"], json!({"till": 4}));
    assert_eq!(read["is_void"], false);
    assert_eq!(read["items"][0]["name"], "Linen Shirt");
    assert_eq!(read["items"][0]["transaction_id"], transaction["id"]);
}

#[test]
fn a_profile_is_named_by_its_email_or_another_identity() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let card = json!({"handle": "card", "identifier": "77"});
    let path = format!("/v3/profiles/{ada}/identities");
    made(&sandbox, &path, card);
    for (handle, value) in [("email", "ada@example.com"), ("card", "77")] {
        let body = with(sale(value, 10.0), json!({"profile_id_handle": handle}));
        let transaction = made(&sandbox, "/v3/transactions", body);
        assert_eq!(transaction["profile_id"], ada.as_str(), "{handle}");
    }
}

#[test]
fn an_unknown_profile_is_refused_and_nothing_is_kept() {
    let sandbox = sandbox();
    let body = with(
        sale("nobody@example.com", 10.0),
        json!({"profile_id_handle": "email"}),
    );
    let errors = refused(sandbox.call("POST", "/v3/transactions", body));
    assert!(errors["profile_id"].is_array(), "{errors}");
    assert_eq!(count(&sandbox, "/v3/transactions"), 0);
}

#[test]
fn a_sale_of_nobody_is_a_sale() {
    let sandbox = sandbox();
    let mut body = sale("", 10.0);
    body.as_object_mut().expect("a map").remove("profile_id");
    let transaction = made(&sandbox, "/v3/transactions", body);
    assert_eq!(transaction["profile_id"], Value::Null);
}

#[test]
fn a_null_flag_is_refused() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    for flag in ["receipt_is_email", "is_void"] {
        let body = with(sale(&ada, 10.0), json!({"external_id": "A", flag: null}));
        let errors = refused(sandbox.call("POST", "/v3/transactions/update-create", body));
        assert!(errors[flag].is_array(), "{errors}");
    }
}

#[test]
fn update_create_finds_by_external_id_and_then_by_id() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let path = "/v3/transactions/update-create";
    let first = made(
        &sandbox,
        path,
        with(sale(&ada, 10.0), json!({"external_id": "A"})),
    );
    let again = made(
        &sandbox,
        path,
        with(sale(&ada, 12.0), json!({"external_id": "A"})),
    );
    assert_eq!(again["id"], first["id"]);
    assert_eq!(again["total"], 12);
    let by_id = made(&sandbox, path, json!({"id": first["id"], "total": 14}));
    assert_eq!(by_id["id"], first["id"]);
    assert_eq!(by_id["total"], 14);
    let other = made(
        &sandbox,
        path,
        with(sale(&ada, 9.0), json!({"external_id": "B"})),
    );
    assert_ne!(other["id"], first["id"]);
    assert_eq!(count(&sandbox, "/v3/transactions"), 2);
}

#[test]
fn update_create_makes_nothing_without_what_a_transaction_needs() {
    let sandbox = sandbox();
    let body = json!({"external_id": "A", "total": 10});
    let errors = refused(sandbox.call("POST", "/v3/transactions/update-create", body));
    assert!(errors["transacted_at"].is_array(), "{errors}");
    assert!(errors["timezone"].is_array(), "{errors}");
}

#[test]
fn a_repeated_update_create_adds_no_line() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let path = "/v3/transactions/update-create";
    let body = with(sale(&ada, 10.0), json!({"external_id": "A"}));
    made(&sandbox, path, body.clone());
    let again = made(&sandbox, path, body);
    assert_eq!(again["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn lines_that_are_not_listed_go_if_that_is_asked_for() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let path = "/v3/transactions/update-create";
    let line = |id: &str| json!({"external_id": id, "name": id, "quantity": 1, "price_current": 5, "price_sell": 5});
    let body = with(
        sale(&ada, 10.0),
        json!({"external_id": "A", "items": [line("one"), line("two")]}),
    );
    made(&sandbox, path, body.clone());
    let kept = made(
        &sandbox,
        path,
        with(body.clone(), json!({"items": [line("two")]})),
    );
    assert_eq!(kept["items"].as_array().map(Vec::len), Some(2));
    let only = json!({"items": [line("two")], "delete_existing_items": true});
    let left = made(&sandbox, path, with(body, only));
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(left["items"][0]["name"], "two");
}

#[test]
fn a_transaction_is_voided() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let transaction = made(&sandbox, "/v3/transactions", sale(&ada, 10.0));
    let path = at("/v3/transactions", &transaction);
    let void = done(sandbox.call("PUT", &path, json!({"is_void": true})));
    assert_eq!(void["is_void"], true);
    assert_eq!(void["total"], 10);
}

#[test]
fn a_deleted_transaction_takes_its_lines_with_it() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let transaction = made(&sandbox, "/v3/transactions", sale(&ada, 10.0));
    let path = at("/v3/transactions", &transaction);
    let item = transaction["items"][0]["id"].clone();
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
    let resend = format!("/v3/transactions/items/{item}/resend");
    assert_eq!(sandbox.call("POST", &resend, Value::Null).status, 404);
}

#[test]
fn another_currency_is_converted_by_the_rate_that_is_kept() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let rate = made(
        &sandbox,
        "/v3/currencies",
        json!({"from": "NZD", "to": "AUD", "rate": 0.9}),
    );
    let body = with(sale(&ada, 100.0), json!({"currency": "NZD"}));
    let transaction = made(&sandbox, "/v3/transactions", body);
    assert_eq!(transaction["currency_id"], rate["id"]);
    assert_eq!(transaction["currency_rate"], 0.9);
    assert_eq!(transaction["total_converted"], 90);
    done(sandbox.call("PUT", &at("/v3/currencies", &rate), json!({"rate": 0.5})));
    let kept = read(&sandbox, &at("/v3/transactions", &transaction));
    assert_eq!(kept["total_converted"], 90);
    let own = made(
        &sandbox,
        "/v3/transactions",
        with(sale(&ada, 100.0), json!({"currency": "AUD"})),
    );
    assert_eq!(own["total_converted"], 100);
    let body = with(sale(&ada, 100.0), json!({"currency": "USD"}));
    assert!(refused(sandbox.call("POST", "/v3/transactions", body))["currency"].is_array());
}

#[test]
fn a_transaction_is_unattached_once() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let transaction = made(&sandbox, "/v3/transactions", sale(&ada, 10.0));
    let path = at(&format!("/v3/profiles/{ada}/transactions"), &transaction);
    let unattach = format!("{path}/unattach");
    assert_eq!(sandbox.call("GET", &unattach, Value::Null).status, 200);
    assert_eq!(sandbox.call("GET", &unattach, Value::Null).status, 404);
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
    let left = read(&sandbox, &at("/v3/transactions", &transaction));
    assert_eq!(left["profile_id"], Value::Null);
}

#[test]
fn an_estimate_needs_a_trigger_a_profile_and_a_location_that_are_there() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let trigger =
        json!({"id": 42, "name": "Buy", "trigger": "transaction.created", "is_active": true});
    sandbox.insert("Trigger", trigger).expect("a trigger");
    let place = made(
        &sandbox,
        "/v3/locations",
        json!({"name": "Shop", "phone": "1"}),
    );
    let ask = |members: Value| {
        let body = with(
            sale(&ada, 10.0),
            json!({"trigger_id": 42, "location_id": place["id"]}),
        );
        sandbox.call(
            "POST",
            "/v3/transactions/incentive-estimate",
            with(body, members),
        )
    };
    assert_eq!(ask(json!({})).body, json!({"data": {}}));
    assert_eq!(ask(json!({"trigger_id": 43})).status, 404);
    assert_eq!(ask(json!({"profile_id": "x"})).status, 404);
    assert_eq!(ask(json!({"location_id": 99})).status, 404);
}

#[test]
fn custom_fields_come_with_a_transaction() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let field = json!({"namespace": "erp", "handle": "id", "type": "string", "value": "7"});
    for path in ["/v3/transactions", "/v3/orders"] {
        let body = with(sale(&ada, 10.0), json!({"custom_fields": [field]}));
        let sale = made(&sandbox, path, body);
        let fields = &read(&sandbox, &at(path, &sale))["custom_fields"];
        assert_eq!(fields[0]["namespace"], "erp", "{path}");
        assert_eq!(fields[0]["value"], "7", "{path}");
    }
}
