//! A checkpoint in a file.

use std::fs::{File as Handle, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;

use omneo_api::runtime::BoxFuture;
use tokio::task;

use super::Store;

/// Lines in a file, which is locked.
pub(super) struct File(Arc<Handle>);

impl File {
    /// Reads the lines that are there.
    pub(super) fn open(
        path: &Path,
        mut each: impl FnMut(&str) -> io::Result<()>,
    ) -> io::Result<Self> {
        let named =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(path).map_err(named)?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => named(io::Error::new(
                io::ErrorKind::WouldBlock,
                "another process has this checkpoint: is the same load running already?",
            )),
            TryLockError::Error(error) => named(error),
        })?;
        let mut lines = BufReader::new(&file);
        let (mut line, mut number, mut end) = (Vec::new(), 0, 0);
        loop {
            line.clear();
            let length = lines.read_until(b'\n', &mut line).map_err(named)?;
            // The last may have been cut by a crash, and then what it tells of was not begun.
            let Some(text) = line.strip_suffix(b"\n") else {
                break;
            };
            number += 1;
            let text = str::from_utf8(text)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error));
            text.and_then(&mut each).map_err(|error| {
                let message = format!("{}: line {number}: {error}", path.display());
                io::Error::new(error.kind(), message)
            })?;
            end += length as u64;
        }
        file.set_len(end).map_err(named)?;
        file.seek(SeekFrom::Start(end)).map_err(named)?;
        Ok(Self(Arc::new(file)))
    }
}

impl Store for File {
    fn append(&self, lines: String) -> BoxFuture<'_, io::Result<()>> {
        let file = self.0.clone();
        Box::pin(async move {
            let write = move || {
                (&*file).write_all(lines.as_bytes())?;
                file.sync_data()
            };
            task::spawn_blocking(write)
                .await
                .map_err(io::Error::other)?
        })
    }
}
