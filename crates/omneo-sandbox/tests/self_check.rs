//! Every answer of every operation is one that the corrected schema describes, in both habits.
//!
//! Each operation is asked several times, with bodies sampled from the schema; the sandbox holds its answers against the schema itself, and says 500
//! where one does not fit. Refusals are held against the schema too, and most operations have to be done at least once.

use std::collections::{BTreeMap, BTreeSet};

use omneo_sandbox::{Builder, Reply, Sandbox, Seed};
use openapi_sampler::Sampler;
use serde_json::{Map, Value, json};

const SCHEMA: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// How many of the sampled bodies an operation is sent.
const BODIES: usize = 5;

/// How many operations may refuse every sampled request. Rules refuse bodies that mean nothing, and what was removed is not there for others; their
/// own tests do them, and hold their answers too.
const MOST_UNDONE: usize = 90;

/// Fails as the real server does: the first tier is a profile's.
const FAILS: &str = "tiers.definitions.destroy";

/// What a parameter of a path is, where it is no record of the path's own collection.
const PARAMETERS: [(&str, &str, &str); 9] = [
    // The operation's start, the parameter, the value.
    ("benefits.trigger-target", "type", "issue"),
    ("rewards.trigger-target", "type", "issue"),
    ("profiles.redemptions.count", "type", "reward"),
    ("profiles.redemptions.count", "id", "1"),
    ("profiles.transactionitems.list", "type", "unassigned"),
    ("locations.showBy", "idType", "external_id"),
    ("locations.showBy", "id", "MEL-01"),
    ("custom-fields.", "model", "profiles"),
    ("savedfilter.", "modelType", "profiles"),
];

#[test]
fn every_answer_in_the_servers_own_forms_is_the_schemas() {
    check(Sandbox::builder());
}

#[test]
fn every_answer_in_strict_form_is_the_schemas() {
    check(Sandbox::builder().strict());
}

struct Operation {
    id: String,
    method: String,
    path: String,
    bodies: Vec<Value>,
}

fn check(builder: Builder) {
    let document: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let sandbox = builder
        .seed(Seed::Demo)
        .check_answers()
        .start_blocking()
        .expect("the sandbox starts");
    let mut check = Check {
        sandbox: &sandbox,
        ada: find(&sandbox, "/v3/profiles?filter[email]=ada@example.com"),
        grace: find(&sandbox, "/v3/profiles?filter[email]=grace@example.com"),
        unique: 0,
        faults: Vec::new(),
        statuses: BTreeMap::new(),
    };
    let mut operations = operations(&document);
    // What makes records before what needs them, and what removes them last, the innermost first.
    operations.sort_by_key(|operation| {
        let depth = operation.path.matches('/').count();
        match operation.method.as_str() {
            "POST" => (0, depth),
            "DELETE" => (3, usize::MAX - depth),
            "PUT" => (2, depth),
            _ => (1, depth),
        }
    });
    for operation in &operations {
        check.operation(operation);
    }
    assert!(check.faults.is_empty(), "{}", check.faults.join("\n"));
    let undone: Vec<_> = operations
        .iter()
        .map(|operation| (&operation.id, &check.statuses[&operation.id]))
        .filter(|(_, statuses)| !statuses.keys().any(|status| (200..300).contains(status)))
        .map(|(id, statuses)| format!("{id}: {statuses:?}"))
        .collect();
    assert!(
        undone.len() <= MOST_UNDONE,
        "{} are never done:\n{}",
        undone.len(),
        undone.join("\n")
    );
    assert_eq!(operations.len(), 612);
}

fn operations(document: &Value) -> Vec<Operation> {
    let texts = |name: &str| {
        let is_time = name.ends_with("_at") || name.ends_with("_date") || name == "date";
        let text = match name {
            "timezone" => "Australia/Melbourne",
            "currency" | "from" => "AUD",
            "to" => "NZD",
            "profile_id_handle" => "id",
            "url" => "http://127.0.0.1:9/hook",
            _ if name.contains("email") => "someone@example.com",
            _ if name.contains("phone") => "+61400123456",
            _ if is_time => "2026-01-02 03:04:05",
            _ => return None,
        };
        Some(text.to_owned())
    };
    let sampler = Sampler::new(document).seed(7).text(texts);
    let mut operations = Vec::new();
    let paths = document["paths"].as_object().expect("paths");
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("an item") {
            let content = "application~1json";
            let escaped = path.replace('/', "~1");
            let pointer = format!("/paths/{escaped}/{method}/requestBody/content/{content}/schema");
            let mut bodies = match document.pointer(&pointer) {
                Some(_) => sampler.samples(&pointer),
                None => Vec::new(),
            };
            // The last has what is required and no more.
            bodies.reverse();
            bodies.truncate(BODIES);
            if bodies.is_empty() {
                bodies.push(Value::Null);
            }
            operations.push(Operation {
                id: operation["operationId"].as_str().expect("an id").to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                bodies,
            });
        }
    }
    operations
}

