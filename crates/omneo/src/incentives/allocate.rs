//! Codes that are handed out with incentives.

use omneo_api::Error;
use omneo_api::types::{
    AllocationBatchDefinitionInput, AllocationBatchInput, AllocationBatchItemInput,
    AllocationCount, AllocationType, BenefitDefinition, PointDefinition, RewardDefinition,
};
use omneo_types::Id;

use super::check;
use super::definition::{Definition, DefinitionRef};
use super::ids;
use super::lookup::Naming;
use crate::client::Omneo;

/// A definition whose incentives have codes from a pool: rewards, benefits and points.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no pool of codes",
    note = "rewards, benefits and points have"
)]
pub trait Allocated: Definition {
    #[doc(hidden)]
    const TYPE: AllocationType;
}

macro_rules! allocated {
    ($($definition:ident)+) => {$(
        impl Allocated for $definition {
            const TYPE: AllocationType = AllocationType::$definition;
        }
    )+};
}

allocated! { RewardDefinition BenefitDefinition PointDefinition }

/// A code for a pool: a text, or one with more about it.
#[derive(Clone, Debug)]
pub struct Code(AllocationBatchItemInput);

impl From<&str> for Code {
    fn from(code: &str) -> Self {
        code.to_owned().into()
    }
}

impl From<String> for Code {
    fn from(code: String) -> Self {
        Self(AllocationBatchItemInput::new(code))
    }
}

impl From<AllocationBatchItemInput> for Code {
    fn from(code: AllocationBatchItemInput) -> Self {
        Self(code)
    }
}

/// The most codes of one request: Omneo states 500 for its batches of rewards and benefits.
const MOST: usize = 500;

impl Omneo {
    /// Adds codes to the pool of a definition, up to 500. The server works them off later, and tells nothing of single ones.
    ///
    /// It is not sent twice; when the answer is lost, the definition's count of codes tells
    /// ([`allocation_count`](Omneo::allocation_count)).
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// use omneo::types::BenefitDefinition;
    ///
    /// omneo.allocate::<BenefitDefinition>("free-alteration", ["A-1", "A-2", "A-3"]).await?;
    /// println!("{:?} left", omneo.allocation_count("free-alteration").await?.remaining);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for no codes, more than 500, or an empty one; whatever else keeps a call from succeeding.
    pub async fn allocate<D: Allocated>(
        &self,
        definition: impl Into<DefinitionRef<D>>,
        codes: impl IntoIterator<Item = impl Into<Code>>,
    ) -> Result<(), Error> {
        let codes: Vec<_> = codes.into_iter().map(|code| code.into().0).collect();
        if codes.is_empty() {
            return Err(check::refuse("codes", "is empty; give at least one"));
        }
        if codes.len() > MOST {
            return Err(check::refuse(
                "codes",
                &format!("has {} codes; send at most {MOST} at once", codes.len()),
            ));
        }
        if codes.iter().any(|code| code.code.is_empty()) {
            return Err(check::refuse("codes", "has an empty code"));
        }
        let id = self.definition_id(&definition.into()).await?;
        let body = AllocationBatchInput {
            allocations: codes.into(),
            definition: Some(AllocationBatchDefinitionInput::new(ids::text(id), D::TYPE)),
        };
        self.api().allocations_batch(&body).await.map(|_| ())
    }

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
        let answer = self.api().allocations_count(&id).await?;
        Ok(answer.into_inner().into_inner())
    }
}

impl Omneo {
    /// The id of a definition, looked up if only its handle is known.
    async fn definition_id<D: Definition>(
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
