//! The record of every step that lost or changed something.

use std::fmt;

use crate::text::line;

/// What a lowering step did to the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Change {
    /// An operation, a field, a parameter or a body is not in the bindings.
    Dropped,
    /// A schema that said something became free JSON.
    FreeJson,
    /// The type accepts more than the schema: a rule is no longer checked.
    Widened,
    /// Something has another name in Rust than Rust's conventions would give it.
    Renamed,
    /// Something is bound in another form than the document has it.
    Changed,
}

impl Change {
    /// The change as one lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::FreeJson => "free JSON",
            Self::Widened => "widened",
            Self::Renamed => "renamed",
            Self::Changed => "changed",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One lossy step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Step {
    /// JSON pointer into the source document.
    pub pointer: String,
    /// What kind of step it was.
    pub change: Change,
    /// What was lost or changed.
    pub what: String,
    /// Why.
    pub why: &'static str,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pointer, what) = (line(&self.pointer), line(&self.what));
        write!(f, "{}: {pointer}: {what} ({})", self.change, self.why)
    }
}

/// Every lossy step of one lowering, in the order of the document's pointers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    steps: Vec<Step>,
}

impl Report {
    /// The steps, sorted by pointer.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many steps were of this kind.
    pub fn count(&self, change: Change) -> usize {
        self.steps
            .iter()
            .filter(|step| step.change == change)
            .count()
    }

    pub(crate) fn add(
        &mut self,
        pointer: &str,
        change: Change,
        what: impl Into<String>,
        why: &'static str,
    ) {
        self.steps.push(Step {
            pointer: pointer.to_owned(),
            change,
            what: what.into(),
            why,
        });
    }

    /// Sorts the steps and drops repeated ones: a schema can be read more than once, for example
    /// as a member of several `allOf`s.
    pub(crate) fn finish(&mut self) {
        self.steps.sort();
        self.steps.dedup();
    }
}
