//! Why the store can't do something.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// The store failed: a full disk, a file that is not one of its own.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// SQLite's own failure.
    #[error("the sandbox's store failed: {0}; check that its disk has room and can be written")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored body is no JSON object.
    #[error(
        "a record of the sandbox's store can't be read: {0}; restore a snapshot, or start with a new file"
    )]
    Body(#[from] serde_json::Error),
    /// The file is another program's.
    #[error(
        "{path} is no sandbox's file and was left as it is; name another file, or one that isn't there yet"
    )]
    Foreign { path: PathBuf },
    /// The file is of another version of the sandbox.
    #[error(
        "{path} is of version {found} of the sandbox's store, and this sandbox reads version {expected}; name another file, or use the sandbox that made it"
    )]
    Version {
        path: PathBuf,
        found: i64,
        expected: i64,
    },
    /// Another process has the file.
    #[error("{path} is open in another sandbox; stop that one, or name another file")]
    InUse { path: PathBuf },
    /// The file can't be opened.
    #[error("{path} can't be opened: {reason}; check that its folder is there and can be written")]
    Open {
        path: PathBuf,
        reason: rusqlite::Error,
    },
    /// What is to be restored is no snapshot.
    #[error("this is no snapshot of a sandbox ({0}); nothing was changed")]
    Snapshot(String),
    /// A record without an id.
    #[error("a record of kind {kind} has no id; give it an `id` that is a text or a number")]
    NoId { kind: String },
    /// An id that is another record's.
    #[error("there is a record of kind {kind} with the id {id} already")]
    Taken { kind: String, id: String },
    /// A record that isn't there.
    #[error("there is no record of kind {kind} with the id {id} to replace")]
    Missing { kind: String, id: String },
}

/// Whether another process holds the file.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// Whether what was read is no database.
pub(super) fn is_foreign(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}
