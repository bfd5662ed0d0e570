#![doc = include_str!("../README.md")]

mod connection;
mod decode;
mod fault;
mod gzip;
mod port;
mod random;
mod received;
mod response;
mod server;
mod shared;
mod stalls;
mod wire;

pub use fault::{Fault, Moment};
pub use port::RefusingPort;
pub use random::RandomFaults;
pub use received::Received;
pub use response::Response;
pub use server::FaultServer;
