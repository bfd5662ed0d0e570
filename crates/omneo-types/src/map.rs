//! Objects with free keys: `meta`, `custom_fields`, `options`.

use std::collections::{BTreeMap, btree_map};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

const EXPECTED: &str = "an object, a list or null";

/// A map from text to `V`. PHP has one type for maps and lists, and sends a map as a list whenever its keys allow.
///
/// | reads | as | writes |
/// |---|---|---|
/// | `{"a": 1}` | the map | `{"a": 1}` |
/// | `[]`, `null` | empty | `{}` |
/// | `["x", "y"]` | keys `"0"` and `"1"` | `{"0": "x", "1": "y"}` |
///
/// ```
/// use omneo_types::Map;
///
/// let meta: Map<String> = serde_json::from_str("[]")?;
/// assert!(meta.is_empty());
/// let meta = Map::from([("colour", "red".to_owned())]);
/// assert_eq!(meta["colour"], "red");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Map<V>(BTreeMap<String, V>);

impl<V> Map<V> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// The map inside.
    #[must_use]
    pub fn into_inner(self) -> BTreeMap<String, V> {
        self.0
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Map<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MapVisitor(PhantomData))
    }
}

struct MapVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for MapVisitor<V> {
    type Value = Map<V>;

    takes_no_scalar!(EXPECTED);
    null_is!(Map::new());

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Map<V>, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(value) = seq.next_element()? {
            map.insert(map.len().to_string(), value);
        }
        Ok(Map(map))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Map<V>, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = entries.next_entry()? {
            map.insert(key, value);
        }
        Ok(Map(map))
    }
}

impl<V> Default for Map<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Deref for Map<V> {
    type Target = BTreeMap<String, V>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<V> DerefMut for Map<V> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<V> From<BTreeMap<String, V>> for Map<V> {
    fn from(map: BTreeMap<String, V>) -> Self {
        Self(map)
    }
}

impl<V> From<Map<V>> for BTreeMap<String, V> {
    fn from(map: Map<V>) -> Self {
        map.0
    }
}

impl<K: Into<String>, V, const N: usize> From<[(K, V); N]> for Map<V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K: Into<String>, V> FromIterator<(K, V)> for Map<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(
            entries
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
        )
    }
}

impl<V> IntoIterator for Map<V> {
    type Item = (String, V);
    type IntoIter = btree_map::IntoIter<String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a Map<V> {
    type Item = (&'a String, &'a V);
    type IntoIter = btree_map::Iter<'a, String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a, V> IntoIterator for &'a mut Map<V> {
    type Item = (&'a String, &'a mut V);
    type IntoIter = btree_map::IterMut<'a, String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Integer;

    #[test]
    fn objects_lists_and_null_are_read_and_objects_written() {
        for (json, writes) in [
            (r#"{"b":2,"a":"1"}"#, r#"{"a":1,"b":2}"#),
            ("{}", "{}"),
            ("[]", "{}"),
            ("null", "{}"),
            ("[7,8]", r#"{"0":7,"1":8}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
        ] {
            let map: Map<Integer> = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&map).unwrap(), writes, "{json}");
        }
    }

    #[test]
    fn a_scalar_is_an_error_that_shows_it() {
        for json in ["3", "-3", "3.5", "true", r#""""#, r#""a""#] {
            let error = serde_json::from_str::<Map<Integer>>(json)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("expected an object, a list or null, got {json}")),
                "{error}"
            );
        }
    }
}
