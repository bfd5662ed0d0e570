use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{jobs, read, sent, worked_off};

fn definition(sandbox: &Sandbox) -> String {
    let definition = json!({
        "name": "Gift", "handle": "gift", "value": 20, "period": 30, "period_type": "days",
        "type": "bonus",
    });
    let definition = done(sandbox.call("POST", "/v3/rewards/definitions", definition));
    definition["id"].to_string().trim_matches('"').to_owned()
}

#[test]
fn a_file_for_a_definition_issues_it_to_each_row() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let definition = definition(&sandbox);
    let file = format!("Customer,Amount,Notes\n{ada},7.5,x\nnobody,7.5,\n");
    let mappings = [
        json!({"Customer": "profile_id", "Amount": "value"}),
        json!({"profile_id": "Customer", "value": "Amount"}),
    ];
    for (place, mapping) in mappings.into_iter().enumerate() {
        let text = mapping.to_string();
        let fields = [
            ("importable_type", "reward_definition"),
            ("importable_id", definition.as_str()),
            ("mapping_fields", text.as_str()),
            ("name", "Gifts of January"),
            ("meta", "{\"by\": \"me\"}"),
        ];
        let (status, body) = sent(&sandbox, "/v3/imports/file", &fields, Some(file.as_bytes()));
        assert_eq!(status, 200, "{body}");
        let import = worked_off(&sandbox, &body["data"]);
        assert_eq!(import["name"], "Gifts of January");
        assert_eq!(import["meta"], json!({"by": "me"}));
        assert_eq!(import["mapping_fields"], mapping);
        assert_eq!(import["importable_type"], "reward_definition");
        let jobs = jobs(&sandbox, &import);
        assert_eq!(jobs[0]["status"], "SUCCESS", "{}", jobs[0]);
        assert_eq!(jobs[1]["status"], "FAILED");
        assert_eq!(jobs[0]["data"].get("Notes"), None);
        let rewards = read(&sandbox, &format!("/v3/profiles/{ada}/rewards"));
        assert_eq!(rewards.as_array().map(Vec::len), Some(place + 1));
        assert_eq!(rewards[0]["value_initial"], 7.5);
    }
}

#[test]
fn a_mapping_that_fits_no_heading_is_refused() {
    let sandbox = sandbox();
    let definition = definition(&sandbox);
    let file: &[u8] = b"Customer\n1\n";
    let ask = |kind: &str, id: &str, mapping: &str| {
        let fields = [
            ("importable_type", kind),
            ("importable_id", id),
            ("mapping_fields", mapping),
        ];
        sent(&sandbox, "/v3/imports/file", &fields, Some(file)).0
    };
    let good = "{\"Customer\": \"profile_id\"}";
    let kind = "reward_definition";
    assert_eq!(ask(kind, &definition, "{\"a\": \"b\"}"), 422);
    assert_eq!(ask(kind, &definition, "no JSON"), 422);
    assert_eq!(ask(kind, "99", good), 422);
    assert_eq!(ask("point_definition", &definition, good), 422);
    assert_eq!(ask(kind, &definition, good), 200);
    assert_ne!(read(&sandbox, "/v3/imports"), Value::Null);
}
