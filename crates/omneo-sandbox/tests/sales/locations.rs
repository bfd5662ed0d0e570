use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{at, count, made, read, sale, with};

fn shop() -> Value {
    json!({"name": "Main Shop", "phone": "0390000000", "external_id": "S01", "external_code": "C01"})
}

#[test]
fn a_sale_names_its_location_by_id_external_id_or_code() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let shop = made(&sandbox, "/v3/locations", shop());
    for name in [shop["id"].clone(), json!("S01"), json!("C01")] {
        let body = with(sale(&ada, 10.0), json!({"location_id": name}));
        let transaction = made(&sandbox, "/v3/transactions", body);
        assert_eq!(transaction["location"]["id"], shop["id"], "{name}");
    }
    assert_eq!(count(&sandbox, "/v3/locations"), 1);
}

#[test]
fn an_unknown_location_is_made_once() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let body = with(sale(&ada, 10.0), json!({"location_id": "NEW"}));
    let first = made(&sandbox, "/v3/transactions", body.clone());
    let second = made(&sandbox, "/v3/orders", body);
    assert_eq!(first["location"]["external_id"], "NEW");
    assert_eq!(first["location"]["name"], Value::Null);
    assert_eq!(first["location"]["is_published"], false);
    assert_eq!(second["location"]["id"], first["location"]["id"]);
    assert_eq!(count(&sandbox, "/v3/locations"), 1);
}

#[test]
fn a_location_is_read_by_another_key() {
    let sandbox = sandbox();
    let shop = made(&sandbox, "/v3/locations", shop());
    for path in ["external_id/S01", "external_code/C01"] {
        let found = read(&sandbox, &format!("/v3/locations/{path}"));
        assert_eq!(found["id"], shop["id"], "{path}");
    }
    for path in ["external_id/C01", "colour/red"] {
        let path = format!("/v3/locations/{path}");
        assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
    }
}

#[test]
fn the_address_and_hours_of_a_location_are_records() {
    let sandbox = sandbox();
    let address = json!({
        "address_line_1": "1 Example Street", "city": "St Kilda", "postcode": "3004",
        "state": "VIC", "country": "Australia",
    });
    let body = with(
        shop(),
        json!({
            "address": address,
            "normal_hours": [{"day_of_week": "MON", "open_at": "08:00", "close_at": "18:15"}],
            "special_hours": [{"name": "Christmas Eve", "start_at": "2026-12-24", "end_at": "2026-12-24"}],
        }),
    );
    let shop = made(&sandbox, "/v3/locations", body);
    let path = at("/v3/locations", &shop);
    assert!(shop["address"]["id"].is_i64(), "{shop}");
    assert_eq!(shop["normal_hours"][0]["location_id"], shop["id"]);
    assert_eq!(shop["special_hours"][0]["start_at"], "2026-12-24 00:00:00");
    let changed = done(sandbox.call("PUT", &path, json!({"address": {"city": "Melbourne"}})));
    assert_eq!(changed["address"]["id"], shop["address"]["id"]);
    assert_eq!(changed["address"]["city"], "Melbourne");
    assert_eq!(changed["address"]["postcode"], "3004");
    assert_eq!(changed["normal_hours"], shop["normal_hours"]);
}
