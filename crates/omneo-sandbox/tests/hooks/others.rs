//! Custom events, templates of targets, and automations run by hand.

use fault_server::FaultServer;
use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{EVENT, bodies, webhook};

#[test]
fn a_custom_event_of_a_profile_has_the_profile_and_what_was_sent() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    webhook(&sandbox, &listener, json!({}));
    let ada = profile(&sandbox, "ada@example.com");
    let body = json!({ "event": EVENT, "context": { "gate": "B7" } });
    let answer = done(sandbox.call("POST", &format!("/v3/profiles/{ada}/custom-event"), body));
    assert_eq!(answer["id"], json!(ada));
    sandbox.settle_blocking();
    let bodies = bodies(&listener);
    assert_eq!(bodies[0]["email"], "ada@example.com");
    assert_eq!(bodies[0]["context"], json!({ "gate": "B7" }));
}

#[test]
fn omneos_own_events_are_no_custom_events() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    for event in [
        "aggregation.updated",
        "profile.created",
        "profile.updated",
        "profile.deleted",
        "profile.merged",
    ] {
        let path = format!("/v3/profiles/{ada}/custom-event");
        let errors = refused(sandbox.call("POST", &path, json!({ "event": event })));
        assert_eq!(
            errors["event"],
            json!(["The selected event is invalid."]),
            "{event}"
        );
    }
}

#[test]
fn a_custom_event_of_nobody_is_not_found() {
    let reply = sandbox().call(
        "POST",
        "/v3/profiles/nobody/custom-event",
        json!({ "event": EVENT }),
    );
    assert_eq!(reply.status, 404);
}

#[test]
fn a_custom_event_of_the_tenant_has_what_was_sent() {
    let (sandbox, listener) = (sandbox(), FaultServer::start());
    webhook(
        &sandbox,
        &listener,
        json!({ "trigger": "tenant.custom-event" }),
    );
    let reply = sandbox.call(
        "POST",
        "/v3/tenants/custom-event",
        json!({ "context": { "sale": "on" } }),
    );
    assert_eq!(reply.status, 200, "{}", reply.body);
    sandbox.settle_blocking();
    assert_eq!(bodies(&listener), [json!({ "sale": "on" })]);
}

#[test]
fn a_template_is_shown_with_a_record() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let preview = |template: &str| {
        let body = json!({ "resource": "profile", "resource_id": ada, "template": template });
        sandbox.call("POST", "/v3/targets/preview", body)
    };
    let shown = done(preview(
        r#"{"profile": {"id": "{{ id }}", "email": "{{ email }}"}}"#,
    ));
    assert_eq!(
        shown["result"],
        json!({ "profile": { "id": ada, "email": "ada@example.com" } })
    );
    assert_eq!(shown["context"]["email"], "ada@example.com");
    for template in ["{{ id", "nothing", "[1]"] {
        let errors = refused(preview(template));
        assert!(errors["template"].is_array(), "{template}");
    }
}

#[test]
fn a_template_of_nobody_is_refused() {
    let body = json!({ "resource": "profile", "resource_id": "nobody", "template": "{}" });
    let errors = refused(sandbox().call("POST", "/v3/targets/preview", body));
    assert!(errors["resource_id"].is_array());
}

#[test]
fn an_automation_is_run_by_hand() {
    let sandbox = sandbox();
    let body = json!({ "name": "Spenders", "type": "scheduled", "query": "dailySpend", "date": "2026-03-01", "slot": "AU-MEL-7", "is_active": false });
    let automation = done(sandbox.call("POST", "/v3/automations", body));
    let path = format!("/v3/automations/{}", automation["id"]);
    let run = |body: Value| {
        let reply = sandbox.call("POST", &format!("{path}/trigger"), body);
        assert_eq!((reply.status, reply.body), (204, Value::Null));
        done(sandbox.call("GET", &path, Value::Null))["last_run_at"].clone()
    };
    assert_ne!(run(json!({})), "2026-03-01 09:00:00");
    assert_eq!(run(json!({ "force": true })), "2026-03-01 09:00:00");
    assert_eq!(
        run(json!({ "force": true, "now": "2026-04-01 10:00:00" })),
        "2026-04-01 10:00:00"
    );
    let reply = sandbox.call("POST", "/v3/automations/999/trigger", json!({}));
    assert_eq!(reply.status, 404);
}

#[test]
fn the_actions_of_a_trigger_are_made_replaced_and_removed_with_it() {
    let sandbox = sandbox();
    let names = |of: &Value| {
        let actions = of["actions"].as_array().expect("actions").clone();
        actions
            .iter()
            .map(|action| action["name"].clone())
            .collect::<Vec<_>>()
    };
    let body = json!({ "name": "Greet", "trigger": "profile.created", "actions": [{ "name": "sendEmail" }, { "name": "addTag" }] });
    let trigger = done(sandbox.call("POST", "/v3/triggers", body));
    assert_eq!(names(&trigger), ["sendEmail", "addTag"]);
    assert_eq!(trigger["actions"][0]["references_id"], trigger["id"]);
    assert_ne!(trigger["actions"][0]["uuid"], trigger["actions"][1]["uuid"]);

    let path = format!("/v3/triggers/{}", trigger["id"]);
    let renamed = done(sandbox.call("PUT", &path, json!({ "name": "Welcome" })));
    assert_eq!(names(&renamed), ["sendEmail", "addTag"]);
    let changed = done(sandbox.call(
        "PUT",
        &path,
        json!({ "actions": [{ "name": "addStatus" }] }),
    ));
    assert_eq!(names(&changed), ["addStatus"]);
    let actions = done(sandbox.call("GET", &format!("{path}/actions"), Value::Null));
    assert_eq!(actions[0]["name"], "addStatus");
    assert_eq!(actions.as_array().map(Vec::len), Some(1));
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    let gone = format!("{path}/actions/{}", actions[0]["id"]);
    assert_eq!(sandbox.call("GET", &gone, Value::Null).status, 404);
}
