//! Keeps records, in memory or in one file.
//!
//! A record has a kind, the name of the schema of its answers (`Reward`, `RewardDefinition`), and an id that is unique in its kind. Equality on an
//! indexed member (see [`is_indexed`]) is found by an index; anything else by a scan of the kind.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Deserialize;
use serde_json::Value;

use crate::query::Select;
use crate::record::{Record, RecordExt};
use select::Selection;

mod condition;
mod error;
mod open;
mod savepoint;
mod select;
mod term;

pub(crate) use error::StoreError;
pub(crate) use term::is_indexed;

/// Records of all kinds.
pub(crate) struct Store {
    connection: Connection,
}

impl Store {
    /// Starts a transaction; nothing happens if one is open.
    pub(crate) fn begin(&self) -> Result<(), StoreError> {
        if self.connection.is_autocommit() {
            self.connection.prepare_cached("BEGIN")?.execute([])?;
        }
        Ok(())
    }

    /// Keeps what was changed since [`begin`](Self::begin); nothing happens if no transaction is open.
    pub(crate) fn commit(&self) -> Result<(), StoreError> {
        if !self.connection.is_autocommit() {
            self.connection.prepare_cached("COMMIT")?.execute([])?;
        }
        Ok(())
    }

    /// Undoes what was changed since [`begin`](Self::begin); nothing happens if no transaction is open.
    pub(crate) fn rollback(&self) -> Result<(), StoreError> {
        if !self.connection.is_autocommit() {
            self.connection.prepare_cached("ROLLBACK")?.execute([])?;
        }
        Ok(())
    }

    /// Does all of a change or nothing, where no transaction is open.
    fn whole<T>(&self, change: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
        if !self.connection.is_autocommit() {
            return change();
        }
        self.begin()?;
        match change() {
            Ok(done) => self.commit().map(|()| done),
            Err(error) => {
                self.rollback()?;
                Err(error)
            }
        }
    }

