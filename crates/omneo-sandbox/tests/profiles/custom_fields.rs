use serde_json::{Value, json};

use crate::get;
use crate::support::{done, profile, refused, sandbox};

fn field(value: impl Into<Value>) -> Value {
    json!({ "namespace": "crm", "handle": "level", "name": "Level", "type": "integer", "value": value.into() })
}

#[test]
fn a_field_of_the_tenant_has_versions() {
    let sandbox = sandbox();
    let path = "/v3/tenants/custom-fields";
    let made = done(sandbox.call("POST", path, field(1)));
    assert_eq!(made["custom_fieldable_type"], "tenant");
    let one = format!("{path}/crm:level");
    done(sandbox.call("PUT", &one, json!({ "value": 2, "type": "integer" })));
    assert_eq!(get(&sandbox, &one)["value"], 2);
    let versions = get(&sandbox, &format!("{one}/versions"));
    let values: Vec<_> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["value"])
        .collect();
    assert_eq!(values, ["1", "2"]);
    assert_eq!(get(&sandbox, path).as_array().unwrap().len(), 1);
    assert_eq!(sandbox.call("DELETE", &one, Value::Null).status, 204);
    assert_eq!(sandbox.call("GET", &one, Value::Null).status, 404);
}

#[test]
fn a_locations_fields_are_in_its_answer() {
    let sandbox = sandbox();
    let mut location = json!({ "name": "Store", "phone": "1131131", "is_published": true });
    location["custom_fields"] =
        json!([{ "namespace": "door", "handle": "code", "type": "string", "value": "7" }]);
    let id = done(sandbox.call("POST", "/v3/locations", location))["id"].clone();
    let path = format!("/v3/locations/{id}/custom-fields");
    done(sandbox.call("POST", &path, field(1)));
    assert_eq!(get(&sandbox, &path).as_array().unwrap().len(), 2);
    let location = get(&sandbox, &format!("/v3/locations/{id}"));
    assert_eq!(
        location["custom_fields"],
        json!({ "crm": { "level": 1 }, "door": { "code": "7" } })
    );
    assert_eq!(
        sandbox
            .call("GET", "/v3/locations/99/custom-fields", Value::Null)
            .status,
        404
    );
}

#[test]
fn fields_of_any_model_are_removed_together() {
    let sandbox = sandbox();
    let path = format!(
        "/v3/custom-fields/profile/{}",
        profile(&sandbox, "a@example.com")
    );
    for handle in ["a", "b", "c"] {
        let body = json!({ "namespace": "n", "handle": handle, "type": "string", "value": "v" });
        done(sandbox.call("POST", &path, body));
    }
    let body = json!({ "custom_fields": [
        { "namespace": "n", "handle": "a" }, { "namespace": "n", "handle": "b" }, { "namespace": "n", "handle": "z" },
    ] });
    let answer = sandbox.call("DELETE", &format!("{path}/batchJsonDelete"), body);
    assert_eq!(answer.body, json!({ "deleted": 2 }));
    assert_eq!(get(&sandbox, &path).as_array().unwrap().len(), 1);
    assert_eq!(get(&sandbox, "/v3/custom-fields/search")[0]["handle"], "c");
    assert_eq!(
        sandbox
            .call("DELETE", &format!("{path}/n:c"), Value::Null)
            .status,
        204
    );
    let unknown = "/v3/custom-fields/spaceship/1";
    assert_eq!(sandbox.call("GET", unknown, Value::Null).status, 404);
}

#[test]
fn a_field_is_of_its_type_and_its_owner() {
    let sandbox = sandbox();
    refused(sandbox.call("POST", "/v3/tenants/custom-fields", field("many")));
    for id in [1, 2] {
        sandbox
            .insert("Transaction", json!({ "id": id, "total": 1 }))
            .unwrap();
        done(sandbox.call(
            "POST",
            &format!("/v3/transactions/{id}/custom-fields"),
            field(id),
        ));
    }
    assert_eq!(
        get(&sandbox, "/v3/transactions/2/custom-fields/crm:level")["value"],
        2
    );
    assert_eq!(
        get(&sandbox, "/v3/transactions/1")["custom_fields"][0]["value"],
        1
    );
    let versions = get(
        &sandbox,
        "/v3/transactions/custom-fields/crm:level/versions",
    );
    assert_eq!(versions.as_array().unwrap().len(), 2);
}
