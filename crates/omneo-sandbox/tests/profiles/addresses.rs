use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{get, read};

fn address(line: &str) -> Value {
    json!({ "address_line_1": line, "city": "Melbourne", "postcode": "3000", "country": "Australia" })
}

#[test]
fn one_address_is_the_default() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/addresses");
    let first = done(sandbox.call("POST", &path, address("1 First Street")));
    assert_eq!(first["is_default"], true);
    let second = done(sandbox.call("POST", &path, address("2 Second Street")));
    assert_eq!(second["is_default"], false);
    let second = format!("{path}/{}", second["id"]);
    done(sandbox.call("PUT", &second, json!({ "is_default": true })));
    assert_eq!(
        get(&sandbox, &format!("{path}/{}", first["id"]))["is_default"],
        false
    );
    assert_eq!(
        read(&sandbox, &id)["address"]["address_line_1"],
        "2 Second Street"
    );
    assert_eq!(sandbox.call("DELETE", &second, Value::Null).status, 204);
    assert_eq!(
        read(&sandbox, &id)["address"]["address_line_1"],
        "1 First Street"
    );
}

#[test]
fn an_address_with_a_known_external_id_is_changed() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/addresses");
    let mut body = address("1 First Street");
    body["external_id"] = "home".into();
    let made = done(sandbox.call("POST", &format!("{path}/upsert"), body.clone()));
    body["address_line_1"] = "9 Ninth Street".into();
    let changed = done(sandbox.call("POST", &format!("{path}/upsert"), body.clone()));
    assert_eq!(made["id"], changed["id"]);
    assert_eq!(changed["address_line_1"], "9 Ninth Street");
    let other = profile(&sandbox, "b@example.com");
    let theirs = format!("/v3/profiles/{other}/addresses/upsert");
    assert_ne!(done(sandbox.call("POST", &theirs, body))["id"], made["id"]);
}

#[test]
fn custom_fields_of_an_address_are_a_map() {
    let sandbox = sandbox();
    let path = format!(
        "/v3/profiles/{}/addresses",
        profile(&sandbox, "a@example.com")
    );
    let mut body = address("1 First Street");
    body["custom_fields"] = json!([{ "namespace": "door", "handle": "code", "type": "string", "value": "7", "is_index": false }]);
    let made = done(sandbox.call("POST", &path, body));
    assert_eq!(
        get(&sandbox, &format!("{path}/{}", made["id"]))["custom_fields"],
        json!({ "door": { "code": "7" } })
    );
}
