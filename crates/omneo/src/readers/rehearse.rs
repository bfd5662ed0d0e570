//! Whether columns fit a record, before there is a row.
//!
//! A type doesn't tell its fields, but it can be watched: what it has no field for it reads as ignored, whatever its depth and whoever wrote its
//! `Deserialize`. So the record is read of values made up, again and again, until nothing is left to learn: an ignored value is a column too
//! many, a missing field is a column too few, a refused value is replaced by one of another form. A type that takes any field (a map, free JSON,
//! `#[serde(flatten)]`) has no wrong one. Where no made-up value is right for a field, nothing more is learned, and what remains wrong is found
//! by the rows.

use serde::de::DeserializeOwned;

use super::de::try_out;
use super::fault::What;
use super::node::{Leaf, Node, Source, Trial, is_item, is_within, join};

/// A value of the record that the file or a constant gives.
pub(super) struct Given {
    pub(super) path: String,
    pub(super) leaf: Leaf,
}

/// What is wrong.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// The record has no field of this path, which is all or the first parts of that of this given value.
    Unknown { given: usize, path: String },
    /// The field is a list or an object, and one cell is neither.
    Container { given: usize, reason: String },
    /// The field is no list, and its cells are to be split.
    NoList { given: usize, reason: String },
    /// The field of this path has no parts.
    NoParts {
        given: usize,
        path: String,
        reason: String,
    },
    /// A constant is none of its field's values.
    Constant { given: usize, reason: String },
    /// A required field is not given.
    Missing(String),
    /// The type is no record.
    NoRecord(String),
}

const TRIALS: [Trial; 8] = [
    Trial::Text("1"),
    Trial::Text("2000-01-01"),
    Trial::Text("2000-01-01 00:00:00"),
    Trial::Text("2000-01-01T00:00:00Z"),
    Trial::Text("true"),
    Trial::Text("00000000-0000-0000-0000-000000000000"),
    Trial::List,
    Trial::Object,
];

const CONTAINERS: [&str; 6] = [
    "expected a list",
    "expected an object",
    "expected a sequence",
    "expected a map",
    "expected a tuple",
    "expected struct ",
];

/// Enough for each field of a record to be refused some values.
const MOST_TRIALS: usize = 500;

/// A value that is tried.
struct Part {
    path: String,
    leaf: Leaf,
    /// None for a required field that is missing.
    given: Option<usize>,
    /// Index of the next trial.
    next: usize,
}

impl Part {
    fn new(path: &str, given: Option<usize>) -> Self {
        Self {
            path: path.to_owned(),
            leaf: Leaf::new(Source::Trial(TRIALS[0])),
            given,
            next: 1,
        }
    }
}

/// What is wrong with these values for a `T`.
pub(super) fn rehearse<T: DeserializeOwned>(given: &[Given]) -> Vec<Finding> {
    let parts = given.iter().enumerate().map(|(index, given)| {
        let mut part = Part::new(&given.path, Some(index));
        part.leaf.separator.clone_from(&given.leaf.separator);
        if let (Source::Constant(_), None) = (&given.leaf.source, &given.leaf.convert) {
            part.leaf = given.leaf.clone();
            part.next = 0;
        }
        part
    });
    let mut rehearsal = Rehearsal {
        given,
        parts: parts.collect(),
        findings: Vec::new(),
        excused: Vec::new(),
    };
    for _ in 0..MOST_TRIALS {
        let learned = rehearsal
            .fault::<T>()
            .and_then(|(what, path)| rehearsal.learn(what, &path));
        if learned.is_none() {
            break;
        }
    }
    rehearsal.findings
}

struct Rehearsal<'a> {
    given: &'a [Given],
    parts: Vec<Part>,
    findings: Vec<Finding>,
    /// Fields of which something else was found already.
    excused: Vec<String>,
}

