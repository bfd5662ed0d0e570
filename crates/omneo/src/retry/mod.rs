//! When a request is sent again.
//!
//! One policy lies under every operation. It asks three things, in this order:
//!
//! 1. **Can a repeat help?** After a lost connection, a time limit, and the statuses 408, 425, 429, 500, 502, 503 and
//!    504.
//! 2. **Is it safe?** `GET`, `PUT` and `DELETE` are, and what [`Repeat`] lists. Anything else is repeated only when the
//!    server can't have done the work: no connection, 429, or 503 with `Retry-After`.
//! 3. **Is there room?** Attempts are left, the pause ends before the time limit of the call, and the
//!    [budget](RetryBudget) of the client is not spent.
//!
//! The pause is what the server asks for (`Retry-After`, `X-RateLimit-Reset`). Where it asks for none, or for a time that
//! has passed already, pauses grow exponentially with full jitter.
//!
//! # What comes of each fault
//!
#![doc = include_str!("../../docs/faults.md")]

mod backoff;
mod budget;
mod cause;
mod policy;
mod repeat;

pub use backoff::Backoff;
pub use budget::RetryBudget;
pub use policy::RetryPolicy;
pub use repeat::Repeat;

pub(crate) use budget::Tokens;
pub(crate) use cause::Cause;
