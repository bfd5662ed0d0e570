use serde_json::{Value, json};

use crate::shelf::{Shelf, id};
use crate::support::refused;

#[test]
fn a_reward_is_issued_from_its_definition() {
    let shelf = Shelf::new();
    let definition = shelf.define(
        "rewards",
        "birthday",
        json!({ "period": 2, "period_type": "weeks" }),
    );
    let body = json!({
        "reward_definition_id": definition["id"], "profile_id": shelf.profile, "timezone": "Australia/Melbourne",
        "issued_at": "2026-03-01 19:30:00", "external_id": "r-1", "meta": { "store": 7 },
    });
    let reward = shelf.post("/v3/rewards", body);
    assert_eq!(reward["profile_id"], shelf.profile.as_str());
    assert_eq!(reward["value_initial"], 20);
    assert_eq!(reward["value_remaining"], 20);
    assert_eq!(reward["issued_at"], "2026-03-01 08:30:00", "in UTC");
    assert_eq!(reward["issued_local_at"], "2026-03-01 19:30:00");
    assert_eq!(reward["expires_at"], "2026-03-15 08:30:00");
    assert_eq!(reward["expires_local_at"], "2026-03-15 19:30:00");
    assert_eq!(reward["is_expired"], false);
    assert_eq!(reward["is_active"], true);
    assert_eq!(reward["definition"]["handle"], "birthday");
    assert_eq!(reward["meta"], json!({ "store": 7 }));
    let listed = shelf.get("/v3/rewards?filter[external_id]=r-1");
    assert_eq!(listed[0]["id"], reward["id"]);
    let scoped = shelf.get(&shelf.of("rewards"));
    assert_eq!(scoped[0]["id"], reward["id"]);
}

#[test]
fn a_period_is_counted_in_local_time() {
    let shelf = Shelf::new();
    shelf.define("rewards", "summer", json!({ "period": 60 }));
    let body = json!({
        "reward_definition_handle": "summer", "profile_id": shelf.profile, "timezone": "Australia/Melbourne",
        "issued_at": "2026-03-01 12:00:00",
    });
    let reward = shelf.post("/v3/rewards", body);
    // Summer time ends on 5 April.
    assert_eq!(reward["expires_local_at"], "2026-04-30 12:00:00");
    assert_eq!(reward["expires_at"], "2026-04-30 02:00:00");
}

#[test]
fn the_absolute_periods_end_on_a_date_a_weekday_or_a_day_of_the_month() {
    let shelf = Shelf::new();
    let cases = [
        (
            "absolute_date",
            json!("2026-12-31"),
            1,
            "2026-12-31 23:59:59",
        ),
        (
            "absolute_date",
            json!("2026-12-31 12:00:00"),
            1,
            "2026-12-31 12:00:00",
        ),
        // 1 March 2026 is a Sunday.
        ("absolute_week", json!("friday"), 0, "2026-03-06 23:59:59"),
        ("absolute_week", json!("7"), 1, "2026-03-08 23:59:59"),
        ("absolute_month", json!("31"), 1, "2026-04-30 23:59:59"),
        (
            "absolute_month",
            json!("2026-01-15"),
            0,
            "2026-03-15 23:59:59",
        ),
        ("months", Value::Null, 1, "2026-04-01 09:00:00"),
        ("years", Value::Null, 1, "2027-03-01 09:00:00"),
    ];
    for (place, (unit, absolute, period, expires)) in cases.into_iter().enumerate() {
        let handle = format!("r{place}");
        let more = json!({ "period_type": unit, "absolute_expiry": absolute, "period": period });
        shelf.define("rewards", &handle, more);
        let body = json!({
            "reward_definition_handle": handle, "profile_id": shelf.profile, "timezone": "UTC",
        });
        let reward = shelf.post("/v3/rewards", body);
        assert_eq!(reward["expires_at"], expires, "{unit}");
    }
}

