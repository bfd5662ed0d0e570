//! Requests over HTTP: what the engine's own door has no path or token for.

#![allow(dead_code, reason = "each test file uses what it needs")]

use omneo_sandbox::Sandbox;
use serde_json::Value;

/// Asks a sandbox.
pub(crate) struct Http {
    origin: String,
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Http {
    pub(crate) fn new(sandbox: &Sandbox) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Self {
            origin: format!("http://{}", sandbox.address()),
            runtime: runtime.expect("a runtime"),
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
        }
    }

    /// Sends JSON, none if it is null, with a token if there is one; answers the status and the JSON, null if it is none.
    pub(crate) fn json(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        body: Value,
    ) -> (u16, Value) {
        let request = self.request(token, method, path);
        self.answer(match body {
            Value::Null => request,
            body => request.json(&body),
        })
    }

    /// Sends a form without a token.
    pub(crate) fn form(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        self.answer(self.request(None, "POST", path).form(form))
    }

    fn request(&self, token: Option<&str>, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.origin);
        let method = method.parse().expect("a method");
        let request = self.client.request(method, url);
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    fn answer(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        self.runtime.block_on(async {
            let answer = request.send().await.expect("an answer");
            let status = answer.status().as_u16();
            let body = answer.bytes().await.expect("a body");
            (status, serde_json::from_slice(&body).unwrap_or_default())
        })
    }
}
