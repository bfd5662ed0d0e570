//! What a mock meets and what it answers, seen through the client.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(
    feature = "commerce",
    feature = "incentives",
    feature = "organisations",
    feature = "platform",
    feature = "profiles"
))]

mod answers;
mod errors;
mod forms;
mod lists;
mod misuse;
mod requests;
mod unmet;

use omneo::testing::ManualTimer;
use omneo::{Omneo, RetryPolicy};
use omneo_mock::Server;

/// A server without mocks, and a client of it that sends each request once.
async fn start() -> (Server, Omneo) {
    let server = Server::start().await;
    let omneo = client(&server, RetryPolicy::never());
    (server, omneo)
}

fn client(server: &Server, retry: RetryPolicy) -> Omneo {
    Omneo::builder()
        .base_url(server.url())
        .token(server.token())
        .retry(retry)
        .timer(ManualTimer::new())
        .build()
        .unwrap()
}

/// A test may share a server with the tasks that it spawns.
#[test]
fn a_server_can_be_shared() {
    fn check<T: Send + Sync>() {}
    check::<Server>();
}
