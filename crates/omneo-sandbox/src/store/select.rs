//! Which records are wanted, as SQL.

use rusqlite::types::Value as Sql;
use rusqlite::{params, params_from_iter};
use serde_json::Value;

use super::condition::{Conditions, path, same};
use super::{Store, StoreError, is_indexed, record_of, term};
use crate::query::{Filter, Operator, Select, Sort};
use crate::record::Record;

/// How many rows of the index are looked at to tell which of two members is the rarer.
const LOOK: i64 = 64;

/// A choice of records: what stands after `FROM`, and its values.
pub(super) struct Selection {
    from: Source,
    kind: String,
    conditions: Conditions,
}

/// Where the places of the records come from.
#[derive(Clone, Copy)]
enum Source {
    /// All of the kind.
    Kind,
    /// The index, by one member's value.
    Term,
}

/// An indexed member and its value.
type Term = (String, String);

impl Selection {
    /// The records with these members.
    pub(super) fn equal(
        store: &Store,
        kind: &str,
        equal: &[(&str, &Value)],
    ) -> Result<Self, StoreError> {
        Self::new(store, kind, equal.iter().copied(), &[])
    }

    /// The records that a list's query selects.
    pub(super) fn of(store: &Store, select: &Select) -> Result<Self, StoreError> {
        let equal = select.equal.iter();
        let equal = equal.map(|(member, value)| (member.as_str(), value));
        Self::new(store, &select.kind, equal, &select.filters)
    }

    fn new<'a>(
        store: &Store,
        kind: &str,
        equal: impl Iterator<Item = (&'a str, &'a Value)>,
        filters: &[Filter],
    ) -> Result<Self, StoreError> {
        let (mut terms, mut members) = (Vec::new(), Vec::new());
        for (member, value) in equal {
            match term::normal(value) {
                Some(value) if is_indexed(member) => terms.push((member.to_owned(), value)),
                _ => members.push((member, value)),
            }
        }
        let (indexed, others): (Vec<_>, Vec<_>) =
            filters.iter().partition(|filter| is_term(filter));
        for filter in indexed {
            let member = filter.path.concat();
            terms.push((member, filter.value.to_ascii_lowercase()));
        }

        let mut conditions = Conditions::default();
        let rarest = store.take_rarest(kind, &mut terms)?;
        let from = match rarest {
            Some((member, value)) => {
                let term = conditions.term("t", kind, &member, value);
                conditions.push(term);
                Source::Term
            }
            None => {
                let kind = conditions.bind(kind.to_owned());
                conditions.push(format!("r.kind = {kind}"));
                Source::Kind
            }
        };
        for (member, value) in terms {
            let term = conditions.term("o", kind, &member, value);
            conditions.push(format!(
                "EXISTS (SELECT 1 FROM terms o WHERE {term} AND o.place = r.place)"
            ));
        }
        for (member, value) in members {
            let condition = same(&mut conditions, "r", member, value);
            conditions.push(condition);
        }
        for filter in others {
            let condition = conditions.filter("r", kind, filter);
            conditions.push(condition);
        }
        Ok(Self {
            from,
            kind: kind.to_owned(),
            conditions,
        })
    }

    /// Whether there is no condition besides that of the source.
    fn is_plain(&self) -> bool {
        self.conditions.len() == 1
    }

    fn from(&self, needs_records: bool) -> String {
        let tables = match self.from {
            Source::Kind => "records r",
            Source::Term if self.is_plain() && !needs_records => "terms t",
            // The order of a cross join is kept: the index first.
            Source::Term => "terms t CROSS JOIN records r ON r.place = t.place",
        };
        format!("FROM {tables} WHERE {}", self.conditions.all())
    }

    fn place(&self) -> &'static str {
        match self.from {
            Source::Kind => "r.place",
            Source::Term => "t.place",
        }
    }

    pub(super) fn count(&self, store: &Store) -> Result<u64, StoreError> {
        if let (Source::Kind, true) = (self.from, self.is_plain()) {
            return store.count_of(&self.kind);
        }
        let text = format!("SELECT count(*) {}", self.from(false));
        let mut statement = store.connection.prepare_cached(&text)?;
        let values = params_from_iter(self.conditions.values());
        Ok(statement.query_row(values, |row| row.get(0))?)
    }

    /// The records, in the order of adding.
    pub(super) fn records(
        &self,
        store: &Store,
        limit: Option<u32>,
    ) -> Result<Vec<Record>, StoreError> {
        let mut text = format!(
            "SELECT r.body {} ORDER BY {}",
            self.from(true),
            self.place()
        );
        if let Some(limit) = limit {
            text.push_str(&format!(" LIMIT {limit}"));
        }
        let mut statement = store.connection.prepare_cached(&text)?;
        let mut rows = statement.query(params_from_iter(self.conditions.values()))?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(record_of(row)?);
        }
        Ok(records)
    }

    /// One page. The places come first, without the bodies, which would be read for all that is skipped.
    pub(super) fn page(
        mut self,
        store: &Store,
        sort: &[Sort],
        skipped: u64,
        size: u64,
    ) -> Result<Vec<Record>, StoreError> {
        let mut order = String::new();
        for key in sort {
            let path = self.conditions.bind(path(&key.path));
            let direction = if key.is_descending { "DESC" } else { "ASC" };
            order.push_str(&format!(
                "json_extract(r.body, {path}) COLLATE NOCASE {direction}, "
            ));
        }
        let place = self.place();
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let size = self.conditions.bind(whole(size));
        let skipped = self.conditions.bind(whole(skipped));
        let text = format!(
            "SELECT {place} {} ORDER BY {order}{place} LIMIT {size} OFFSET {skipped}",
            self.from(!sort.is_empty())
        );
        let mut statement = store.connection.prepare_cached(&text)?;
        let values = params_from_iter(self.conditions.values());
        let places = statement.query_map(values, |row| row.get(0))?;
        let mut bodies = store
            .connection
            .prepare_cached("SELECT body FROM records WHERE place = ?1")?;
        let mut records = Vec::new();
        for place in places {
            let place: i64 = place?;
            let mut rows = bodies.query([place])?;
            if let Some(row) = rows.next()? {
                records.push(record_of(row)?);
            }
        }
        Ok(records)
    }
}

