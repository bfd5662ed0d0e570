//! A client whose requests are kept and answered in memory.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use omneo_api::runtime::{BoxFuture, Call, Transport};
use omneo_api::{Client, Error};
use reqwest::{Request, Response, Url};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::bindings::{Binding, Failed, Given};

pub(crate) const BASE_URL: &str = "https://omneo.invalid/api";

/// What a server would have got.
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What a server is to answer.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl Prepared {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string())
    }

    pub(crate) fn text(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status: StatusCode::from_u16(status).expect("a status of the schema"),
            body: body.into(),
        }
    }
}

struct Wire {
    answer: Mutex<Prepared>,
    sent: Mutex<Option<Sent>>,
}

impl Transport for Wire {
    fn send<'a>(
        &'a self,
        _: &'a reqwest::Client,
        mut request: Request,
        _: Call<'a>,
    ) -> BoxFuture<'a, Result<Response, Error>> {
        Box::pin(async move {
            let body = match request.body_mut().take() {
                Some(body) => body.collect().await?.to_bytes(),
                None => Bytes::new(),
            };
            *lock(&self.sent) = Some(Sent {
                method: request.method().to_string(),
                url: request.url().clone(),
                headers: request.headers().clone(),
                body,
            });
            let answer = lock(&self.answer).clone();
            let response = http::Response::builder()
                .status(answer.status)
                .header("content-type", "application/json")
                .body(answer.body)
                .map_err(Error::custom)?;
            Ok(response.into())
        })
    }
}

/// A client and what it is called with.
pub(crate) struct Bench {
    wire: Arc<Wire>,
    client: Client,
    runtime: Runtime,
}

impl Bench {
    pub(crate) fn new(http: reqwest::Client) -> Self {
        let wire = Arc::new(Wire {
            answer: Mutex::new(Prepared::text(200, "")),
            sent: Mutex::new(None),
        });
        Self {
            client: Client::with_transport(BASE_URL, http, wire.clone())
                .expect("the base URL is one"),
            wire,
            runtime: tokio::runtime::Builder::new_current_thread()
                .build()
                .expect("a runtime that does nothing starts"),
        }
    }

    /// Calls an operation: what it sent, and its answer, encoded.
    pub(crate) fn call(
        &self,
        binding: &Binding,
        given: &Given,
        answer: Prepared,
    ) -> (Option<Sent>, Result<Value, Failed>) {
        *lock(&self.wire.answer) = answer;
        *lock(&self.wire.sent) = None;
        let client = self.client.with(given.options.clone());
        let result = self.runtime.block_on((binding.call)(&client, given));
        (lock(&self.wire.sent).take(), result)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
