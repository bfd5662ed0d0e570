#![doc = include_str!("../README.md")]
// Without a section there is nothing to mock.
#![cfg_attr(
    not(any(
        feature = "appointments",
        feature = "automation",
        feature = "commerce",
        feature = "configuration",
        feature = "incentives",
        feature = "lists",
        feature = "organisations",
        feature = "platform",
        feature = "profiles"
    )),
    allow(dead_code, unused_imports, unused_macros)
)]

mod form;
mod json;
mod kinds;
pub mod operations;
pub mod path;
mod request;
mod response;
pub mod sample;
mod server;
mod then;
mod unmet;
mod when;

#[doc(hidden)]
pub use form::{Form, apply};
pub use httpmock;
pub use httpmock::Mock;
pub use kinds::{
    Bare, Bytes, Json, Many, Multipart, OfProfile, One, Typed, TypedOperation, UrlEncoded,
};
pub use server::Server;
pub use then::Then;
pub use when::When;
