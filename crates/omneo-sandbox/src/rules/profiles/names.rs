//! How names are written.

use crate::record::{Record, RecordExt};

/// Writes the names as Omneo does, and `Unknown` for one that is missing.
pub(super) fn normalise(profile: &mut Record) {
    for member in ["first_name", "last_name"] {
        let name = profile.text(member).map(|name| capitalised(&name));
        let name = name.filter(|name| !name.is_empty());
        profile.set(member, name.unwrap_or_else(|| "Unknown".to_owned()));
    }
}

/// The first and the last name together.
pub(super) fn full(profile: &Record) -> String {
    let names = ["first_name", "last_name"];
    let names = names.into_iter().filter_map(|name| profile.text(name));
    names.collect::<Vec<_>>().join(" ")
}

fn capitalised(name: &str) -> String {
    let words = name.split_whitespace().map(|word| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        let rest = letters.flat_map(char::to_lowercase);
        first.chain(rest).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::capitalised;

    #[test]
    fn each_word_has_one_capital() {
        assert_eq!(capitalised("SDK test"), "Sdk Test");
        assert_eq!(capitalised("  jane   mary "), "Jane Mary");
        assert_eq!(capitalised("élodie"), "Élodie");
    }
}