#[test]
fn a_benefit_keeps_its_times_as_they_are_sent() {
    let shelf = Shelf::new();
    let definition = shelf.define(
        "benefits",
        "coffee",
        json!({ "max_redemptions": 2, "value": 5 }),
    );
    let number: i64 = id(&definition).parse().expect("a number");
    let body = json!({
        "profile_id": shelf.profile, "benefit_definition_id": number, "external_id": "b-1",
        "expires_at": "2026-12-06", "issued_at": "2026-03-01 08:30:00", "timezone": "Australia/Melbourne",
    });
    let benefit = shelf.post("/v3/benefits", body);
    assert_eq!(benefit["issued_at"], "2026-03-01 08:30:00");
    assert_eq!(benefit["expires_at"], "2026-12-06 00:00:00");
    assert_eq!(benefit["redemptions_remaining"], 2);
    assert_eq!(benefit["is_redeemable"], true);
    assert_eq!(benefit["value"], 5);
    assert_eq!(benefit["definition"]["handle"], "coffee");
}

#[test]
fn a_benefit_issued_at_null_is_issued_now_in_its_zone() {
    let shelf = Shelf::new();
    let definition = shelf.define("benefits", "coffee", json!({ "period": 1 }));
    let number: i64 = id(&definition).parse().expect("a number");
    let body = json!({
        "profile_id": shelf.profile, "benefit_definition_id": number, "issued_at": null,
        "timezone": "Australia/Melbourne",
    });
    let benefit = shelf.post("/v3/benefits", body);
    assert_eq!(benefit["issued_at"], "2026-03-01 20:00:00");
    assert_eq!(benefit["expires_at"], "2026-03-02 20:00:00");
    assert_eq!(benefit["is_redeemable"], true);
}

#[test]
fn points_are_issued_in_fractions() {
    let shelf = Shelf::new();
    let point = shelf.points(
        0.2,
        json!({ "value_remaining": 0.1, "meta": { "test": true } }),
    );
    assert_eq!(point["value_initial"], 0.2);
    assert_eq!(point["value_remaining"], 0.1);
    assert_eq!(point["status"], "active");
    assert_eq!(point["value_remaining_currency"], 0.001);
    assert_eq!(shelf.balance("point_balance"), 0.1);
}

#[test]
fn points_that_are_only_accrued_wait_for_the_issue_period() {
    let shelf = Shelf::new();
    let more = json!({ "issue_period": 48, "issue_period_type": "hours" });
    let definition = shelf.define("points", "later", more);
    let body = json!({
        "point_definition_id": definition["id"], "profile_id": shelf.profile, "value_initial": 100,
        "accrued_at": "2026-03-01 09:00:00",
    });
    let point = shelf.post("/v3/points", body);
    assert_eq!(point["issued_at"], "2026-03-03 09:00:00");
    assert_eq!(point["status"], "pending");
    assert_eq!(shelf.balance("point_balance"), 0.0);
    shelf.days(2);
    let point = shelf.get(&format!("/v3/points/{}", id(&point)));
    assert_eq!(point["status"], "active");
    assert_eq!(shelf.balance("point_balance"), 100.0);
}

#[test]
fn points_want_a_time() {
    let shelf = Shelf::new();
    let body = json!({
        "point_definition_id": shelf.point_definition(), "profile_id": shelf.profile, "value_initial": 1,
    });
    let reply = shelf.sandbox.call("POST", "/v3/points", body);
    assert!(refused(reply)["issued_at"].is_array());
}

#[test]
fn the_worth_of_a_point_is_a_setting_and_stays_with_the_points() {
    let shelf = Shelf::new();
    shelf.points(100.0, json!({}));
    assert_eq!(shelf.balance("point_balance_dollars"), 1.0);
    let setting = json!({ "handle": "point_exchange_rate", "value": "0.05", "type": "float" });
    shelf.post("/v3/settings", setting);
    shelf.points(100.0, json!({}));
    assert_eq!(shelf.balance("point_balance_dollars"), 6.0);
}

