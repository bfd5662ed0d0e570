use serde_json::json;

use crate::get;
use crate::support::{done, profile, refused, sandbox};

#[test]
fn an_interaction_names_its_profile_by_an_identity_too() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let identity = json!({ "handle": "zendesk", "identifier": "XYZ" });
    done(sandbox.call("POST", &format!("/v3/profiles/{id}/identities"), identity));
    let mut body = json!({
        "action": "service", "channel": "support", "signal": 0, "name": "Ticket created", "namespace": "zendesk",
        "identifier": { "id": "XYZ", "handle": "zendesk" },
    });
    let made = done(sandbox.call("POST", "/v3/interactions", body.clone()));
    assert_eq!(made["profile"]["id"], id);
    assert_eq!(made["identity"]["identifier"], "XYZ");
    let path = format!("/v3/profiles/{id}/interactions");
    assert_eq!(get(&sandbox, &path)[0]["id"], made["id"]);
    body["identifier"]["id"] = "ABC".into();
    let errors = refused(sandbox.call("POST", "/v3/interactions", body.clone()));
    assert!(errors.get("identifier.id").is_some(), "{errors}");
    body.as_object_mut().unwrap().remove("identifier");
    refused(sandbox.call("POST", "/v3/interactions", body));
}
