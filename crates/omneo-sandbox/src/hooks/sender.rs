//! Sends deliveries.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use tokio::sync::Semaphore;

use super::delivery::Delivery;

/// How many are sent at the same time.
const AT_ONCE: usize = 16;

/// How long a receiver may take: it is to answer fast and work later.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The receiver answered with a 2xx.
    Delivered,
    /// It did not; why, in words.
    Failed(String),
}

/// Sends deliveries, some at a time.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    /// Or why there is none.
    client: Result<reqwest::Client, String>,
    permits: Arc<Semaphore>,
}

impl Sender {
    pub(crate) fn new() -> Self {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            // Receivers are mostly on this machine, and a proxy is not.
            .no_proxy()
            .build()
            .map_err(words);
        Self {
            client,
            permits: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Sends a delivery once, as soon as fewer than sixteen others are being sent.
    pub(crate) async fn send(&self, delivery: &Delivery) -> Outcome {
        // The semaphore is never closed.
        let _permit = self.permits.acquire().await;
        let client = match &self.client {
            Ok(client) => client,
            Err(why) => return Outcome::Failed(why.clone()),
        };
        let Ok(trigger) = HeaderValue::from_bytes(delivery.trigger.as_bytes()) else {
            return Outcome::Failed("The trigger can't be sent as a header.".to_owned());
        };
        let request = client
            .post(&delivery.url)
            .header(CONTENT_TYPE, "application/json")
            .header("X-Omneo-Event", trigger)
            .header("X-Omneo-Hmac-SHA256", &delivery.signature)
            .body(delivery.body.clone());
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Outcome::Delivered,
            Ok(answer) => {
                Outcome::Failed(format!("The receiver answered with {}.", answer.status()))
            }
            Err(error) => Outcome::Failed(words(error)),
        }
    }
}

/// An error with its causes. Without the URL, which may hold a secret of the receiver's.
fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}
