//! JSONPath targets. Nearly all of an overlay's targets name one place (`$.components.schemas['Pet']`): these are walked, not searched for.

use serde_json::Value;
use serde_json_path::{JsonPath, PathElement};

use crate::location::{Location, Step};

/// How deep brackets and parentheses may nest in a target. The JSONPath parser calls itself for each and tries each several times.
const MAX_NESTING: usize = 8;

#[derive(Clone, Debug)]
pub(crate) struct Target {
    text: String,
    query: Query,
}

#[derive(Clone, Debug)]
enum Query {
    /// Names one place, whether or not something is there.
    Place(Location),
    Search(JsonPath),
}

impl Target {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let query = match place(text) {
            Some(location) => Query::Place(location),
            None if nests_too_deep(text) => {
                return Err(format!("brackets nest deeper than {MAX_NESTING} levels"));
            }
            None => Query::Search(JsonPath::parse(text).map_err(|error| error.to_string())?),
        };
        Ok(Self {
            text: text.to_owned(),
            query,
        })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where the matched nodes are: each once, outer before inner.
    pub(crate) fn locate(&self, document: &Value) -> Vec<Location> {
        match &self.query {
            Query::Place(location) => location
                .node(document)
                .map(|_| location.clone())
                .into_iter()
                .collect(),
            Query::Search(path) => {
                let mut found: Vec<_> = path
                    .query_located(document)
                    .locations()
                    .map(|path| path.iter().map(step).collect())
                    .map(Location)
                    .collect();
                found.sort_unstable();
                found.dedup();
                found
            }
        }
    }
}

fn step(element: &PathElement<'_>) -> Step {
    match element {
        PathElement::Name(name) => Step::Member((*name).to_owned()),
        PathElement::Index(index) => Step::Element(*index),
    }
}

/// The place that a path of plain names and indexes leads to; `None` for a path with anything else in it, which is then left to the full parser.
fn place(text: &str) -> Option<Location> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = match rest.strip_prefix('.') {
            Some(name) => shorthand(name)?,
            None => bracketed(rest.strip_prefix('[')?)?,
        };
        steps.push(step);
        rest = after;
    }
    Some(Location(steps))
}

/// A name after a dot: letters, digits, `_` and all beyond ASCII, not starting with a digit.
fn shorthand(text: &str) -> Option<(Step, &str)> {
    let end = text
        .find(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let starts_well = name.starts_with(|c: char| !c.is_ascii_digit());
    starts_well.then(|| (Step::Member(name.to_owned()), rest))
}

/// A quoted name without escapes, or an index from the start, and the closing bracket.
fn bracketed(text: &str) -> Option<(Step, &str)> {
    let quote = text.chars().next()?;
    if quote == '\'' || quote == '"' {
        let (name, rest) = text[1..].split_once(quote)?;
        let plain = name.chars().all(|c| c != '\\' && c >= ' ');
        return plain.then_some((Step::Member(name.to_owned()), rest.strip_prefix(']')?));
    }
    let (digits, rest) = text.split_once(']')?;
    let canonical = digits == "0"
        || (digits.starts_with(|c: char| ('1'..='9').contains(&c))
            && digits.bytes().all(|byte| byte.is_ascii_digit()));
    // Up to nine digits: more may leave the range that JSONPath allows, which the full parser knows.
    let index = if canonical && digits.len() < 10 {
        digits.parse().ok()?
    } else {
        return None;
    };
    Some((Step::Element(index), rest))
}

/// Counts quoted brackets too: a target that is refused for them alone is rare enough.
fn nests_too_deep(text: &str) -> bool {
    let mut open: usize = 0;
    text.chars().any(|c| {
        match c {
            '(' | '[' => open += 1,
            ')' | ']' => open = open.saturating_sub(1),
            _ => {}
        }
        open > MAX_NESTING
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn paths_of_names_and_indexes_are_walked() {
        for path in [
            "$",
            "$.a.b_1",
            "$.a['b c'].d",
            "$['/v3/x.json'].get[\"y\"]",
            "$.a[0][17]",
            "$.é",
            "$['it\"s']",
            "$['']",
        ] {
            assert!(place(path).is_some(), "{path}");
        }
    }

    #[test]
    fn other_paths_are_searched_for() {
        for path in [
            "$.*",
            "$..a",
            "$[-1]",
            "$['a','b']",
            "$[0:2]",
            "$ .a",
            "$['a\\'b']",
            "$.a[?@.b]",
            "$[01]",
            "$.1a",
            "$.a-b",
            "$.",
            "$[",
            "$['a",
            "a",
            "",
        ] {
            assert!(place(path).is_none(), "{path}");
        }
    }

    #[test]
    fn deep_parentheses_are_refused_in_no_time() {
        let deep = format!("$[?{}@.a{}]", "(".repeat(100_000), ")".repeat(100_000));
        assert!(Target::parse(&deep).unwrap_err().contains("nest deeper"));
        let allowed = format!(
            "$[?{}@.a{}]",
            "!(".repeat(MAX_NESTING - 1),
            ")".repeat(MAX_NESTING - 1)
        );
        assert!(Target::parse(&allowed).is_ok());
    }

    proptest! {
        #[test]
        fn a_walked_path_means_what_the_full_parser_says(path in r#"\$(\.[a-c_1é-]{0,2}|\[('[ -~é\n]{0,2}'|"[ab'\\]{0,2}"|[0-9]{0,3}|-1)\]){0,3}"#) {
            let inner = json!({"a": [1, {"b": 2}], "b": {"a": 3, "é": {}}, "1": 4, "": [], "'": 5, "\n": 6});
            let document = json!({"a": [inner, inner], "b": inner, "_": inner});
            if let Some(place) = place(&path) {
                let full = JsonPath::parse(&path);
                prop_assert!(full.is_ok(), "{path:?} is no JSONPath");
                let full = Target { text: String::new(), query: Query::Search(full.unwrap()) };
                let walked = Target { text: String::new(), query: Query::Place(place) };
                prop_assert_eq!(walked.locate(&document), full.locate(&document));
            }
        }
    }
}
