use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{get, read};

#[test]
fn staff_are_profiles_with_a_number() {
    let sandbox = sandbox();
    let body = json!({
        "first_name": "Grace", "last_name": "Hopper", "email": "grace@example.com", "staff_id": "EMP-1",
        "joined_at": "2020-01-01 00:00:00", "birth_day": 9, "birth_month": 12, "birth_year": 1906,
    });
    let made = done(sandbox.call("POST", "/v3/staff", body));
    let id = made["id"].as_str().unwrap();
    assert_eq!(made["identities"][0]["identifier"], "EMP-1");
    let shown = get(&sandbox, &format!("/v3/staff/{id}"));
    assert_eq!(shown.as_array().unwrap().len(), 1);
    assert_eq!(shown[0]["email"], "grace@example.com");
    let body = json!({ "staff_id": "EMP-2", "title": "Rear Admiral" });
    done(sandbox.call("PUT", &format!("/v3/staff/{id}"), body));
    assert_eq!(get(&sandbox, "/v3/staff/EMP-2")[0]["title"], "Rear Admiral");
    let customer = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{customer}");
    done(sandbox.call("PUT", &path, json!({ "preferred_staff_id": id })));
    assert_eq!(
        read(&sandbox, &customer)["preferred_staff"]["full_name"],
        "Grace Hopper"
    );
    assert_eq!(
        sandbox
            .call("GET", &format!("/v3/staff/{customer}"), Value::Null)
            .status,
        404
    );
    assert_eq!(
        sandbox
            .call("DELETE", &format!("/v3/staff/{id}"), Value::Null)
            .status,
        204
    );
    assert_eq!(
        sandbox
            .call("GET", &format!("/v3/staff/{id}"), Value::Null)
            .status,
        404
    );
    read(&sandbox, id);
}
