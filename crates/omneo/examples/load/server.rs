//! A server that takes batches of profiles as Omneo does, and is about as slow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use omneo_mock::Server;
use omneo_mock::httpmock::{HttpMockRequest, HttpMockResponse};
use serde_json::{Map, Value, json};

/// How long an answer takes, and how long a batch.
const ANSWER: Duration = Duration::from_millis(80);
const BATCH: Duration = Duration::from_millis(1_500);

/// What the server has.
#[derive(Default)]
struct Tenant {
    /// Whose each mobile phone is.
    mobiles: HashMap<String, String>,
    /// The items of each batch, and when it was taken.
    batches: Vec<(Instant, Vec<Value>)>,
}

pub(crate) async fn start() -> Server {
    let server = Server::start().await;
    let tenant = Arc::<Mutex<Tenant>>::default();
    let taken = tenant.clone();
    server.profiles_batch(|_, then| {
        then.and(|then| {
            then.delay(ANSWER).respond_with(move |request| {
                let mut tenant = taken.lock().unwrap_or_else(PoisonError::into_inner);
                tenant.take(request)
            })
        });
    });
    server.batches_show(|_, then| {
        then.and(|then| {
            then.delay(ANSWER).respond_with(move |request| {
                let tenant = tenant.lock().unwrap_or_else(PoisonError::into_inner);
                tenant.show(request)
            })
        });
    });
    server
}

impl Tenant {
    /// Refuses the request for each address that is none, or takes it.
    fn take(&mut self, request: &HttpMockRequest) -> HttpMockResponse {
        let body: Value = serde_json::from_slice(request.body_ref()).unwrap_or_default();
        let profiles = body["profiles"].as_array().cloned().unwrap_or_default();
        let places = profiles.iter().enumerate();
        let wrong: Map<_, _> = places
            .filter(|(_, profile)| !profile["email"].as_str().is_some_and(|it| it.contains('@')))
            .map(|(place, _)| {
                let why = json!(["The email must be a valid email address."]);
                (format!("profiles.{place}.email"), why)
            })
            .collect();
        if !wrong.is_empty() {
            let message = "The given data was invalid.";
            return answer(422, &json!({"message": message, "errors": wrong}));
        }
        let items = profiles
            .iter()
            .map(|profile| self.work_off(profile))
            .collect();
        self.batches.push((Instant::now(), items));
        let batch = self.batches.len() - 1;
        let queued = json!({"message": "Queued for processing.", "batch_id": batch.to_string()});
        answer(202, &queued)
    }

    /// What comes of one profile.
    fn work_off(&mut self, profile: &Value) -> Value {
        let text = |field: &str| profile[field].as_str().unwrap_or_default().to_owned();
        let (email, mobile) = (text("email"), text("mobile_phone"));
        let owner = self.mobiles.entry(mobile).or_insert_with(|| email.clone());
        match *owner == email {
            true => json!({"status": "success", "entity_id": format!("id of {email}")}),
            false => json!({"status": "failed", "error": "The phone number exists"}),
        }
    }

    fn show(&self, request: &HttpMockRequest) -> HttpMockResponse {
        let path = request.uri_str();
        let place = path
            .rsplit('/')
            .next()
            .and_then(|id| id.parse::<usize>().ok());
        let Some((taken, items)) = place.and_then(|place| self.batches.get(place)) else {
            return answer(404, &json!({"message": "No query results"}));
        };
        let batch = match taken.elapsed() < BATCH {
            true => json!({"status": "pending"}),
            false => json!({"status": "success", "total_count": items.len(), "items": items}),
        };
        answer(200, &json!({ "data": batch }))
    }
}

fn answer(status: u16, body: &Value) -> HttpMockResponse {
    HttpMockResponse::builder()
        .status(status)
        .header("Content-Type", "application/json")
        .body(body.to_string())
        .build()
}
