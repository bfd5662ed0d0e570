#![doc = include_str!("../README.md")]

mod answer;
mod auth;
mod background;
mod body;
mod call;
mod clock;
mod context;
mod engine;
mod fault;
mod hooks;
mod id_api;
mod limit;
mod log;
mod query;
mod record;
mod render;
mod resource;
mod rules;
mod sandbox;
mod schema;
mod secret;
mod seed;
mod server;
mod store;
mod summary;

pub use clock::Clock;
pub use fault::{Fault, Faults};
pub use hooks::{Delivery, DeliveryState};
pub use log::Request;
pub use sandbox::{Builder, Error, Reply, Sandbox, Snapshot, StartError};
pub use seed::Seed;
pub use summary::rules;
