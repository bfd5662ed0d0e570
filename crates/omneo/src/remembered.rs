//! What was looked up, remembered for a while.

use std::fmt;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

/// For how long.
const FOR: Duration = Duration::from_secs(10 * 60);

/// The last that were looked up, each for ten minutes.
pub(crate) struct Remembered<K: Hash + Eq, V>(Mutex<LruCache<K, (V, Instant)>>);

impl<K: Hash + Eq, V: Clone> Remembered<K, V> {
    /// Room for so many.
    pub(crate) fn new(most: NonZeroUsize) -> Self {
        Self(Mutex::new(LruCache::new(most)))
    }

    pub(crate) fn get(&self, key: &K, now: Instant) -> Option<V> {
        let mut cache = self.cache();
        let (value, until) = cache.get(key)?;
        (*until > now).then(|| value.clone())
    }

    pub(crate) fn put(&self, key: K, value: V, now: Instant) {
        if let Some(until) = now.checked_add(FOR) {
            self.cache().put(key, (value, until));
        }
    }

    pub(crate) fn forget(&self, key: &K) {
        self.cache().pop(key);
    }

    fn cache(&self) -> MutexGuard<'_, LruCache<K, (V, Instant)>> {
        // Entries are whole or not there.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows nothing of it: ids in other systems may be personal.
impl<K: Hash + Eq, V> fmt::Debug for Remembered<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remembered").finish_non_exhaustive()
    }
}
