//! A server that takes batches of profiles as Omneo does, and nothing else.

use std::collections::{HashMap, HashSet};
use std::thread;
use std::time::Duration;

use fault_server::{FaultServer, Received, Response};
use serde_json::{Map, Value, json};

#[derive(Default)]
struct State {
    batches: HashMap<String, Value>,
    mobiles: HashSet<String>,
}

pub(crate) fn start() -> FaultServer {
    let server = FaultServer::start();
    let mut state = State::default();
    server.application(move |request| {
        // It takes its time, and does one thing after the other.
        thread::sleep(Duration::from_millis(20));
        state.answer(request)
    });
    server
}

impl State {
    fn answer(&mut self, request: &Received) -> Response {
        let body = request.json().unwrap_or_default();
        match (request.method.as_str(), request.path()) {
            ("POST", "/v3/profiles/batch.json") => self.queue(&body["profiles"]),
            ("GET", path) => match self.batches.get(path) {
                Some(batch) => Response::json(200, &json!({ "data": batch })),
                None => Response::json(404, &json!({ "message": "No query results." })),
            },
            _ => Response::json(405, &json!({ "message": "Not here." })),
        }
    }

    fn queue(&mut self, profiles: &Value) -> Response {
        let profiles = profiles.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut errors = Map::new();
        for (place, profile) in profiles.iter().enumerate() {
            if !text(profile, "email").contains('@') {
                let why = json!(["The email must be a valid email address."]);
                errors.insert(format!("profiles.{place}.email"), why);
            }
        }
        if !errors.is_empty() {
            let body = json!({ "message": "The given data was invalid.", "errors": errors });
            return Response::json(422, &body);
        }
        let id = format!("batch-{}", self.batches.len() + 1);
        let items: Vec<_> = profiles.iter().map(|profile| self.item(profile)).collect();
        let failed = items
            .iter()
            .filter(|item| item["status"] == "failed")
            .count();
        let batch = json!({
            "id": id,
            "status": "success",
            "total_count": items.len(),
            "processed_count": items.len(),
            "success_count": items.len() - failed,
            "failed_count": failed,
            "items": items,
        });
        self.batches.insert(format!("/v3/batches/{id}"), batch);
        Response::json(
            200,
            &json!({ "message": "Queued for processing.", "batch_id": id }),
        )
    }

    fn item(&mut self, profile: &Value) -> Value {
        let is_new = self
            .mobiles
            .insert(text(profile, "mobile_phone").to_owned());
        match is_new {
            true => json!({ "status": "success", "entity_id": text(profile, "email") }),
            false => json!({ "status": "failed", "error": "The phone number exists." }),
        }
    }
}

fn text<'a>(profile: &'a Value, field: &str) -> &'a str {
    profile[field].as_str().unwrap_or_default()
}
