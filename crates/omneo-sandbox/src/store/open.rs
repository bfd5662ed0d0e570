//! Opening, copying and replacing the database.
//!
//! A file is written ahead (WAL) with `synchronous = NORMAL`: a commit has been handed to the operating system before it returns, so a process that is
//! killed at any moment loses nothing that was committed, and what it had not committed is gone. Only a machine that loses power may lose the last commits,
//! which a sandbox may; the file stays whole even then.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, MAIN_DB};

use super::error::{is_busy, is_foreign};
use super::{Store, StoreError};

/// What marks a file as a sandbox's: "omns".
const APPLICATION: i64 = 0x6f6d_6e73;

/// The version of the tables below; a change of them is a new version.
const VERSION: i64 = 1;

/// Records in the order of adding, by `place`; the index of equal members; and per kind the last number given and the count of records, since counting a
/// million rows for every page of a list would be slow.
const TABLES: &str = "
    CREATE TABLE records (
        place INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        due INTEGER,
        body TEXT NOT NULL
    );
    CREATE UNIQUE INDEX records_id ON records (kind, id);
    CREATE INDEX records_kind ON records (kind);
    CREATE INDEX records_due ON records (kind, due) WHERE due IS NOT NULL;
    CREATE TABLE terms (
        kind TEXT NOT NULL,
        member TEXT NOT NULL,
        value TEXT NOT NULL,
        place INTEGER NOT NULL,
        PRIMARY KEY (kind, member, value, place)
    ) WITHOUT ROWID;
    CREATE TABLE kinds (
        kind TEXT PRIMARY KEY,
        last INTEGER NOT NULL,
        records INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE settings (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
";

/// What SQLite's planner is told of the tables, instead of measuring them: many records of a kind, few with the same value of a member. Without it, it takes
/// a kind for ten records, and looks at all of them before it looks into the index.
const STATISTICS: &str = "
    ANALYZE;
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
        ('records', 'records_id', '1000000 100000 1'),
        ('records', 'records_kind', '1000000 100000'),
        ('records', 'records_due', '1000 1000 1'),
        ('terms', 'terms', '4000000 400000 100000 10 1');
    ANALYZE sqlite_schema;
";

/// Statements that are kept prepared: those of the store's own, and the lists that are asked for often.
const STATEMENTS: usize = 128;

/// Of pages that are kept in memory, in KiB.
const CACHE: i64 = 256 * 1024;

impl Store {
    /// A store that is gone with the process.
    pub(crate) fn memory() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory()?;
        make(&connection)?;
        Ok(Self::of(connection))
    }

    /// A store in a file, made if it isn't there. What was committed is there again after the process was killed at any moment.
    ///
    /// # Errors
    /// If the file is not one of a sandbox of this version, which leaves it as it is, if another process has it open, or if it can't be opened.
    pub(crate) fn file(path: &Path) -> Result<Self, StoreError> {
        open(path).map(Self::of).map_err(|error| match error {
            StoreError::Sqlite(error) if is_busy(&error) => StoreError::InUse { path: path.into() },
            StoreError::Sqlite(error) if is_foreign(&error) => {
                StoreError::Foreign { path: path.into() }
            }
            StoreError::Sqlite(reason) => StoreError::Open {
                path: path.into(),
                reason,
            },
            error => error,
        })
    }

    fn of(connection: Connection) -> Self {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Self { connection }
    }

    /// All of it, to be given to [`restore`](Self::restore).
    pub(crate) fn snapshot(&self) -> Result<Vec<u8>, StoreError> {
        let mut bytes = self.connection.serialize(MAIN_DB)?.to_vec();
        // Whether it is written ahead is the file's own affair; bytes that say so can't be opened in memory.
        if let Some(format) = bytes.get_mut(18..20) {
            format.fill(1);
        }
        Ok(bytes)
    }

    /// Replaces all of it by a snapshot.
    ///
    /// # Errors
    /// If it is no snapshot of this version; the store is then as it was.
    pub(crate) fn restore(&mut self, snapshot: &[u8]) -> Result<(), StoreError> {
        let source = read(snapshot).map_err(|error| match error {
            StoreError::Sqlite(error) => StoreError::Snapshot(error.to_string()),
            error => error,
        })?;
        self.rollback()?;
        let backup = Backup::new(&source, &mut self.connection)?;
        // All pages in one step: one transaction.
        match backup.step(-1)? {
            StepResult::Done => Ok(()),
            _ => Err(StoreError::Snapshot(
                "it could not be copied whole".to_owned(),
            )),
        }
    }
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    // SQLite takes a file of a few bytes for an empty database.
    let is_empty = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
    let connection = Connection::open(path)?;
    // Another process will not let go of the file soon: say so at once.
    connection.busy_timeout(Duration::ZERO)?;
    // Before anything is written, since that would change a file that is not ours.
    let is_new = pragma(&connection, "page_count")? == 0;
    if is_new && !is_empty {
        return Err(StoreError::Foreign { path: path.into() });
    }
    if !is_new {
        let version = pragma(&connection, "user_version")?;
        if pragma(&connection, "application_id")? != APPLICATION {
            return Err(StoreError::Foreign { path: path.into() });
        }
        if version != VERSION {
            return Err(StoreError::Version {
                path: path.into(),
                found: version,
                expected: VERSION,
            });
        }
    }
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    if is_new {
        // Before it is written ahead, which would leave a file without the mark if the process were killed in between.
        make(&connection)?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "cache_size", -CACHE)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Takes the lock, which reading alone does not.
    connection.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
    Ok(connection)
}

/// Makes the tables, and the mark, all or nothing.
fn make(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE;
        {TABLES}
        {STATISTICS}
        PRAGMA application_id = {APPLICATION};
        PRAGMA user_version = {VERSION};
        COMMIT"
    ))?;
    Ok(())
}

