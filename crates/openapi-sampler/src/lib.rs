#![doc = include_str!("../README.md")]

mod conjunction;
mod coverage;
mod pattern;
mod pointer;
mod run;
mod scalar;

pub use coverage::{covered, places};

use serde_json::Value;

/// Makes the samples of a document's schemas.
pub struct Sampler<'d> {
    document: &'d Value,
    seed: u64,
    text: Box<Text<'d>>,
    edit: Box<Edit<'d>>,
}

type Text<'d> = dyn Fn(&str) -> Option<String> + Send + Sync + 'd;
type Edit<'d> = dyn Fn(&Place<'_>, Value) -> Option<Value> + Send + Sync + 'd;

/// What a value was sampled as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Null.
    Null,
    /// A boolean.
    Boolean,
    /// A number, whole or not.
    Number,
    /// A text that is not listed in an `enum`.
    Text,
    /// A value of an `enum`, or of a `const`.
    Enum,
    /// A list.
    List,
    /// An object whose members have no names in the schema.
    Map,
    /// An object of named properties.
    Record,
    /// Whatever JSON, where the schema says nothing.
    Any,
}

/// Where a value stands in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// It is a sample itself.
    Whole,
    /// It is a property of a record.
    Property {
        /// Whether the schema requires it.
        required: bool,
    },
    /// It is a member of a map.
    Member,
    /// It is an item of a list.
    Item,
}

/// What an edit function is told about a value.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Place<'a> {
    /// What the value was sampled as.
    pub kind: Kind,
    /// Where it stands.
    pub role: Role,
    /// The name of the property, or of the one whose list or map it is in.
    pub name: Option<&'a str>,
    /// The `format` that the schema gives for it.
    pub format: Option<&'a str>,
    /// How many records it stands in.
    pub depth: usize,
}

impl<'d> Sampler<'d> {
    /// The samples as the schemas describe them, by the seed 0.
    #[must_use]
    pub fn new(document: &'d Value) -> Self {
        Self {
            document,
            seed: 0,
            text: Box::new(|_| None),
            edit: Box::new(|_, value| Some(value)),
        }
    }

    /// With another seed, which chooses numbers and texts.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// With texts by the name of the property, where the schema gives neither a format nor a pattern.
    #[must_use]
    pub fn text(mut self, text: impl Fn(&str) -> Option<String> + Send + Sync + 'd) -> Self {
        self.text = Box::new(text);
        self
    }

    /// With a change of each value before it is put in its place; `None` leaves it out.
    #[must_use]
    pub fn edit(
        mut self,
        edit: impl Fn(&Place<'_>, Value) -> Option<Value> + Send + Sync + 'd,
    ) -> Self {
        self.edit = Box::new(edit);
        self
    }

    /// Values of the schema at a JSON pointer, which together cover it and all that it refers to. None if no value
    /// fits the schema, or nothing is there.
    #[must_use]
    pub fn samples(&self, pointer: &str) -> Vec<Value> {
        run::samples(self, pointer)
    }
}
