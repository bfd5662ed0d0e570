use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{get, read};

#[test]
fn a_flag_that_was_never_set_is_raw_null() {
    let sandbox = sandbox();
    let path = format!(
        "/v3/profiles/{}/attributes/comms",
        profile(&sandbox, "a@example.com")
    );
    let comms = get(&sandbox, &path);
    assert_eq!(comms["email_optout"], false);
    assert_eq!(comms["email_reminders"], true);
    assert_eq!(comms["email_promo"], false);
    assert_eq!(comms["email_promo_raw"], Value::Null);
    let comms = done(sandbox.call("PUT", &path, json!({ "email_promo": true })));
    assert_eq!(comms["email_promo"], true);
    assert_eq!(comms["email_promo_raw"], 1);
    let comms = done(sandbox.call("PUT", &path, json!({ "email_reminders": false })));
    assert_eq!(comms["email_reminders_raw"], 0);
    assert_eq!(comms["email_promo"], true);
}

#[test]
fn the_older_route_answers_a_list_of_one() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/comms");
    let comms = done(sandbox.call("PUT", &path, json!({ "sms_promo": true })));
    assert_eq!(comms.as_array().unwrap().len(), 1);
    assert_eq!(comms[0]["sms_promo"], true);
    assert_eq!(
        read(&sandbox, &id)["attributes"]["comms"]["sms_promo"],
        true
    );
}

#[test]
fn appearance_is_changed_in_part() {
    let sandbox = sandbox();
    let path = format!(
        "/v3/profiles/{}/attributes/appearance",
        profile(&sandbox, "a@example.com")
    );
    assert_eq!(get(&sandbox, &path)["size_top"], Value::Null);
    done(sandbox.call("PUT", &path, json!({ "size_top": "12" })));
    let appearance = done(sandbox.call("PUT", &path, json!({ "eye_colour": "green" })));
    assert_eq!(appearance["size_top"], "12");
    assert_eq!(appearance["eye_colour"], "green");
}

#[test]
fn a_custom_attribute_is_made_by_changing_it() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/attributes/custom");
    let one = format!("{path}/pet:name");
    assert_eq!(sandbox.call("GET", &one, Value::Null).status, 404);
    let made = done(sandbox.call("PUT", &one, json!({ "type": "string", "value": "Rex" })));
    let changed = done(sandbox.call("PUT", &one, json!({ "type": "string", "value": "Max" })));
    assert_eq!(made["id"], changed["id"]);
    assert_eq!(changed["namespace"], "pet");
    assert_eq!(get(&sandbox, &one)["value"], "Max");
    let body = json!({ "namespace": "pet", "handle": "name", "type": "string", "value": "Tom" });
    assert_eq!(done(sandbox.call("POST", &path, body))["id"], made["id"]);
    assert_eq!(get(&sandbox, &path).as_array().unwrap().len(), 1);
    assert_eq!(sandbox.call("DELETE", &one, Value::Null).status, 204);
    assert_eq!(get(&sandbox, &path), json!([]));
}

#[test]
fn a_value_is_of_its_type() {
    let sandbox = sandbox();
    let path = format!(
        "/v3/profiles/{}/attributes/custom/a:b",
        profile(&sandbox, "a@example.com")
    );
    let errors = refused(sandbox.call("PUT", &path, json!({ "type": "integer", "value": "x" })));
    assert_eq!(errors["value"], json!(["The value must be an integer."]));
    let made = done(sandbox.call("PUT", &path, json!({ "type": "integer", "value": "12" })));
    assert_eq!(made["value"], 12);
    let path = path.replace("a:b", "nocolon");
    assert_eq!(sandbox.call("GET", &path, Value::Null).status, 404);
}

#[test]
fn a_date_is_named_by_handle_and_relationship() {
    let sandbox = sandbox();
    let path = format!(
        "/v3/profiles/{}/attributes/dates",
        profile(&sandbox, "a@example.com")
    );
    let date = |relationship: &str, date: &str| json!({ "date": date, "handle": "birthday", "relationship": relationship, "name": "Birthday" });
    let first = done(sandbox.call("PUT", &path, date("child", "2015-01-02")));
    done(sandbox.call("PUT", &path, date("partner", "1985-05-06")));
    let again = done(sandbox.call("PUT", &path, date("child", "2015-01-03")));
    assert_eq!(first["id"], again["id"]);
    assert_eq!(get(&sandbox, &path).as_array().unwrap().len(), 2);
    let remaining = done(sandbox.call("DELETE", &format!("{path}/{}", first["id"]), Value::Null));
    let remaining = remaining.as_array().unwrap();
    assert_eq!(remaining.len(), 1);
    assert_eq!(remaining[0]["relationship"], "partner");
}
