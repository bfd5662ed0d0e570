use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, profile, sandbox};
use crate::{jobs, read, uploaded, worked_off};

/// Uploads a file of which no row fails.
#[track_caller]
fn loaded(sandbox: &Sandbox, handler: &str, file: &str) {
    let import = uploaded(sandbox, handler, file);
    let import = worked_off(sandbox, &import);
    assert_eq!(import["failed_count"], 0, "{:?}", jobs(sandbox, &import));
    assert_eq!(import["status"], "SUCCESS");
}

#[test]
fn a_sale_is_loaded_with_its_products_and_lines() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    loaded(
        &sandbox,
        "omneo:product",
        "external_id,title,handle,brand,variants.0.sku,variants.0.price\nP1,Hat,hat,Acme,HAT,12.50\n",
    );
    loaded(
        &sandbox,
        "omneo:transaction",
        "external_id,profile_id,profile_id_handle,total,transacted_at,timezone\n\
         T1,ada@example.com,email,25,2026-02-01 10:00:00,UTC\n\
         T1,ada@example.com,email,30,2026-02-01 10:00:00,UTC\n",
    );
    loaded(
        &sandbox,
        "omneo:transaction-item",
        "transaction_external_id,name,sku,quantity,price_current,price_sell\nT1,Hat,HAT,2,12.50,12.50\n",
    );
    let transactions = read(&sandbox, &format!("/v3/profiles/{ada}/transactions"));
    assert_eq!(transactions.as_array().map(Vec::len), Some(1));
    assert_eq!(transactions[0]["total"], 30);
    let item = &transactions[0]["items"][0];
    assert_eq!(item["quantity"], 2);
    assert_eq!(item["product_variant"]["price"], 12.5);
}

#[test]
fn a_line_of_no_transaction_fails() {
    let sandbox = sandbox();
    let file = "transaction_external_id,name,quantity,price_current,price_sell\nT9,Hat,1,1,1\n";
    let import = uploaded(&sandbox, "omneo:transaction-item", file);
    assert_eq!(worked_off(&sandbox, &import)["status"], "FAILED");
}

#[test]
fn rewards_are_loaded_and_redeemed() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let definition = json!({
        "name": "Gift", "handle": "gift", "value": 20, "period": 30, "period_type": "days",
        "type": "bonus",
    });
    done(sandbox.call("POST", "/v3/rewards/definitions", definition));
    loaded(
        &sandbox,
        "omneo:reward",
        "profile_id,profile_id_handle,timezone,reward_definition_handle,value_initial\n\
         ada@example.com,email,UTC,gift,15\n",
    );
    let rewards = format!("/v3/profiles/{ada}/rewards");
    assert_eq!(read(&sandbox, &rewards)[0]["value_initial"], 15);
    loaded(
        &sandbox,
        "omneo:redemption",
        &format!("profile_id,amount,strategies.0\n{ada},10,rewards\n"),
    );
    assert_eq!(read(&sandbox, &rewards)[0]["value_remaining"], 5);
}

#[test]
fn a_job_that_comes_by_itself_is_worked_off_as_a_row() {
    let sandbox = sandbox();
    let import = done(sandbox.call("POST", "/v3/imports/manual", json!({"count": 2})));
    let path = format!("/v3/imports/{}/jobs", import["id"]);
    let job = |data: Value| json!({"status": "PENDING", "handler": "omneo:location", "data": data});
    let first = done(sandbox.call("POST", &path, job(json!({"name": "A", "phone": "1"}))));
    assert_eq!(first["status"], "PENDING");
    let body = json!({"jobs": [job(json!({"name": "B"}))]});
    let reply = sandbox.call("POST", &format!("{path}/batch.json"), body);
    assert_eq!(reply.body, json!({"message": "Queued for processing."}));
    let import = worked_off(&sandbox, &import);
    assert_eq!(import["status"], "SUCCESS");
    let jobs = jobs(&sandbox, &import);
    assert_eq!(jobs[0]["status"], "SUCCESS");
    assert_eq!(jobs[1]["status"], "FAILED");
    assert_eq!(
        read(&sandbox, "/v3/locations").as_array().map(Vec::len),
        Some(1)
    );
}
