//! The names of definitions: where an endpoint takes only an id, or only a handle, the other is looked up once.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use omneo_api::{Client, Error};
use omneo_types::Id;

use super::check::{self, unsent};
use super::definition::{Definition, DefinitionRef, Facts, Family, Named};
use super::definitions::Definitions;
use super::unknown;

/// How an endpoint has a definition named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(unreachable_pub)] // a sealed trait has it
pub enum Naming {
    Either,
    Id,
    Handle,
}

/// The definitions that are remembered, and for how long.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();
const REMEMBERED_FOR: Duration = Duration::from_secs(10 * 60);

/// The definitions that were looked up.
pub(crate) struct Lookups(Mutex<LruCache<Key, (Facts, Instant)>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Handle(Family, String),
    Id(Family, Id),
}

impl Default for Lookups {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Lookups {
    /// What is known of a definition, with at least what an endpoint wants it named by.
    pub(super) async fn resolve<D: Definition>(
        &self,
        definition: &DefinitionRef<D>,
        naming: Naming,
        client: &Client,
        now: Instant,
    ) -> Result<Facts, Error> {
        let key = match &definition.named {
            Named::Read(facts) => match (naming, facts) {
                (Naming::Either | Naming::Id, Facts { id: Some(_), .. })
                | (
                    Naming::Either | Naming::Handle,
                    Facts {
                        handle: Some(_), ..
                    },
                ) => {
                    return Ok(facts.clone());
                }
                (_, Facts { id: Some(id), .. }) => Key::Id(D::FAMILY, id.clone()),
                (
                    _,
                    Facts {
                        handle: Some(handle),
                        ..
                    },
                ) => Key::Handle(D::FAMILY, handle.clone()),
                _ => {
                    return Err(Error::invalid_request(format!(
                        "the {} has neither an id nor a handle; read it from the server first",
                        D::FAMILY.definition()
                    )));
                }
            },
            Named::Id(id) => Key::Id(D::FAMILY, id.clone()),
            Named::Handle(handle) => Key::Handle(D::FAMILY, handle.clone()),
        };
        if let Some(facts) = self.known(&key, now) {
            return Ok(facts);
        }
        match &key {
            Key::Handle(family, handle) => check::named(*family, "handle", handle)?,
            Key::Id(family, id) => check::named(*family, "id", &id.as_str())?,
        }
        let mut facts = match &key {
            // No look-up: the endpoint takes what is there.
            Key::Handle(_, handle) if naming != Naming::Id => {
                return Ok(Facts {
                    handle: Some(handle.clone()),
                    ..Facts::default()
                });
            }
            Key::Id(_, id) if naming != Naming::Handle => {
                return Ok(Facts {
                    id: Some(id.clone()),
                    ..Facts::default()
                });
            }
            Key::Handle(_, handle) => match D::find(&D::Definitions::of(client), handle)
                .await
                .map_err(unsent)?
            {
                Some(found) => found.facts(),
                None => return Err(unknown::handle::<D>(client, handle).await),
            },
            Key::Id(_, id) => D::Definitions::of(client)
                .get(id.clone())
                .await
                .map_err(unsent)?
                .facts(),
        };
        // The server need not repeat what it was asked by.
        match &key {
            Key::Handle(_, handle) => _ = facts.handle.get_or_insert_with(|| handle.clone()),
            Key::Id(_, id) => _ = facts.id.get_or_insert_with(|| id.clone()),
        }
        let missing = match naming {
            Naming::Either => false,
            Naming::Id => facts.id.is_none(),
            Naming::Handle => facts.handle.is_none(),
        };
        if missing {
            return Err(Error::invalid_request(format!(
                "the server's {} has no {}, so nothing can be made of it",
                D::FAMILY.definition(),
                if naming == Naming::Id { "id" } else { "handle" }
            )));
        }
        if let Some(until) = now.checked_add(REMEMBERED_FOR) {
            self.cache().put(key, (facts.clone(), until));
        }
        Ok(facts)
    }

    /// Forgets a definition that the server refused: it was deleted or defined anew, perhaps.
    pub(super) fn forget<D: Definition>(&self, definition: &DefinitionRef<D>) {
        let key = match &definition.named {
            Named::Id(id) => Key::Id(D::FAMILY, id.clone()),
            Named::Handle(handle) => Key::Handle(D::FAMILY, handle.clone()),
            Named::Read(facts) => {
                if let Some(handle) = &facts.handle {
                    self.cache().pop(&Key::Handle(D::FAMILY, handle.clone()));
                }
                match &facts.id {
                    Some(id) => Key::Id(D::FAMILY, id.clone()),
                    None => return,
                }
            }
        };
        self.cache().pop(&key);
    }

    fn known(&self, key: &Key, now: Instant) -> Option<Facts> {
        let mut cache = self.cache();
        let (facts, until) = cache.get(key)?;
        (*until > now).then(|| facts.clone())
    }

    fn cache(&self) -> MutexGuard<'_, LruCache<Key, (Facts, Instant)>> {
        // Entries are whole or not there.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Lookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookups").finish_non_exhaustive()
    }
}
