//! Pages of a list.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::data::Key;
use crate::{Flag, Integer, List, Record, Scalar};

const EXPECTED: &str = "a page: an object with the member data, or a list";

/// A page of a list, or a list that is not paginated after all: some operations are in one version and are not in the next.
///
/// | reads | as |
/// |---|---|
/// | `{"data": [..], "links": {..}, "meta": {..}}` | the page |
/// | the same with `links` or `meta` missing, `null` or `[]` | the page without them |
/// | `[..]` | a page with only `data` |
/// | `{"0": .., "2": ..}`, a list with a gap | the same, in the order of the numbers |
///
/// Writes `{"data": [..]}` with `links` and `meta` if there are any.
///
/// ```
/// use omneo_types::Page;
///
/// let page: Page<String> =
///     serde_json::from_str(r#"{"data": ["a", "b"], "links": [], "meta": {"current_page": 1, "last_page": 3}}"#)?;
/// assert_eq!(page.next_page(), Some(2));
/// for item in &page {
///     println!("{item}");
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Page<T> {
    /// The items.
    pub data: List<T>,
    /// Where the neighbours are; not to be followed, see [`Links`].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(default, with = "Record<Links>"))]
    pub links: Option<Links>,
    /// Which page of how many it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(default, with = "Record<Meta>"))]
    pub meta: Option<Meta>,
}

/// The neighbours of a page, as URLs.
///
/// They can't be followed: the server writes them with plain `http` and under several names for the page's number. Count pages instead
/// ([`Page::next_page`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Links {
    /// The first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// The last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// The page before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev: Option<String>,
    /// The page after this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Which page of how many it is. Pages and items are counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Meta {
    /// This page's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_page: Option<Integer>,
    /// The number of this page's first item; none if the page is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Integer>,
    /// The last page's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_page: Option<Integer>,
    /// The number of items that a full page has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<Integer>,
    /// The number of this page's last item; none if the page is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Integer>,
    /// How many items all pages have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Integer>,
    /// The list's URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The buttons of a page bar; newer answers have them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<List<MetaLink>>,
}

/// A button of a page bar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MetaLink {
    /// Where the button leads; none if it is disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The button's text, which is a page's number for most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Scalar>,
    /// Whether the button is this page's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<Flag>,
}

/// The helpers of both kinds of page.
macro_rules! page_helpers {
    ($page:ident) => {
        impl<T> $page<T> {
            /// Whether there is a page after this one.
            #[must_use]
            pub fn has_next(&self) -> bool {
                self.next_page().is_some()
            }

            /// The number of items on this page.
            #[must_use]
            pub fn len(&self) -> usize {
                self.data.len()
            }

            /// Whether this page has no items.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.data.is_empty()
            }

            /// The items of this page.
            pub fn iter(&self) -> ::std::slice::Iter<'_, T> {
                self.data.iter()
            }

            /// The items of this page.
            #[must_use]
            pub fn into_items(self) -> Vec<T> {
                self.data.into_inner()
            }
        }

        impl<T> IntoIterator for $page<T> {
            type Item = T;
            type IntoIter = ::std::vec::IntoIter<T>;

            fn into_iter(self) -> Self::IntoIter {
                self.data.into_iter()
            }
        }

        impl<'a, T> IntoIterator for &'a $page<T> {
            type Item = &'a T;
            type IntoIter = ::std::slice::Iter<'a, T>;

            fn into_iter(self) -> Self::IntoIter {
                self.data.iter()
            }
        }
    };
}
pub(crate) use page_helpers;

page_helpers!(Page);

impl<T> Page<T> {
    /// The next page's number, by `meta`'s `current_page` and `last_page`; `None` on the last page, and if either is unknown.
    #[must_use]
    pub fn next_page(&self) -> Option<u64> {
        let meta = self.meta.as_ref()?;
        next_page(meta.current_page, meta.last_page)
    }
}

pub(crate) fn next_page(current: Option<Integer>, last: Option<Integer>) -> Option<u64> {
    let current = current?.get();
    if current < last?.get() {
        u64::try_from(current.checked_add(1)?).ok()
    } else {
        None
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        List::new().into()
    }
}

impl<T> From<List<T>> for Page<T> {
    fn from(data: List<T>) -> Self {
        Self {
            data,
            links: None,
            meta: None,
        }
    }
}

