//! From `a[b]=1` to `{"a": {"b": "1"}}`, as PHP reads it.

use serde_json::{Map, Value};

/// Pairs beyond this are not read, as by PHP's `max_input_vars`.
const PAIRS: usize = 1000;

/// A pair that is nested deeper is not read. PHP stops at 64; Omneo's filters have four.
const DEPTH: usize = 16;

/// Where a value goes inside of another.
#[derive(Debug)]
enum Step<'k> {
    /// `[]`: behind the last.
    Next,
    /// `[name]`
    Name(&'k str),
}

pub(super) fn read(text: &str) -> Value {
    let mut tree = Value::Object(Map::new());
    for (key, value) in form_urlencoded::parse(text.as_bytes()).take(PAIRS) {
        if let Some((name, steps)) = steps(&key) {
            put(&mut tree, &Step::Name(&name), &steps, value.into_owned());
        }
    }
    tree
}

/// The first name and the steps into it; none if there is no name, or too many steps.
fn steps(key: &str) -> Option<(String, Vec<Step<'_>>)> {
    let key = key.trim_start_matches(' ');
    let (name, mut rest) = match key.find('[') {
        // A bracket that isn't closed is a letter of the name.
        Some(at) if at > 0 && key[at..].contains(']') => key.split_at(at),
        _ => (key, ""),
    };
    if name.is_empty() {
        return None;
    }
    let name = name.replace(['.', ' ', '['], "_");
    let mut steps = Vec::new();
    while let Some((step, further)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        steps.push(match step {
            "" => Step::Next,
            name => Step::Name(name),
        });
        // What follows a closed bracket and opens none is ignored.
        rest = further;
    }
    (steps.len() < DEPTH).then_some((name, steps))
}

/// Puts a value at its place; what was in the way gives way, as with PHP the last one counts.
fn put(node: &mut Value, step: &Step<'_>, further: &[Step<'_>], value: String) {
    let Some(slot) = slot(node, step) else {
        return;
    };
    match further.split_first() {
        Some((step, further)) => put(slot, step, further, value),
        None => *slot = Value::String(value),
    }
}

/// The place of a step in a node, which becomes a list or map if it is none.
fn slot<'t>(node: &'t mut Value, step: &Step<'_>) -> Option<&'t mut Value> {
    let index = |items: usize| match step {
        Step::Next => Some(items),
        Step::Name(name) => name.parse().ok().filter(|index| *index <= items),
    };
    if !node.is_array() && !node.is_object() {
        *node = match index(0) {
            Some(_) => Value::Array(Vec::new()),
            None => Value::Object(Map::new()),
        };
    }
    // A list that gets a name, or leaves one out, is a map with numbers for names.
    if let Value::Array(items) = node
        && index(items.len()).is_none()
    {
        let items = std::mem::take(items).into_iter().enumerate();
        let items = items.map(|(index, item)| (index.to_string(), item));
        *node = Value::Object(items.collect());
    }
    match node {
        Value::Array(items) => {
            let index = index(items.len())?;
            if index == items.len() {
                items.push(Value::Null);
            }
            items.get_mut(index)
        }
        Value::Object(members) => {
            let name = match step {
                Step::Name(name) => (*name).to_owned(),
                Step::Next => next(members),
            };
            Some(members.entry(name).or_insert(Value::Null))
        }
        _ => None,
    }
}

/// The name behind the last number of a map.
fn next(members: &Map<String, Value>) -> String {
    let last = members.keys().filter_map(|name| name.parse::<u64>().ok());
    last.max()
        .map_or(0, |last| last.saturating_add(1))
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::read;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn brackets_nest() {
        let expected =
            json!({ "filter": { "definition": { "handle": "vip" }, "total": { "gte": "5" } } });
        assert_eq!(
            read("filter[definition][handle]=vip&filter[total][gte]=5"),
            expected
        );
    }

    #[test]
    fn percent_encoded_brackets_nest_in_either_case() {
        let expected = json!({ "page": { "size": "5", "number": "2" } });
        assert_eq!(read("page%5Bsize%5D=5&page%5bnumber%5d=2"), expected);
    }

    #[test]
    fn empty_brackets_make_a_list() {
        assert_eq!(read("tags[]=a&tags[]=b"), json!({ "tags": ["a", "b"] }));
        let expected = json!({ "a": [{ "b": "1" }, { "b": "2" }] });
        assert_eq!(read("a[][b]=1&a[][b]=2"), expected);
    }

    #[test]
    fn numbers_in_brackets_make_a_list() {
        let expected =
            json!({ "attributes": [{ "handle": "h", "value": { "in": "v" } }, { "handle": "i" }] });
        let text = "attributes[0][handle]=h&attributes[0][value][in]=v&attributes[1][handle]=i";
        assert_eq!(read(text), expected);
    }

    #[test]
    fn a_list_with_a_name_is_a_map() {
        let expected = json!({ "a": { "0": "x", "b": "y", "1": "z" } });
        assert_eq!(read("a[]=x&a[b]=y&a[]=z"), expected);
        assert_eq!(read("a[7]=x&a[]=y"), json!({ "a": { "7": "x", "8": "y" } }));
    }

    #[test]
    fn the_last_of_a_name_counts() {
        assert_eq!(read("a=1&a=2"), json!({ "a": "2" }));
        assert_eq!(read("a=1&a[b]=2"), json!({ "a": { "b": "2" } }));
        assert_eq!(read("a[b]=1&a=2"), json!({ "a": "2" }));
    }

    #[test]
    fn dots_of_the_first_name_are_underscores() {
        let expected = json!({ "page_size": "1", "filter": { "tags.handle": "vip" } });
        assert_eq!(read("page.size=1&filter[tags.handle]=vip"), expected);
    }

    #[test]
    fn what_cannot_be_read_leaves_the_rest() {
        let deep = format!("x{}=1&", "[a]".repeat(1000));
        let text = format!("{deep}=1&&[a]=2&b[=3&c[d]e=4&%ff=5&%=6&good=7");
        let read = read(&text);
        assert_eq!(read["good"], "7");
        assert_eq!(read["b_"], "3");
        assert_eq!(read["c"]["d"], "4");
        assert_eq!(read.get("x"), None);
    }

    #[test]
    fn no_more_than_a_thousand_pairs_are_read() {
        let text = "a[]=1&".repeat(5000);
        assert_eq!(read(&text)["a"].as_array().map(Vec::len), Some(1000));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[a-c0-2\\[\\]=&.%5BbD_ +é]{0,60}|\\PC{0,60}") {
            prop_assert!(read(&text).is_object());
        }
    }
}