/// A snapshot, opened in memory and looked through.
fn read(snapshot: &[u8]) -> Result<Connection, StoreError> {
    let refuse = |reason: &str| Err(StoreError::Snapshot(reason.to_owned()));
    if snapshot.is_empty() {
        return refuse("it is empty");
    }
    let mut source = Connection::open_in_memory()?;
    source.deserialize_read_exact(MAIN_DB, snapshot, snapshot.len(), false)?;
    if pragma(&source, "application_id")? != APPLICATION {
        return refuse("it does not have a sandbox's mark");
    }
    if pragma(&source, "user_version")? != VERSION {
        return refuse("it is of another version of the sandbox's store");
    }
    let state: String = source.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if state != "ok" {
        return refuse(&state);
    }
    Ok(source)
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::{Store, StoreError};
    use crate::record::Record;
    use serde_json::{Value, json};

    fn tag(id: i64) -> Record {
        let mut record = Record::new();
        record.insert("id".to_owned(), id.into());
        record.insert("handle".to_owned(), Value::String(format!("tag-{id}")));
        record
    }

    fn has(store: &Store, id: i64) -> bool {
        let handle = json!(format!("tag-{id}"));
        let found = store.find("Tag", &[("handle", &handle)]).unwrap();
        let got = store.get("Tag", &id.to_string()).unwrap();
        assert_eq!(found.len(), usize::from(got.is_some()));
        got.is_some()
    }

    #[test]
    fn a_file_has_what_was_committed_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let store = Store::file(&path).unwrap();
        store.insert("Tag", &tag(1)).unwrap();
        store.begin().unwrap();
        store.insert("Tag", &tag(2)).unwrap();
        drop(store);
        let store = Store::file(&path).unwrap();
        assert!(has(&store, 1));
        assert!(!has(&store, 2));
        assert_eq!(store.next_number("Tag").unwrap(), 2);
    }

    #[test]
    fn what_was_committed_is_in_the_files_of_a_process_that_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let store = Store::file(&path).unwrap();
        store.insert("Tag", &tag(1)).unwrap();
        store.begin().unwrap();
        store.insert("Tag", &tag(2)).unwrap();
        // The files as a killed process would leave them: nothing is closed, nothing copied into place.
        let left = folder.path().join("left");
        std::fs::copy(&path, &left).unwrap();
        std::fs::copy(
            folder.path().join("data-wal"),
            folder.path().join("left-wal"),
        )
        .unwrap();
        let store = Store::file(&left).unwrap();
        assert!(has(&store, 1));
        assert!(!has(&store, 2));
    }

    #[test]
    fn a_file_is_open_in_one_sandbox_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let first = Store::file(&path).unwrap();
        let error = Store::file(&path).err().unwrap();
        assert!(matches!(error, StoreError::InUse { .. }), "{error}");
        assert!(error.to_string().contains("is open in another sandbox"));
        first.insert("Tag", &tag(1)).unwrap();
        drop(first);
        let first = Store::file(&path).unwrap();
        // Opened again and not yet used, it is no other's either.
        let error = Store::file(&path).err().unwrap();
        assert!(matches!(error, StoreError::InUse { .. }), "{error}");
        assert!(has(&first, 1));
    }

    #[test]
    fn a_file_of_another_program_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("text");
        std::fs::write(&text, "Dear diary, ".repeat(1000)).unwrap();
        let short = folder.path().join("short");
        std::fs::write(&short, "x").unwrap();
        let database = folder.path().join("database");
        let connection = rusqlite::Connection::open(&database).unwrap();
        connection.execute_batch("CREATE TABLE mine (x)").unwrap();
        drop(connection);
        for path in [text, short, database] {
            let before = std::fs::read(&path).unwrap();
            let error = Store::file(&path).err().unwrap();
            assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
            assert_eq!(std::fs::read(&path).unwrap(), before);
        }
    }

    #[test]
    fn a_file_of_another_version_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let store = Store::file(&path).unwrap();
        store
            .connection
            .pragma_update(None, "user_version", 99)
            .unwrap();
        drop(store);
        let error = Store::file(&path).err().unwrap();
        assert!(
            matches!(error, StoreError::Version { found: 99, .. }),
            "{error}"
        );
    }

    #[test]
    fn a_path_that_cannot_be_opened_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let error = Store::file(&folder.path().join("no/such")).err().unwrap();
        assert!(matches!(error, StoreError::Open { .. }), "{error}");
    }

    #[test]
    fn a_snapshot_goes_back_in_memory_and_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let mut file = Store::file(&path).unwrap();
        let mut memory = Store::memory().unwrap();
        for store in [&memory, &file] {
            store.insert("Tag", &tag(1)).unwrap();
        }
        let snapshots = [memory.snapshot().unwrap(), file.snapshot().unwrap()];
        for snapshot in &snapshots {
            for store in [&mut memory, &mut file] {
                store.insert("Tag", &tag(2)).unwrap();
                store.delete("Tag", "1").unwrap();
                store.restore(snapshot).unwrap();
                assert!(has(store, 1));
                assert!(!has(store, 2));
                assert_eq!(store.counts().unwrap(), [("Tag".to_owned(), 1)]);
            }
        }
        file.insert("Tag", &tag(3)).unwrap();
        drop(file);
        let file = Store::file(&path).unwrap();
        assert!(has(&file, 1));
        assert!(has(&file, 3));
        let mode: String = file
            .connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
    }

    #[test]
    fn what_is_no_snapshot_changes_nothing() {
        let mut store = Store::memory().unwrap();
        store.insert("Tag", &tag(1)).unwrap();
        let snapshot = store.snapshot().unwrap();
        let mut torn = snapshot.clone();
        torn.truncate(snapshot.len() / 2);
        let mut scribbled = snapshot.clone();
        for byte in scribbled.iter_mut().skip(4096) {
            *byte = 0xa5;
        }
        let foreign = rusqlite::Connection::open_in_memory().unwrap();
        foreign.execute_batch("CREATE TABLE mine (x)").unwrap();
        let foreign = foreign.serialize("main").unwrap().to_vec();
        for bytes in [
            b"".as_slice(),
            b"x",
            &[0; 4096],
            &torn,
            &scribbled,
            &foreign,
        ] {
            let error = store.restore(bytes).unwrap_err();
            assert!(matches!(error, StoreError::Snapshot(_)), "{error}");
            assert!(has(&store, 1));
            store.insert("Tag", &tag(2)).unwrap();
            store.delete("Tag", "2").unwrap();
        }
    }
}
