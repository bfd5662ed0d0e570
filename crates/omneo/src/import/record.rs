//! What can be sent as a part of an import.

#[cfg(any(feature = "commerce", feature = "incentives", feature = "profiles"))]
use omneo_api::types;

use crate::batch::Record;

/// A record whose batches can belong to an import: see [`Batch::import`](crate::batch::Batch::import).
///
/// | record | handler of its job |
/// |---|---|
/// | [`ProfileBatchItem`](types::ProfileBatchItem) | `omneo:profile` |
/// | [`RewardBatchItem`](types::RewardBatchItem) | `omneo:reward` |
/// | [`BenefitBatchItem`](types::BenefitBatchItem) | `omneo:benefit`, by analogy: no file has such a handler |
/// | [`TransactionBatchRowInput`](types::TransactionBatchRowInput) | `omneo:transaction` |
/// | [`ProductBatchRowInput`](types::ProductBatchRowInput) | `omneo:product` |
/// | [`LocationBatchRowInput`](types::LocationBatchRowInput) | `omneo:location` |
#[diagnostic::on_unimplemented(
    message = "batches of `{Self}` can't belong to an import",
    label = "Omneo takes no import job with these records",
    note = "send them without: `omneo.batch().send(records)`"
)]
pub trait ImportRecord: Record {
    /// The handler of its job, unless another is [set](super::ManualImport::handler).
    const HANDLER: &'static str;
}

macro_rules! records {
    ($($(#[$cfg:meta])? $record:ident = $handler:literal;)+) => {$(
        $(#[$cfg])?
        impl ImportRecord for types::$record {
            const HANDLER: &'static str = $handler;
        }
    )+};
}

records! {
    #[cfg(feature = "profiles")] ProfileBatchItem = "omneo:profile";
    #[cfg(feature = "incentives")] RewardBatchItem = "omneo:reward";
    #[cfg(feature = "incentives")] BenefitBatchItem = "omneo:benefit";
    #[cfg(feature = "commerce")] TransactionBatchRowInput = "omneo:transaction";
    #[cfg(feature = "commerce")] ProductBatchRowInput = "omneo:product";
    #[cfg(feature = "commerce")] LocationBatchRowInput = "omneo:location";
}
