//! Incentives: what is sent for each family, what is refused before, and what becomes of failures.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(feature = "incentives", feature = "profiles"))]

mod allocate;
mod bench;
mod definitions;
mod extend;
mod issue;
mod naming;
mod refused;
mod schema;
mod times;
mod to_each;
