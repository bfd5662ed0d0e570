//! What a schema changes for Rust callers of the generated crate.
//!
//! Two schemas are lowered and generated, and the code is compared: what is gone, what is new, what
//! has another type. A change is breaking if code that compiled may no longer compile, or if a call
//! that was sent is refused. Code is taken to be written as the documentation shows it: a request is
//! a literal that ends in `..Default::default()` where its type has a default, and an answer is
//! read, not made.

mod change;
mod edits;
mod features;
mod handles;
mod operations;
mod print;
mod published;
mod release;
mod renames;
mod types;

use anyhow::Result;
use omneo_codegen::Source;
use serde::Serialize;
use serde_json::Value;

pub use change::{Change, Item, Kind};
pub use edits::{Edit, edits};
pub use release::{Release, Step};

use change::{Happened, Place};

use super::surface::Surface;

/// A schema with its corrections, and what is generated of it.
#[derive(Clone, Debug)]
pub struct Side {
    /// The schema as published.
    pub published: Value,
    /// The schema with the corrections that fit.
    pub corrected: Value,
    /// The corrections that do not fit, as sentences.
    pub unfitting: Vec<String>,
    /// What a caller can name.
    pub surface: Surface,
}

impl Side {
    /// Corrects a schema as far as its corrections fit, and generates its code.
    ///
    /// # Errors
    ///
    /// If a file is no JSON, or no code can be made of the schema.
    pub fn read(source: &Source) -> Result<Self> {
        let corrected = source.correct_where_fitting()?;
        Ok(Self {
            published: source.document()?,
            surface: Surface::read(&corrected)?,
            unfitting: corrected
                .unfitting()
                .iter()
                .map(ToString::to_string)
                .collect(),
            corrected: corrected.document().clone(),
        })
    }
}

/// All that a schema changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// What changes for callers; the breaking changes first.
    pub changes: Vec<Change>,
    /// Changes of the schema that change no Rust: answers are read loosely, and corrections say
    /// otherwise.
    pub without_effect: Vec<Edit>,
    /// How many texts of the documentation changed.
    pub texts: usize,
    /// The corrections that do not fit the new schema, as sentences.
    pub unfitting: Vec<String>,
    /// The release that follows.
    pub step: Step,
}

impl Diff {
    /// Compares two schemas.
    pub fn between(old: &Side, new: &Side) -> Self {
        let pairs = operations::pairs(&old.surface, &new.surface);
        let renames = renames::find(&old.surface, &new.surface, &pairs);
        let context = Context {
            old: &old.surface,
            new: &new.surface,
            renames: &renames,
        };
        let mut changes = Vec::new();
        operations::diff(context, &pairs, &mut changes);
        handles::diff(context, &mut changes);
        types::diff(context, &mut changes);
        features::diff(context, &pairs, &mut changes);
        changes.sort_by(|a, b| {
            let key = |change: &Change| (!change.breaking, change.kind, change.item);
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        let (without_effect, texts) = published::attach(old, new, &mut changes);
        let mut diff = Self {
            changes,
            without_effect,
            texts,
            unfitting: new.unfitting.clone(),
            step: Step::default(),
        };
        if !diff.is_empty() {
            diff.step = Step::after(&diff.changes);
        }
        diff
    }

    /// Whether the schemas say the same.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.without_effect.is_empty() && self.texts == 0
    }

    /// How many changes are breaking.
    pub fn breaking(&self) -> usize {
        let breaking = self.changes.iter().filter(|change| change.breaking);
        breaking.count()
    }
}

/// What every comparison needs.
#[derive(Clone, Copy)]
struct Context<'a> {
    old: &'a Surface,
    new: &'a Surface,
    renames: &'a renames::Renames,
}
