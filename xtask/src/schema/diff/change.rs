//! What happens to callers, one change at a time.

use serde::Serialize;

use super::Edit;

/// What happened to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It is gone.
    Removed,
    /// It has another name.
    Renamed,
    /// It has the same name and is something else.
    Changed,
    /// It is new.
    Added,
}

impl Kind {
    /// The kind as one lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Renamed => "renamed",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// A method and path, with all that calls them.
    Operation,
    /// The method or path behind a method of `Client`.
    Route,
    /// A method of `Client`.
    Binding,
    /// A handle's method that calls an operation.
    Call,
    /// What an operation's methods take.
    Arguments,
    /// What an operation's methods return.
    Answer,
    /// A query parameter.
    Parameter,
    /// A part of a multipart body.
    Part,
    /// A handle's type.
    Handle,
    /// A handle's method that leads to another handle.
    Accessor,
    /// A struct or enum.
    Type,
    /// A field of a struct.
    Field,
    /// A variant of an enum.
    Variant,
    /// A trait that a type implements.
    Trait,
    /// The cargo features in which something is.
    Features,
}

impl Item {
    /// The item in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Route => "route",
            Self::Binding => "binding",
            Self::Call => "call",
            Self::Arguments => "arguments",
            Self::Answer => "answer",
            Self::Parameter => "query parameter",
            Self::Part => "part",
            Self::Handle => "handle",
            Self::Accessor => "accessor",
            Self::Type => "type",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Trait => "trait",
            Self::Features => "features",
        }
    }
}

/// One change for callers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happened.
    pub kind: Kind,
    /// To what.
    pub item: Item,
    /// What it is called: before, where it was there before.
    pub name: String,
    /// What it was, in Rust where it is Rust.
    pub from: Option<String>,
    /// What it is now.
    pub to: Option<String>,
    /// Whether a caller may have to change something.
    pub breaking: bool,
    /// Why it is breaking, or why not.
    pub why: String,
    /// What changed in the schema there.
    pub published: Vec<Edit>,
    /// Where the schema describes it, before and after.
    #[serde(skip)]
    pub(super) places: Vec<Place>,
}

/// Where the schema describes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// A JSON pointer.
    pub(super) pointer: String,
    /// The property, parameter or value that it is about, if not all that stands there.
    pub(super) member: Option<String>,
}

impl Place {
    pub(super) fn all(pointer: &str) -> Self {
        Self {
            pointer: pointer.to_owned(),
            member: None,
        }
    }

    pub(super) fn member(pointer: &str, member: &str) -> Self {
        Self {
            pointer: pointer.to_owned(),
            member: Some(member.to_owned()),
        }
    }
}

/// What happened to one thing, before it is a [`Change`].
pub(super) struct Happened {
    kind: Kind,
    item: Item,
    name: String,
    from: Option<String>,
    to: Option<String>,
}

impl Happened {
    pub(super) fn new(kind: Kind, item: Item, name: impl Into<String>) -> Self {
        Self {
            kind,
            item,
            name: name.into(),
            from: None,
            to: None,
        }
    }

    #[allow(clippy::needless_pass_by_value)] // a caller has it borrowed or made
    pub(super) fn from(mut self, text: impl ToString) -> Self {
        self.from = Some(text.to_string());
        self
    }

    #[allow(clippy::needless_pass_by_value)] // as `from`
    pub(super) fn to(mut self, text: impl ToString) -> Self {
        self.to = Some(text.to_string());
        self
    }

    pub(super) fn breaking(self, why: &str, places: Vec<Place>) -> Change {
        self.judged(true, why, places)
    }

    pub(super) fn compatible(self, why: &str, places: Vec<Place>) -> Change {
        self.judged(false, why, places)
    }

    pub(super) fn judged(self, breaking: bool, why: &str, places: Vec<Place>) -> Change {
        Change {
            kind: self.kind,
            item: self.item,
            name: self.name,
            from: self.from,
            to: self.to,
            breaking,
            why: why.to_owned(),
            published: Vec::new(),
            places,
        }
    }
}
