//! What to say of a handle that no definition has.

use omneo_api::{Client, Error, types};

use super::definition::{Definition, Family};
use super::definitions::Definitions;

/// The error for a handle that a family does not have. Looks whether another family has it, as callers mix them up.
pub(super) async fn handle<D: Definition>(client: &Client, handle: &str) -> Error {
    let wanted = D::FAMILY.definition();
    let others = others(client, D::FAMILY, handle).await;
    if others.is_empty() {
        return Error::invalid_request(format!(
            "no {wanted} has the handle {handle:?}; check its spelling, or define it"
        ));
    }
    let others: Vec<_> = others.iter().map(|family| family.definition()).collect();
    let others = others.join(" and a ");
    Error::invalid_request(format!(
        "no {wanted} has the handle {handle:?}, but a {others} has; name the family that is meant"
    ))
}

/// The error of an endpoint that takes handles: its own, unless it is the handle that is unknown.
pub(super) async fn explain<D: Definition>(error: Error, client: &Client, handle: &str) -> Error {
    match D::find(&D::Definitions::of(client), handle).await {
        Ok(None) => self::handle::<D>(client, handle).await,
        _ => error,
    }
}

async fn others(client: &Client, wanted: Family, handle: &str) -> Vec<Family> {
    let mut found = Vec::new();
    macro_rules! look {
        ($($definition:ident)+) => {$(
            // What can't be read is not worth a word here: the handle is unknown all the same.
            if <types::$definition as Definition>::FAMILY != wanted
                && has::<types::$definition>(client, handle).await
            {
                found.push(<types::$definition as Definition>::FAMILY);
            }
        )+};
    }
    look! {
        RewardDefinition BenefitDefinition PointDefinition CreditDefinition TierDefinition
        AchievementDefinition
    }
    found
}

async fn has<D: Definition>(client: &Client, handle: &str) -> bool {
    matches!(
        D::find(&D::Definitions::of(client), handle).await,
        Ok(Some(_))
    )
}