impl Rehearsal<'_> {
    fn fault<T: DeserializeOwned>(&self) -> Option<(What, String)> {
        let leaves = self.parts.iter();
        let leaves = leaves.map(|part| (part.path.as_str(), part.leaf.clone()));
        // Two missing fields, one inside the other, end the rehearsal.
        let root = Node::record(leaves).ok()?;
        let fault = try_out::<T>(&root).err()?;
        let path = fault.path().to_owned();
        Some((fault.into_what(), path))
    }

    /// Takes a fault away, so that the next one shows; none if that can't be done.
    fn learn(&mut self, what: What, path: &str) -> Option<()> {
        let leaf = (self.parts.iter()).position(|part| is_within(path, &part.path));
        match (what, leaf) {
            (What::Unknown, _) => self.unknown(path),
            (What::Missing(field), None) => self.missing(path, &field),
            (What::Closed(values), Some(leaf)) => {
                let part = &mut self.parts[leaf];
                let value = Trial::Text(values.first()?);
                let is_new = !matches!(part.leaf.source, Source::Trial(trial) if trial == value);
                part.leaf.source = Source::Trial(value);
                part.next = TRIALS.len();
                is_new.then_some(())
            }
            (What::Shape(reason), None) => self.no_parts(path, reason),
            (What::Known, _) | (_, None) => None,
            (what, Some(leaf)) => {
                let is_shape = matches!(what, What::Shape(_)) && path == self.parts[leaf].path;
                self.refused(leaf, is_shape, what.into_reason().0)
            }
        }
    }

    fn unknown(&mut self, path: &str) -> Option<()> {
        let before = self.parts.len();
        for part in self.parts.iter().filter(|part| is_within(&part.path, path)) {
            self.findings.push(Finding::Unknown {
                given: part.given?,
                path: path.to_owned(),
            });
        }
        self.parts.retain(|part| !is_within(&part.path, path));
        (self.parts.len() < before).then_some(())
    }

    fn missing(&mut self, path: &str, field: &str) -> Option<()> {
        let path = join(path, field);
        if self.parts.iter().any(|part| is_within(&part.path, &path)) {
            return None;
        }
        self.parts.push(Part::new(&path, None));
        if !self.excused.contains(&path) {
            self.findings.push(Finding::Missing(path));
        }
        Some(())
    }

    fn no_parts(&mut self, path: &str, reason: String) -> Option<()> {
        if path.is_empty() {
            self.findings.push(Finding::NoRecord(reason));
            return None;
        }
        let before = self.parts.len();
        for part in self.parts.iter().filter(|part| is_within(&part.path, path)) {
            self.findings.push(Finding::NoParts {
                given: part.given?,
                path: path.to_owned(),
                reason: reason.clone(),
            });
        }
        self.parts.retain(|part| !is_within(&part.path, path));
        self.excused.push(path.to_owned());
        (self.parts.len() < before).then_some(())
    }

    fn refused(&mut self, leaf: usize, is_shape: bool, reason: String) -> Option<()> {
        let part = &mut self.parts[leaf];
        let is_container = CONTAINERS.iter().any(|start| reason.starts_with(start));
        let is_text = matches!(part.leaf.source, Source::Trial(Trial::Text(_)));
        let next = match part.given {
            Some(given) if matches!(part.leaf.source, Source::Constant(_)) => {
                self.findings.push(Finding::Constant { given, reason });
                part.leaf = Leaf::new(Source::Trial(TRIALS[0]));
                part.next = 1;
                return Some(());
            }
            Some(given) if part.leaf.separator.is_some() && is_shape => {
                self.findings.push(Finding::NoList { given, reason });
                part.leaf.separator = None;
                return Some(());
            }
            Some(given)
                if is_container
                    && is_text
                    && part.leaf.separator.is_none()
                    && self.given[given].leaf.convert.is_none() =>
            {
                self.findings.push(Finding::Container { given, reason });
                part.next = part.next.max(TRIALS.len() - 2);
                TRIALS.get(part.next)?
            }
            _ => TRIALS.get(part.next)?,
        };
        part.leaf.source = Source::Trial(*next);
        part.next += 1;
        Some(())
    }
}

/// Whether a `T` has this field.
pub(super) fn has_field<T: DeserializeOwned>(path: &str) -> bool {
    let probe = Leaf::new(Source::Trial(Trial::Probe));
    Node::record([(path, probe)])
        .is_ok_and(|root| try_out::<T>(&root).is_err_and(|fault| *fault.what() == What::Known))
}

/// Whether a `T` has nothing inside the first part of this path. Types of one value read an object too, to show it.
fn is_beyond<T: DeserializeOwned>(path: &str) -> bool {
    let Some((outer, key)) = path.rsplit_once('.') else {
        return false;
    };
    let trial = match is_item(key) {
        true => Trial::List,
        false => Trial::Object,
    };
    Node::record([(outer, Leaf::new(Source::Trial(trial)))]).is_ok_and(|root| {
        try_out::<T>(&root)
            .is_err_and(|fault| fault.path() == outer && matches!(fault.what(), What::Shape(_)))
    })
}

/// The first parts of a path, up to the one that a `T` has not; none if it has the field.
pub(super) fn unknown_part<T: DeserializeOwned>(path: &str) -> Option<&str> {
    let ends = path.match_indices('.').map(|(at, _)| at);
    ends.chain([path.len()])
        .map(|end| &path[..end])
        .find(|part| !has_field::<T>(part) || is_beyond::<T>(part))
}
