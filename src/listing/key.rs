//! Names of query parameters that lie in brackets: `filter[definition][type]`.

/// The query parameter of a filter: `filter[a][b]` for `a[b]` and for `a][b`.
pub(super) fn filter(name: &str) -> Result<String, String> {
    let inner = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((first, rest)) => format!("{first}][{rest}"),
        None => name.to_owned(),
    };
    if inner.starts_with("filter][") {
        return Err(
            "a filter is named without `filter[..]`; pass what stands between the brackets".into(),
        );
    }
    inner.split("][").try_fold("filter".to_owned(), member)
}

/// `outer[name]`.
#[allow(clippy::needless_pass_by_value)] // what a fold hands on
pub(super) fn member(outer: String, name: &str) -> Result<String, String> {
    if name.is_empty() {
        Err("a filter's name, or a part of it, is empty; name a field of the record".into())
    } else if name.contains(['[', ']']) || name.chars().any(char::is_control) {
        Err("a filter's name has a bracket out of place or a control character; write `field`, `relation.field` or `relation[field]`".into())
    } else {
        Ok(format!("{outer}[{name}]"))
    }
}

/// What `sort` calls the field of a filter: `definition.type` for `filter[definition][type]`.
pub(super) fn sort(key: &str) -> String {
    let inner = key
        .strip_prefix("filter[")
        .and_then(|inner| inner.strip_suffix(']'));
    inner.unwrap_or(key).replace("][", ".")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{filter, sort};

    #[test]
    fn nested_names_are_taken_in_both_spellings() {
        for (name, key, sorted) in [
            ("name", "filter[name]", "name"),
            ("tags.handle", "filter[tags.handle]", "tags.handle"),
            (
                "definition[type]",
                "filter[definition][type]",
                "definition.type",
            ),
            (
                "definition][type",
                "filter[definition][type]",
                "definition.type",
            ),
            ("a[b][c]", "filter[a][b][c]", "a.b.c"),
            ("a][b][c", "filter[a][b][c]", "a.b.c"),
            ("größe & = #", "filter[größe & = #]", "größe & = #"),
        ] {
            let made = filter(name).unwrap();
            assert_eq!(made, key);
            assert_eq!(sort(&made), sorted);
        }
    }

    #[test]
    fn what_breaks_out_of_the_brackets_is_refused() {
        for name in [
            "",
            "]",
            "[",
            "[]",
            "][",
            "a]",
            "a[",
            "[a]",
            "a[]",
            "a[b",
            "a][",
            "a][b]",
            "a[b]]",
            "a[[b]]",
            "a[b]c",
            "a[b][]",
            "a\0",
            "a\nb",
            "filter[a]",
            "filter][a",
        ] {
            assert!(filter(name).is_err(), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_one_level_of_brackets_deep(name in prop_oneof![any::<String>(), "[a.\\]\\[]{0,8}"]) {
            if let Ok(key) = filter(&name) {
                let mut open = false;
                for c in key.chars() {
                    match c {
                        '[' => { prop_assert!(!open); open = true; }
                        ']' => { prop_assert!(open); open = false; }
                        _ => {}
                    }
                }
                prop_assert!(!open && key.starts_with("filter[") && key.ends_with(']') && !key.contains("[]"));
            }
        }
    }
}
