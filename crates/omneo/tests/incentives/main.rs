//! Incentives: what is sent for each family, what is refused before, and what becomes of failures.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(feature = "incentives", feature = "profiles"))]

#[cfg(feature = "platform")]
mod allocate;
mod bench;
mod definitions;
mod extend;
mod issue;
mod naming;
mod refused;
mod schema;
mod times;
#[cfg(feature = "platform")]
mod to_each;
