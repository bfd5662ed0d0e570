//! The names of definitions: where an endpoint takes only an id, or only a handle, the other is looked up once.

use std::num::NonZeroUsize;
use std::time::Instant;

use omneo_api::{Client, Error};
use omneo_types::Id;

use super::definition::{Definition, DefinitionRef, Facts, Family, Named};
use super::definitions::Definitions;
use super::{check, unknown};
use crate::remembered::Remembered;
use crate::transport::unsent;

/// How an endpoint has a definition named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(unreachable_pub)] // a sealed trait has it
pub enum Naming {
    Either,
    Id,
    Handle,
}

/// The definitions that are remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(1_000).unwrap();

/// The definitions that were looked up.
#[derive(Debug)]
pub(crate) struct Lookups(Remembered<Key, Facts>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Handle(Family, String),
    Id(Family, Id),
}

impl Default for Lookups {
    fn default() -> Self {
        Self(Remembered::new(REMEMBERED))
    }
}

impl Facts {
    /// Whether it has what an endpoint wants.
    fn fit(&self, naming: Naming) -> bool {
        match naming {
            Naming::Either => self.id.is_some() || self.handle.is_some(),
            Naming::Id => self.id.is_some(),
            Naming::Handle => self.handle.is_some(),
        }
    }

    /// What it can be looked up by, the id first.
    fn keys(&self, family: Family) -> impl Iterator<Item = Key> {
        let id = self.id.clone().map(|id| Key::Id(family, id));
        let handle = self.handle.clone();
        let handle = handle.map(|handle| Key::Handle(family, handle));
        id.into_iter().chain(handle)
    }
}

impl Named {
    /// What is known of the definition without looking.
    fn facts(&self) -> Facts {
        match self {
            Self::Read(facts) => facts.clone(),
            Self::Id(id) => Facts {
                id: Some(id.clone()),
                ..Facts::default()
            },
            Self::Handle(handle) => Facts {
                handle: Some(handle.clone()),
                ..Facts::default()
            },
        }
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
        let family = D::FAMILY.definition();
        let given = definition.named.facts();
        if matches!(definition.named, Named::Read(_)) && given.fit(naming) {
            return Ok(given);
        }
        let Some(key) = given.keys(D::FAMILY).next() else {
            return Err(Error::invalid_request(format!(
                "the {family} has neither an id nor a handle; read it from the server first"
            )));
        };
        if let Some(facts) = self.0.get(&key, now) {
            return Ok(facts);
        }
        match &key {
            Key::Handle(family, handle) => check::named(*family, "handle", handle)?,
            Key::Id(family, id) => check::named(*family, "id", &id.as_str())?,
        }
        // No look-up: the endpoint takes what is there.
        if given.fit(naming) {
            return Ok(given);
        }
        let definitions = D::Definitions::of(client);
        let mut facts = match &key {
            Key::Handle(_, handle) => match D::find(&definitions, handle).await.map_err(unsent)? {
                Some(found) => found.facts(),
                None => return Err(unknown::handle::<D>(client, handle).await),
            },
            Key::Id(_, id) => {
                let found = definitions.get(id.clone()).await;
                found.map_err(unsent)?.facts()
            }
        };
        // The server need not repeat what it was asked by.
        match &key {
            Key::Handle(_, handle) => _ = facts.handle.get_or_insert_with(|| handle.clone()),
            Key::Id(_, id) => _ = facts.id.get_or_insert_with(|| id.clone()),
        }
        if !facts.fit(naming) {
            return Err(Error::invalid_request(format!(
                "the server's {family} has no {}, so nothing can be made of it",
                if naming == Naming::Id { "id" } else { "handle" }
            )));
        }
        self.0.put(key, facts.clone(), now);
        Ok(facts)
    }

    /// Forgets a definition that the server refused: it was deleted or defined anew, perhaps.
    pub(super) fn forget<D: Definition>(&self, definition: &DefinitionRef<D>) {
        for key in definition.named.facts().keys(D::FAMILY) {
            self.0.forget(&key);
        }
    }
}
