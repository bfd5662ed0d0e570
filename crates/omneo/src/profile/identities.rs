//! The profiles of identities, looked up and remembered.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use omneo_api::http::Method;
use omneo_api::runtime::Effect;
use omneo_api::{Client, Error};
use omneo_types::{Data, Id};
use serde::Deserialize;
use serde_json::json;

use super::reference::Identity;

/// The identities whose profiles are remembered, and for how long.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();
const REMEMBERED_FOR: Duration = Duration::from_secs(10 * 60);

/// The profiles of identities that were asked for. The API takes an identity in few places, so that its profile has to
/// be looked up first.
pub(crate) struct Identities(Mutex<LruCache<Identity, (String, Instant)>>);

impl Default for Identities {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

#[derive(Deserialize)]
struct Exists {
    id: Id,
}

impl Identities {
    /// The id of the profile with an identity.
    pub(crate) async fn find(
        &self,
        identity: &Identity,
        client: &Client,
        now: Instant,
    ) -> Result<String, Error> {
        if let Some((id, until)) = self.cache().get(identity)
            && *until > now
        {
            return Ok(id.clone());
        }
        identity.check()?;
        let found = client
            .request(Method::POST, "/v3/profiles/exists")
            .json(&json!({ "type": identity.handle, "id": identity.value }))
            .send::<Data<Exists>>()
            .await
            .map_err(|error| error.with_effect(Effect::None))?;
        let id = found.into_inner().id.to_string();
        if let Some(until) = now.checked_add(REMEMBERED_FOR) {
            self.cache().put(identity.clone(), (id.clone(), until));
        }
        Ok(id)
    }

    /// Forgets an identity: its profile was merged or deleted, perhaps.
    pub(crate) fn forget(&self, identity: &Identity) {
        self.cache().pop(identity);
    }

    fn cache(&self) -> MutexGuard<'_, LruCache<Identity, (String, Instant)>> {
        // Entries are whole or not there.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identities").finish_non_exhaustive()
    }
}
