use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::get;
use crate::support::{done, profile, refused, sandbox};

fn known(sandbox: &Sandbox) -> String {
    let body = json!({
        "email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace",
        "mobile_phone": "+61491570006", "tags": ["vip"],
        "identities": [{ "handle": "shopify", "identifier": "77" }],
    });
    let made = done(sandbox.call("POST", "/v3/profiles", body));
    made["id"].as_str().unwrap().to_owned()
}

#[test]
fn availability_tells_who_has_what_is_taken() {
    let sandbox = sandbox();
    let id = known(&sandbox);
    let body = json!({ "email": "free@example.com", "mobile_phone": "+61 491 570 006" });
    let answer = done(sandbox.call("POST", "/v3/profiles/availability", body));
    assert_eq!(
        answer["email"],
        json!({ "available": true, "profile": null })
    );
    assert_eq!(answer["mobile_phone"]["available"], false);
    assert_eq!(answer["mobile_phone"]["profile"]["id"], id);
    assert_eq!(
        answer["mobile_phone"]["profile"]["full_name"],
        "Ada Lovelace"
    );
}

#[test]
fn a_profile_is_found_by_its_id_or_an_identity() {
    let sandbox = sandbox();
    let id = known(&sandbox);
    let known = [
        ("profile_id", id.as_str()),
        ("shopify", "77"),
        ("email", "ada@example.com"),
    ];
    for (kind, value) in known {
        let body = json!({ "type": kind, "id": value });
        assert_eq!(
            done(sandbox.call("POST", "/v3/profiles/search-id", body.clone()))["id"],
            id
        );
        assert_eq!(
            done(sandbox.call("POST", "/v3/profiles/exists", body)),
            json!({ "id": id })
        );
    }
    let body = json!({ "type": "shopify", "id": "78" });
    assert_eq!(
        sandbox
            .call("POST", "/v3/profiles/search-id", body.clone())
            .status,
        404
    );
    assert_eq!(
        sandbox.call("POST", "/v3/profiles/exists", body).status,
        404
    );
}

#[test]
fn identities_are_searched_with_and_without_a_handle() {
    let sandbox = sandbox();
    let id = known(&sandbox);
    let found = get(
        &sandbox,
        "/v3/identities/search?handle=shopify&identifier=77",
    );
    assert_eq!(found["id"], id);
    refused(sandbox.call("GET", "/v3/identities/search?handle=shopify", Value::Null));
    assert_eq!(
        get(&sandbox, "/v3/identities/search-profile/77")[0]["id"],
        id
    );
    assert_eq!(get(&sandbox, "/v3/identities/search-profile/78"), json!([]));
}

#[test]
fn profiles_are_filtered_by_what_is_theirs() {
    let sandbox = sandbox();
    let id = known(&sandbox);
    profile(&sandbox, "ben@example.com");
    let field = json!({ "namespace": "club", "handle": "level", "type": "integer", "value": 3 });
    done(sandbox.call("POST", &format!("/v3/custom-fields/profile/{id}"), field));
    for query in [
        "search=lovelace ada@",
        "filter[search]=ada@",
        "filter[email]=ada@example.com",
        "filter[tags.handle]=vip",
        "filter[tags][handle]=vip",
        "filter[identities.identifier]=77",
        "filter[mobile_phone]=0491570006",
        "filter[custom_field][club][level]=3",
    ] {
        let found = get(&sandbox, &format!("/v3/profiles?{query}"));
        let ids: Vec<_> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["id"])
            .collect();
        assert_eq!(ids, [&id], "{query}");
    }
    for query in [
        "filter[tags.handle]=none",
        "filter[custom_field][club][level]=4",
    ] {
        assert_eq!(
            get(&sandbox, &format!("/v3/profiles?{query}")),
            json!([]),
            "{query}"
        );
    }
}

#[test]
fn profiles_are_found_by_all_attributes_that_are_asked_for() {
    let sandbox = sandbox();
    for (email, colour, size) in [
        ("a@example.com", "red", 1),
        ("b@example.com", "blue", 2),
        ("c@example.com", "green", 2),
    ] {
        let path = format!(
            "/v3/profiles/{}/attributes/custom",
            profile(&sandbox, email)
        );
        let colour = json!({ "type": "string", "value": colour });
        done(sandbox.call("PUT", &format!("{path}/likes:colour"), colour));
        let size = json!({ "type": "integer", "value": size });
        done(sandbox.call("PUT", &format!("{path}/likes:size"), size));
    }
    let count = |query: &str| {
        let found = get(&sandbox, &format!("/v3/profiles/attributes/custom?{query}"));
        found.as_array().unwrap().len()
    };
    let colours = "attributes[0][namespace]=likes&attributes[0][handle]=colour&attributes[0][value][in]=red,blue";
    let size = "attributes[1][namespace]=likes&attributes[1][handle]=size&attributes[1][value]=2";
    assert_eq!(count(colours), 2);
    assert_eq!(count(&format!("{colours}&{size}")), 1);
}
