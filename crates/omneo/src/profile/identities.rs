//! The profiles of identities, looked up and remembered.

use std::num::NonZeroUsize;
use std::time::Instant;

use omneo_api::http::Method;
use omneo_api::{Client, Error};
use omneo_types::{Data, Id};
use serde::Deserialize;
use serde_json::json;

use super::reference::Identity;
use crate::remembered::Remembered;
use crate::transport::unsent;

/// The identities whose profiles are remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// The profiles of identities that were asked for. The API takes an identity in few places, so that its profile has to
/// be looked up first.
#[derive(Debug)]
pub(crate) struct Identities(Remembered<Identity, String>);

impl Default for Identities {
    fn default() -> Self {
        Self(Remembered::new(REMEMBERED))
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
        if let Some(id) = self.0.get(identity, now) {
            return Ok(id);
        }
        identity.check()?;
        let found = client
            .request(Method::POST, "/v3/profiles/exists")
            .json(&json!({ "type": identity.handle, "id": identity.value }))
            .send::<Data<Exists>>()
            .await
            .map_err(unsent)?;
        let id = found.into_inner().id.to_string();
        self.0.put(identity.clone(), id.clone(), now);
        Ok(id)
    }

    /// Forgets an identity: its profile was merged or deleted, perhaps.
    pub(crate) fn forget(&self, identity: &Identity) {
        self.0.forget(identity);
    }
}
