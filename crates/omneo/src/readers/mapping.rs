//! Which column gives which field, and whether that can be.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::error::quoted;
use super::near::near_miss;
use super::node::{Conflict, Convert, Leaf, Node, Source, is_within};
use super::rehearse::{Finding, Given, rehearse, unknown_part};
use super::rejects;

/// A message names so many problems. A row of data in the place of the header has as many as columns.
const MOST_PROBLEMS: usize = 10;

/// What was asked for.
pub(super) struct Mapping {
    /// Header and field.
    pub(super) columns: Vec<(String, String)>,
    /// Field and text.
    pub(super) constants: Vec<(String, String)>,
    pub(super) separators: Vec<(String, String)>,
    pub(super) converts: Vec<(String, Convert)>,
    pub(super) empty_as_null: Vec<String>,
    pub(super) ignored: BTreeSet<String>,
    pub(super) ignore_unknown: bool,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            constants: Vec::new(),
            separators: Vec::new(),
            converts: Vec::new(),
            empty_as_null: Vec::new(),
            ignored: rejects::COLUMNS.map(str::to_owned).into(),
            ignore_unknown: false,
        }
    }
}

/// How a row becomes a record.
pub(super) struct Plan {
    pub(super) root: Node,
    /// Column and field.
    pub(super) columns: Vec<(usize, String)>,
}

impl Mapping {
    /// How rows with this header become a `T`, or all that is wrong with it.
    pub(super) fn plan<T: DeserializeOwned>(&self, names: &[String]) -> Result<Plan, String> {
        let mut planning = Planning {
            names,
            given: Vec::new(),
            problems: Vec::new(),
            hidden: 0,
        };
        planning.columns::<T>(self);
        planning.constants(self);
        planning.options(self);
        match planning.root::<T>() {
            Some(root) if planning.problems.is_empty() => Ok(Plan {
                root,
                columns: (planning.given.into_iter())
                    .filter_map(|given| Some((given.leaf.cell()?, given.path)))
                    .collect(),
            }),
            _ => Err(planning.message()),
        }
    }
}

struct Planning<'a> {
    names: &'a [String],
    given: Vec<Given>,
    problems: Vec<String>,
    /// Problems that are not shown.
    hidden: usize,
}

