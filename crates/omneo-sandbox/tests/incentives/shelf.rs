//! What the tests issue.

use jiff::SignedDuration;
use omneo_sandbox::Sandbox;
use serde_json::{Map, Value, json};

use crate::support::{done, profile, sandbox};

/// A sandbox, a profile, and what it is given.
pub(crate) struct Shelf {
    pub(crate) sandbox: Sandbox,
    pub(crate) profile: String,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let sandbox = sandbox();
        let profile = profile(&sandbox, "ada@example.com");
        Self { sandbox, profile }
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Value {
        done(self.sandbox.call("POST", path, body))
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        done(self.sandbox.call("GET", path, Value::Null))
    }

    pub(crate) fn put(&self, path: &str, body: Value) -> Value {
        done(self.sandbox.call("PUT", path, body))
    }

    pub(crate) fn delete(&self, path: &str) {
        let reply = self.sandbox.call("DELETE", path, Value::Null);
        assert_eq!(reply.status, 204, "{}", reply.body);
    }

    /// A path below the profile.
    pub(crate) fn of(&self, path: &str) -> String {
        format!("/v3/profiles/{}/{path}", self.profile)
    }

    pub(crate) fn days(&self, days: i64) {
        let clock = self.sandbox.clock();
        clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// A definition of a family, with more members.
    pub(crate) fn define(&self, family: &str, handle: &str, more: Value) -> Value {
        let mut body = match family {
            "rewards" => json!({ "value": 20, "period": 30, "type": "birthday" }),
            "benefits" => json!({ "period": 30 }),
            "credits" => json!({ "type": "gift_card" }),
            "tiers" => json!({ "value_min": 0 }),
            "achievements" => json!({ "levels": [] }),
            _ => json!({}),
        };
        let members = body.as_object_mut().expect("a map");
        members.insert("name".to_owned(), handle.into());
        members.insert("handle".to_owned(), handle.into());
        members.extend(map(more));
        self.post(&format!("/v3/{family}/definitions"), body)
    }

    pub(crate) fn reward(&self, value: f64, more: Value) -> Value {
        if self
            .sandbox
            .call(
                "GET",
                "/v3/rewards/definitions?filter[handle]=spend",
                Value::Null,
            )
            .body["data"]
            .as_array()
            .is_none_or(Vec::is_empty)
        {
            self.define("rewards", "spend", json!({ "is_extendable": true }));
        }
        let mut body = json!({
            "reward_definition_handle": "spend", "profile_id": self.profile,
            "timezone": "UTC", "value_initial": value,
        });
        let members = body.as_object_mut().expect("a map");
        members.extend(map(more));
        self.post("/v3/rewards", body)
    }

    pub(crate) fn points(&self, value: f64, more: Value) -> Value {
        let definition = self.point_definition();
        let mut body = json!({
            "point_definition_id": definition, "profile_id": self.profile,
            "value_initial": value, "issued_at": "2026-03-01 08:00:00",
        });
        let members = body.as_object_mut().expect("a map");
        members.extend(map(more));
        self.post("/v3/points", body)
    }

    pub(crate) fn point_definition(&self) -> Value {
        let found = self.get("/v3/points/definitions?filter[handle]=purchase");
        match found.as_array().and_then(|found| found.first()) {
            Some(definition) => definition["id"].clone(),
            None => self.define("points", "purchase", json!({}))["id"].clone(),
        }
    }

    pub(crate) fn benefit(&self, handle: &str, more: Value) -> Value {
        let definition = self.define("benefits", handle, more);
        self.benefit_of(&definition)
    }

    pub(crate) fn benefit_of(&self, definition: &Value) -> Value {
        let id: i64 = match &definition["id"] {
            Value::String(id) => id.parse().expect("a number"),
            id => id.as_i64().expect("a number"),
        };
        let body = json!({
            "benefit_definition_id": id, "profile_id": self.profile,
            "issued_at": null, "timezone": "UTC",
        });
        self.post("/v3/benefits", body)
    }

    pub(crate) fn credit(&self, value: f64, more: Value) -> Value {
        let mut body = json!({ "profile_id": self.profile, "value_initial": value });
        let members = body.as_object_mut().expect("a map");
        members.extend(map(more));
        if !members.contains_key("credit_definition_handle") {
            let found = self.get("/v3/credits/definitions?filter[handle]=card");
            if found.as_array().is_none_or(Vec::is_empty) {
                self.define("credits", "card", json!({ "is_extendable": true }));
            }
            members.insert("credit_definition_handle".to_owned(), "card".into());
        }
        self.post("/v3/credits", body)
    }

    pub(crate) fn balances(&self) -> Value {
        self.get(&self.of("balances"))
    }

    /// One of the balances.
    pub(crate) fn balance(&self, name: &str) -> f64 {
        self.balances()[name].as_f64().expect("a number")
    }

    pub(crate) fn redeem(&self, body: Value) -> Value {
        self.post(&self.of("redeem"), body)
    }

    pub(crate) fn ledger(&self) -> Vec<Value> {
        let entries = self.get(&self.of("ledgers"));
        entries.as_array().expect("a list").clone()
    }

    /// What the entries of the ledger are for, oldest first.
    pub(crate) fn entries(&self) -> Vec<(String, f64, f64)> {
        let number = |value: &Value| match value {
            Value::String(text) => text.parse().expect("a number"),
            value => value.as_f64().expect("a number"),
        };
        let entries = self.ledger();
        let entries = entries.iter().map(|entry| {
            let description = entry["description"].as_str().expect("a text").to_owned();
            let value = number(&entry["dollar_value"]);
            (description, value, number(&entry["dollar_balance"]))
        });
        entries.collect()
    }
}

/// The id of a record, in a path.
pub(crate) fn id(record: &Value) -> String {
    match &record["id"] {
        Value::String(id) => id.clone(),
        id => id.to_string(),
    }
}

/// The members of a map.
pub(crate) fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no map"),
    }
}
