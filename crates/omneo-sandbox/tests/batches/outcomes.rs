use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{read, sale, states, worked_off};

#[test]
fn each_record_has_its_outcome_in_its_place() {
    let sandbox = sandbox();
    profile(&sandbox, "ada@example.com");
    let rows = ["ada@example.com", "nobody@example.com", "ada@example.com"];
    let rows: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(place, email)| sale(&format!("T{place}"), email))
        .collect();
    let batch = worked_off(
        &sandbox,
        "/v3/transactions/batch.json",
        json!({"transactions": rows}),
    );
    assert_eq!(states(&batch), ["success", "failed", "success"]);
    assert_eq!(batch["status"], "success");
    assert_eq!(batch["total_count"], 3);
    assert_eq!(batch["success_count"], 2);
    assert_eq!(batch["failed_count"], 1);
    assert_eq!(batch["processed_count"], 3);
    let items = &batch["items"];
    assert_eq!(items[1]["external_id"], "T1");
    assert_eq!(items[1]["entity_id"], Value::Null);
    assert!(
        items[1]["error"]
            .as_str()
            .is_some_and(|error| error.contains("profile"))
    );
    let id = &items[2]["entity_id"];
    let made = read(&sandbox, &format!("/v3/transactions/{id}"));
    assert_eq!(made["external_id"], "T2");
    assert_eq!(made["items"][0]["name"], "Shirt");
}

#[test]
fn a_batch_is_pending_until_it_is_worked_off() {
    let sandbox = sandbox();
    let rows: Vec<_> = (0..500)
        .map(|n| sale(&format!("T{n}"), "nobody@example.com"))
        .collect();
    let answer = done(sandbox.call(
        "POST",
        "/v3/transactions/batch.json",
        json!({"transactions": rows}),
    ));
    let path = format!(
        "/v3/batches/{}",
        answer["batch_id"].as_str().expect("a batch")
    );
    // The first look may be at any moment of the work, and none of them shows a state that does not fit its counts.
    let early = read(&sandbox, &path);
    let is_done = early["processed_count"] == 500;
    assert_eq!(early["status"] == "pending", !is_done);
    sandbox.settle_blocking();
    let late = read(&sandbox, &path);
    assert_eq!(late["status"], "failed");
    assert_eq!(late["failed_count"], 500);
}

#[test]
fn nothing_stays_of_a_record_that_fails() {
    let sandbox = sandbox();
    let mut row = sale("T1", "");
    row["profile_id"] = Value::Null;
    row["location_id"] = "NEW".into();
    row["items"][0]["product_variant_id"] = 99.into();
    let batch = worked_off(&sandbox, "/v3/orders/batch.json", json!({"orders": [row]}));
    assert_eq!(states(&batch), ["failed"]);
    assert_eq!(read(&sandbox, "/v3/locations"), json!([]));
    assert_eq!(read(&sandbox, "/v3/orders"), json!([]));
}

#[test]
fn profiles_are_matched_by_email_or_by_an_identity() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let row = |email: &str, name: &str| {
        json!({
            "email": email, "first_name": name, "last_name": "L",
            "identities": [{"handle": "card", "identifier": "77"}],
        })
    };
    let body = json!({"match_criteria": "email", "profiles": [row("ada@example.com", "Augusta")]});
    let batch = worked_off(&sandbox, "/v3/profiles/batch.json", body);
    assert_eq!(states(&batch), ["success"], "{batch}");
    assert_eq!(batch["items"][0]["entity_id"], ada.as_str());
    let body = json!({"match_criteria": "card", "profiles": [row("countess@example.com", "Ada")]});
    let batch = worked_off(&sandbox, "/v3/profiles/batch.json", body);
    assert_eq!(batch["items"][0]["entity_id"], ada.as_str(), "{batch}");
    let found = read(&sandbox, &format!("/v3/profiles/{ada}"));
    assert_eq!(found["email"], "countess@example.com");
    assert_eq!(found["first_name"], "Ada");
    let grace = json!({"email": "grace@example.com", "first_name": "Grace", "last_name": "H"});
    let body = json!({"match_criteria": "email", "profiles": [grace]});
    let batch = worked_off(&sandbox, "/v3/profiles/batch.json", body);
    assert_ne!(batch["items"][0]["entity_id"], ada.as_str());
}

