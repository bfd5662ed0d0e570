//! Laravel's own page, which a few operations send.

use serde::{Deserialize, Serialize};

use crate::page::{next_page, page_helpers};
use crate::{Integer, Links, List, Meta, MetaLink, Page};

/// A page whose numbers stand beside its items: `{"current_page": 1, "data": [..], "last_page": 3, ..}`. A profile's grouped transactions and
/// orders are sent so. All members but `data` may be missing or null; the URLs are not to be followed (see [`Links`](crate::Links)).
///
/// ```
/// use omneo_types::RawPage;
///
/// let page: RawPage<String> = serde_json::from_str(r#"{"current_page": 1, "data": ["a"], "last_page": 2}"#)?;
/// assert_eq!(page.next_page(), Some(2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct RawPage<T> {
    /// This page's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_page: Option<Integer>,
    /// The items.
    pub data: List<T>,
    /// The first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_page_url: Option<String>,
    /// The number of this page's first item; none if the page is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Integer>,
    /// The last page's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_page: Option<Integer>,
    /// The last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_page_url: Option<String>,
    /// The buttons of a page bar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<List<MetaLink>>,
    /// The page after this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_url: Option<String>,
    /// The list's URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The number of items that a full page has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<Integer>,
    /// The page before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev_page_url: Option<String>,
    /// The number of this page's last item; none if the page is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Integer>,
    /// How many items all pages have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Integer>,
}

page_helpers!(RawPage);

impl<T> RawPage<T> {
    /// The next page's number, by `current_page` and `last_page`; `None` on the last page, and if either is unknown.
    #[must_use]
    pub fn next_page(&self) -> Option<u64> {
        next_page(self.current_page, self.last_page)
    }
}

/// The same page in the form that the others have: what it says of itself moves into `links` and `meta`.
///
/// ```
/// use omneo_types::{Page, RawPage};
///
/// let raw: RawPage<String> = serde_json::from_str(r#"{"current_page": 1, "data": ["a"], "last_page": 2}"#)?;
/// assert_eq!(Page::from(raw).next_page(), Some(2));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<T> From<RawPage<T>> for Page<T> {
    fn from(raw: RawPage<T>) -> Self {
        let links = Links {
            first: raw.first_page_url,
            last: raw.last_page_url,
            prev: raw.prev_page_url,
            next: raw.next_page_url,
        };
        let meta = Meta {
            current_page: raw.current_page,
            from: raw.from,
            last_page: raw.last_page,
            per_page: raw.per_page,
            to: raw.to,
            total: raw.total,
            path: raw.path,
            links: raw.links,
        };
        Self {
            data: raw.data,
            links: (links != Links::default()).then_some(links),
            meta: (meta != Meta::default()).then_some(meta),
        }
    }
}

impl<T> Default for RawPage<T> {
    fn default() -> Self {
        List::new().into()
    }
}

impl<T> From<List<T>> for RawPage<T> {
    fn from(data: List<T>) -> Self {
        Self {
            current_page: None,
            data,
            first_page_url: None,
            from: None,
            last_page: None,
            last_page_url: None,
            links: None,
            next_page_url: None,
            path: None,
            per_page: None,
            prev_page_url: None,
            to: None,
            total: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_text_and_urls_null() {
        let page: RawPage<Integer> = serde_json::from_str(
            r#"{"current_page": "2", "data": {"3": 7}, "first_page_url": "http://x?page=1", "from": null, "last_page": 3, "last_page_url": null,
                "links": [], "next_page_url": null, "path": "http://x", "per_page": "15", "prev_page_url": null, "to": null, "total": 31}"#,
        )
        .unwrap();
        assert_eq!(
            (
                page.next_page(),
                page.has_next(),
                page.len(),
                page.is_empty()
            ),
            (Some(3), true, 1, false)
        );
        assert_eq!(page.into_items(), [Integer::from(7)]);
    }

    #[test]
    fn a_page_is_made_of_it_with_all_that_it_says() {
        let raw: RawPage<Integer> = serde_json::from_str(
            r#"{"current_page": 2, "data": [7], "first_page_url": "a", "from": 2, "last_page": 3, "last_page_url": "b",
                "links": [{"label": "1"}], "next_page_url": "c", "path": "d", "per_page": 1, "prev_page_url": "e", "to": 2, "total": 3}"#,
        )
        .unwrap();
        let page: Page<Integer> = serde_json::from_str(
            r#"{"data": [7], "links": {"first": "a", "last": "b", "next": "c", "prev": "e"},
                "meta": {"current_page": 2, "from": 2, "last_page": 3, "links": [{"label": "1"}], "path": "d", "per_page": 1, "to": 2, "total": 3}}"#,
        )
        .unwrap();
        assert_eq!(Page::from(raw), page);
    }

    #[test]
    fn a_page_of_one_that_says_nothing_of_itself_has_no_links_and_no_meta() {
        let raw = RawPage::from(List::from(vec![1]));
        assert_eq!(Page::from(raw), Page::from(vec![1]));
    }

    #[test]
    fn all_but_data_may_be_missing() {
        let page: RawPage<Integer> = serde_json::from_str(r#"{"data": []}"#).unwrap();
        assert_eq!(page, RawPage::default());
        assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"data":[]}"#);
        assert!(serde_json::from_str::<RawPage<Integer>>("{}").is_err());
    }
}
