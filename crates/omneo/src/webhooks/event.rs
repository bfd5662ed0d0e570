//! What was delivered.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use omneo_api::runtime::DecodeError;
use omneo_types::OpenEnum;
use serde::de::{DeserializeOwned, IgnoredAny};
use sha2::{Digest, Sha256};

use super::{Context, EVENT_HEADER, Refusal, Trigger};

/// Something that happened: its name, and its context, which is JSON. The JSON is kept as it came, and read only when it is
/// asked for: as a [`Context`], or as any type.
///
/// Of fields that an object has twice the last counts, as in every answer. Unknown fields are passed over.
///
/// A clone is cheap: the JSON is shared. `Debug` does not show it.
///
/// ```
/// use omneo::webhooks::{Context, Event};
///
/// let event = Event::new("profile.updated", r#"{"id": "9332c9b2", "point_balance": "1500", "vip": true}"#)?;
/// # #[cfg(feature = "automation")]
/// match event.context() {
///     Context::Profile(profile) => println!("{:?} has {:?} points", profile.id, profile.point_balance),
///     _ => println!("{} {}", event.trigger(), event.text()),
/// }
///
/// // As a type of one's own, with fields that the schema lacks.
/// #[derive(serde::Deserialize)]
/// struct Vip {
///     vip: bool,
/// }
/// assert!(event.read::<Vip>()?.vip);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Event {
    trigger: OpenEnum<Trigger>,
    body: Bytes,
}

impl Event {
    /// An event that was verified already, such as one that was kept in a queue; see
    /// [`Verifier::event`](super::Verifier::event) for one that was delivered.
    ///
    /// # Errors
    ///
    /// `NotJson` if the context is none: empty, cut off, not UTF-8.
    pub fn new(trigger: &str, context: impl Into<Bytes>) -> Result<Self, Refusal> {
        let body = context.into();
        // Without this a text that is passed over may hold anything.
        std::str::from_utf8(&body).map_err(|_| Refusal::NotJson)?;
        serde_json::from_slice::<IgnoredAny>(&body).map_err(|_| Refusal::NotJson)?;
        let trigger = match trigger.parse() {
            Ok(known) => OpenEnum::Known(known),
            Err(_) => OpenEnum::Unknown(trigger.into()),
        };
        Ok(Self { trigger, body })
    }

    pub(super) fn delivered(headers: &HeaderMap, body: Bytes) -> Result<Self, Refusal> {
        let name = headers.get(EVENT_HEADER);
        let name = name.and_then(|name| name.to_str().ok());
        Self::new(name.unwrap_or_default().trim(), body)
    }

    /// What happened. An empty text if `X-Omneo-Event` was missing or no text: whether targets send it is not documented.
    #[must_use]
    pub fn trigger(&self) -> &OpenEnum<Trigger> {
        &self.trigger
    }

    /// The context by its [group](Trigger::group), if it is as expected.
    #[must_use]
    pub fn context(&self) -> Context {
        Context::of(self)
    }

    /// The context as any type: one of [`types`](crate::types), `serde_json::Value`, or one's own.
    ///
    /// # Errors
    ///
    /// If it does not fit, with the place. It shows no value.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ContextError> {
        serde_json::from_slice(&self.body).map_err(|error| ContextError {
            trigger: self.trigger.to_string().into(),
            fault: Box::new(DecodeError::explain(&self.body, &error)),
        })
    }

    /// The context as it was sent: JSON.
    #[must_use]
    pub fn text(&self) -> &str {
        // It was seen to be UTF-8.
        std::str::from_utf8(&self.body).unwrap_or_default()
    }

    /// The context as it was sent.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// What tells this event from others: a digest of its name and its context. Omneo sends no id.
    #[must_use]
    pub fn id(&self) -> EventId {
        let name = self.trigger.as_str();
        let digest = Sha256::new()
            .chain_update((name.len() as u64).to_be_bytes())
            .chain_update(name.as_bytes())
            .chain_update(&self.body);
        EventId(digest.finalize().into())
    }
}

/// Shows no customer.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("trigger", &self.trigger)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A digest of an event's name and context: equal for equal deliveries, and for no others. `Display` is lower-case hex, for
/// a key in a store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId([u8; 32]);

