//! What comes of deliveries: answered, typed, handled, and never lost silently.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod contexts;
mod dispatching;
mod receiving;
mod repeats;
mod support;
