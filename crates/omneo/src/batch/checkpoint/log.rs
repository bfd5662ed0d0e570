//! Entries, written one after another.

use std::io;
use std::sync::{Mutex, PoisonError};

use omneo_api::Error;
use tokio::sync::Mutex as Turn;

use super::{Entry, Store};

/// Writes entries to a store, many in one go: each waits for those before it, and what came meanwhile goes with the first.
pub(in crate::batch) struct Log {
    store: Box<dyn Store>,
    waiting: Mutex<Waiting>,
    /// How many were written. Whoever has it writes.
    written: Turn<u64>,
}

#[derive(Default)]
struct Waiting {
    lines: String,
    /// How many there were so far, with those that are written.
    count: u64,
    /// Whether a write went wrong, so that nobody knows what is there.
    is_broken: bool,
}

impl Log {
    pub(super) fn new(store: impl Store) -> Self {
        Self {
            store: Box::new(store),
            waiting: Mutex::default(),
            written: Turn::default(),
        }
    }

    /// Writes an entry; it is there when this is done.
    pub(in crate::batch) async fn add(&self, entry: &Entry) -> Result<(), Error> {
        self.put(entry);
        self.flush().await
    }

    /// Writes what was put; it is there when this is done.
    pub(in crate::batch) async fn flush(&self) -> Result<(), Error> {
        let number = self.waiting().count;
        let mut written = self.written.lock().await;
        let (lines, count) = {
            let mut waiting = self.waiting();
            if waiting.is_broken {
                let error = io::Error::other("an earlier line of it could not be written");
                return Err(failed(error));
            }
            if *written >= number {
                return Ok(());
            }
            // Until it is done, and for ever if this is dropped before.
            waiting.is_broken = true;
            (std::mem::take(&mut waiting.lines), waiting.count)
        };
        self.store.append(lines).await.map_err(failed)?;
        *written = count;
        self.waiting().is_broken = false;
        Ok(())
    }

    /// Has an entry written with the next, or by [`flush`](Self::flush).
    pub(in crate::batch) fn put(&self, entry: &Entry) {
        let line = serde_json::to_string(entry);
        let mut waiting = self.waiting();
        match line {
            Ok(line) => waiting.lines.push_str(&line),
            Err(_) => waiting.is_broken = true,
        }
        waiting.lines.push('\n');
        waiting.count += 1;
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[allow(clippy::needless_pass_by_value)] // it is what is mapped
fn failed(error: io::Error) -> Error {
    Error::custom(io::Error::new(
        error.kind(),
        format!("the checkpoint can't be written, so nothing more is sent: {error}"),
    ))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use futures_util::future::join_all;
    use omneo_api::runtime::BoxFuture;

    use super::Log;
    use crate::batch::checkpoint::{Entry, Store};

    /// Fails after so many writes.
    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<String>>>, usize);

    impl Store for Memory {
        fn append(&self, lines: String) -> BoxFuture<'_, io::Result<()>> {
            Box::pin(async move {
                tokio::task::yield_now().await;
                let mut all = self.0.lock().unwrap();
                if self.1 > 0 && all.len() >= self.1 {
                    return Err(io::Error::other("the disk is full"));
                }
                all.push(lines);
                Ok(())
            })
        }
    }

    fn entry(index: u64) -> Entry {
        Entry::Open {
            indexes: [index].into_iter().collect(),
        }
    }

    #[tokio::test]
    async fn what_comes_while_a_line_is_written_goes_in_one() {
        let memory = Memory::default();
        let log = Log::new(memory.clone());
        let all = join_all((0..50).map(async |index| log.add(&entry(index)).await)).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
        let writes = memory.0.lock().unwrap().clone();
        assert!(writes.len() <= 2, "{writes:?}");
        let lines: Vec<Entry> = writes
            .concat()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines, (0..50).map(entry).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn nothing_is_written_after_a_line_that_was_not() {
        let memory = Memory(Arc::default(), 1);
        let log = Log::new(memory.clone());
        log.add(&entry(0)).await.unwrap();
        let error = log.add(&entry(1)).await.unwrap_err();
        assert!(error.to_string().contains("the disk is full"), "{error}");
        let error = log.add(&entry(2)).await.unwrap_err();
        assert!(error.to_string().contains("an earlier line"), "{error}");
        assert_eq!(memory.0.lock().unwrap().len(), 1);
    }
}
