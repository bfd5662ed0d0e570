//! Laravel's own page, which a few operations send.

use serde::{Deserialize, Serialize};

use crate::page::{next_page, page_helpers};
use crate::{Integer, List, MetaLink};

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
    fn all_but_data_may_be_missing() {
        let page: RawPage<Integer> = serde_json::from_str(r#"{"data": []}"#).unwrap();
        assert_eq!(page, RawPage::default());
        assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"data":[]}"#);
        assert!(serde_json::from_str::<RawPage<Integer>>("{}").is_err());
    }
}
