//! What rules work with: the records, the time, and what happens later.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::answer::Refusal;
use crate::record::{Record, RecordExt, stamp};
use crate::render::Habits;
use crate::rules;
use crate::store::Store;

/// The store at one moment. All that is done with it in one request happens, or nothing of it.
pub(crate) struct Context<'e> {
    store: &'e Store,
    now: Timestamp,
    habits: Habits,
    /// The namespace of the token that asks, whose own webhooks are not told.
    pub(crate) namespace: Option<String>,
}

/// The kind of what is done later, in the store.
pub(crate) const WORK: &str = "~work";

/// Kinds whose ids are UUIDs, profiles (staff among them) and batches; all others count.
const UUIDS: [&str; 2] = ["Batch", "Profile"];

impl<'e> Context<'e> {
    pub(crate) fn new(store: &'e Store, now: Timestamp, habits: Habits) -> Self {
        Self {
            store,
            now,
            habits,
            namespace: None,
        }
    }

    /// The records as they are stored. Reading is free; for changes see [`create`](Self::create), [`update`](Self::update) and
    /// [`delete`](Self::delete), which also do what belongs to a change.
    pub(crate) fn store(&self) -> &'e Store {
        self.store
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// The time as Omneo writes it.
    pub(crate) fn stamp(&self) -> String {
        stamp(self.now)
    }

    pub(crate) fn habits(&self) -> Habits {
        self.habits
    }

    /// The record with an id.
    pub(crate) fn get(&self, kind: &str, id: &str) -> Result<Record, Refusal> {
        self.store.get(kind, id)?.ok_or(Refusal::NotFound)
    }

    /// The records with these members, in the order of adding.
    pub(crate) fn find(&self, kind: &str, equal: &[(&str, Value)]) -> Result<Vec<Record>, Refusal> {
        let equal: Vec<_> = equal
            .iter()
            .map(|(member, value)| (*member, value))
            .collect();
        Ok(self.store.find(kind, &equal)?)
    }

    /// The first record with these members.
    pub(crate) fn first(
        &self,
        kind: &str,
        equal: &[(&str, Value)],
    ) -> Result<Option<Record>, Refusal> {
        let equal: Vec<_> = equal
            .iter()
            .map(|(member, value)| (*member, value))
            .collect();
        Ok(self.store.first(kind, &equal)?)
    }

    /// Adds a record: with an id of its own if it has none, and the times of the change. What belongs to the kind ([`rules::changes`]) comes first
    /// and after.
    pub(crate) fn create(&mut self, kind: &str, mut record: Record) -> Result<Record, Refusal> {
        rules::before(self, kind, None, &mut record)?;
        if !record.has("id") {
            let id = self.new_id(kind)?;
            record.insert("id".to_owned(), id);
        }
        let stamp = self.stamp();
        if !record.has("created_at") {
            record.set("created_at", stamp.clone());
        }
        record.set("updated_at", stamp);
        self.store.insert(kind, &record)?;
        rules::after(self, kind, None, Some(&record))?;
        Ok(record)
    }

    /// Replaces a record by a changed one.
    pub(crate) fn update(
        &mut self,
        kind: &str,
        old: &Record,
        mut record: Record,
    ) -> Result<Record, Refusal> {
        rules::before(self, kind, Some(old), &mut record)?;
        record.set("updated_at", self.stamp());
        self.store.put(kind, &record)?;
        rules::after(self, kind, Some(old), Some(&record))?;
        Ok(record)
    }

    /// Replaces the old record by a changed one, or adds it if there is no old one.
    pub(crate) fn save(
        &mut self,
        kind: &str,
        old: Option<&Record>,
        record: Record,
    ) -> Result<Record, Refusal> {
        match old {
            Some(old) => self.update(kind, old, record),
            None => self.create(kind, record),
        }
    }

    /// Removes a record.
    pub(crate) fn delete(&mut self, kind: &str, record: &Record) -> Result<(), Refusal> {
        let id = record.text("id").unwrap_or_default();
        self.store.delete(kind, &id)?;
        rules::after(self, kind, Some(record), None)
    }

    /// An id that no record of the kind has had.
    pub(crate) fn new_id(&self, kind: &str) -> Result<Value, Refusal> {
        let number = self.store.next_number(kind)?;
        if !UUIDS.contains(&kind) {
            return Ok(number.into());
        }
        Ok(self.uuid(kind, number).into())
    }

    /// A UUID that is the same for the same seed of the sandbox, kind and number.
    pub(crate) fn uuid(&self, kind: &str, number: i64) -> String {
        let seed = self.store.setting("seed").ok().flatten();
        let text = format!("{}/{kind}/{number}", seed.unwrap_or_default());
        let digest = <sha2::Sha256 as sha2::Digest>::digest(text.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }

    /// Has a piece of work ([`rules::WORK`]) done after this request, `pause` from now.
    pub(crate) fn later(
        &self,
        work: &str,
        pause: SignedDuration,
        what: Value,
    ) -> Result<(), Refusal> {
        let number = self.store.next_number(WORK)?;
        let due = self.now.checked_add(pause).unwrap_or(self.now);
        let mut record = Record::new();
        record.set("id", number);
        record.set("work", work);
        record.set("due_at", due.as_microsecond());
        record.set("what", what);
        record.set("namespace", self.namespace.clone());
        Ok(self.store.insert(WORK, &record)?)
    }

    /// Tells the webhooks that something happened to a record of a kind. The context is made now, and sent after the request.
    pub(crate) fn event(&self, trigger: &str, kind: &str, record: &Record) -> Result<(), Refusal> {
        crate::hooks::event(self, trigger, kind, record)
    }
}