impl<T> From<Vec<T>> for Page<T> {
    fn from(data: Vec<T>) -> Self {
        List::from(data).into()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PageVisitor(PhantomData))
    }
}

struct PageVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PageVisitor<T> {
    type Value = Page<T>;

    takes_no_scalar!(EXPECTED);
    takes_no_null!(EXPECTED);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Page<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Page<T>, A::Error> {
        let (mut data, mut links, mut meta) = (None, Record::NONE, Record::NONE);
        let mut bare = BTreeMap::new();
        while let Some(key) = map.next_key()? {
            match key {
                Key::Data => data = Some(map.next_value()?),
                Key::Links => links = map.next_value()?,
                Key::Meta => meta = map.next_value()?,
                Key::Other(name) => match name.parse::<i64>() {
                    Ok(position) if data.is_none() => {
                        bare.insert(position, map.next_value()?);
                    }
                    _ => _ = map.next_value::<IgnoredAny>()?,
                },
            }
        }
        if !bare.is_empty() {
            data.get_or_insert_with(|| bare.into_values().collect());
        }
        // An answer without `data` is no empty page but something else, an error's body say.
        let data = data.ok_or_else(|| A::Error::missing_field("data"))?;
        Ok(Page {
            data,
            links: links.into_inner(),
            meta: meta.into_inner(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_meta_may_be_missing_null_or_an_empty_list() {
        for json in [
            r#"{"data": [1, 2]}"#,
            r#"{"data": [1, 2], "links": null, "meta": null}"#,
            r#"{"data": {"0": 1, "5": 2}, "links": [], "meta": [], "extra": [[]]}"#,
            "[1, 2]",
            r#"{"7": 2, "0": 1}"#,
        ] {
            let page: Page<Integer> = serde_json::from_str(json).unwrap();
            assert_eq!(page, Page::from(vec![1.into(), 2.into()]), "{json}");
            assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"data":[1,2]}"#);
            assert!(!page.has_next());
        }
    }

    #[test]
    fn a_whole_page_is_read() {
        let page: Page<Integer> = serde_json::from_str(
            r#"{"data": [1], "links": {"first": "http://x?page=1", "last": "http://x?page=3", "prev": null, "next": "http://x?page=2"},
                "meta": {"current_page": "1", "from": 1, "last_page": 3, "path": "http://x", "per_page": "1", "to": 1, "total": 3,
                "links": [{"url": null, "label": "&laquo; Previous", "active": false}, {"url": "http://x?page=1", "label": 1, "active": 1, "page": 1}]}}"#,
        )
        .unwrap();
        let meta = page.meta.clone().unwrap();
        assert_eq!(
            (page.len(), page.next_page(), meta.total.map(Integer::get)),
            (1, Some(2), Some(3))
        );
        assert_eq!(
            meta.links.unwrap()[1],
            MetaLink {
                url: Some("http://x?page=1".into()),
                label: Some(1.into()),
                active: Some(true.into())
            }
        );
        let again: Page<Integer> =
            serde_json::from_value(serde_json::to_value(&page).unwrap()).unwrap();
        assert_eq!(again, page);
    }

    #[test]
    fn the_next_page_is_counted() {
        for (current, last, next) in [
            (Some(1), Some(3), Some(2)),
            (Some(3), Some(3), None),
            (Some(4), Some(3), None),
            (Some(1), Some(0), None),
            (None, Some(3), None),
            (Some(1), None, None),
            (Some(i64::MAX), Some(i64::MAX), None),
            (Some(i64::MIN), Some(3), None),
        ] {
            assert_eq!(
                next_page(current.map(Integer::from), last.map(Integer::from)),
                next,
                "{current:?} of {last:?}"
            );
        }
    }

    #[test]
    fn what_is_no_page_is_an_error() {
        for (json, message) in [
            (r#"{"message": "Unauthenticated."}"#, "missing field `data`"),
            (
                r#""OK""#,
                "expected a page: an object with the member data, or a list, got \"OK\"",
            ),
            (
                r#"{"data": {"id": 3}}"#,
                "expected a list, an object with number keys or null, got an object with the key \"id\"",
            ),
            (
                r#"{"data": [], "meta": "none"}"#,
                "expected an object, [] or null, got \"none\"",
            ),
        ] {
            let error = serde_json::from_str::<Page<Integer>>(json)
                .unwrap_err()
                .to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
