//! Rust names for what the document names, unique where Rust needs it.
//!
//! progenitor and typify turn names into identifiers by rules of their own, and emit code that
//! does not compile where two names meet. The same rules are applied here first, so that what
//! reaches them is already unique.

use std::collections::{HashMap, HashSet};

use unicode_ident::{is_xid_continue, is_xid_start};

/// The identifier that typify and progenitor make of a name for a type or a variant.
pub fn pascal(name: &str) -> String {
    identifier(name, "X", "X", heck::ToPascalCase::to_pascal_case)
}

/// The identifier that typify makes of a name for a field.
pub fn snake(name: &str) -> String {
    identifier(name, "x", "x", heck::ToSnakeCase::to_snake_case)
}

/// The identifier that progenitor makes of a name for a method or an argument: it differs from
/// typify's rule in the prefix before a digit.
pub fn method(name: &str) -> String {
    identifier(name, "x", "_", heck::ToSnakeCase::to_snake_case)
}

fn identifier(name: &str, empty: &str, prefix: &str, case: impl Fn(&str) -> String) -> String {
    let cased = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => case(
            &name
                .replace('\'', "")
                .replace(|c: char| !is_xid_continue(c), "-"),
        ),
    };
    let ident = match cased.chars().next() {
        None => empty.to_owned(),
        Some(c) if is_xid_start(c) => cased,
        Some(_) => format!("{prefix}{cased}"),
    };
    if is_reserved_word(&ident) {
        ident + "_"
    } else {
        ident
    }
}

/// Whether Rust reserves this word in any edition.
pub fn is_reserved_word(word: &str) -> bool {
    matches!(
        word,
        "_" | "abstract"
            | "as"
            | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "const"
            | "continue"
            | "crate"
            | "do"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "false"
            | "final"
            | "fn"
            | "for"
            | "gen"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "macro"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "override"
            | "priv"
            | "pub"
            | "ref"
            | "return"
            | "Self"
            | "self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "try"
            | "type"
            | "typeof"
            | "unsafe"
            | "unsized"
            | "use"
            | "virtual"
            | "where"
            | "while"
            | "yield"
    )
}

/// Whether typify finds a name of its own for each of these variants. Where two meet, it spells
/// the characters out that identifiers can't have, as an `X`; where two still meet, it panics.
pub(crate) fn have_distinct_names<'t>(names: impl Iterator<Item = &'t str> + Clone) -> bool {
    fn distinct(mut names: impl Iterator<Item = String>) -> bool {
        let mut seen = HashSet::new();
        names.all(|name| seen.insert(name))
    }
    let spelled_out =
        |name: &str| pascal(&name.replace(|c: char| c == '_' || !is_xid_continue(c), "X"));
    distinct(names.clone().map(pascal)) || distinct(names.map(spelled_out))
}

/// Names that generated code uses unqualified beside the generated types.
const PRELUDE: &[&str] = &[
    "Box", "Clone", "Copy", "Debug", "Default", "Eq", "Err", "From", "Hash", "None", "Ok",
    "Option", "Ord", "Result", "Some", "String", "Vec",
];

/// Hands out names, each once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// How often a stem was asked for, so that the thousandth clash costs no more than the first.
    taken: HashMap<String, usize>,
}

impl Names {
    pub(crate) fn for_types() -> Self {
        Self {
            taken: PRELUDE.iter().map(|name| ((*name).to_owned(), 1)).collect(),
        }
    }

    pub(crate) fn reserving(names: &[&str]) -> Self {
        Self {
            taken: names.iter().map(|name| ((*name).to_owned(), 1)).collect(),
        }
    }

    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains_key(name)
    }

    /// Gives a name back.
    pub(crate) fn release(&mut self, name: &str) {
        self.taken.remove(name);
    }

    /// Takes `name`, or `name2`, `name3`, … where it is taken.
    pub(crate) fn take(&mut self, name: &str) -> String {
        self.take_with(name, |name, n| format!("{name}{n}"))
    }

    /// Takes `name`, or `name_2`, `name_3`, …
    pub(crate) fn take_snake(&mut self, name: &str) -> String {
        self.take_with(name, |name, n| format!("{name}_{n}"))
    }

    fn take_with(&mut self, name: &str, nth: impl Fn(&str, usize) -> String) -> String {
        let Some(&seen) = self.taken.get(name) else {
            self.taken.insert(name.to_owned(), 1);
            return name.to_owned();
        };
        let mut n = seen + 1;
        let mut candidate = nth(name, n);
        while self.taken.contains_key(&candidate) {
            n += 1;
            candidate = nth(name, n);
        }
        self.taken.insert(name.to_owned(), n);
        self.taken.insert(candidate.clone(), 1);
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers_as_typify_and_progenitor_make_them() {
        assert_eq!(pascal("reward-definition"), "RewardDefinition");
        assert_eq!(pascal("self"), "Self_");
        assert_eq!(pascal("3d"), "X3d");
        assert_eq!(pascal(""), "X");
        assert_eq!(snake("type"), "type_");
        assert_eq!(snake("page[size]"), "page_size");
        assert_eq!(snake("2nd"), "x2nd");
        assert_eq!(method("2nd"), "_2nd");
        assert_eq!(snake("+1"), "plus1");
    }

    #[test]
    fn a_taken_name_gets_a_number_that_is_free() {
        let mut names = Names::default();
        assert_eq!(names.take("A"), "A");
        assert_eq!(names.take("A2"), "A2");
        assert_eq!(names.take("A"), "A3");
        assert_eq!(names.take("A"), "A4");
        assert_eq!(Names::for_types().take("Option"), "Option2");
    }
}
