use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{get, read};

fn merge(source: &str, destination: &str) -> Value {
    json!({ "source_profile_id": source, "destination_profile_id": destination })
}

#[test]
fn a_merge_moves_what_names_the_source_and_deletes_it() {
    let sandbox = sandbox();
    let (from, to) = (
        profile(&sandbox, "a@example.com"),
        profile(&sandbox, "b@example.com"),
    );
    for (id, identifier) in [(&from, "1"), (&to, "2")] {
        let path = format!("/v3/profiles/{id}");
        let identity = json!({ "handle": "pos", "identifier": identifier, "is_primary": true });
        done(sandbox.call("POST", &format!("{path}/identities"), identity));
        let address =
            json!({ "address_line_1": identifier, "city": "M", "postcode": "1", "country": "AU" });
        done(sandbox.call("POST", &format!("{path}/addresses"), address));
        done(sandbox.call(
            "POST",
            &format!("{path}/lists"),
            json!({ "name": "Wishes" }),
        ));
    }
    let path = format!("/v3/profiles/{from}/attributes");
    done(sandbox.call(
        "PUT",
        &format!("{path}/comms"),
        json!({ "email_promo": true, "sms_promo": true }),
    ));
    let value = json!({ "type": "string", "value": "theirs" });
    done(sandbox.call("PUT", &format!("{path}/custom/a:b"), value.clone()));
    done(sandbox.call("PUT", &format!("{path}/custom/a:c"), value));
    let path = format!("/v3/profiles/{to}/attributes");
    done(sandbox.call(
        "PUT",
        &format!("{path}/comms"),
        json!({ "email_promo": false }),
    ));
    done(sandbox.call(
        "PUT",
        &format!("{path}/custom/a:b"),
        json!({ "type": "string", "value": "ours" }),
    ));

    let merged = done(sandbox.call("POST", "/v3/profiles/merge", merge(&from, &to)));
    assert_eq!(merged["id"], to);
    assert_eq!(
        sandbox
            .call("GET", &format!("/v3/profiles/{from}"), Value::Null)
            .status,
        404
    );
    let profile = read(&sandbox, &to);
    assert_eq!(profile["email"], "b@example.com");
    assert_eq!(profile["external_id"], "2");
    let identities = profile["identities"].as_array().unwrap();
    assert_eq!(identities.len(), 2);
    let moved = identities
        .iter()
        .find(|one| one["identifier"] == "1")
        .unwrap();
    assert_eq!(moved["merged_from"], from);
    assert_eq!(moved["is_primary"], false);
    assert_eq!(profile["addresses"].as_array().unwrap().len(), 2);
    assert_eq!(profile["address"]["address_line_1"], "2");
    assert_eq!(
        profile["custom_attributes"],
        json!({ "a": { "b": "ours", "c": "theirs" } })
    );
    assert_eq!(profile["attributes"]["comms"]["email_promo"], false);
    assert_eq!(profile["attributes"]["comms"]["sms_promo"], true);
    let lists = get(&sandbox, &format!("/v3/profiles/{to}/lists"));
    let handles: Vec<_> = lists
        .as_array()
        .unwrap()
        .iter()
        .map(|list| &list["handle"])
        .collect();
    assert_eq!(handles, ["wishes-2", "wishes"]);
}

#[test]
fn two_profiles_that_are_there_and_differ_are_needed() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let errors = refused(sandbox.call("POST", "/v3/profiles/merge", merge(&id, &id)));
    assert!(errors.get("source_profile_id").is_some());
    let errors = refused(sandbox.call("POST", "/v3/profiles/merge", merge(&id, "nobody")));
    assert!(errors.get("destination_profile_id").is_some());
}

#[test]
fn transactions_and_their_facts_move_too() {
    let sandbox = sandbox();
    let (from, to) = (
        profile(&sandbox, "a@example.com"),
        profile(&sandbox, "b@example.com"),
    );
    let sale = json!({
        "id": 1, "profile_id": from, "total": 120, "transacted_at": "2026-02-01 10:00:00", "is_void": false,
    });
    sandbox.insert("Transaction", sale).unwrap();
    done(sandbox.call("POST", "/v3/profiles/merge", merge(&from, &to)));
    assert_eq!(read(&sandbox, &to)["aggregations"]["spend_all"], 120);
}