/// Whether a filter is equality on an indexed member of the record itself.
fn is_term(filter: &Filter) -> bool {
    filter.operator == Operator::Eq
        && filter.relations.is_empty()
        && matches!(filter.path.as_slice(), [member] if is_indexed(member))
}

impl Store {
    fn count_of(&self, kind: &str) -> Result<u64, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT coalesce(sum(records), 0) FROM kinds WHERE kind = ?1")?;
        Ok(statement.query_row([kind], |row| row.get(0))?)
    }

    /// Takes out the term that the fewest records have, as far as a short look tells.
    fn take_rarest(&self, kind: &str, terms: &mut Vec<Term>) -> Result<Option<Term>, StoreError> {
        if terms.len() <= 1 {
            return Ok(terms.pop());
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*) FROM
            (SELECT 1 FROM terms WHERE kind = ?1 AND member = ?2 AND value = ?3 LIMIT ?4)",
        )?;
        let mut rarest = (0, i64::MAX);
        for (index, (member, value)) in terms.iter().enumerate() {
            let count: i64 =
                statement.query_row(params![kind, member, value, LOOK], |row| row.get(0))?;
            if count < rarest.1 {
                rarest = (index, count);
            }
        }
        Ok(Some(terms.swap_remove(rarest.0)))
    }
}

impl Conditions {
    /// The condition that an alias of the index has this member and value.
    pub(super) fn term(&mut self, alias: &str, kind: &str, member: &str, value: String) -> String {
        let kind = self.bind(kind.to_owned());
        let member = self.bind(member.to_owned());
        let value = self.bind(Sql::Text(value));
        format!("{alias}.kind = {kind} AND {alias}.member = {member} AND {alias}.value = {value}")
    }
}

#[cfg(test)]
mod any_filter;
#[cfg(test)]
mod tests;
