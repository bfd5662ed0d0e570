//! Fields to filter and sort by.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use super::kind::{Any, Column, Kind, Nested, Ordered};
use super::{FilterValue, key};

/// A field of records `T` that a list of them can be filtered and sorted by. Its kind `K` decides which values and
/// operators it takes.
///
/// [`filters`](crate::filters) has those of the schema, [`filter`] makes one of any name.
///
/// ```
/// # #[cfg(feature = "incentives")]
/// # fn list(api: omneo_api::Api) {
/// use omneo_api::filters::{reward, reward_definition};
///
/// let rewards = api
///     .rewards()
///     .list()
///     .filter(reward::value_remaining.gt(0))
///     .filter(reward::profile_id.is_in(["9332c9b2", "8f14e45f"]));
/// let definitions = api.rewards().definitions().list().filter(reward_definition::is_published.eq(true));
/// # }
/// ```
///
/// A filter of another resource is refused by the compiler:
///
/// ```compile_fail,E0308
/// # use omneo_api::filters::reward_definition;
/// # fn list(api: omneo_api::Api) {
/// let rewards = api.rewards().list().filter(reward_definition::is_published.eq(true));
/// # }
/// ```
///
/// So is an operator that makes no sense, and a value of another kind, a float among them:
///
/// ```compile_fail,E0277
/// # use omneo_api::filters::reward_definition;
/// let filter = reward_definition::is_published.gt(true);
/// ```
///
/// ```compile_fail,E0277
/// # use omneo_api::filters::reward_definition;
/// let filter = reward_definition::is_published.eq("yes");
/// ```
///
/// ```compile_fail,E0277
/// # use omneo_api::filters::reward;
/// let filter = reward::value_remaining.gt(0.5);
/// ```
#[must_use = "a field does nothing until it is compared with a value"]
pub struct Field<T, K> {
    key: Result<Cow<'static, str>, String>,
    of: PhantomData<fn() -> (T, K)>,
}

/// A condition that the records of a list of `T` meet. Several hold together.
///
/// `Debug` shows the name and not the value.
#[must_use = "a filter does nothing until a list is given it"]
pub struct Filter<T> {
    pub(super) pair: Pair,
    of: PhantomData<fn() -> T>,
}

/// A query pair, or why it can't be sent.
type Pair = Result<(String, String), String>;

/// An order of a list of `T`; a text such as `-expires_at` is one, too.
#[must_use = "an order does nothing until a list is given it"]
pub struct Sort<T> {
    pub(super) by: Result<String, String>,
    of: PhantomData<fn() -> T>,
}

/// A field of any name, for lists of whatever records: the server is left to judge the name, the operator and the
/// value.
///
/// A field of a relation is written as the operation wants it, with a dot or with brackets: `tags.handle`, and
/// `definition[type]` or `definition][type`. A name that would break out of its brackets makes the list answer
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) without asking the server.
///
/// ```
/// # #[cfg(feature = "incentives")]
/// # fn list(api: omneo_api::Api) {
/// use omneo_api::filter;
///
/// let definitions = api
///     .rewards()
///     .definitions()
///     .list()
///     .filter(filter("name").eq("Birthday")) // filter[name]=Birthday
///     .filter(filter("tags.handle").is_in(["a", "b"])) // filter[tags.handle][in]=a,b
///     .filter(filter("definition[type]").ne("x")); // filter[definition][type][ne]=x
/// # }
/// ```
pub fn filter<T>(name: &str) -> Field<T, Any> {
    Field::from_key(key::filter(name).map(Cow::Owned))
}

impl<T, K> Field<T, K> {
    /// A field by the name of its query parameter, such as `filter[is_active]`.
    #[doc(hidden)]
    pub const fn new(key: &'static str) -> Self {
        Self {
            key: Ok(Cow::Borrowed(key)),
            of: PhantomData,
        }
    }

    fn from_key(key: Result<Cow<'static, str>, String>) -> Self {
        Self {
            key,
            of: PhantomData,
        }
    }

    fn by(self, operator: &str, value: String) -> Filter<T> {
        Filter {
            pair: pair(self.key, operator, value),
            of: PhantomData,
        }
    }
}

impl<T, K: Kind> Field<T, K> {
    /// Equal to a value.
    ///
    /// An empty text is refused with [`InvalidRequest`](crate::ErrorKind::InvalidRequest): PHP's web frameworks read it
    /// as no filter at all, and the answer would be the whole list.
    pub fn eq(self, value: impl FilterValue<K>) -> Filter<T> {
        self.by("", value.to_filter())
    }

    /// Not equal to a value.
    pub fn ne(self, value: impl FilterValue<K>) -> Filter<T>
    where
        K: Column,
    {
        self.by("[ne]", value.to_filter())
    }

