//! Laravel's query strings: nested brackets, filters, sort, pages.

use serde_json::Value;

mod filters;
#[cfg(test)]
pub(crate) mod samples;
mod tree;

/// What a list asks of the store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Select {
    /// The kind of the records.
    pub(crate) kind: String,
    /// Members that must equal a value: the scope of the list.
    pub(crate) equal: Vec<(String, Value)>,
    /// What the caller filters by.
    pub(crate) filters: Vec<Filter>,
    /// What the caller sorts by; by the order of adding in the end.
    pub(crate) sort: Vec<Sort>,
    /// The page, from 1.
    pub(crate) number: u64,
    /// How many records a page has.
    pub(crate) size: u64,
}

/// A condition on a record.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// The other records on the way, each named by the one before it; none if it is about the record itself.
    pub(crate) relations: Vec<Relation>,
    /// The member, or the way to it through nested maps: `meta`, `colour`. Where the first is a list, one of its items is enough. Empty for a search of
    /// the whole record, and for whether there is another record at all.
    pub(crate) path: Vec<String>,
    /// How it is compared.
    pub(crate) operator: Operator,
    /// With what.
    pub(crate) value: String,
    /// What the record that the path is in must have besides: a custom field's namespace and handle.
    pub(crate) beside: Vec<(String, String)>,
}

/// How a filter compares. Numbers are compared as numbers, all else as texts without ASCII case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
    /// One of a list with commas.
    In,
    /// `1`: is null, `0`: is not. Which is which is not known of Omneo; this is the reading of the word.
    Nullable,
    /// Every word contained in any text of the record; or the text in the one that the path names (`search_with`).
    Search,
    /// A value contained in a list or map.
    JsonContains,
}

impl Operator {
    /// `gte` in `filter[total][gte]`.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "gt" => Self::Gt,
            "gte" => Self::Gte,
            "lt" => Self::Lt,
            "lte" => Self::Lte,
            "in" => Self::In,
            "nullable" => Self::Nullable,
            _ => return None,
        })
    }
}

/// A record that another one names.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    /// The kind of the other record.
    pub(crate) kind: String,
    /// The member of this record; it may be a list.
    pub(crate) member: String,
    /// The member of the other record that has the same value: `id`, or what names its owner, as in a profile's identities.
    pub(crate) other: String,
}

/// A key to sort by.
#[derive(Clone, Debug)]
pub(crate) struct Sort {
    pub(crate) path: Vec<String>,
    pub(crate) is_descending: bool,
}

/// How many records a page has, if the caller doesn't say.
const SIZE: u64 = 15;

/// How many records a page has at most.
const SIZE_MAX: u64 = 100;

/// A query string, or a form's body, read as PHP does: `a[b]=1` and `a[]=1` nest. All values are texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    tree: Value,
}

impl Query {
    /// Reads what follows the question mark; what can't be read is left out.
    pub(crate) fn parse(text: &str) -> Self {
        Self {
            tree: tree::read(text),
        }
    }

    /// All of it: a form's members.
    pub(crate) fn into_members(self) -> crate::record::Record {
        match self.tree {
            Value::Object(members) => members,
            _ => crate::record::Record::new(),
        }
    }

    /// The value at a way of names: `["page", "size"]`. `page[size]`, `page.size` and `page_size` (as PHP turns dots) are the same.
    pub(crate) fn get(&self, path: &[&str]) -> Option<&Value> {
        let mut steps = path.iter();
        let nested = steps.try_fold(&self.tree, |value, step| match value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            value => value.get(step),
        });
        nested.or_else(|| self.tree.get(path.join("_")))
    }

    /// The text at a way of names.
    pub(crate) fn text(&self, path: &[&str]) -> Option<&str> {
        self.get(path)?.as_str()
    }

    /// The page's number from 1 and size (15 if not given, 100 at most); `per_page`, `page`, `limit` and `offset` as the older API had them too. An
    /// offset is that of the page that it falls into.
    pub(crate) fn page(&self) -> (u64, u64) {
        let positive = |path: &[&str]| {
            let number = self.text(path)?.trim().parse().ok();
            number.filter(|number: &u64| *number > 0)
        };
        let size = positive(&["page", "size"])
            .or_else(|| positive(&["per_page"]))
            .or_else(|| positive(&["limit"]))
            .map_or(SIZE, |size| size.min(SIZE_MAX));
        let number = positive(&["page", "number"])
            .or_else(|| positive(&["page"]))
            .or_else(|| positive(&["offset"]).map(|offset| (offset / size).saturating_add(1)))
            .unwrap_or(1);
        (number, size)
    }

    /// The filters and sort keys, for a list of a kind; `relation` tells what a name that is no member of a kind's records means.
    pub(crate) fn select(
        &self,
        kind: &str,
        relation: impl Fn(&str, &str) -> Option<Relation>,
    ) -> Select {
        let (number, size) = self.page();
        Select {
            kind: kind.to_owned(),
            equal: Vec::new(),
            filters: filters::read(self, kind, &relation),
            sort: filters::sort(self),
            number,
            size,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn a_page_has_fifteen_records_if_nothing_is_said() {
        assert_eq!(Query::parse("").page(), (1, 15));
    }

    #[test]
    fn a_page_has_at_most_a_hundred_records() {
        assert_eq!(
            Query::parse("page[size]=101&page[number]=3").page(),
            (3, 100)
        );
    }

    #[test]
    fn a_page_that_is_no_number_is_the_first() {
        for text in [
            "page[number]=x&page[size]=-1",
            "page[number]=0&page[size]=0",
            "page[][size]=2",
        ] {
            assert_eq!(Query::parse(text).page(), (1, 15), "{text}");
        }
    }

    #[test]
    fn older_names_of_pages_are_read() {
        assert_eq!(Query::parse("page=2&per_page=10").page(), (2, 10));
        assert_eq!(Query::parse("offset=40&limit=20").page(), (3, 20));
        assert_eq!(Query::parse("page.size=7&page.number=2").page(), (2, 7));
    }

    #[test]
    fn an_offset_may_be_as_large_as_it_likes() {
        let query = Query::parse("offset=18446744073709551615&limit=1");
        assert_eq!(query.page(), (u64::MAX, 1));
    }
}