#[test]
fn a_credit_is_issued_by_handle_with_a_number_and_a_code_of_its_own() {
    let shelf = Shelf::new();
    let more = json!({ "require_security_code": true, "security_code_type": "pin6", "credit_number_length": 16 });
    let definition = shelf.define("credits", "card", more);
    let credit = shelf.credit(50.0, json!({ "credit_definition_handle": "card" }));
    assert_eq!(credit["credit_definition_id"], definition["id"]);
    assert_eq!(credit["definition"]["handle"], "card");
    let number = credit["credit_number"].as_str().expect("a number");
    assert_eq!(number.len(), 16);
    assert_eq!(credit["security_code"].as_str().map(str::len), Some(6));
    let other = shelf.credit(50.0, json!({ "credit_definition_handle": "card" }));
    assert_ne!(other["credit_number"], credit["credit_number"]);
}

#[test]
fn a_credit_without_a_profile_is_in_no_balance_until_it_is_assigned() {
    let shelf = Shelf::new();
    let credit = shelf.credit(50.0, json!({ "profile_id": null }));
    assert_eq!(credit["profile_id"], Value::Null);
    assert_eq!(shelf.balance("credit_balance"), 0.0);
    let path = format!("/v3/credits/{}", id(&credit));
    shelf.put(&path, json!({ "profile_id": shelf.profile }));
    assert_eq!(shelf.balance("credit_balance"), 50.0);
}

#[test]
fn what_names_nothing_is_refused_by_its_field() {
    let shelf = Shelf::new();
    let definition = shelf.define("rewards", "birthday", json!({ "max_value": 30 }));
    let good = json!({
        "reward_definition_id": definition["id"], "profile_id": shelf.profile, "timezone": "UTC",
    });
    let cases = [
        ("reward_definition_id", json!(99), "reward_definition_id"),
        (
            "profile_id",
            json!("9332c9b2-e31c-4d49-8ec3-62a9466d339c"),
            "profile_id",
        ),
        ("timezone", json!("Mars/Olympus"), "timezone"),
        ("issued_at", json!("someday"), "issued_at"),
        ("value_initial", json!(-1), "value_initial"),
        ("value_initial", json!(31), "value_initial"),
        ("value_initial", json!(1e300), "value_initial"),
        ("value_remaining", json!(25), "value_remaining"),
    ];
    for (member, value, field) in cases {
        let mut body = good.clone();
        body[member] = value;
        let errors = refused(shelf.sandbox.call("POST", "/v3/rewards", body));
        assert!(errors[field].is_array(), "{member}: {errors}");
    }
    let mut body = good.clone();
    let members = body.as_object_mut().expect("a map");
    members.remove("reward_definition_id");
    let errors = refused(shelf.sandbox.call("POST", "/v3/rewards", body.clone()));
    assert!(errors["reward_definition_id"].is_array());
    body["reward_definition_handle"] = "unknown".into();
    let errors = refused(shelf.sandbox.call("POST", "/v3/rewards", body));
    assert!(errors["reward_definition_handle"].is_array());
}

#[test]
fn a_reward_is_issued_under_its_profile() {
    let shelf = Shelf::new();
    shelf.define("rewards", "birthday", json!({}));
    let body = json!({
        "reward_definition_handle": "birthday", "profile_id": shelf.profile, "timezone": "UTC",
    });
    let reward = shelf.post(&shelf.of("rewards"), body);
    assert_eq!(reward["profile_id"], shelf.profile.as_str());
    let read = shelf.get(&shelf.of(&format!("rewards/{}", id(&reward))));
    assert_eq!(read["id"], reward["id"]);
}

#[test]
fn a_profile_is_credited_with_an_amount() {
    let shelf = Shelf::new();
    shelf.define("credits", "promotional", json!({}));
    let body = json!({ "amount": 25.0, "type": "promotional", "expires_at": "2027-01-01 00:00:00", "note": "Welcome" });
    let credit = shelf.post(&shelf.of("credits"), body);
    assert_eq!(credit["value_remaining"], 25);
    assert_eq!(credit["message"], "Welcome");
    assert_eq!(shelf.balance("credit_balance"), 25.0);
    let path = shelf.of(&format!("credits/{}", id(&credit)));
    shelf.put(&path, json!({ "is_void": true }));
    assert_eq!(shelf.balance("credit_balance"), 0.0);
}
