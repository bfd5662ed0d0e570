//! Webhooks: what Omneo sends when something happened. Verified before it is read, typed, and dispatched to handlers; and
//! the subscriptions that it is sent for.
//!
//! | for | there is |
//! |---|---|
//! | whether a body is Omneo's | [`Verifier`]; the same for [targets](Verifier) |
//! | what happened | [`Event`], [`Trigger`], [`Context`] |
//! | handlers by event, bounded, with failures reported | [`Router`], [`Dispatcher`] |
//! | deliveries that come twice | [`Seen`], [`SeenInMemory`] |
//! | axum, with the feature `axum` | `Signed`, an extractor |
//! | tower, with the feature `tower` | `Receiver`, a service; `VerifyLayer`, a layer |
//! | what is subscribed, with the feature `automation` | `Subscriptions::ensure` on `omneo.webhooks()` |
//! | tests of a receiver | [`sign`] |
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use omneo::http::HeaderMap;
//! use omneo::webhooks::{Event, Router, Verifier, sign};
//!
//! let verifier = Verifier::new("hush")?;
//! let router = Router::new().otherwise(async |event: Event| {
//!     println!("{} {}", event.trigger(), event.text());
//!     Ok::<_, std::io::Error>(())
//! });
//! let dispatcher = router.on_failure(|failure| eprintln!("{failure}")).start();
//!
//! // What a web framework gives, whichever it is.
//! let body = r#"{"id": "9332c9b2-e31c-4d49-8ec3-62a9466d339c"}"#;
//! let mut headers = HeaderMap::new();
//! headers.insert("X-Omneo-Event", "profile.updated".parse()?);
//! headers.insert("X-Omneo-Hmac-SHA256", sign("hush", body.as_bytes()).parse()?);
//!
//! match verifier.event(&headers, body) {
//!     Ok(event) => match dispatcher.submit(event).await {
//!         Ok(_) => println!("200"),
//!         Err(refusal) => println!("{} {refusal}", refusal.status()),
//!     },
//!     Err(refusal) => println!("{} {refusal}", refusal.status()),
//! }
//! dispatcher.drain().await;
//! # Ok(())
//! # }
//! ```
//!
//! # How Omneo delivers
//!
//! By `POST`, with the context of the event as JSON, its name in `X-Omneo-Event`, and in `X-Omneo-Hmac-SHA256` the signature
//! of the body. Any answer but a success makes it send again; how often is not documented. Answer fast, and work afterwards.
//! What it promises of repeats and order, and what a receiver can do, is in [`Seen`].

mod context;
mod dispatcher;
mod event;
#[cfg(feature = "axum")]
mod extract;
mod failure;
#[cfg(feature = "_receive")]
mod receive;
mod refusal;
mod router;
mod seen;
#[cfg(feature = "tower")]
mod service;
#[cfg(feature = "automation")]
mod subscriptions;
mod trigger;
mod verify;

pub use context::Context;
#[cfg(all(feature = "incentives", feature = "automation"))]
pub use context::TierContext;
#[cfg(feature = "commerce")]
pub use context::TransactionContext;
pub use dispatcher::{Dispatcher, Taken};
pub use event::{ContextError, Event, EventId, FromEvent};
#[cfg(feature = "axum")]
pub use extract::Signed;
pub use failure::{Cause, Failure};
pub use refusal::Refusal;
pub use router::Router;
pub use seen::{Begun, Seen, SeenInMemory};
#[cfg(feature = "tower")]
pub use service::{Receiver, Verify, VerifyLayer};
#[cfg(feature = "automation")]
pub use subscriptions::{Applied, Plan, Step, Subscriptions};
pub use trigger::{Group, Trigger, Triggers, UnknownTrigger};
pub use verify::{EVENT_HEADER, SIGNATURE_HEADER, Verifier, sign};

#[cfg(feature = "automation")]
pub use crate::difference::Difference;

/// Any error.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
