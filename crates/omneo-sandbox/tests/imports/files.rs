use serde_json::{Value, json};

use crate::support::{profile, sandbox};
use crate::{jobs, path, read, sent, uploaded, worked_off};

#[test]
fn a_row_is_a_job_with_an_outcome_of_its_own() {
    let sandbox = sandbox();
    let file = "email,first_name,last_name,birth_year\n\
                ada@example.com,Ada,Lovelace,1815\n\
                nobody,No,Body,\n\
                grace@example.com,Grace,Hopper,1906\n";
    let import = uploaded(&sandbox, "omneo:profile", file);
    assert_eq!(import["name"], "rows.csv");
    assert_eq!(import["count"], 3);
    let import = worked_off(&sandbox, &import);
    assert_eq!(import["status"], "SUCCESS");
    assert_eq!(import["failed_count"], 1);
    assert_eq!(import["progress"], 100);
    let jobs = jobs(&sandbox, &import);
    let states: Vec<_> = jobs.iter().map(|job| &job["status"]).collect();
    assert_eq!(states, ["SUCCESS", "FAILED", "SUCCESS"]);
    assert_eq!(jobs[0]["handler"], "omneo:profile");
    assert_eq!(jobs[0]["data"]["email"], "ada@example.com");
    assert!(jobs[1]["result"]["message"].is_string(), "{}", jobs[1]);
    let found = read(&sandbox, "/v3/profiles?filter[email]=ada@example.com");
    assert_eq!(found[0]["id"], jobs[0]["result"]["id"]);
    assert_eq!(found[0]["birth_year"], 1815);
}

#[test]
fn a_profile_that_is_there_is_changed() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let file = "email,first_name,last_name,identities.0.handle,identities.0.identifier\n\
                ada@example.com,Augusta,King,card,77\n";
    let import = uploaded(&sandbox, "omneo:profile", file);
    let import = worked_off(&sandbox, &import);
    assert_eq!(import["failed_count"], 0, "{:?}", jobs(&sandbox, &import));
    assert_eq!(
        read(&sandbox, &format!("/v3/profiles/{ada}"))["first_name"],
        "Augusta"
    );
    let identities = read(&sandbox, &format!("/v3/profiles/{ada}/identities"));
    assert_eq!(identities[0]["identifier"], "77");
}

#[test]
fn a_row_of_another_length_fails_alone() {
    let sandbox = sandbox();
    let file = "handle,type,rate\npoints,earn,1.5\npoints,earn\n";
    let import = uploaded(&sandbox, "omneo:rate", file);
    let import = worked_off(&sandbox, &import);
    assert_eq!(import["status"], "SUCCESS");
    let jobs = jobs(&sandbox, &import);
    assert_eq!(jobs[1]["status"], "FAILED");
    let message = jobs[1]["result"]["message"].as_str().expect("a message");
    assert!(message.contains("2 cells"), "{message}");
}

#[test]
fn an_import_of_which_all_fails_has_failed() {
    let sandbox = sandbox();
    let import = uploaded(&sandbox, "omneo:reward", "profile_id\nnobody\n");
    assert_eq!(worked_off(&sandbox, &import)["status"], "FAILED");
}

#[test]
fn an_empty_file_is_done_at_once() {
    let sandbox = sandbox();
    let import = uploaded(&sandbox, "omneo:profile", "email\n");
    assert_eq!(import["status"], "SUCCESS");
    assert_eq!(import["count"], 0);
}

#[test]
fn what_is_no_import_is_refused() {
    let sandbox = sandbox();
    let path = "/v3/imports";
    let file: &[u8] = b"email\na@b.example\n";
    let handler = [("handler", "omneo:profile")];
    assert_eq!(sent(&sandbox, path, &handler, None).0, 422);
    assert_eq!(
        sent(&sandbox, path, &[("handler", "omneo:other")], Some(file)).0,
        422
    );
    assert_eq!(sent(&sandbox, path, &[], Some(file)).0, 422);
    assert_eq!(sent(&sandbox, path, &handler, Some(b"")).0, 422);
    assert_eq!(read(&sandbox, path), json!([]));
}

#[test]
fn bytes_that_are_no_text_fail_no_file() {
    let sandbox = sandbox();
    let file: &[u8] = b"\xef\xbb\xbfemail,first_name,last_name\n\xff\xfe,a,b\nada@example.com,A\xe9,L\n\"un\"closed\x00";
    let (status, body) = sent(
        &sandbox,
        "/v3/imports",
        &[("handler", "omneo:profile")],
        Some(file),
    );
    assert_eq!(status, 200, "{body}");
    let import = worked_off(&sandbox, &body["data"]);
    assert_eq!(import["count"], 3);
    assert_eq!(import["failed_count"], 2, "{:?}", jobs(&sandbox, &import));
}

#[test]
fn a_long_file_is_worked_off_in_pieces() {
    let sandbox = sandbox();
    let rows: String = (0..120).map(|n| format!("L{n},1,L{n}\n")).collect();
    let import = uploaded(
        &sandbox,
        "omneo:location",
        &format!("name,phone,external_id\n{rows}"),
    );
    let import = worked_off(&sandbox, &import);
    assert_eq!(import["count"], 120);
    assert_eq!(import["status"], "SUCCESS");
    assert_eq!(import["failed_count"], 0);
    let reply = sandbox.call("GET", "/v3/locations", Value::Null);
    assert_eq!(reply.body["meta"]["total"], 120);
}

#[test]
fn a_deleted_import_takes_its_jobs_with_it() {
    let sandbox = sandbox();
    let import = uploaded(
        &sandbox,
        "omneo:rate",
        "handle,type,rate\npoints,earn,1.5\n",
    );
    let import = worked_off(&sandbox, &import);
    let job = jobs(&sandbox, &import)[0]["id"].clone();
    let path = path(&import);
    assert_eq!(sandbox.call("DELETE", &path, Value::Null).status, 204);
    sandbox.settle_blocking();
    let job = format!("{path}/jobs/{job}");
    assert_eq!(sandbox.call("GET", &job, Value::Null).status, 404);
}
