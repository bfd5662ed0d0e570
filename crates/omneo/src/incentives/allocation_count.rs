//! How many codes a pool has.

use omneo_api::Error;
use omneo_api::types::{AllocationCount, BenefitDefinition};
use omneo_types::Id;

use super::definition::{Definition, DefinitionRef};
use super::lookup::Naming;
use super::{check, inner};
use crate::client::Omneo;

impl Omneo {
    /// How many codes the pool of a benefit definition has.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a handle that no benefit definition has; whatever else keeps a call from succeeding.
    pub async fn allocation_count(
        &self,
        definition: impl Into<DefinitionRef<BenefitDefinition>>,
    ) -> Result<AllocationCount, Error> {
        let id = self.definition_id(&definition.into()).await?;
        self.api().allocations_count(&id).await.map(inner)
    }
}

impl Omneo {
    /// The id of a definition, looked up if only its handle is known.
    pub(super) async fn definition_id<D: Definition>(
        &self,
        definition: &DefinitionRef<D>,
    ) -> Result<Id, Error> {
        let shared = &self.shared;
        let now = shared.core.timer.now();
        let facts = shared
            .definitions
            .resolve(definition, Naming::Id, &self.for_lookups(), now)
            .await?;
        facts
            .id
            .ok_or_else(|| check::refuse("definition", "has no id; read it from the server first"))
    }
}
