//! Lists: pages, filters, sort and search.

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{done, sandbox};

fn brands(count: usize) -> Sandbox {
    let sandbox = sandbox();
    for number in 1..=count {
        let body = json!({ "name": format!("Brand {number:02}"), "handle": format!("b{number}") });
        done(sandbox.call("POST", "/v3/brands", body));
    }
    sandbox
}

fn names(answer: &Value) -> Vec<&str> {
    let items = answer["data"].as_array().expect("a list");
    items
        .iter()
        .filter_map(|item| item["name"].as_str())
        .collect()
}

#[test]
fn a_list_comes_in_pages_of_fifteen() {
    let sandbox = brands(17);
    let first = sandbox.call("GET", "/v3/brands", Value::Null).body;
    assert_eq!(names(&first).len(), 15);
    assert_eq!(first["meta"]["total"], 17);
    assert_eq!(first["meta"]["last_page"], 2);
    assert_eq!(first["meta"]["from"], 1);
    assert_eq!(first["meta"]["to"], 15);
    assert_eq!(first["links"]["prev"], Value::Null);
    let second = sandbox
        .call("GET", "/v3/brands?page[number]=2", Value::Null)
        .body;
    assert_eq!(names(&second), ["Brand 16", "Brand 17"]);
    assert_eq!(second["links"]["next"], Value::Null);
    let beyond = sandbox
        .call("GET", "/v3/brands?page[number]=9", Value::Null)
        .body;
    assert_eq!(beyond["data"], json!([]));
    assert_eq!(beyond["meta"]["from"], Value::Null);
}

#[test]
fn a_page_has_the_size_that_was_asked_for_up_to_a_hundred() {
    let sandbox = brands(3);
    let small = sandbox
        .call("GET", "/v3/brands?page%5Bsize%5D=2", Value::Null)
        .body;
    assert_eq!(small["meta"]["per_page"], 2);
    let large = sandbox
        .call("GET", "/v3/brands?page[size]=5000", Value::Null)
        .body;
    assert_eq!(large["meta"]["per_page"], 100);
    for wrong in ["0", "-3", "x", "99999999999999999999"] {
        let path = format!("/v3/brands?page[size]={wrong}&page[number]={wrong}");
        let reply = sandbox.call("GET", &path, Value::Null);
        assert_eq!(reply.status, 200, "{wrong}: {}", reply.body);
    }
}

#[test]
fn a_list_is_filtered_by_comparison() {
    let sandbox = brands(5);
    let found = |query: &str| {
        let answer = sandbox
            .call("GET", &format!("/v3/brands?{query}"), Value::Null)
            .body;
        names(&answer).join(",")
    };
    assert_eq!(found("filter[handle]=b3"), "Brand 03");
    assert_eq!(found("filter[handle][eq]=b3"), "Brand 03");
    assert_eq!(found("filter[id][gt]=3"), "Brand 04,Brand 05");
    assert_eq!(found("filter[id][lte]=2"), "Brand 01,Brand 02");
    assert_eq!(found("filter[handle][in]=b1,b5"), "Brand 01,Brand 05");
    assert_eq!(found("filter[handle][ne]=b1&filter[id][lt]=3"), "Brand 02");
    assert_eq!(found("filter[search]=brand%2004"), "Brand 04");
    assert_eq!(found("filter[search_with][name]=05"), "Brand 05");
    assert_eq!(found("filter[handle]=%25"), "");
}

#[test]
fn a_list_is_sorted_up_and_down() {
    let sandbox = brands(3);
    let sorted = |sort: &str| {
        let path = format!("/v3/brands?sort={sort}");
        names(&sandbox.call("GET", &path, Value::Null).body).join(",")
    };
    assert_eq!(sorted("name"), "Brand 01,Brand 02,Brand 03");
    assert_eq!(sorted("-name"), "Brand 03,Brand 02,Brand 01");
    assert_eq!(sorted("created_at,-id"), "Brand 03,Brand 02,Brand 01");
}
