//! Laravel's pages: the links and numbers around a list.

use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::query::Query;
use crate::schema::{Envelope, Operation};

/// What stands as it is in a query, as PHP's `http_build_query` has it.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// How many pages are linked on each side of the current one.
const SIDE: u64 = 3;

/// Where a page is in a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pages {
    number: u64,
    size: u64,
    total: u64,
}

impl Pages {
    pub(super) fn new(number: u64, size: u64, total: u64) -> Self {
        Self {
            number: number.max(1),
            size: size.max(1),
            total,
        }
    }

    /// One page that is the whole list.
    pub(super) fn whole(total: u64) -> Self {
        Self::new(1, total, total)
    }

    /// The places of the page's items.
    pub(super) fn range(&self) -> Range<usize> {
        let start = self.start().min(self.total);
        let end = start.saturating_add(self.size).min(self.total);
        let place = |place: u64| usize::try_from(place).unwrap_or(usize::MAX);
        place(start)..place(end)
    }

    fn start(&self) -> u64 {
        (self.number - 1).saturating_mul(self.size)
    }

    fn last(&self) -> u64 {
        self.total.div_ceil(self.size).max(1)
    }

    /// The numbers of the first and last item, from 1; none on an empty page.
    fn items(&self, count: usize) -> (Option<u64>, Option<u64>) {
        if count == 0 {
            return (None, None);
        }
        let start = self.start();
        (
            Some(start.saturating_add(1)),
            Some(start.saturating_add(count as u64)),
        )
    }

    /// The pages that are linked; none stands for those that are left out, as Laravel does when there are many.
    fn window(&self) -> Vec<Option<u64>> {
        let (last, number) = (self.last(), self.number);
        if last < SIDE * 2 + 8 {
            return (1..=last).map(Some).collect();
        }
        let near = SIDE + 4;
        let mut window: Vec<Option<u64>> = Vec::new();
        if number <= near {
            window.extend((1..=near + SIDE).map(Some));
            window.push(None);
            window.extend((last - 1..=last).map(Some));
        } else if number > last - near {
            window.extend([Some(1), Some(2), None]);
            window.extend((last - (near + SIDE - 1)..=last).map(Some));
        } else {
            window.extend([Some(1), Some(2), None]);
            window.extend((number - SIDE..=number + SIDE).map(Some));
            window.push(None);
            window.extend((last - 1..=last).map(Some));
        }
        window
    }
}

/// Items in the envelope of an operation.
pub(super) fn wrap(
    operation: &Operation,
    items: Vec<Value>,
    pages: &Pages,
    query: &Query,
    url: &str,
) -> Value {
    match operation.envelope {
        Envelope::Page => paged(items, pages, query, url),
        Envelope::List if operation.is_paged => paged(items, pages, query, url),
        Envelope::RawPage => raw(items, pages, query, url),
        Envelope::List | Envelope::One => data(items.into()),
        Envelope::Bare | Envelope::BareList | Envelope::Empty | Envelope::Free => items.into(),
    }
}

/// A value in its plain envelope.
pub(super) fn data(value: Value) -> Value {
    with_data(Value::Object(Map::new()), value)
}

/// An envelope with what it holds: moved, for `json!` would copy it.
fn with_data(mut envelope: Value, data: Value) -> Value {
    if let Some(envelope) = envelope.as_object_mut() {
        envelope.insert("data".to_owned(), data);
    }
    envelope
}

fn paged(items: Vec<Value>, pages: &Pages, query: &Query, url: &str) -> Value {
    let links = Links::new(pages, query, url);
    let (from, to) = pages.items(items.len());
    let envelope = json!({
        "links": {
            "first": links.to(1),
            "last": links.to(pages.last()),
            "prev": links.previous(),
            "next": links.next(),
        },
        "meta": {
            "current_page": pages.number,
            "from": from,
            "last_page": pages.last(),
            "links": links.all(),
            "path": url,
            "per_page": pages.size,
            "to": to,
            "total": pages.total,
        },
    });
    with_data(envelope, items.into())
}

fn raw(items: Vec<Value>, pages: &Pages, query: &Query, url: &str) -> Value {
    let links = Links::new(pages, query, url);
    let (from, to) = pages.items(items.len());
    let envelope = json!({
        "current_page": pages.number,
        "first_page_url": links.to(1),
        "from": from,
        "last_page": pages.last(),
        "last_page_url": links.to(pages.last()),
        "links": links.all(),
        "next_page_url": links.next(),
        "path": url,
        "per_page": pages.size,
        "prev_page_url": links.previous(),
        "to": to,
        "total": pages.total,
    });
    with_data(envelope, items.into())
}

/// The addresses of a list's pages: the request's own with another `page[number]`.
struct Links<'p> {
    pages: &'p Pages,
    base: String,
}

impl<'p> Links<'p> {
    fn new(pages: &'p Pages, query: &Query, url: &str) -> Self {
        let mut base = format!("{url}?");
        for (name, value) in pairs(query) {
            let name = utf8_percent_encode(&name, PLAIN);
            let value = utf8_percent_encode(&value, PLAIN);
            base.push_str(&format!("{name}={value}&"));
        }
        Self { pages, base }
    }

    fn to(&self, number: u64) -> String {
        let name = utf8_percent_encode("page[number]", PLAIN);
        format!("{}{name}={number}", self.base)
    }

    fn previous(&self) -> Option<String> {
        (self.pages.number > 1).then(|| self.to(self.pages.number - 1))
    }

    fn next(&self) -> Option<String> {
        (self.pages.number < self.pages.last()).then(|| self.to(self.pages.number + 1))
    }

    /// All of them, as Laravel's `meta.links`.
    fn all(&self) -> Vec<Value> {
        let link = |url: Option<String>, label: String, active: bool| json!({ "url": url, "label": label, "active": active });
        let mut links = vec![link(self.previous(), "&laquo; Previous".to_owned(), false)];
        links.extend(self.pages.window().into_iter().map(|page| match page {
            Some(page) => link(
                Some(self.to(page)),
                page.to_string(),
                page == self.pages.number,
            ),
            None => link(None, "...".to_owned(), false),
        }));
        links.push(link(self.next(), "Next &raquo;".to_owned(), false));
        links
    }
}

/// The query's parameters but for the page's number.
fn pairs(query: &Query) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    if let Some(tree) = query.get(&[]) {
        flatten("", tree, &mut pairs);
    }
    pairs.retain(|(name, _)| {
        !matches!(
            name.as_str(),
            "page" | "page[number]" | "page.number" | "page_number"
        )
    });
    pairs
}

fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    let below = |key: &str| {
        if name.is_empty() {
            key.to_owned()
        } else {
            format!("{name}[{key}]")
        }
    };
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                flatten(&below(key), value, pairs);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                flatten(&below(&index.to_string()), value, pairs);
            }
        }
        Value::Null => {}
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        other => pairs.push((name.to_owned(), other.to_string())),
    }
}
