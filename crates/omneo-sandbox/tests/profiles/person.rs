use serde_json::{Value, json};

use crate::support::{done, profile, refused, sandbox};
use crate::{get, read};

#[test]
fn names_are_normalised_and_come_together() {
    let sandbox = sandbox();
    let body =
        json!({ "email": "a@example.com", "first_name": "SDK test", "last_name": "lovelace" });
    let profile = done(sandbox.call("POST", "/v3/profiles", body));
    assert_eq!(profile["first_name"], "Sdk Test");
    assert_eq!(profile["full_name"], "Sdk Test Lovelace");
}

#[test]
fn a_name_taken_away_is_unknown() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}");
    let changed = done(sandbox.call("PUT", &path, json!({ "last_name": null })));
    assert_eq!(changed["last_name"], "Unknown");
    assert_eq!(changed["first_name"], "Ada");
}

#[test]
fn email_and_mobile_are_one_profiles_alone() {
    let sandbox = sandbox();
    let body = json!({
        "email": "a@example.com", "first_name": "A", "last_name": "B", "mobile_phone": "+61491570006",
    });
    done(sandbox.call("POST", "/v3/profiles", body));
    let body = json!({
        "email": "A@EXAMPLE.com", "first_name": "C", "last_name": "D", "mobile_phone": "+61 491 570 006",
    });
    let errors = refused(sandbox.call("POST", "/v3/profiles", body));
    assert_eq!(errors["mobile_phone"], json!(["The phone number exists"]));
    assert_eq!(
        errors["email"],
        json!(["The email has already been taken."])
    );
}

#[test]
fn a_profile_may_keep_its_own_email_and_mobile() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}");
    let body = json!({ "email": "a@example.com", "mobile_phone": "+61491570006" });
    done(sandbox.call("PUT", &path, body.clone()));
    done(sandbox.call("PUT", &path, body));
}

#[test]
fn a_mobile_number_is_shown_in_parts() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}");
    let changed = done(sandbox.call("PUT", &path, json!({ "mobile_phone": "+64 21 123 4567" })));
    assert_eq!(changed["mobile_phone"], "+64211234567");
    assert_eq!(changed["mobile_phone_e164"], "+64211234567");
    assert_eq!(changed["mobile_phone_country"], 64);
    assert_eq!(changed["mobile_phone_national"], "211234567");
    assert_eq!(changed["mobile_phone_national_prefix"], "0211234567");
    let errors = refused(sandbox.call("PUT", &path, json!({ "mobile_phone": "none" })));
    assert_eq!(
        errors["mobile_phone"],
        json!(["The mobile phone format is invalid."])
    );
    let changed = done(sandbox.call("PUT", &path, json!({ "mobile_phone": null })));
    assert_eq!(changed["mobile_phone_e164"], Value::Null);
}

#[test]
fn a_birthday_has_a_next_one() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}");
    let body = json!({ "birth_day": 15, "birth_month": 9, "birth_year": 1985 });
    let changed = done(sandbox.call("PUT", &path, body));
    assert_eq!(changed["birth_date"], "1985-09-15");
    assert_eq!(changed["birth_days"], 197);
    let next = changed["next_birthday"].as_str().unwrap();
    assert!(next.starts_with("2026-09-15"), "{next}");
    refused(sandbox.call("PUT", &path, json!({ "birth_day": 31 })));
}

#[test]
fn a_new_profile_is_active_and_joined_now() {
    let sandbox = sandbox();
    let profile = read(&sandbox, &profile(&sandbox, "a@example.com"));
    assert_eq!(profile["profile_type"], "active");
    assert_eq!(profile["joined_at"], "2026-03-01 09:00:00");
    assert_eq!(profile["is_public"], false);
}

#[test]
fn what_a_body_nests_is_stored() {
    let sandbox = sandbox();
    let body = json!({
        "email": "a@example.com", "first_name": "A", "last_name": "B",
        "identities": [{ "handle": "shopify", "identifier": "77" }],
        "addresses": [
            { "address_line_1": "1 First Street", "city": "Melbourne", "postcode": "3000", "country": "Australia" },
            { "address_line_1": "2 Second Street", "city": "Perth", "postcode": "6000", "country": "Australia", "is_default": true },
        ],
        "attributes": { "appearance": { "size_top": "12" } },
        "comms_attributes": { "email_promo": true },
        "dates_attributes": [{ "name": "Wedding", "date": "2020-02-01", "handle": "wedding" }],
        "custom_attributes": [{ "namespace": "pet", "handle": "name", "type": "string", "value": "Rex" }],
        "normal_hours": [{ "day_of_week": "MON", "available_from": "09:00", "available_until": "17:00" }],
        "special_hours": [{ "name": "Fair", "start_at": "2026-05-01", "end_at": "2026-05-02", "is_repeating": false }],
        "tags": ["mobile app"],
    });
    let id = done(sandbox.call("POST", "/v3/profiles", body))["id"].clone();
    let profile = read(&sandbox, id.as_str().unwrap());
    assert_eq!(profile["identities"][0]["identifier"], "77");
    assert_eq!(profile["addresses"].as_array().unwrap().len(), 2);
    assert_eq!(profile["address"]["city"], "Perth");
    assert_eq!(profile["attributes"]["appearance"]["size_top"], "12");
    assert_eq!(profile["attributes"]["comms"]["email_promo"], true);
    assert_eq!(profile["attributes"]["dates"][0]["date"], "2020-02-01");
    assert_eq!(profile["custom_attributes"]["pet"]["name"], "Rex");
    assert_eq!(profile["normal_hours"][0]["day_of_week"], "MON");
    assert_eq!(profile["special_hours"][0]["name"], "Fair");
    assert_eq!(profile["tags"], json!(["mobile-app"]));
}

