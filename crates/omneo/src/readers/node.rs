//! Which field of a record is read from which cell.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::raw::Texts;

pub(super) type Convert = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// More parts than any field's name has. A header may have millions, and each is a call inside a call.
const MOST_PARTS: usize = 32;

/// A record, or a part of it.
pub(super) struct Node {
    /// Its place in the record, such as `items.0.sku`.
    pub(super) path: String,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    Leaf(Leaf),
    Branch(Branch),
}

/// An object, or a list if its keys are numbers.
#[derive(Default)]
pub(super) struct Branch {
    pub(super) is_list: bool,
    /// Whether a cell is anywhere inside: without a cell that is not empty there is no such object. Constants alone make none.
    has_cells: bool,
    pub(super) children: Vec<(String, Node)>,
    /// Where among the children each key is, while they are in the order of their insertion.
    places: HashMap<String, usize>,
}

/// A value of the record.
#[derive(Clone)]
pub(super) struct Leaf {
    pub(super) source: Source,
    /// Whether an empty cell is a null, rather than no value.
    pub(super) empty_is_null: bool,
    pub(super) separator: Option<String>,
    pub(super) convert: Option<Convert>,
}

#[derive(Clone)]
pub(super) enum Source {
    Cell(usize),
    Constant(String),
    Trial(Trial),
}

/// A value to learn from what a type makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trial {
    /// Fails as soon as it is read.
    Probe,
    Text(&'static str),
    List,
    Object,
}

/// What a leaf has in a row.
pub(super) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Items(&'a str, &'a str),
    Trial(Trial),
    Unconverted,
}

impl Leaf {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            empty_is_null: false,
            separator: None,
            convert: None,
        }
    }

    pub(super) fn cell(&self) -> Option<usize> {
        match self.source {
            Source::Cell(cell) => Some(cell),
            Source::Constant(_) | Source::Trial(_) => None,
        }
    }

    #[inline]
    fn is_present(&self, row: Texts<'_>) -> bool {
        self.empty_is_null || !self.is_null(row)
    }

    #[inline]
    pub(super) fn is_null(&self, row: Texts<'_>) -> bool {
        match &self.source {
            Source::Cell(cell) => row.get(*cell).is_empty(),
            Source::Constant(text) => text.is_empty(),
            Source::Trial(_) => false,
        }
    }

    #[inline]
    pub(super) fn value<'a>(&'a self, row: Texts<'a>) -> Value<'a> {
        let text = match &self.source {
            Source::Cell(cell) => row.get(*cell),
            Source::Constant(text) => text,
            Source::Trial(Trial::Text(text)) => text,
            Source::Trial(trial) => return Value::Trial(*trial),
        };
        match (&self.separator, &self.convert) {
            _ if text.is_empty() => Value::Null,
            (Some(separator), _) => Value::Items(text, separator),
            (None, Some(convert)) => {
                convert(text).map_or(Value::Unconverted, |text| Value::Text(text.into()))
            }
            (None, None) => Value::Text(text.into()),
        }
    }
}

impl Node {
    /// A record with these leaves by their paths, or the index of the first that can't be in it.
    pub(super) fn record<'p>(
        leaves: impl IntoIterator<Item = (&'p str, Leaf)>,
    ) -> Result<Self, (usize, Conflict)> {
        let mut root = Self {
            path: String::new(),
            kind: Kind::Branch(Branch::default()),
        };
        for (index, (path, leaf)) in leaves.into_iter().enumerate() {
            let result = match path.split('.').nth(MOST_PARTS) {
                Some(_) => Err(Conflict::Path),
                None => root.insert(path, leaf),
            };
            result.map_err(|conflict| (index, conflict))?;
        }
        root.sort();
        Ok(root)
    }

    #[inline]
    pub(super) fn is_present(&self, row: Texts<'_>) -> bool {
        match &self.kind {
            Kind::Leaf(leaf) => leaf.is_present(row),
            Kind::Branch(branch) if branch.has_cells => {
                let mut children = branch.children.iter();
                children.any(|(_, child)| child.has_cells() && child.is_present(row))
            }
            Kind::Branch(_) => true,
        }
    }

    fn has_cells(&self) -> bool {
        match &self.kind {
            Kind::Leaf(leaf) => leaf.cell().is_some(),
            Kind::Branch(branch) => branch.has_cells,
        }
    }

    /// Adds a leaf, and the objects and lists around it.
    fn insert(&mut self, path: &str, leaf: Leaf) -> Result<(), Conflict> {
        let (key, rest) = match path.split_once('.') {
            Some((key, rest)) => (key, Some(rest)),
            None => (path, None),
        };
        if key.is_empty() {
            return Err(Conflict::Path);
        }
        let Kind::Branch(branch) = &mut self.kind else {
            return Err(Conflict::Twice);
        };
        let is_list = !self.path.is_empty() && is_item(key);
        if branch.children.is_empty() {
            branch.is_list = is_list;
        } else if branch.is_list != is_list {
            return Err(Conflict::ListAndObject);
        }
        branch.has_cells |= leaf.cell().is_some();
        let at = branch.places.get(key).copied();
        match (at.and_then(|at| branch.children.get_mut(at)), rest) {
            (Some((_, child)), Some(rest)) => child.insert(rest, leaf),
            (Some(_), None) => Err(Conflict::Twice),
            (None, rest) => {
                let mut child = Self {
                    path: join(&self.path, key),
                    kind: Kind::Branch(Branch::default()),
                };
                match rest {
                    Some(rest) => child.insert(rest, leaf)?,
                    None => child.kind = Kind::Leaf(leaf),
                }
                branch.places.insert(key.to_owned(), branch.children.len());
                branch.children.push((key.to_owned(), child));
                Ok(())
            }
        }
    }

    /// Puts the items of lists in order.
    fn sort(&mut self) {
        if let Kind::Branch(branch) = &mut self.kind {
            if branch.is_list {
                // As numbers: without leading zeros the longer one is the greater.
                let by_number = |(key, _): &(String, Self)| (key.len(), key.clone());
                branch.children.sort_by_cached_key(by_number);
            }
            branch
                .children
                .iter_mut()
                .for_each(|(_, child)| child.sort());
        }
    }

    /// The first list whose numbers are not 0, 1, 2 and so on.
    pub(super) fn list_with_a_gap(&self) -> Option<&Self> {
        let Kind::Branch(branch) = &self.kind else {
            return None;
        };
        let mut keys = branch.children.iter().map(|(key, _)| key);
        if branch.is_list
            && !(0..)
                .zip(&mut keys)
                .all(|(at, key): (usize, _)| *key == at.to_string())
        {
            return Some(self);
        }
        let mut children = branch.children.iter();
        children.find_map(|(_, child)| child.list_with_a_gap())
    }
}

/// Why two leaves can't both be in a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// A part of the path is empty, or there are too many.
    Path,
    /// One of them is the other's place, or a part of it.
    Twice,
    /// One wants a list where the other wants an object.
    ListAndObject,
}

/// The path of a field.
pub(super) fn join(path: &str, field: &str) -> String {
    match path {
        "" => field.to_owned(),
        path => format!("{path}.{field}"),
    }
}

/// Whether a part of a path is a place in a list.
pub(super) fn is_item(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the value at `path` is the one at `outer`, or a part of it.
pub(super) fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