/// The id of the first record of a list.
fn find(sandbox: &Sandbox, path: &str) -> String {
    let body = sandbox.call("GET", path, Value::Null).body;
    let data = body.get("data").unwrap_or(&body);
    let first = data.get(0).unwrap_or(&Value::Null);
    let id = first.get("id").or_else(|| first.get("handle"));
    match id {
        Some(Value::String(id)) => id.clone(),
        Some(id) => id.to_string(),
        None => "1".to_owned(),
    }
}

struct Check<'s> {
    sandbox: &'s Sandbox,
    ada: String,
    grace: String,
    unique: u32,
    faults: Vec<String>,
    /// By operation, an answer of each status.
    statuses: BTreeMap<String, BTreeMap<u16, String>>,
}

impl Check<'_> {
    fn operation(&mut self, operation: &Operation) {
        let mut seen = BTreeSet::new();
        for body in &operation.bodies {
            let path = self.filled(operation);
            let body = self.referring(body);
            if !seen.insert((path.clone(), body.to_string())) {
                continue;
            }
            let reply = self.sandbox.call(&operation.method, &path, body.clone());
            self.note(operation, &path, &body, &reply);
            // What comes later, comes before the next.
            self.sandbox.settle_blocking();
        }
    }

    fn note(&mut self, operation: &Operation, path: &str, body: &Value, reply: &Reply) {
        let shown = |value: &Value| value.to_string().chars().take(400).collect::<String>();
        if reply.status >= 500 && operation.id != FAILS {
            let fault = format!(
                "{} {path} {}\n    {}",
                operation.method,
                shown(body),
                reply.body.to_string().chars().take(900).collect::<String>()
            );
            self.faults.push(fault);
        }
        let statuses = self.statuses.entry(operation.id.clone()).or_default();
        statuses
            .entry(reply.status)
            .or_insert_with(|| format!("{} for {}", shown(&reply.body), shown(body)));
    }

    /// The path with records that are there.
    fn filled(&self, operation: &Operation) -> String {
        let mut filled = String::new();
        let mut rest = operation.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').expect("a parameter ends");
            filled.push_str(before);
            let value = match PARAMETERS
                .iter()
                .find(|(start, of, _)| operation.id.starts_with(start) && *of == name)
            {
                Some((_, _, value)) => (*value).to_owned(),
                None if name == "profile" => self.ada.clone(),
                None => find(self.sandbox, filled.trim_end_matches('/')),
            };
            filled.push_str(&value);
            rest = after;
        }
        filled + rest
    }

    /// A body whose ids are of records that are there, and whose names are nobody else's.
    fn referring(&mut self, body: &Value) -> Value {
        match body {
            Value::Object(members) => {
                let members: Map<String, Value> = members
                    .iter()
                    .map(|(name, value)| (name.clone(), self.member(name, value)))
                    .collect();
                Value::Object(members)
            }
            Value::Array(items) => items.iter().map(|item| self.referring(item)).collect(),
            other => other.clone(),
        }
    }

    fn member(&mut self, name: &str, value: &Value) -> Value {
        const PROFILES: [&str; 7] = [
            "profile_id",
            "staff_id",
            "connected_id",
            "joined_staff_id",
            "preferred_staff_id",
            "assigned_staff_id",
            "source_profile_id",
        ];
        const ANOTHER: &str = "connector_id";
        let is_id = name.ends_with("_id") && !name.contains("external");
        match value {
            Value::Null => Value::Null,
            Value::String(_) if PROFILES.contains(&name) => self.ada.as_str().into(),
            // Nobody is connected with themselves.
            Value::String(_) if name == ANOTHER => self.grace.as_str().into(),
            Value::String(_) if ["handle", "identifier", "sku"].contains(&name) => {
                self.unique += 1;
                format!("h{}", self.unique).into()
            }
            Value::String(_) if name == "email" => {
                self.unique += 1;
                format!("someone{}@example.com", self.unique).into()
            }
            Value::String(_) if name == "mobile_phone" => {
                self.unique += 1;
                format!("+614{:08}", self.unique).into()
            }
            Value::String(_) if is_id => "1".into(),
            Value::Number(_) if is_id => json!(1),
            other => self.referring(other),
        }
    }
}
