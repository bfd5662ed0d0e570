use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{get, read, region};

#[test]
fn adding_and_changing_a_region_answers_all() {
    let sandbox = sandbox();
    let (us, au) = (region(&sandbox, "us"), region(&sandbox, "au"));
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/regions");
    let all = done(sandbox.call(
        "POST",
        &path,
        json!({ "region_id": us, "country": "USA", "state": "NY" }),
    ));
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(all[0]["handle"], "us");
    done(sandbox.call("POST", &path, json!({ "region_id": au })));
    assert_eq!(read(&sandbox, &id)["region"]["handle"], "au");
    let body = json!({ "region_id": us, "state": "CA", "is_active": true });
    let all = done(sandbox.call("PUT", &format!("{path}/{us}"), body));
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(all[0]["state"], "CA");
    assert_eq!(read(&sandbox, &id)["region"]["handle"], "us");
    assert_eq!(get(&sandbox, &format!("{path}/{au}"))["name"], "au");
    assert_eq!(
        sandbox
            .call("DELETE", &format!("{path}/{au}"), Value::Null)
            .status,
        204
    );
    assert_eq!(get(&sandbox, &path).as_array().unwrap().len(), 1);
    refused(sandbox.call("POST", &path, json!({ "region_id": 99 })));
}

#[test]
fn a_body_puts_a_profile_into_a_region() {
    let sandbox = sandbox();
    region(&sandbox, "au");
    let id = profile(&sandbox, "a@example.com");
    let body = json!({ "region": "au", "region_country": "AU", "region_state": "VIC" });
    let changed = done(sandbox.call("PUT", &format!("/v3/profiles/{id}"), body));
    assert_eq!(changed["region"]["state"], "VIC");
    refused(sandbox.call(
        "PUT",
        &format!("/v3/profiles/{id}"),
        json!({ "region": "mars" }),
    ));
}
