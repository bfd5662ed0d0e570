//! Imports, against a server that keeps what it was sent.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(
    feature = "commerce",
    feature = "incentives",
    feature = "platform",
    feature = "profiles"
))]

mod following;
mod lost;
mod manual;
mod memory;
mod multipart;
mod server;
mod uploading;
