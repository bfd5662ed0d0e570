//! Records that are queued one by one.

use serde::Serialize;

/// A record that is queued, to be made or to change the one with its `external_id`.
///
/// What becomes of it is told by no answer, only by a webhook such as `transaction.created`: its state is
/// [`Accepted`](crate::batch::State::Accepted) without a batch. Omneo wants high volumes of transactions here.
///
/// ```no_run
/// # async fn run(omneo: omneo::Omneo, sales: Vec<omneo::types::TransactionUpsertInput>) {
/// use futures_util::stream;
/// use omneo::batch::Queue;
///
/// let report = omneo.batch().send(stream::iter(sales.into_iter().map(Queue))).report().await;
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Queue<R>(pub R);

/// A record that is queued to be made, whatever there is with its `external_id`; as [`Queue`] otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueueCreate<R>(pub R);
