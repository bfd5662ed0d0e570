//! The field that a wrong name was meant for.

use serde::de::DeserializeOwned;

use super::node::join;
use super::rehearse::has_field;

/// Longer names are no typing errors.
const LONGEST: usize = 40;

/// The path of a field of `T` whose name is that of the last part of `path` but for its spelling or one character; none if there is none.
pub(super) fn near_miss<T: DeserializeOwned>(path: &str) -> Option<String> {
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let name = snake(name);
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    std::iter::once(name.clone())
        .chain(edits(&name))
        .map(|name| join(parent, &name))
        .find(|path| has_field::<T>(path))
}

/// The names of a file in the spelling of the API: `Order No`, `OrderNo` and `order-no` are `order_no`. Other alphabets are left out.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let is_start = c.is_ascii_uppercase() && before.is_ascii_lowercase();
        if (is_start || !before.is_ascii_alphanumeric())
            && !snake.is_empty()
            && !snake.ends_with('_')
        {
            snake.push('_');
        }
        if c.is_ascii_alphanumeric() {
            snake.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    snake.truncate(snake.trim_end_matches('_').len());
    snake
}

/// The names that are one character longer, shorter or other, or have two characters the other way round.
fn edits(name: &str) -> impl Iterator<Item = String> {
    let letters = || ('a'..='z').chain('0'..='9').chain(['_']);
    (0..=name.len()).flat_map(move |at| {
        // `snake` leaves ASCII alone, so every index is a character's.
        let (start, end) = name.split_at(at);
        let mut edits: Vec<String> = letters().map(|c| format!("{start}{c}{end}")).collect();
        let mut rest = end.chars();
        if let Some(first) = rest.next() {
            edits.push(format!("{start}{}", rest.as_str()));
            edits.extend(letters().map(|c| format!("{start}{c}{}", rest.as_str())));
            if let Some(second) = rest.next() {
                edits.push(format!("{start}{second}{first}{}", rest.as_str()));
            }
        }
        edits
    })
}

#[cfg(test)]
mod tests {
    use super::snake;

    #[test]
    fn names_of_files_are_spelled_as_the_apis() {
        for (name, expected) in [
            ("Order No", "order_no"),
            ("OrderNo", "order_no"),
            ("ExternalID", "external_id"),
            ("order-no.", "order_no"),
            (" E-Mail ", "e_mail"),
            ("Straße 7", "stra_e_7"),
            ("№", ""),
            ("total_2024", "total_2024"),
        ] {
            assert_eq!(snake(name), expected);
        }
    }
}