impl EventId {
    /// The SHA-256.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::lower::encode_string(&self.0))
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventId({self})")
    }
}

/// A context that does not fit the type that it was read as.
#[derive(Clone, Debug)]
pub struct ContextError {
    trigger: Box<str>,
    fault: Box<DecodeError>,
}

impl ContextError {
    /// Where in the JSON, such as `items[3].quantity`; empty for the whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.fault.path
    }

    /// What was expected and what came.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.fault.message
    }
}

impl fmt::Display for ContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the context of {:?}{}", self.trigger, self.fault)
    }
}

impl std::error::Error for ContextError {}

/// What a handler or an extractor takes: an [`Event`] as it is, its [`Context`], or the context read as any type that serde
/// reads.
pub trait FromEvent: Sized {
    /// Takes what it needs.
    ///
    /// # Errors
    ///
    /// If the context does not fit.
    fn from_event(event: &Event) -> Result<Self, ContextError>;
}

impl FromEvent for Event {
    fn from_event(event: &Event) -> Result<Self, ContextError> {
        Ok(event.clone())
    }
}

impl FromEvent for Context {
    fn from_event(event: &Event) -> Result<Self, ContextError> {
        Ok(event.context())
    }
}

impl<T: DeserializeOwned> FromEvent for T {
    fn from_event(event: &Event) -> Result<Self, ContextError> {
        event.read()
    }
}

#[cfg(test)]
mod tests {
    use super::Event;
    use crate::webhooks::{Refusal, Trigger};

    #[test]
    fn what_is_no_json_is_no_event() {
        for body in [
            &b""[..],
            b" ",
            b"{",
            b"{}{}",
            b"id=3",
            b"{\"a\":\"\xff\"}",
            b"\xef\xbb\xbf{}",
        ] {
            let event = Event::new("profile.updated", body.to_vec());
            assert_eq!(event.map(drop), Err(Refusal::NotJson), "{body:?}");
        }
        for body in ["{}", "[]", "null", "3", r#""text""#, r#" {"a": 1} "#] {
            assert_eq!(Event::new("profile.updated", body).unwrap().text(), body);
        }
    }

    #[test]
    fn json_of_any_depth_is_an_event() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let event = Event::new("profile.updated", deep).unwrap();
        assert!(event.read::<serde_json::Value>().is_err());
    }

    #[test]
    fn of_a_field_that_is_there_twice_the_last_counts() {
        let event = Event::new("acme.done", r#"{"id":1,"id":2}"#).unwrap();
        let json: serde_json::Value = event.read().unwrap();
        assert_eq!(json["id"], 2);
        assert_eq!(event.text(), r#"{"id":1,"id":2}"#);
    }

    #[test]
    fn a_name_that_is_not_known_is_kept() {
        let event = Event::new("acme.done", "{}").unwrap();
        assert_eq!(event.trigger().known(), None);
        assert_eq!(event.trigger().as_str(), "acme.done");
        assert_eq!(
            *Event::new("tier.lost", "{}").unwrap().trigger(),
            Trigger::TierLost
        );
    }

    #[test]
    fn the_id_is_of_name_and_context() {
        let id = |name, body: &'static str| Event::new(name, body).unwrap().id();
        assert_eq!(id("a", "{}"), id("a", "{}"));
        assert_ne!(id("a", "{}"), id("b", "{}"));
        assert_ne!(id("a", "{}"), id("a", "{ }"));
        assert_ne!(id("a1", "2"), id("a", "12"));
        assert_eq!(id("a", "{}").to_string().len(), 64);
    }

    #[test]
    fn neither_debug_nor_an_error_shows_the_customer() {
        let event = Event::new("profile.updated", r#"{"id":"ada@example.com"}"#).unwrap();
        assert!(!format!("{event:?}").contains("ada"));
        #[derive(Debug, serde::Deserialize)]
        #[allow(dead_code)]
        struct Numbered {
            id: u32,
        }
        let error = event.read::<Numbered>().unwrap_err();
        assert_eq!(error.path(), "id");
        assert_eq!(
            error.to_string(),
            "the context of \"profile.updated\" could not be decoded at id: expected u32, got string"
        );
    }
}
