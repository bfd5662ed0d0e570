use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{get, read};

#[test]
fn an_organisation_has_profiles_with_roles() {
    let sandbox = sandbox();
    let body = json!({ "name": "Acme", "handle": "acme", "type": "company" });
    let organisation = done(sandbox.call("POST", "/v3/organisations", body))["id"].clone();
    let body = json!({ "name": "Employee", "handle": "employee" });
    let role = done(sandbox.call("POST", "/v3/roles/definitions", body))["id"].clone();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/organisations/{organisation}/profiles");
    let body = json!({ "profile_id": id, "role_definition_id": role });
    assert_eq!(done(sandbox.call("POST", &path, body.clone()))["id"], id);
    done(sandbox.call("POST", &path, body));
    assert_eq!(get(&sandbox, &path).as_array().unwrap().len(), 1);
    let shown = read(&sandbox, &id);
    assert_eq!(shown["organisations"][0]["handle"], "acme");
    assert_eq!(
        shown["organisations"][0]["role_definition"]["handle"],
        "employee"
    );
    let one = format!("{path}/{id}");
    done(sandbox.call("PUT", &one, json!({ "is_active": false })));
    assert_eq!(read(&sandbox, &id)["organisations"][0]["is_active"], false);
    assert_eq!(sandbox.call("DELETE", &one, Value::Null).status, 204);
    assert_eq!(get(&sandbox, &path), json!([]));
    refused(sandbox.call("POST", &path, json!({ "profile_id": "nobody" })));
    read(&sandbox, &id);
}

#[test]
fn a_location_has_profiles() {
    let sandbox = sandbox();
    let body = json!({ "name": "Store", "phone": "1131131", "is_published": true });
    let location = done(sandbox.call("POST", "/v3/locations", body))["id"].clone();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/locations/{location}/profiles");
    let body = json!({ "profile_id": id, "assignment_type": "staff" });
    let made = done(sandbox.call("POST", &path, body));
    assert_eq!(made["location_id"], location);
    assert_eq!(made["profile"]["email"], "a@example.com");
    assert_eq!(get(&sandbox, &path)[0]["is_active"], true);
    let body = json!({ "profile_id": "nobody", "assignment_type": "staff" });
    refused(sandbox.call("POST", &path, body));
}
