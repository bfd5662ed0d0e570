//! A part of a transaction that can be undone by itself.

use super::{Store, StoreError};

impl Store {
    /// Starts a part, which ends with [`keep`](Self::keep) or [`undo`](Self::undo). Parts nest.
    pub(crate) fn save(&self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("SAVEPOINT part")?)
    }

    /// Keeps what was changed in the part.
    pub(crate) fn keep(&self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("RELEASE part")?)
    }

    /// Undoes what was changed in the part.
    pub(crate) fn undo(&self) -> Result<(), StoreError> {
        Ok(self
            .connection
            .execute_batch("ROLLBACK TO part; RELEASE part")?)
    }
}
