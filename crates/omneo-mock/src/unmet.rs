//! The answer to a request that no mock meets.
//!
//! httpmock's own is 404, which Omneo means something by: a test of what happens without a record would pass for want of
//! a mock.

use std::sync::{Arc, Mutex, PoisonError};

use httpmock::{HttpMockRequest, HttpMockResponse, Then, When};
use omneo_api::{OPERATIONS, Operation};
use serde_json::json;

use crate::request::ADMIN;

/// The mocks that were made, and what they want.
#[derive(Clone, Default)]
pub(crate) struct Mocks(Arc<Mutex<Vec<(&'static str, String)>>>);

impl Mocks {
    pub(crate) fn add(&self, operation: &'static str, wants: &[String]) {
        let wants = match wants {
            [] => "any".to_owned(),
            _ => wants.join(", "),
        };
        let mut mocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mocks.push((operation, wants));
    }

    fn of(&self, operation: &str) -> Vec<String> {
        let mocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mocks = mocks.iter().filter(|(of, _)| *of == operation);
        mocks.map(|(_, wants)| wants.clone()).collect()
    }

    /// The mock that meets whatever has met no other. 418 is a status that Omneo does not send and no client repeats.
    pub(crate) fn answer_the_rest(self, when: When, then: Then) {
        drop(when.any_request());
        then.respond_with(move |request| {
            HttpMockResponse::builder()
                .status(418)
                .header("content-type", "application/json")
                .body(json!({ "message": self.message(request) }).to_string())
                .build()
        });
    }

    fn message(&self, request: &HttpMockRequest) -> String {
        let method = request.method_str();
        let uri = request.uri();
        let path = uri.path();
        let shown = uri.path_and_query().map_or(path, |path| path.as_str());
        let operation = path
            .strip_prefix(ADMIN)
            .and_then(|path| Operation::matching(OPERATIONS, method, path));
        let Some(operation) = operation else {
            return format!("no mock is met by {method} {shown}");
        };
        let mocks = self.of(operation.id);
        match mocks.is_empty() {
            true => format!(
                "there is no mock of `{}`, which {method} {shown} is a request of",
                operation.id
            ),
            false => format!(
                "no mock of `{}` is met by {method} {shown}; they want: {}",
                operation.id,
                mocks.join("; ")
            ),
        }
    }
}
