//! Definitions that a program wants to be there.

use omneo_api::runtime::Effect;
use omneo_api::{Error, ErrorKind};
use serde::Serialize;

use super::definition::Definition;
use super::definition::sealed::Sealed as _;
use super::definitions::Definitions;
use crate::difference::{self, Difference};

/// What [`Definitions::ensure`] found or did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Ensured<D> {
    /// There was none; it was created. One whose answer was lost is [`Same`](Self::Same), as another program may have made it.
    Created(D),
    /// It is there, and as it is wanted.
    Same(D),
    /// It is there, and otherwise. Nothing was changed: an update is the caller's to decide.
    Differs {
        /// As it is.
        definition: D,
        /// Where it is otherwise.
        differences: Vec<Difference>,
    },
}

impl<D> Ensured<D> {
    /// The definition, as it is now.
    #[must_use]
    pub fn definition(&self) -> &D {
        match self {
            Self::Created(definition)
            | Self::Same(definition)
            | Self::Differs { definition, .. } => definition,
        }
    }

    /// The definition, as it is now.
    #[must_use]
    pub fn into_definition(self) -> D {
        match self {
            Self::Created(definition)
            | Self::Same(definition)
            | Self::Differs { definition, .. } => definition,
        }
    }

    /// Where it is otherwise than wanted.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        match self {
            Self::Created(_) | Self::Same(_) => &[],
            Self::Differs { differences, .. } => differences,
        }
    }
}

pub(super) async fn ensure<H: Definitions>(
    definitions: &H,
    wanted: &H::Input,
) -> Result<Ensured<H::Definition>, Error> {
    let handle = H::handle_of(wanted);
    if handle.is_empty() {
        return Err(super::check::refuse("handle", "is empty"));
    }
    if let Some(found) = H::Definition::find(definitions, handle).await? {
        return compare(found, wanted);
    }
    let error = match definitions.create(wanted).await {
        Ok(created) => return Ok(Ensured::Created(created)),
        Err(error) => error,
    };
    // Another program may have created it in the meantime, or this one did and the answer was lost: the handle is unique,
    // so whatever is there now is it.
    let may_be_there =
        error.effect() != Effect::None || matches!(error.kind(), ErrorKind::Validation(_));
    if may_be_there && let Ok(Some(found)) = H::Definition::find(definitions, handle).await {
        return compare(found, wanted);
    }
    Err(error)
}

fn compare<D: Definition, W: Serialize>(definition: D, wanted: &W) -> Result<Ensured<D>, Error> {
    let differences = difference::between(wanted, &definition)?;
    Ok(match differences.is_empty() {
        true => Ensured::Same(definition),
        false => Ensured::Differs {
            definition,
            differences,
        },
    })
}