    /// Equal to one of several values.
    ///
    /// No value at all is refused with [`InvalidRequest`](crate::ErrorKind::InvalidRequest), and so is one that is
    /// empty or has a comma in it, which is what parts them.
    pub fn is_in<V: FilterValue<K>>(self, values: impl IntoIterator<Item = V>) -> Filter<T>
    where
        K: Column,
    {
        let values = values.into_iter().map(|value| value.to_filter());
        match join(&values.collect::<Vec<_>>()) {
            Ok(values) => self.by("[in]", values),
            Err(why) => Filter {
                pair: Err(why),
                of: PhantomData,
            },
        }
    }

    /// Sends the operator `nullable` with 1 for true and 0 for false. Omneo has no word on which of the two finds the
    /// records without a value: try it on your tenant.
    pub fn nullable(self, flag: bool) -> Filter<T>
    where
        K: Column,
    {
        self.by("[nullable]", u8::from(flag).to_string())
    }

    /// Sorts by the field, smallest first.
    pub fn asc(self) -> Sort<T>
    where
        K: Column,
    {
        Sort::from_text(self.key.map(|key| key::sort(&key)))
    }

    /// Sorts by the field, largest first.
    pub fn desc(self) -> Sort<T>
    where
        K: Column,
    {
        Sort::from_text(self.key.map(|key| format!("-{}", key::sort(&key))))
    }

    /// Greater than a value; of times, later.
    pub fn gt(self, value: impl FilterValue<K>) -> Filter<T>
    where
        K: Ordered,
    {
        self.by("[gt]", value.to_filter())
    }

    /// Greater than a value or equal to it.
    pub fn gte(self, value: impl FilterValue<K>) -> Filter<T>
    where
        K: Ordered,
    {
        self.by("[gte]", value.to_filter())
    }

    /// Less than a value; of times, earlier.
    pub fn lt(self, value: impl FilterValue<K>) -> Filter<T>
    where
        K: Ordered,
    {
        self.by("[lt]", value.to_filter())
    }

    /// Less than a value or equal to it.
    pub fn lte(self, value: impl FilterValue<K>) -> Filter<T>
    where
        K: Ordered,
    {
        self.by("[lte]", value.to_filter())
    }

    /// A field within this one.
    ///
    /// ```
    /// # #[cfg(feature = "profiles")]
    /// # fn list(api: omneo_api::Api) {
    /// use omneo_api::filters::profile;
    ///
    /// let profiles = api
    ///     .profiles()
    ///     .list()
    ///     .filter(profile::custom_field.key("shop").key("size").eq("42")) // filter[custom_field][shop][size]=42
    ///     .filter(profile::search_with.key("email").eq("ada")); // filter[search_with][email]=ada
    /// # }
    /// ```
    pub fn key(self, name: &str) -> Field<T, Any>
    where
        K: Nested,
    {
        let key = self
            .key
            .and_then(|outer| key::member(outer.into_owned(), name));
        Field::from_key(key.map(Cow::Owned))
    }
}

fn pair(key: Result<Cow<'static, str>, String>, operator: &str, value: String) -> Pair {
    let key = key?;
    if value.is_empty() {
        return Err(format!(
            "the value of `{key}` is empty, which the server may take for no filter; pass a value, or send it with query()"
        ));
    }
    Ok((format!("{key}{operator}"), value))
}

/// A comma list.
fn join(values: &[String]) -> Result<String, String> {
    if values.is_empty() {
        return Err("a filter of one value in several has none; don't list at all".to_owned());
    }
    if values.iter().any(|value| value.contains(',')) {
        return Err(
            "a value of `is_in` has a comma, which parts the values; list by it alone with eq()"
                .to_owned(),
        );
    }
    if values.iter().any(String::is_empty) {
        return Err("a value of `is_in` is empty; drop it".to_owned());
    }
    Ok(values.join(","))
}

impl<T> Sort<T> {
    fn from_text(by: Result<String, String>) -> Self {
        let by = by.and_then(|by| match by.trim_matches(['-', ',', ' ']) {
            "" => Err("an order has no field; pass one such as `-created_at`".to_owned()),
            _ => Ok(by),
        });
        Self {
            by,
            of: PhantomData,
        }
    }
}

impl<T> From<&str> for Sort<T> {
    fn from(by: &str) -> Self {
        by.to_owned().into()
    }
}

impl<T> From<String> for Sort<T> {
    fn from(by: String) -> Self {
        Self::from_text(Ok(by))
    }
}

impl<T, K> Clone for Field<T, K> {
    fn clone(&self) -> Self {
        Self::from_key(self.key.clone())
    }
}

