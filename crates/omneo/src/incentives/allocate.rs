//! Codes that are handed out with incentives.

use futures_util::stream;
use omneo_api::Error;
use omneo_api::types::{
    AllocationBatchDefinitionInput, AllocationBatchItemInput, AllocationType, BenefitDefinition,
    PointDefinition, RewardDefinition,
};

use super::definition::{Definition, DefinitionRef};
use super::{check, ids};
use crate::batch::Report;
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

impl Omneo {
    /// Adds codes to the pool of a definition, up to 500 in one request. The server works them off later, and tells nothing
    /// of single ones: what it took is `accepted`. Only with the feature `platform`, which has the batches.
    ///
    /// A request is not sent twice; when its answer is lost its codes are `unknown`, and the definition's count of codes
    /// tells ([`allocation_count`](Omneo::allocation_count)). For a stream of codes, and for settings, there is
    /// [`batch_of`](Omneo::batch_of).
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// use omneo::types::BenefitDefinition;
    ///
    /// let report = omneo.allocate::<BenefitDefinition>("free-alteration", ["A-1", "A-2", "A-3"]).await?;
    /// println!("{report}");
    /// println!("{:?} left", omneo.allocation_count("free-alteration").await?.remaining);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for no codes, or an empty one; whatever keeps all codes from being added.
    pub async fn allocate<D: Allocated>(
        &self,
        definition: impl Into<DefinitionRef<D>>,
        codes: impl IntoIterator<Item = impl Into<Code>>,
    ) -> Result<Report, Error> {
        let codes: Vec<_> = codes.into_iter().map(|code| code.into().0).collect();
        if codes.is_empty() {
            return Err(check::refuse("codes", "is empty; give at least one"));
        }
        if codes.iter().any(|code| code.code.is_empty()) {
            return Err(check::refuse("codes", "has an empty code"));
        }
        let id = self.definition_id(&definition.into()).await?;
        let pool = AllocationBatchDefinitionInput::new(ids::text(id), D::TYPE);
        let report = self.batch_of(pool).send(stream::iter(codes)).report().await;
        match report.stopped {
            Some(error) if report.accepted == 0 && report.unknown.is_empty() => Err(error),
            stopped => Ok(Report { stopped, ..report }),
        }
    }
}
