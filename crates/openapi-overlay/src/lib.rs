//! Applies an [OpenAPI Overlay] 1.0 document to a JSON document, strictly.
//!
//! An overlay lists what a document should say where it says something else. Such a list goes stale: the document is corrected at its source, or
//! is rearranged, and nobody notices that an action has become pointless. This crate notices. [`Overlay::apply`] fails when an action matches
//! nothing, and when the final document would read the same without what it wrote; the error lists every such action.
//!
//! ```
//! use openapi_overlay::Overlay;
//! use serde_json::json;
//!
//! let overlay = Overlay::parse(
//!     r#"{
//!         "overlay": "1.0.0",
//!         "info": {"title": "What the server sends", "version": "1"},
//!         "actions": [{"target": "$.components.schemas.Pet.properties.age", "update": {"type": "integer"}}]
//!     }"#,
//! )?;
//!
//! let mut document = json!({"components": {"schemas": {"Pet": {"properties": {"age": {"type": "string"}}}}}});
//! let applied = overlay.apply(&mut document)?;
//! assert_eq!(document["components"]["schemas"]["Pet"]["properties"]["age"]["type"], "integer");
//! assert_eq!(applied.actions[0].matched, ["/components/schemas/Pet/properties/age"]);
//!
//! let error = overlay.apply(&mut document).unwrap_err();
//! assert!(error.to_string().contains("no longer needed"));
//! # Ok::<(), openapi_overlay::OverlayError>(())
//! ```
//!
//! # What an action does
//!
//! - `target` is an RFC 9535 JSONPath. Its matches are found before the action changes anything; a node that it selects twice counts once.
//! - `update` on an object merges: objects merge member by member, two arrays concatenate, anything else takes the update's place.
//! - `update` on an array appends the value as one entry, whatever its kind.
//! - `remove: true` deletes every matched node, primitives too. It wins over an `update` beside it.
//!
//! Overlay 1.0 says "recursively merged" and leaves arrays inside an object open; they follow the rule that Overlay 1.1 wrote down, concatenation.
//! So a keyword that holds an array is replaced by two actions, a `remove` of that keyword and an `update`. Two things of 1.1 are not taken over:
//! its error for values of different kinds (here the update's value wins) and its concatenation of an array onto a matched array (1.0 wants one
//! entry). Of 1.0, the ban on removing a primitive is lifted, as 1.1 does.
//!
//! # What is checked
//!
//! - An action that matches nothing fails.
//! - An action is *no longer needed* if each place that it wrote to, or removed, is in the end what it was in the original document. A `remove`
//!   and an `update` that undo each other are both found by this. An action with several matches is needed if one of them is.
//! - Where elements were removed from an array, indexes no longer name the same element, so that array is compared as a whole.
//!
//! [OpenAPI Overlay]: https://spec.openapis.org/overlay/v1.0.0.html

mod apply;
mod document;
mod error;
mod location;
mod target;

pub use apply::{Applied, AppliedAction, Fitting};
pub use document::{Action, Overlay};
pub use error::{ActionError, OverlayError, Problem};

/// How many containers may lie inside each other, in a document, an update and the result.
///
/// `serde_json` reads nothing deeper, so no document that it parsed meets this limit; it keeps hand-made values from exhausting the stack.
pub const MAX_DEPTH: usize = 128;
