use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{get, read};

#[test]
fn a_handle_and_identifier_are_one_profiles_alone() {
    let sandbox = sandbox();
    let (a, b) = (
        profile(&sandbox, "a@example.com"),
        profile(&sandbox, "b@example.com"),
    );
    let body = json!({ "handle": "shopify", "identifier": "77" });
    let identity = done(sandbox.call(
        "POST",
        &format!("/v3/profiles/{a}/identities"),
        body.clone(),
    ));
    assert_eq!(identity["is_active"], true);
    assert_eq!(identity["is_primary"], false);
    let errors = refused(sandbox.call("POST", &format!("/v3/profiles/{b}/identities"), body));
    assert!(errors.get("identifier").is_some(), "{errors}");
    let other = json!({ "handle": "klaviyo", "identifier": "77" });
    done(sandbox.call("POST", &format!("/v3/profiles/{b}/identities"), other));
}

#[test]
fn an_identity_is_named_by_its_handle_or_id() {
    let sandbox = sandbox();
    let (a, b) = (
        profile(&sandbox, "a@example.com"),
        profile(&sandbox, "b@example.com"),
    );
    let path = format!("/v3/profiles/{a}/identities");
    let body = json!({ "handle": "shopify", "identifier": "77" });
    let id = done(sandbox.call("POST", &path, body))["id"].clone();
    assert_eq!(get(&sandbox, &format!("{path}/shopify"))["id"], id);
    assert_eq!(
        get(&sandbox, &format!("{path}/id/{id}"))["handle"],
        "shopify"
    );
    let by_handle = done(sandbox.call(
        "PUT",
        &format!("{path}/shopify"),
        json!({ "identifier": "78" }),
    ));
    assert_eq!(by_handle["identifier"], "78");
    let by_id = done(sandbox.call(
        "PUT",
        &format!("{path}/id/{id}"),
        json!({ "identifier": "79" }),
    ));
    assert_eq!(by_id["identifier"], "79");
    let elsewhere = format!("/v3/profiles/{b}/identities/id/{id}");
    assert_eq!(sandbox.call("GET", &elsewhere, Value::Null).status, 404);
    assert_eq!(
        sandbox
            .call("DELETE", &format!("{path}/id/{id}"), Value::Null)
            .status,
        204
    );
    assert_eq!(
        sandbox
            .call("GET", &format!("{path}/shopify"), Value::Null)
            .status,
        404
    );
}

#[test]
fn the_primary_identity_is_one_and_the_external_id() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/identities");
    for handle in ["pos", "shopify"] {
        let body =
            json!({ "handle": handle, "identifier": format!("{handle}-1"), "is_primary": true });
        done(sandbox.call("POST", &path, body));
    }
    assert_eq!(get(&sandbox, &format!("{path}/pos"))["is_primary"], false);
    assert_eq!(read(&sandbox, &id)["external_id"], "shopify-1");
}

#[test]
fn a_profile_is_read_by_an_identity() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let body = json!({ "handle": "shopify", "identifier": "77" });
    done(sandbox.call("POST", &format!("/v3/profiles/{id}/identities"), body));
    assert_eq!(
        get(&sandbox, "/v3/profiles/77?identity[handle]=shopify")["id"],
        id
    );
    let path = "/v3/profiles/77?identity[handle]=pos";
    assert_eq!(sandbox.call("GET", path, Value::Null).status, 404);
}

#[test]
fn handles_are_listed_once() {
    let sandbox = sandbox();
    for (email, identifier) in [("a@example.com", "1"), ("b@example.com", "2")] {
        let id = profile(&sandbox, email);
        let body = json!({ "handle": "shopify", "identifier": identifier });
        done(sandbox.call("POST", &format!("/v3/profiles/{id}/identities"), body));
    }
    assert_eq!(get(&sandbox, "/v3/identities/handles"), json!(["shopify"]));
}
