//! Lists.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::{slice, vec};

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::unexpected;

const EXPECTED: &str = "a list, an object with number keys or null";

/// A list. PHP sends one whose keys have a gap (after a filter, say) as an object.
///
/// | reads | as | writes |
/// |---|---|---|
/// | `[1, 2]` | the list | `[1, 2]` |
/// | `{"10": "x", "9": "y"}` | the values in the order of the numbers: `y`, `x` | `["y", "x"]` |
/// | `{}`, `null` | empty | `[]` |
///
/// Errors: an object with any other key, a scalar.
///
/// ```
/// use omneo_types::List;
///
/// let tags: List<String> = serde_json::from_str(r#"{"0": "vip", "2": "staff"}"#)?;
/// assert_eq!(*tags, ["vip", "staff"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct List<T>(Vec<T>);

impl<T> List<T> {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The vector inside.
    #[must_use]
    pub fn into_inner(self) -> Vec<T> {
        self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    takes_no_scalar!(EXPECTED);
    null_is!(List::new());

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element()? {
            list.push(item);
        }
        Ok(List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let Ok(position) = key.parse::<i64>() else {
                return Err(unexpected(
                    EXPECTED,
                    &format_args!("an object with the key {key:?}"),
                ));
            };
            items.push((position, map.next_value()?));
        }
        items.sort_by_key(|(position, _)| *position);
        Ok(List(items.into_iter().map(|(_, item)| item).collect()))
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for List<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> DerefMut for List<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(list: Vec<T>) -> Self {
        Self(list)
    }
}

impl<T> From<List<T>> for Vec<T> {
    fn from(list: List<T>) -> Self {
        list.0
    }
}

/// Of an array's items the list's are made: `["a", "b"]` is a list of `String`, `[3, 4]` one of [`Id`](crate::Id).
impl<T, U: Into<T>, const N: usize> From<[U; N]> for List<T> {
    fn from(list: [U; N]) -> Self {
        list.into_iter().map(U::into).collect()
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut List<T> {
    type Item = &'a mut T;
    type IntoIter = slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Id, Integer};

    #[test]
    fn lists_numbered_objects_and_null_are_read_and_lists_written() {
        for (json, writes) in [
            ("[2,\"1\"]", "[2,1]"),
            ("[]", "[]"),
            ("null", "[]"),
            ("{}", "[]"),
            (r#"{"10":1,"9":2,"-1":3}"#, "[3,2,1]"),
            (r#"{"1":1,"1":2}"#, "[1,2]"),
        ] {
            let list: List<Integer> = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&list).unwrap(), writes, "{json}");
        }
    }

    #[test]
    fn any_other_object_is_an_error_that_names_the_key() {
        let error = serde_json::from_str::<List<Integer>>(r#"{"0": 1, "id": 2}"#)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(r#"expected a list, an object with number keys or null, got an object with the key "id""#), "{error}");
    }

    #[test]
    fn a_scalar_is_an_error_that_shows_it() {
        for json in ["3", "3.5", "true", r#""""#, r#""a,b""#] {
            let error = serde_json::from_str::<List<Integer>>(json)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!(
                    "expected a list, an object with number keys or null, got {json}"
                )),
                "{error}"
            );
        }
    }

    #[test]
    fn an_arrays_items_become_the_lists() {
        let ids: List<Id> = [3, 4].into();
        assert_eq!(*ids, [Id::from(3), Id::from(4)]);
        let texts: List<String> = ["a", "b"].into();
        assert_eq!(*texts, ["a", "b"]);
    }

    #[test]
    fn a_wrong_item_is_the_items_error() {
        let error = serde_json::from_str::<List<Integer>>(r#"[1, "x"]"#)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("expected an integer"), "{error}");
    }
}