#[test]
fn a_refusal_of_what_is_nested_says_where_and_undoes_all() {
    let sandbox = sandbox();
    let with = |email: &str| {
        json!({
            "email": email, "first_name": "A", "last_name": "B",
            "identities": [{ "handle": "pos", "identifier": email }, { "handle": "shopify", "identifier": "77" }],
        })
    };
    done(sandbox.call("POST", "/v3/profiles", with("a@example.com")));
    let errors = refused(sandbox.call("POST", "/v3/profiles", with("b@example.com")));
    assert!(errors.get("identities.1.identifier").is_some(), "{errors}");
    assert_eq!(get(&sandbox, "/v3/profiles").as_array().unwrap().len(), 1);
    assert_eq!(get(&sandbox, "/v3/identities").as_array().unwrap().len(), 2);
}

#[test]
fn statuses_of_a_body_replace_all_and_unknown_ones_are_ignored() {
    let sandbox = sandbox();
    for (handle, period) in [("vip", 30), ("media", 60)] {
        let body = json!({ "name": handle, "handle": handle, "period": period.to_string(), "period_type": "days" });
        done(sandbox.call("POST", "/v3/statuses", body));
    }
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}");
    let changed = done(sandbox.call("PUT", &path, json!({ "statuses": ["vip", "nobody"] })));
    assert_eq!(changed["statuses"], json!(["vip"]));
    let changed = done(sandbox.call("PUT", &path, json!({ "statuses": ["media"] })));
    assert_eq!(changed["statuses"], json!(["media"]));
    assert_eq!(
        changed["statuses_original"][0]["expires_at"],
        "2026-04-30 09:00:00"
    );
    sandbox.clock().set("2026-05-01T00:00:00Z".parse().unwrap());
    let later = read(&sandbox, &id);
    assert_eq!(later["statuses"], json!([]));
    assert_eq!(later["statuses_original"][0]["is_active"], false);
}

#[test]
fn tags_of_a_body_replace_all() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}");
    done(sandbox.call("PUT", &path, json!({ "tags": ["a", "b"] })));
    done(sandbox.call("PUT", &path, json!({ "title": "Dr" })));
    assert_eq!(read(&sandbox, &id)["tags"], json!(["a", "b"]));
    done(sandbox.call("PUT", &path, json!({ "tags": ["c"] })));
    assert_eq!(read(&sandbox, &id)["tags"], json!(["c"]));
}

#[test]
fn a_location_is_named_by_its_external_id() {
    let sandbox = sandbox();
    let body =
        json!({ "name": "Store", "phone": "1131131", "external_id": "M10", "is_published": true });
    let location = done(sandbox.call("POST", "/v3/locations", body));
    let body = json!({
        "email": "a@example.com", "first_name": "A", "last_name": "B", "joined_location_external_id": "M10",
    });
    let profile = done(sandbox.call("POST", "/v3/profiles", body));
    assert_eq!(profile["joined_location_id"], location["id"]);
    assert_eq!(profile["joined_location"]["name"], "Store");
    let body = json!({
        "email": "b@example.com", "first_name": "A", "last_name": "B", "joined_location_external_id": "M11",
    });
    refused(sandbox.call("POST", "/v3/profiles", body));
}

#[test]
fn type_and_publicity_are_changed_alone() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/update-type");
    let changed = done(sandbox.call("PUT", &path, json!({ "profile_type": "temporary" })));
    assert_eq!(changed["profile_type"], "temporary");
    let path = format!("/v3/profiles/{id}/public");
    let changed = done(sandbox.call("PUT", &path, json!({ "is_public": true })));
    assert_eq!(changed["is_public"], true);
    assert_eq!(changed["profile_type"], "temporary");
}

#[test]
fn reserved_events_are_refused() {
    let sandbox = sandbox();
    let path = format!(
        "/v3/profiles/{}/custom-event",
        profile(&sandbox, "a@example.com")
    );
    refused(sandbox.call("POST", &path, json!({ "event": "profile.updated" })));
    done(sandbox.call(
        "POST",
        &path,
        json!({ "event": "cart.left", "context": { "items": 3 } }),
    ));
}

#[test]
fn a_sync_is_only_queued() {
    let sandbox = sandbox();
    profile(&sandbox, "a@example.com");
    let body = json!({ "updated_at": "2025-08-29T03:55:16.000Z" });
    let answer = done(sandbox.call("POST", "/v3/profiles/sync", body));
    assert_eq!(answer, json!({ "message": "Profiles queued for sync." }));
    sandbox.settle_blocking();
    refused(sandbox.call("POST", "/v3/profiles/sync", json!({ "since": "yesterday" })));
}

#[test]
fn hours_and_visits_are_kept() {
    let sandbox = sandbox();
    let id = profile(&sandbox, "a@example.com");
    let path = format!("/v3/profiles/{id}/visits");
    let body = json!({ "visited_at": "2025-06-15 10:30:00", "timezone": "Australia/Melbourne", "tags": ["consultation"] });
    let visit = done(sandbox.call("POST", &path, body));
    assert_eq!(visit["profile_id"], id);
    assert_eq!(get(&sandbox, &path)[0]["tags"], json!(["consultation"]));
    let path = format!("/v3/profiles/{id}/normal-hours");
    done(sandbox.call("POST", &path, json!({ "day_of_week": "TUE" })));
    assert_eq!(read(&sandbox, &id)["normal_hours"][0]["day_of_week"], "TUE");
}
