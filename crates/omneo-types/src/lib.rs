//! Types that read what the Omneo API really sends, and write what it accepts.
//!
//! ```
//! use omneo_types::{Amount, Id, Page, Timestamp};
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! struct Reward {
//!     id: Id,
//!     value: Amount,
//!     expires_at: Option<Timestamp>,
//! }
//!
//! let page: Page<Reward> = serde_json::from_str(
//!     r#"{"data": [{"id": "3", "value": "49.90", "expires_at": "2026-01-31 13:00:00"}],
//!         "meta": {"current_page": 1, "last_page": "4"}}"#,
//! )?;
//!
//! assert_eq!(page.next_page(), Some(2));
//! assert_eq!(page.data[0].id, 3);
//! assert_eq!(page.data[0].value.to_string(), "49.90");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The server is written in PHP, and its published schema is made from its source: a number may arrive as text, a flag as 0 or 1, an empty map
//! as `[]`, a list with gaps as an object. Each type here takes every form of its value that has been seen, refuses the rest with one sentence
//! ([`ParseError`]), and writes a form that the server takes. Each type's table says which.
//!
//! # Invariants
//! - Reading never panics, whatever the input.
//! - What was read, written and read again is equal, up to 15 digits of an [`Amount`]: serde_json reads fractions as floats.
//! - Reading needs no knowledge of the format beyond serde's data model: values may come from a slice, a [`serde_json::Value`], or serde's own
//!   buffer (`#[serde(flatten)]`, `#[serde(untagged)]`), also if some other crate turns on serde_json's `arbitrary_precision`.
//!
//! # Features
//! `schemars`: `JsonSchema` for every type.

#[macro_use]
mod error;
#[cfg(feature = "schemars")]
#[macro_use]
mod schema;

mod amount;
mod best_fit;
mod data;
mod field;
mod fields;
mod flag;
mod id;
mod integer;
mod linked;
mod list;
mod map;
mod maybe_data;
mod open_enum;
mod page;
mod raw_page;
mod record;
mod scalar;
mod timestamp;

pub use amount::Amount;
pub use best_fit::best_fit;
pub use data::Data;
pub use error::ParseError;
pub use field::Field;
#[doc(hidden)]
pub use fields::{
    ReadFields, WriteField, WriteFields, next_field, read_field, read_record, read_required,
    required, write_record,
};
pub use flag::Flag;
pub use id::Id;
pub use integer::Integer;
pub use linked::Linked;
pub use list::List;
pub use map::Map;
pub use maybe_data::MaybeData;
pub use open_enum::OpenEnum;
pub use page::{Links, Meta, MetaLink, Page};
pub use raw_page::RawPage;
pub use record::Record;
pub use scalar::Scalar;
pub use timestamp::Timestamp;

/// The crate of the times in this API, so that callers need not match its version.
pub use jiff;
/// The decimal inside an [`Amount`].
pub use rust_decimal::Decimal;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