#[test]
fn the_older_endpoint_of_profiles_names_no_batch() {
    let sandbox = sandbox();
    let grace = json!({"email": "grace@example.com", "first_name": "Grace", "last_name": "H"});
    let reply = sandbox.call("POST", "/v3/profiles/batch", json!({"profiles": [grace]}));
    let message = json!({"data": {"message": "Profiles queued for batch import."}});
    assert_eq!(reply.body, message);
    sandbox.settle_blocking();
    assert_eq!(
        read(&sandbox, "/v3/profiles").as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn rewards_and_benefits_name_their_definitions() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let definition = json!({
        "name": "Birthday", "handle": "birthday", "value": 20, "period": 30,
        "period_type": "days", "type": "birthday",
    });
    done(sandbox.call("POST", "/v3/rewards/definitions", definition));
    let row = |handle: &str| {
        json!({
            "profile_id": "ada@example.com", "profile_id_handle": "email", "timezone": "UTC",
            "reward_definition_handle": handle, "external_id": handle,
        })
    };
    let body = json!({"rewards": [row("birthday"), row("unknown")]});
    let batch = worked_off(&sandbox, "/v3/rewards/batch.json", body);
    assert_eq!(states(&batch), ["success", "failed"], "{batch}");
    let rewards = read(&sandbox, &format!("/v3/profiles/{ada}/rewards"));
    assert_eq!(rewards.as_array().map(Vec::len), Some(1));

    let definition = json!({"name": "Gift", "handle": "gift", "period": 30, "period_type": "days"});
    let definition = done(sandbox.call("POST", "/v3/benefits/definitions", definition));
    let row = |members: Value| {
        let mut row =
            json!({"profile_id": ada, "issued_at": "2026-03-01 00:00:00", "timezone": "UTC"});
        if let (Value::Object(row), Value::Object(members)) = (&mut row, members) {
            row.extend(members);
        }
        row
    };
    let id: i64 = definition["id"]
        .to_string()
        .trim_matches('"')
        .parse()
        .expect("an id");
    let rows = [
        row(json!({"benefit_definition_id": id})),
        row(json!({"benefit_definition_handle": "gift"})),
        row(json!({"benefit_definition_handle": "unknown"})),
    ];
    let batch = worked_off(
        &sandbox,
        "/v3/benefits/batch.json",
        json!({"benefits": rows}),
    );
    assert_eq!(states(&batch), ["success", "success", "failed"], "{batch}");
}

#[test]
fn products_and_locations_are_made_and_changed() {
    let sandbox = sandbox();
    for title in ["Hat", "Top Hat"] {
        let row = json!({
            "handle": "hat", "title": title, "external_id": "P1", "variants": [{"sku": "HAT"}],
        });
        let batch = worked_off(
            &sandbox,
            "/v3/products/batch.json",
            json!({"products": [row]}),
        );
        assert_eq!(states(&batch), ["success"], "{batch}");
    }
    let products = read(&sandbox, "/v3/products");
    assert_eq!(products.as_array().map(Vec::len), Some(1));
    assert_eq!(products[0]["title"], "Top Hat");

    let row = json!({"name": "Shop", "phone": "1", "external_id": "S1"});
    let batch = worked_off(
        &sandbox,
        "/v3/locations/batch.json",
        json!({"locations": [row]}),
    );
    let id = batch["items"][0]["entity_id"].clone();
    let rows = json!([
        {"id": id, "name": "New Shop", "phone": "1"},
        {"id": 99, "name": "No Shop", "phone": "1"},
    ]);
    let batch = worked_off(
        &sandbox,
        "/v3/locations/batch.json",
        json!({"locations": rows}),
    );
    assert_eq!(states(&batch), ["success", "failed"], "{batch}");
    let shop = read(&sandbox, &format!("/v3/locations/{id}"));
    assert_eq!(shop["name"], "New Shop");
    assert_eq!(shop["external_id"], "S1");
}

#[test]
fn a_batch_is_found_by_its_uuid_and_its_job() {
    let sandbox = sandbox();
    profile(&sandbox, "ada@example.com");
    for job in ["7", "8"] {
        let rows = [sale("T", "ada@example.com")];
        let body = json!({"transactions": rows, "import_job_id": job});
        worked_off(&sandbox, "/v3/transactions/batch.json", body);
    }
    let found = read(&sandbox, "/v3/batches?filter[import_job_id]=8");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!(found[0]["import_job_id"], 8);
    assert_eq!(found[0]["entity_type"], "transaction");
    let id = found[0]["id"].as_str().expect("an id");
    let found = read(&sandbox, &format!("/v3/batches?filter[uuid]={id}"));
    assert_eq!(found.as_array().map(Vec::len), Some(1));
}
