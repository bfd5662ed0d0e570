//! What a client sees of each fault, and what a test learns from the server.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod answers;
mod client;
mod endings;
mod http_client;
mod lifetime;
mod load;
mod requests;
mod script;
