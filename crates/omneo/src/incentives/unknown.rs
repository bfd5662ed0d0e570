//! What to say of a handle that no definition has.

use omneo_api::{Client, Error, types};

use super::definition::{Definition, Family};
use super::definitions::Definitions;

/// The error for a handle that a family does not have.
pub(super) async fn handle<D: Definition>(client: &Client, handle: &str) -> Error {
    Error::invalid_request(words::<D>(client, handle).await)
}

/// The error of an endpoint that takes handles, with a word on the handle if it is that which is unknown.
pub(super) async fn explain<D: Definition>(error: Error, client: &Client, handle: &str) -> Error {
    match D::find(&D::Definitions::of(client), handle).await {
        Ok(None) => error.with_note(words::<D>(client, handle).await),
        _ => error,
    }
}

/// Looks whether another family has the handle, as callers mix them up.
async fn words<D: Definition>(client: &Client, handle: &str) -> String {
    let wanted = D::FAMILY.definition();
    let others = others(client, D::FAMILY, handle).await;
    if others.is_empty() {
        return format!("no {wanted} has the handle {handle:?}; check its spelling, or define it");
    }
    let others: Vec<_> = others.iter().map(|family| family.definition()).collect();
    let others = others.join(" and a ");
    format!(
        "no {wanted} has the handle {handle:?}, but a {others} has; name the family that is meant"
    )
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