    /// The next whole number for ids of a kind: 1, 2, ...; never given twice, and never one that a record has come with.
    pub(crate) fn next_number(&self, kind: &str) -> Result<i64, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO kinds (kind, last, records) VALUES (?1, 1, 0)
            ON CONFLICT (kind) DO UPDATE SET last = last + 1 RETURNING last",
        )?;
        Ok(statement.query_row([kind], |row| row.get(0))?)
    }

    /// Adds a record under its `id` member (a text or a number), which must be there.
    ///
    /// # Errors
    /// If it has no id, or a record of the kind has that id.
    pub(crate) fn insert(&self, kind: &str, record: &Record) -> Result<(), StoreError> {
        let id = id_of(kind, record)?;
        let body = serde_json::to_string(record)?;
        self.whole(|| {
            let mut statement = self.connection.prepare_cached(
                "INSERT INTO records (kind, id, due, body) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (kind, id) DO NOTHING",
            )?;
            if statement.execute(params![kind, id, due_of(record), body])? == 0 {
                return Err(StoreError::Taken {
                    kind: kind.to_owned(),
                    id: id.clone(),
                });
            }
            let place = self.connection.last_insert_rowid();
            for (member, value) in term::terms(record) {
                self.add_term(kind, member, &value, place)?;
            }
            let number = record.get("id").and_then(Value::as_i64).unwrap_or(0);
            let mut statement = self.connection.prepare_cached(
                "INSERT INTO kinds (kind, last, records) VALUES (?1, max(0, ?2), 1)
                ON CONFLICT (kind) DO UPDATE SET last = max(last, ?2), records = records + 1",
            )?;
            statement.execute(params![kind, number])?;
            Ok(())
        })
    }

    /// The record with an id, exactly as it was given.
    pub(crate) fn get(&self, kind: &str, id: &str) -> Result<Option<Record>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT body FROM records WHERE kind = ?1 AND id = ?2")?;
        let mut rows = statement.query([kind, id])?;
        rows.next()?.map(record_of).transpose()
    }

    /// Replaces the record with the id of this one, which must be there. It keeps its place.
    ///
    /// # Errors
    /// If it has no id, or there is no such record.
    pub(crate) fn put(&self, kind: &str, record: &Record) -> Result<(), StoreError> {
        let id = id_of(kind, record)?;
        let body = serde_json::to_string(record)?;
        self.whole(|| {
            let Some((place, old)) = self.at(kind, &id)? else {
                return Err(StoreError::Missing {
                    kind: kind.to_owned(),
                    id: id.clone(),
                });
            };
            let mut statement = self
                .connection
                .prepare_cached("UPDATE records SET due = ?2, body = ?3 WHERE place = ?1")?;
            statement.execute(params![place, due_of(record), body])?;
            let (old, new) = (term::terms(&old), term::terms(record));
            for (member, value) in old.difference(&new) {
                self.remove_term(kind, member, value, place)?;
            }
            for (member, value) in new.difference(&old) {
                self.add_term(kind, member, value, place)?;
            }
            Ok(())
        })
    }

    /// Removes a record; whether it was there.
    pub(crate) fn delete(&self, kind: &str, id: &str) -> Result<bool, StoreError> {
        self.whole(|| {
            let Some((place, old)) = self.at(kind, id)? else {
                return Ok(false);
            };
            for (member, value) in term::terms(&old) {
                self.remove_term(kind, member, &value, place)?;
            }
            self.connection
                .prepare_cached("DELETE FROM records WHERE place = ?1")?
                .execute([place])?;
            self.connection
                .prepare_cached("UPDATE kinds SET records = records - 1 WHERE kind = ?1")?
                .execute([kind])?;
            Ok(true)
        })
    }

    /// The records whose members equal all of these values, in the order in which they were added. Texts and numbers are compared as texts, texts
    /// without regard to ASCII case, but `id` exactly; null is equal to a member that isn't there.
    pub(crate) fn find(
        &self,
        kind: &str,
        equal: &[(&str, &Value)],
    ) -> Result<Vec<Record>, StoreError> {
        Selection::equal(self, kind, equal)?.records(self, None)
    }

    /// The first of [`find`](Self::find).
    pub(crate) fn first(
        &self,
        kind: &str,
        equal: &[(&str, &Value)],
    ) -> Result<Option<Record>, StoreError> {
        let mut found = Selection::equal(self, kind, equal)?.records(self, Some(1))?;
        Ok(found.pop())
    }

    /// How many [`find`](Self::find) would find.
    pub(crate) fn count(&self, kind: &str, equal: &[(&str, &Value)]) -> Result<u64, StoreError> {
        Selection::equal(self, kind, equal)?.count(self)
    }

    /// One page of the records that a list's query selects, and how many there are.
    pub(crate) fn select(&self, select: &Select) -> Result<(Vec<Record>, u64), StoreError> {
        let selection = Selection::of(self, select)?;
        let total = selection.count(self)?;
        let skipped = select.number.saturating_sub(1).saturating_mul(select.size);
        if skipped >= total {
            return Ok((Vec::new(), total));
        }
        let records = selection.page(self, &select.sort, skipped, select.size)?;
        Ok((records, total))
    }

    /// How many records there are of each kind.
    pub(crate) fn counts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT kind, records FROM kinds WHERE records > 0 ORDER BY kind")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The records of a kind whose `due_at`, a whole number, is at most this one, the earliest first, and of the same the first added.
    pub(crate) fn due(
        &self,
        kind: &str,
        until: i64,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT body FROM records WHERE kind = ?1 AND due <= ?2 ORDER BY due, place LIMIT ?3",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![kind, until, limit])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(record_of(row)?);
        }
        Ok(records)
    }

    /// The earliest `due_at` of a kind's records.
    pub(crate) fn next_due(&self, kind: &str) -> Result<Option<i64>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT due FROM records WHERE kind = ?1 AND due IS NOT NULL ORDER BY due LIMIT 1",
        )?;
        Ok(statement.query_row([kind], |row| row.get(0)).optional()?)
    }

    /// A setting of the sandbox's own that lasts as the records do.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT value FROM settings WHERE name = ?1")?;
        Ok(statement.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Sets a setting.
    pub(crate) fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO settings (name, value) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET value = ?2",
        )?;
        statement.execute([name, value])?;
        Ok(())
    }

    /// The place of a record, and the record.
    fn at(&self, kind: &str, id: &str) -> Result<Option<(i64, Record)>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT body, place FROM records WHERE kind = ?1 AND id = ?2")?;
        let mut rows = statement.query([kind, id])?;
        match rows.next()? {
            Some(row) => Ok(Some((row.get(1)?, record_of(row)?))),
            None => Ok(None),
        }
    }

    fn add_term(
        &self,
        kind: &str,
        member: &str,
        value: &str,
        place: i64,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO terms (kind, member, value, place) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![kind, member, value, place])?;
        Ok(())
    }

    fn remove_term(
        &self,
        kind: &str,
        member: &str,
        value: &str,
        place: i64,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "DELETE FROM terms WHERE kind = ?1 AND member = ?2 AND value = ?3 AND place = ?4",
            )?
            .execute(params![kind, member, value, place])?;
        Ok(())
    }
}

