//! What can be wrong with an overlay, and what it can find wrong with a document.

use std::fmt;

/// Why an overlay could not be read or applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OverlayError {
    /// The text is no JSON, or its members are not those of an Overlay document.
    #[error("not an overlay document: {0}")]
    Syntax(#[from] serde_json::Error),
    /// The document has an `overlay` version other than 1.0.
    #[error("overlay version {0:?} is not supported, only 1.0")]
    Version(String),
    /// A member that the specification doesn't name and that doesn't start with `x-`.
    #[error("{place} has the unknown field {field:?}; an extension's name starts with \"x-\"")]
    UnknownField {
        /// `the overlay`, `info` or `actions[n]`.
        place: String,
        /// The member's name.
        field: String,
    },
    /// The overlay lists no action, though the specification asks for one.
    #[error("the overlay has no actions")]
    NoActions,
    /// The document to change nests deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    #[error("the document nests deeper than {} levels", crate::MAX_DEPTH)]
    DocumentTooDeep,
    /// Actions that failed: all of them, in their order.
    #[error("{}", one_line_each(.0))]
    Actions(Vec<ActionError>),
}

/// One action's failure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("actions[{index}] with target `{target}` {problem}")]
pub struct ActionError {
    /// The action's place in the overlay's `actions`, from 0.
    pub index: usize,
    /// The action's target, as written.
    pub target: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with an action. Each message continues "actions\[n\] with target `...`".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The target is no JSONPath.
    #[error("has a target that is no JSONPath: {0}")]
    NotJsonPath(String),
    /// The action has neither an `update` nor `remove: true`.
    #[error("has neither an update nor remove: true")]
    NothingToDo,
    /// The target selects no node.
    #[error("matches nothing")]
    MatchesNothing,
    /// Without the action the result would be the same.
    #[error("is no longer needed: the document already says so")]
    NotNeeded,
    /// The target of an update selects a primitive, which can't be merged into.
    #[error("selects the primitive at {pointer:?}; let it select the object around it")]
    SelectsPrimitive {
        /// Where the primitive is.
        pointer: String,
    },
    /// The target selects an object, and the update is none.
    #[error("selects the object at {pointer:?}, but the update is no object")]
    UpdateIsNoObject {
        /// Where the object is.
        pointer: String,
    },
    /// The target of a removal selects the whole document.
    #[error("removes the whole document")]
    RemovesDocument,
    /// The update, or the result, would nest deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    #[error("nests deeper than {} levels", crate::MAX_DEPTH)]
    TooDeep,
}

fn one_line_each(errors: &[ActionError]) -> impl fmt::Display + '_ {
    struct Lines<'a>(&'a [ActionError]);
    impl fmt::Display for Lines<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let count = self.0.len();
            write!(f, "{count} of the overlay's actions failed:")?;
            self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
        }
    }
    Lines(errors)
}
