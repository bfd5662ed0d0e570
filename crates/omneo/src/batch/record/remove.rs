//! What is taken away rather than added.

use omneo_types::List;
use serde::Serialize;

/// Takes away what the record would add: statuses and tags of profiles, and custom fields of their owner.
///
/// ```no_run
/// # #[cfg(feature = "profiles")]
/// # async fn run(omneo: omneo::Omneo, lapsed: Vec<String>) {
/// use futures_util::stream;
/// use omneo::batch::Remove;
/// use omneo::types::ProfileStatusBatchItem;
///
/// let lapsed = lapsed.into_iter().map(|id| Remove(ProfileStatusBatchItem::new(id, ["vip"])));
/// let report = omneo.batch().send(stream::iter(lapsed)).report().await;
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remove<R>(pub R);

impl<R> Remove<R> {
    pub(super) fn unwrapped(records: Vec<Self>) -> Vec<R> {
        records.into_iter().map(|record| record.0).collect()
    }

    pub(super) fn wrapped(records: List<R>) -> Vec<Self> {
        Vec::from(records).into_iter().map(Self).collect()
    }
}
