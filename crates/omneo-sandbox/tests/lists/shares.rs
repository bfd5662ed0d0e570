use serde_json::{Value, json};

use crate::support::{done, refused, sandbox};
use crate::{definition, get, item, list};

#[test]
fn who_has_the_code_sees_the_list() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &[]));
    item(&sandbox, &list, json!({ "external_id": "a" }));
    assert_eq!(get(&sandbox, &list)["is_shared"], false);
    let share = done(sandbox.call("POST", &format!("{list}/shares"), Value::Null));
    let code = share["handle"].as_str().unwrap();
    let shared = get(&sandbox, &format!("/v3/lists/shares/{code}"));
    assert_eq!(shared["list"]["name"], "Wedding");
    assert_eq!(shared["list"]["items"].as_array().unwrap().len(), 1);
    assert_eq!(shared["profile"]["email"], "a@example.com");
    let shared = get(&sandbox, &format!("/v3/lists/shares/{code}/no_profile"));
    assert_eq!(shared["list"]["name"], "Wedding");
    assert!(shared.get("profile").is_none() && shared["list"].get("profile").is_none());
    assert!(!shared.to_string().contains("a@example.com"));
}

#[test]
fn a_list_is_shared_until_the_last_share_is_removed() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &[]));
    let path = format!("{list}/shares");
    let share = done(sandbox.call("POST", &path, Value::Null));
    assert_eq!(get(&sandbox, &list)["is_shared"], true);
    assert_eq!(get(&sandbox, &path)[0]["id"], share["id"]);
    let one = format!("{path}/{}", share["id"]);
    assert_eq!(get(&sandbox, &one)["handle"], share["handle"]);
    assert_eq!(sandbox.call("DELETE", &one, Value::Null).status, 204);
    assert_eq!(get(&sandbox, &list)["is_shared"], false);
    let code = format!("/v3/lists/shares/{}", share["handle"].as_str().unwrap());
    assert_eq!(sandbox.call("GET", &code, Value::Null).status, 404);
}

#[test]
fn sharing_can_be_forbidden() {
    let sandbox = sandbox();
    let list = list(&sandbox, definition(&sandbox, &["allow_share"]));
    refused(sandbox.call("POST", &format!("{list}/shares"), Value::Null));
}
