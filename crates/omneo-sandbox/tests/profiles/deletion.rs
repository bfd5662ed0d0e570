use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{get, read};

#[test]
fn a_deleted_profile_is_in_no_answer_and_its_email_is_free() {
    let sandbox = sandbox();
    let body = json!({
        "email": "a@example.com", "first_name": "A", "last_name": "B",
        "identities": [{ "handle": "shopify", "identifier": "77" }],
    });
    let id = done(sandbox.call("POST", "/v3/profiles", body.clone()))["id"].clone();
    let path = format!("/v3/profiles/{}", id.as_str().unwrap());
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    for path in [
        path.clone(),
        format!("{path}/addresses"),
        format!("{path}/identities"),
    ] {
        assert_eq!(
            sandbox.call("GET", &path, Value::Null).status,
            404,
            "{path}"
        );
    }
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 404);
    assert_eq!(get(&sandbox, "/v3/profiles"), json!([]));
    assert_eq!(get(&sandbox, "/v3/identities"), json!([]));
    let again = done(sandbox.call("POST", "/v3/profiles", body));
    assert_ne!(again["id"], id);
}

#[test]
fn a_purged_profile_is_gone_with_all_that_was_its_own() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let other = profile(&sandbox, "b@example.com");
    for id in [&id, &other] {
        let path = format!("/v3/profiles/{id}/identities");
        let body = json!({ "handle": "pos", "identifier": id });
        done(sandbox.call("POST", &path, body));
        let body = json!({
            "action": "service", "channel": "support", "signal": 0, "name": "Call", "namespace": "desk", "profile_id": id,
        });
        done(sandbox.call("POST", "/v3/interactions", body));
        let path = format!("/v3/profiles/{id}/lists");
        let list = json!({ "name": "Wishes", "items": [{ "external_id": "x" }] });
        done(sandbox.call("POST", &path, list));
    }
    let list = get(&sandbox, &format!("/v3/profiles/{id}/lists"))[0].clone();
    let item = list["items"][0]["id"].clone();
    let path = format!("/v3/profiles/{id}/purge");
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 404);
    assert_eq!(get(&sandbox, "/v3/identities").as_array().unwrap().len(), 1);
    assert_eq!(
        get(&sandbox, "/v3/interactions").as_array().unwrap().len(),
        1
    );
    assert_eq!(
        get(&sandbox, "/v3/product-lists/search")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let path = format!("/v3/list/items/{item}/reservations");
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
    assert_eq!(
        read(&sandbox, &other)["identities"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_deleted_profile_can_be_purged() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}");
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    let path = format!("{path}/purge");
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 404);
}