fn id_of(kind: &str, record: &Record) -> Result<String, StoreError> {
    record.text("id").ok_or_else(|| StoreError::NoId {
        kind: kind.to_owned(),
    })
}

/// When a piece of work is due; a text under the same name is a record's own date.
fn due_of(record: &Record) -> Option<i64> {
    record.get("due_at").and_then(Value::as_i64)
}

/// The record whose body is a row's first column.
fn record_of(row: &Row<'_>) -> Result<Record, StoreError> {
    let body = match row.get_ref(0)? {
        ValueRef::Text(body) => body,
        _ => b"",
    };
    let mut reader = serde_json::Deserializer::from_slice(body);
    // Bodies are as deep as what was read within the limit, and what a rule has put around it.
    reader.disable_recursion_limit();
    Ok(Record::deserialize(&mut reader)?)
}

#[cfg(test)]
mod tests {
    use super::{Store, StoreError};
    use crate::record::Record;
    use serde_json::{Value, json};

    fn record(value: Value) -> Record {
        match value {
            Value::Object(record) => record,
            other => panic!("{other} is no record"),
        }
    }

    fn store() -> Store {
        Store::memory().unwrap()
    }

    fn ids(records: &[Record]) -> Vec<i64> {
        records
            .iter()
            .map(|record| record["id"].as_i64().unwrap())
            .collect()
    }

    #[test]
    fn a_record_is_got_as_it_was_added() {
        let store = store();
        let reward = record(
            json!({ "id": 7, "value": 12.5, "note": "é\u{0}\"", "meta": { "a": [1, null] } }),
        );
        store.insert("Reward", &reward).unwrap();
        assert_eq!(store.get("Reward", "7").unwrap(), Some(reward));
        assert_eq!(store.get("Reward", "8").unwrap(), None);
        assert_eq!(store.get("Benefit", "7").unwrap(), None);
    }

    #[test]
    fn a_record_deeper_than_a_body_may_be_is_read_again() {
        let store = store();
        let mut what = json!(1);
        for _ in 0..140 {
            what = json!([what]);
        }
        let work = record(json!({ "id": 1, "what": what }));
        store.insert("~work", &work).unwrap();
        assert_eq!(store.get("~work", "1").unwrap(), Some(work));
    }

