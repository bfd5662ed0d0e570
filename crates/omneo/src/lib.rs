#![doc = include_str!("../README.md")]

pub mod auth;
mod base_url;
// The platform has the batches, and their import jobs; the other sections have the other records.
#[cfg(feature = "platform")]
pub mod batch;
mod builder;
mod client;
// What `ensure` of definitions and of subscriptions compares by.
#[cfg(any(
    feature = "incentives",
    all(feature = "webhooks", feature = "automation")
))]
mod difference;
mod ext;
#[cfg(feature = "_profile")]
mod id;
// Its reports are those of batches.
#[cfg(feature = "platform")]
pub mod import;
#[cfg(feature = "incentives")]
pub mod incentives;
mod profile;
mod rate_limit;
#[cfg(feature = "readers")]
pub mod readers;
mod remembered;
pub mod retry;
pub mod testing;
mod timer;
mod transport;
#[cfg(feature = "webhooks")]
pub mod webhooks;
mod zone;

pub use builder::Builder;
pub use client::Omneo;
pub use ext::{HandleExt, OptionsExt};
#[cfg(feature = "_profile")]
pub use id::IdProfile;
#[cfg(feature = "_profile")]
pub use profile::Profile;
pub use profile::{Identity, ProfileRef, identity};
pub use rate_limit::RateLimit;
pub use retry::{Backoff, Repeat, RetryBudget, RetryPolicy};
pub use timer::{Timer, TokioTimer};
pub use transport::Timeouts;

pub use omneo_api::{
    Api, Attempts, Client, Effect, Error, ErrorKind, List, OPERATIONS, Operation, RequestOptions,
    ResponseValue, Token, filter, filters, http, listing, resources, runtime, types,
};
pub use omneo_types;

/// The code of the project's README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
