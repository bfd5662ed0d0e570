//! Redeeming and giving back: what is sent, what becomes of a lost answer, and what is refused before anything is sent.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(feature = "incentives", feature = "profiles"))]

mod at_random;
mod balances;
mod ledger;
mod lost;
mod refused;
mod requests;
mod reverse;
#[path = "../incentives/schema.rs"]
mod schema;
mod secrets;