impl<T> Clone for Filter<T> {
    fn clone(&self) -> Self {
        Self {
            pair: self.pair.clone(),
            of: PhantomData,
        }
    }
}

impl<T> Clone for Sort<T> {
    fn clone(&self) -> Self {
        Self {
            by: self.by.clone(),
            of: PhantomData,
        }
    }
}

impl<T, K> fmt::Debug for Field<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Field").field(&self.key).finish()
    }
}

impl<T> fmt::Debug for Filter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.pair.as_ref().map(|(name, _)| name);
        f.debug_tuple("Filter").field(&name).finish()
    }
}

impl<T> fmt::Debug for Sort<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sort").field(&self.by).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::{Bool, Each, Id, Members, Number, Text, Time};
    use super::*;

    struct Record;

    fn sent(filter: Filter<Record>) -> String {
        let (name, value) = filter.pair.unwrap();
        format!("{name}={value}")
    }

    #[test]
    fn every_operator_has_its_form() {
        let number = || Field::<Record, Number>::new("filter[value]");
        for (filter, form) in [
            (number().eq(5), "filter[value]=5"),
            (number().ne(5), "filter[value][ne]=5"),
            (number().gt(5), "filter[value][gt]=5"),
            (number().gte(5), "filter[value][gte]=5"),
            (number().lt(5), "filter[value][lt]=5"),
            (number().lte(5), "filter[value][lte]=5"),
            (number().is_in([5, 6]), "filter[value][in]=5,6"),
            (number().nullable(true), "filter[value][nullable]=1"),
            (number().nullable(false), "filter[value][nullable]=0"),
        ] {
            assert_eq!(sent(filter), form);
        }
    }

    #[test]
    fn every_kind_has_its_values() {
        let date = omneo_types::jiff::civil::date(2026, 1, 31);
        for (filter, form) in [
            (
                Field::<Record, Bool>::new("filter[a]").eq(true),
                "filter[a]=1",
            ),
            (
                Field::<Record, Bool>::new("filter[a]").ne(false),
                "filter[a][ne]=0",
            ),
            (
                Field::<Record, Time>::new("filter[a]").gte(date),
                "filter[a][gte]=2026-01-31 00:00:00",
            ),
            (
                Field::<Record, Id>::new("filter[a]").gt("9332c9b2"),
                "filter[a][gt]=9332c9b2",
            ),
            (
                Field::<Record, Id>::new("filter[a]").is_in([&omneo_types::Id::from(7)]),
                "filter[a][in]=7",
            ),
            (
                Field::<Record, Text>::new("filter[a]").is_in(["x".to_owned(), "y".to_owned()]),
                "filter[a][in]=x,y",
            ),
            (Field::<Record, Each>::new("tags[]").eq("vip"), "tags[]=vip"),
            (
                Field::<Record, Members>::new("filter[custom_field]")
                    .key("shop")
                    .key("size")
                    .eq(42),
                "filter[custom_field][shop][size]=42",
            ),
            (
                filter("a.b").lt(date),
                "filter[a.b][lt]=2026-01-31 00:00:00",
            ),
            (filter("a").key("b").eq(true), "filter[a][b]=1"),
        ] {
            assert_eq!(sent(filter), form);
        }
    }

    #[test]
    fn what_would_be_no_filter_is_refused() {
        let text = || Field::<Record, Text>::new("filter[a]");
        for filter in [
            text().eq(""),
            text().ne(String::new()),
            text().is_in::<&str>([]),
            text().is_in(["x", ""]),
            text().is_in(["x,y"]),
            filter("a]").eq(1),
            filter("a]").is_in([1]),
            filter("a").key("b]").eq(1),
            filter("").key("b").eq(1),
        ] {
            assert!(filter.pair.is_err(), "{filter:?}");
        }
    }

    #[test]
    fn an_order_is_a_field_or_a_text() {
        let by = |sort: Sort<Record>| sort.by.unwrap();
        assert_eq!(
            by(Field::<_, Time>::new("filter[created_at]").desc()),
            "-created_at"
        );
        assert_eq!(
            by(Field::<_, Text>::new("filter[tags.handle]").asc()),
            "tags.handle"
        );
        assert_eq!(by(filter("definition[type]").desc()), "-definition.type");
        assert_eq!(by("-a,b".into()), "-a,b");
        for sort in ["", "-", " ", ","] {
            assert!(Sort::<Record>::from(sort).by.is_err(), "{sort:?}");
        }
        assert!(filter::<Record>("a]").asc().by.is_err());
    }

    #[test]
    fn values_are_not_shown() {
        let filter = Field::<Record, Text>::new("filter[email]").eq("hush");
        let shown = format!("{filter:?}");
        assert!(
            shown.contains("filter[email]") && !shown.contains("hush"),
            "{shown}"
        );
    }
}