impl Planning<'_> {
    /// Notes a problem, which is worded only if it is shown.
    fn problem(&mut self, problem: impl FnOnce(&Self) -> String) {
        match self.problems.len() < MOST_PROBLEMS {
            true => self.problems.push(problem(self)),
            false => self.hidden += 1,
        }
    }

    fn give(&mut self, path: &str, source: Source) {
        self.given.push(Given {
            path: path.to_owned(),
            leaf: Leaf::new(source),
        });
    }

    fn columns<T: DeserializeOwned>(&mut self, mapping: &Mapping) {
        let names = self.names;
        let mut cells: HashMap<&str, usize> = HashMap::new();
        for (cell, name) in names.iter().enumerate() {
            let mut is_mapped = false;
            for (_, field) in mapping.columns.iter().filter(|(header, _)| header == name) {
                is_mapped = true;
                self.give(field, Source::Cell(cell));
            }
            if !is_mapped && mapping.ignored.contains(name) {
                continue;
            }
            if let Some(first) = cells.insert(name, cell) {
                self.problem(|_| {
                    format!(
                        "columns {} and {} are both {}: rename one of them, or ignore both",
                        first + 1,
                        cell + 1,
                        quoted(name)
                    )
                });
                continue;
            }
            if is_mapped {
                continue;
            }
            match unknown_part::<T>(name) {
                None => self.give(name, Source::Cell(cell)),
                Some(_) if mapping.ignore_unknown => {}
                Some(_) if name.is_empty() => self.problem(|_| {
                    format!(
                        "column {} has no header: name it, or leave it out by `.ignore(\"\")`",
                        cell + 1
                    )
                }),
                Some(part) => self.problem(|_| {
                    let near = near_miss::<T>(part);
                    let name = quoted(name);
                    format!(
                        "column {} {name} is no field of the record{}: map it by `.column({name}, {:?})`, or leave it out by `.ignore({name})`",
                        cell + 1,
                        is_it(near.as_deref()),
                        near.as_deref().unwrap_or("…")
                    )
                }),
            }
        }
        for (header, _) in &mapping.columns {
            if !cells.contains_key(header.as_str()) {
                self.problem(|_| format!("there is no column {}", quoted(header)));
            }
        }
    }

    fn constants(&mut self, mapping: &Mapping) {
        for (field, text) in &mapping.constants {
            self.give(field, Source::Constant(text.clone()));
            if text.is_empty() && !mapping.empty_as_null.contains(field) {
                self.problem(|_| {
                    format!("the constant for `{field}` is empty: with `empty_as_null` it is null")
                });
            }
        }
    }

    /// What is told of fields beyond where they come from.
    fn options(&mut self, mapping: &Mapping) {
        for (field, separator) in &mapping.separators {
            self.option(field, "list", |leaf| {
                leaf.separator = Some(separator.clone());
            });
            if separator.is_empty() {
                self.problem(|_| format!("the separator of `{field}` is empty"));
            }
        }
        for (field, convert) in &mapping.converts {
            self.option(field, "convert", |leaf| {
                leaf.convert = Some(Arc::clone(convert));
            });
            if mapping.separators.iter().any(|(list, _)| list == field) {
                self.problem(|_| format!("`{field}` has both `list` and `convert`: leave one out"));
            }
        }
        for field in &mapping.empty_as_null {
            self.option(field, "empty_as_null", |leaf| leaf.empty_is_null = true);
        }
    }

    fn option(&mut self, field: &str, option: &str, set: impl Fn(&mut Leaf)) {
        let mut is_given = false;
        for given in self.given.iter_mut().filter(|given| given.path == field) {
            is_given = true;
            set(&mut given.leaf);
        }
        if !is_given {
            self.problem(|_| format!("no column gives `{field}`, which `{option}` is for"));
        }
    }

    fn root<T: DeserializeOwned>(&mut self) -> Option<Node> {
        let leaves = self.given.iter();
        let leaves = leaves.map(|given| (given.path.as_str(), given.leaf.clone()));
        let root = match Node::record(leaves) {
            Ok(root) => root,
            Err((index, conflict)) => {
                self.problem(|planning| planning.conflict(index, &conflict));
                return None;
            }
        };
        for finding in rehearse::<T>(&self.given) {
            self.problem(|planning| planning.finding::<T>(&finding));
        }
        if let Some(list) = root.list_with_a_gap() {
            self.problem(|_| {
                format!(
                    "the items of `{0}` are not numbered `{0}.0`, `{0}.1` and so on",
                    list.path
                )
            });
        }
        Some(root)
    }

    fn conflict(&self, index: usize, conflict: &Conflict) -> String {
        let path = &self.given[index].path;
        let who = self.who(index);
        match conflict {
            Conflict::Path => {
                format!("{who} can't give `{path}`: that is no field's name, such as `meta.till`")
            }
            Conflict::Twice => {
                let other = self.given[..index]
                    .iter()
                    .position(|other| is_within(&other.path, path) || is_within(path, &other.path));
                let other = other.map_or_else(String::new, |other| self.who(other));
                format!("{other} and {who} both give `{path}`: ignore one of them")
            }
            Conflict::ListAndObject => format!(
                "{who} can't give `{path}`: its place is a list by one name, and an object by another"
            ),
        }
    }

    fn finding<T: DeserializeOwned>(&self, finding: &Finding) -> String {
        let path = |index: &usize| &self.given[*index].path;
        match finding {
            Finding::Unknown { given, path: part } => format!(
                "{} can't give `{}`: `{part}` is no field of the record{}",
                self.who(*given),
                path(given),
                is_it(near_miss::<T>(part).as_deref())
            ),
            Finding::NoParts {
                given,
                path: part,
                reason,
            } => format!(
                "{} can't give `{}`: `{part}` has no parts ({reason})",
                self.who(*given),
                path(given)
            ),
            Finding::Container { given, reason } => format!(
                "{} can't give `{1}` as one cell ({reason}): split it by `.list(\"{1}\", ';')`, or name the parts, as in `{1}.0` or `{1}.name`",
                self.who(*given),
                path(given)
            ),
            Finding::NoList { given, reason } => {
                format!(
                    "`{}` is no list ({reason}), and can't be split",
                    path(given)
                )
            }
            Finding::Constant { given, reason } => format!(
                "the constant for `{}` is none of its values: {reason}",
                path(given)
            ),
            Finding::Missing(path) => format!("no column gives `{path}`, which is required"),
            Finding::NoRecord(reason) => {
                format!("the type is no record with fields ({reason})")
            }
        }
    }

    fn who(&self, given: usize) -> String {
        match self.given[given].leaf.cell() {
            Some(cell) => format!("column {} {}", cell + 1, quoted(&self.names[cell])),
            None => "the constant".to_owned(),
        }
    }

    fn message(mut self) -> String {
        if let ([name], Some(delimiter)) = (self.names, other_delimiter(self.names)) {
            let delimiter = char::from(delimiter);
            let is_it = format!(
                "{} is one column: is the delimiter {delimiter:?}?",
                quoted(name)
            );
            self.problems.insert(0, is_it);
        }
        let mut message = self.problems.join("; ");
        if self.hidden > 0 {
            message.push_str(&format!("; and {} more", self.hidden));
        }
        message
    }
}

/// A delimiter that is in the one header that there is.
fn other_delimiter(names: &[String]) -> Option<u8> {
    let name = names.first()?;
    let mut delimiters = [b';', b'\t', b',', b'|'].into_iter();
    delimiters.find(|&delimiter| name.contains(char::from(delimiter)))
}

fn is_it(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!(" (is it `{near}`?)"))
}
