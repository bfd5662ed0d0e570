//! Many records at once, against a server that keeps count.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(
    feature = "commerce",
    feature = "incentives",
    feature = "platform",
    feature = "profiles"
))]

mod checkpoint;
mod chunks;
mod ending;
mod kinds;
mod lost;
mod outcomes;
mod progress;
mod property;
mod refusals;
mod server;
mod soak;
mod support;