    #[test]
    fn an_id_is_one_records_of_a_kind() {
        let store = store();
        store.insert("Reward", &record(json!({ "id": 1 }))).unwrap();
        store
            .insert("Benefit", &record(json!({ "id": 1 })))
            .unwrap();
        let error = store
            .insert("Reward", &record(json!({ "id": "1" })))
            .unwrap_err();
        assert!(matches!(error, StoreError::Taken { .. }), "{error}");
        assert_eq!(store.count("Reward", &[]).unwrap(), 1);
    }

    #[test]
    fn a_record_without_an_id_is_not_added() {
        let store = store();
        for body in [
            json!({}),
            json!({ "id": null }),
            json!({ "id": "" }),
            json!({ "id": [1] }),
        ] {
            let error = store.insert("Reward", &record(body)).unwrap_err();
            assert!(matches!(error, StoreError::NoId { .. }), "{error}");
        }
    }

    #[test]
    fn numbers_are_given_once_and_none_that_came_with_a_record() {
        let store = store();
        assert_eq!(store.next_number("Reward").unwrap(), 1);
        assert_eq!(store.next_number("Reward").unwrap(), 2);
        assert_eq!(store.next_number("Benefit").unwrap(), 1);
        store
            .insert("Reward", &record(json!({ "id": 40 })))
            .unwrap();
        assert_eq!(store.next_number("Reward").unwrap(), 41);
        store.delete("Reward", "40").unwrap();
        assert_eq!(store.next_number("Reward").unwrap(), 42);
    }

    #[test]
    fn a_replaced_record_keeps_its_place_and_is_found_by_what_it_is_now() {
        let store = store();
        for id in 1..=3 {
            store
                .insert(
                    "Identity",
                    &record(json!({ "id": id, "handle": "shopify" })),
                )
                .unwrap();
        }
        store
            .put("Identity", &record(json!({ "id": 2, "handle": "pos" })))
            .unwrap();
        let found = |handle: &str| {
            ids(&store
                .find("Identity", &[("handle", &json!(handle))])
                .unwrap())
        };
        assert_eq!(found("shopify"), [1, 3]);
        assert_eq!(found("pos"), [2]);
        store
            .put("Identity", &record(json!({ "id": 2, "handle": "shopify" })))
            .unwrap();
        assert_eq!(found("shopify"), [1, 2, 3]);
        let error = store
            .put("Identity", &record(json!({ "id": 4 })))
            .unwrap_err();
        assert!(matches!(error, StoreError::Missing { .. }), "{error}");
    }

