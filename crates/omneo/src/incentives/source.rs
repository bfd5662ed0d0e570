//! Tier points by what they were given for.

use omneo_api::List;
use omneo_api::types::TierPoint;
use omneo_types::Id;

use crate::profile::Profile;

/// What tier points were given for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TierPointSource {
    /// A benefit.
    Benefit(SourceId),
    /// A transaction.
    Transaction(SourceId),
    /// One item of a transaction.
    TransactionItem(SourceId),
}

/// Which one it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourceId {
    /// By its id in Omneo.
    Id(Id),
    /// By the caller's own id of it.
    ExternalId(Id),
    /// By the number on its receipt.
    Receipt(String),
}

impl Profile {
    /// The tier points of this profile that were given for one purchase or benefit.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// use omneo::incentives::{SourceId, TierPointSource};
    ///
    /// let profile = omneo.profile("9332c9b2-e31c-4d49-8ec3-62a9466d339c");
    /// let purchase = TierPointSource::Transaction(SourceId::ExternalId("POS-991".into()));
    /// let points = profile.tier_points_for(&purchase).all(100).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tier_points_for(&self, source: &TierPointSource) -> List<TierPoint> {
        let (source, id) = match source {
            TierPointSource::Benefit(id) => ("benefit", id),
            TierPointSource::Transaction(id) => ("transaction", id),
            TierPointSource::TransactionItem(id) => ("transaction_item", id),
        };
        let (kind, id) = match id {
            SourceId::Id(id) => ("id", id.to_string()),
            SourceId::ExternalId(id) => ("external_id", id.to_string()),
            SourceId::Receipt(number) => ("receipt_ref", number.clone()),
        };
        let points = self.tiers().points().by_source().list();
        points
            .query("source", source)
            .query("identifier_type", kind)
            .query("identifier", id)
    }
}
