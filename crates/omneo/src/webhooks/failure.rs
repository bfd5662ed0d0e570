//! Events that were acknowledged and not handled.

use std::any::Any;
use std::fmt;

use super::{BoxError, ContextError, Event};

/// An event that was acknowledged and then not handled, or not noted as handled.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// The event, to be kept or [submitted](super::Dispatcher::submit) again.
    pub event: Event,
    /// Why.
    pub cause: Cause,
}

/// Why an event was not handled.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The context does not fit what the handler takes.
    Context(ContextError),
    /// The handler's own error.
    Handler(BoxError),
    /// The handler panicked; the text is the panic's.
    Panic(String),
    /// The handler is done, but the store of seen events could not note the outcome.
    Store(BoxError),
}

impl Cause {
    pub(super) fn panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Self::Panic(text.unwrap_or_default())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trigger = self.event.trigger();
        match &self.cause {
            Cause::Context(error) => write!(f, "{error}; it was not handled"),
            Cause::Handler(error) => write!(f, "{trigger} was not handled: {error}"),
            Cause::Panic(text) => {
                write!(f, "{trigger} was not handled: its handler panicked: {text}")
            }
            Cause::Store(error) => write!(
                f,
                "whether {trigger} was handled could not be noted, so it may be handled again or be refused: {error}"
            ),
        }
    }
}

impl std::error::Error for Failure {}