    #[test]
    fn a_removed_record_is_found_no_more() {
        let store = store();
        store
            .insert("Profile", &record(json!({ "id": "a", "email": "a@x.io" })))
            .unwrap();
        assert!(store.delete("Profile", "a").unwrap());
        assert!(!store.delete("Profile", "a").unwrap());
        assert!(
            store
                .find("Profile", &[("email", &json!("a@x.io"))])
                .unwrap()
                .is_empty()
        );
        assert_eq!(store.counts().unwrap(), []);
        store
            .insert("Profile", &record(json!({ "id": "a" })))
            .unwrap();
        assert!(
            store
                .find("Profile", &[("email", &json!("a@x.io"))])
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn equal_members_are_found_whatever_their_form() {
        let store = store();
        let one = json!({ "id": 1, "email": "Ada@X.io", "source_id": 5, "name": "Tea", "is_void": true, "rank": 3 });
        let two = json!({ "id": 2, "email": "eve@x.io", "source_id": "5", "name": "Tea", "is_void": false });
        store.insert("X", &record(one)).unwrap();
        store.insert("X", &record(two)).unwrap();
        let cases = [
            (json!({ "email": "ada@x.IO" }), vec![1]),
            (json!({ "source_id": "5" }), vec![1, 2]),
            (json!({ "source_id": 5 }), vec![1, 2]),
            (json!({ "source_id": 5, "email": "eve@x.io" }), vec![2]),
            (json!({ "name": "TEA" }), vec![1, 2]),
            (json!({ "name": "tea", "rank": "3" }), vec![1]),
            (json!({ "is_void": true }), vec![1]),
            (json!({ "is_void": false }), vec![2]),
            (json!({ "rank": null }), vec![2]),
            (json!({ "id": 2 }), vec![2]),
            (json!({ "id": "2", "source_id": 5 }), vec![2]),
            (json!({ "id": 2, "email": "ada@x.io" }), vec![]),
            (json!({ "nothing": "" }), vec![]),
            (json!({}), vec![1, 2]),
        ];
        for (equal, expected) in cases {
            let equal = record(equal);
            let equal: Vec<_> = equal
                .iter()
                .map(|(member, value)| (member.as_str(), value))
                .collect();
            assert_eq!(
                ids(&store.find("X", &equal).unwrap()),
                expected,
                "{equal:?}"
            );
            assert_eq!(
                store.count("X", &equal).unwrap(),
                expected.len() as u64,
                "{equal:?}"
            );
            let first = store.first("X", &equal).unwrap();
            assert_eq!(
                ids(&Vec::from_iter(first)),
                expected.into_iter().take(1).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn a_member_with_quotes_in_its_name_is_no_way_out() {
        let store = store();
        store.insert("X", &record(json!({ "id": 1 }))).unwrap();
        for member in ["a\"", "a' OR 1=1 --", "\\\"", "$", "a[0]", ""] {
            assert_eq!(
                store.count("X", &[(member, &json!("x"))]).unwrap(),
                0,
                "{member}"
            );
        }
    }

    #[test]
    fn a_transaction_is_undone_as_a_whole() {
        let store = store();
        store.begin().unwrap();
        store.begin().unwrap();
        store
            .insert("Reward", &record(json!({ "id": 1, "profile_id": "a" })))
            .unwrap();
        store.set_setting("seed", "1").unwrap();
        store.rollback().unwrap();
        store.rollback().unwrap();
        assert_eq!(store.count("Reward", &[]).unwrap(), 0);
        assert_eq!(
            store
                .count("Reward", &[("profile_id", &json!("a"))])
                .unwrap(),
            0
        );
        assert_eq!(store.setting("seed").unwrap(), None);
        store.begin().unwrap();
        store.insert("Reward", &record(json!({ "id": 1 }))).unwrap();
        store.commit().unwrap();
        store.commit().unwrap();
        store.rollback().unwrap();
        assert_eq!(store.counts().unwrap(), [("Reward".to_owned(), 1)]);
    }

    #[test]
    fn settings_are_kept() {
        let store = store();
        store.set_setting("seed", "1").unwrap();
        store.set_setting("seed", "2").unwrap();
        assert_eq!(store.setting("seed").unwrap().as_deref(), Some("2"));
        assert_eq!(store.setting("other").unwrap(), None);
    }

    #[test]
    fn due_work_comes_by_time_and_then_by_order() {
        let store = store();
        for (id, due) in [
            (1, json!(30)),
            (2, json!(10)),
            (3, json!(30)),
            (4, json!(50)),
            (5, json!(null)),
            (6, json!("2026-01-01")),
        ] {
            store
                .insert("~work", &record(json!({ "id": id, "due_at": due })))
                .unwrap();
        }
        store
            .insert("Other", &record(json!({ "id": 1, "due_at": 1 })))
            .unwrap();
        assert_eq!(ids(&store.due("~work", 30, 9).unwrap()), [2, 1, 3]);
        assert_eq!(ids(&store.due("~work", 30, 2).unwrap()), [2, 1]);
        assert_eq!(store.next_due("~work").unwrap(), Some(10));
        store
            .put("~work", &record(json!({ "id": 2, "due_at": 60 })))
            .unwrap();
        assert_eq!(store.next_due("~work").unwrap(), Some(30));
        store.delete("~work", "1").unwrap();
        assert_eq!(ids(&store.due("~work", i64::MAX, 9).unwrap()), [3, 4, 2]);
        assert_eq!(store.next_due("Nothing").unwrap(), None);
    }
}
