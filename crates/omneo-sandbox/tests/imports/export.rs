use serde_json::json;

use crate::support::sandbox;
use crate::{path, uploaded, worked_off};

#[test]
fn the_failed_rows_are_exported_with_what_went_wrong() {
    let sandbox = sandbox();
    let file = "name,phone\nShop,1\n\"No, phone\",\n";
    let import = uploaded(&sandbox, "omneo:location", file);
    let import = worked_off(&sandbox, &import);
    let path = format!("{}/jobs/export", path(&import));
    let reply = sandbox.call("POST", &path, json!({"status": "FAILED"}));
    assert_eq!(reply.status, 200, "{}", reply.body);
    let text = reply.body["data"].as_str().expect("text");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "name,error");
    assert!(
        lines[1].starts_with("\"No, phone\",The phone field is required"),
        "{text}"
    );
    assert_eq!(lines.len(), 2);
    let reply = sandbox.call("POST", &path, json!({"status": "PENDING"}));
    assert_eq!(reply.body, json!({"data": "error\n"}));
}
