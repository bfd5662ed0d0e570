//! Where a node is: a JSON pointer before it is written as text.

use std::fmt;

use serde_json::Value;

/// One step from a container to a node in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    Member(String),
    Element(usize),
}

/// The steps from the document's root to a node. Ordered so that a node comes before what is in it, and elements by their index.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Location(pub(crate) Vec<Step>);

impl Location {
    pub(crate) fn node<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        self.0
            .iter()
            .try_fold(document, |node, step| match (step, node) {
                (Step::Member(name), Value::Object(members)) => members.get(name),
                (Step::Element(index), Value::Array(elements)) => elements.get(*index),
                _ => None,
            })
    }

    pub(crate) fn node_mut<'a>(&self, document: &'a mut Value) -> Option<&'a mut Value> {
        self.0
            .iter()
            .try_fold(document, |node, step| match (step, node) {
                (Step::Member(name), Value::Object(members)) => members.get_mut(name),
                (Step::Element(index), Value::Array(elements)) => elements.get_mut(*index),
                _ => None,
            })
    }

    /// The container's location and the last step; `None` for the root.
    pub(crate) fn split(mut self) -> Option<(Self, Step)> {
        let last = self.0.pop()?;
        Some((self, last))
    }
}

/// A JSON pointer (RFC 6901).
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| match step {
            Step::Member(name) => write!(f, "/{}", name.replace('~', "~0").replace('/', "~1")),
            Step::Element(index) => write!(f, "/{index}"),
        })
    }
}

/// Whether more than `limit` containers lie inside each other. Walks with a list, not by calling itself: the value may be of any depth.
pub(crate) fn exceeds_depth(value: &Value, limit: usize) -> bool {
    let mut open = vec![(value, 0)];
    while let Some((value, around)) = open.pop() {
        let inner: &mut dyn Iterator<Item = &Value> = match value {
            Value::Object(members) => &mut members.values(),
            Value::Array(elements) => &mut elements.iter(),
            _ => continue,
        };
        if around == limit {
            return true;
        }
        open.extend(inner.map(|inner| (inner, around + 1)));
    }
    false
}
