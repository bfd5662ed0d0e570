//! What can be sent many at a time, and how.

use omneo_api::{Client, Error, types};
use omneo_types::{Data, Field, Id, MaybeData};
use serde::Serialize;

/// A record that can be sent many at a time with [`Omneo::batch`](crate::Omneo::batch).
///
/// Where Omneo has an endpoint for batches, up to 500 go in one request and are worked off later; where it has none, each
/// goes alone, some at once. Either way the caller writes the same.
///
/// | record | endpoint | twice is as good as once |
/// |---|---|---|
/// | [`ProfileBatchItem`](types::ProfileBatchItem) | `profiles/batch.json` | yes, by `match_criteria` |
/// | [`RewardBatchItem`](types::RewardBatchItem) | `rewards/batch.json` | no |
/// | [`BenefitBatchItem`](types::BenefitBatchItem) | `benefits/batch.json` | no |
/// | [`TransactionBatchRowInput`](types::TransactionBatchRowInput) | `transactions/batch.json` | no |
/// | [`OrderBatchRowInput`](types::OrderBatchRowInput) | `orders/batch.json` | no |
/// | [`ProductBatchRowInput`](types::ProductBatchRowInput) | `products/batch.json` | no |
/// | [`LocationBatchRowInput`](types::LocationBatchRowInput) | `locations/batch.json` | no |
/// | [`ProfileStatusBatchItem`](types::ProfileStatusBatchItem), [`ProfileTagBatchItem`](types::ProfileTagBatchItem) | `profile/status/batch.json`, `profile/tags/batch.json` | yes: they add |
/// | [`PointInput`](types::PointInput), [`CreditInput`](types::CreditInput), [`TierPointInput`](types::TierPointInput), [`InteractionInput`](types::InteractionInput) | each alone | no |
pub trait Record: sealed::Wire + Serialize + Send + Sync + 'static {}

/// Endpoints with batches whose repeat does no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(unreachable_pub)] // a sealed trait has it
pub enum Repeat {
    /// A second time changes nothing: sent again when the answer is lost.
    Harmless,
    /// A second time does it twice: looked for when the answer is lost.
    Doubles,
}

/// What a server said of a request that it took.
#[derive(Clone, Debug, Default)]
#[allow(unreachable_pub)] // a sealed trait has it
pub struct Taken {
    /// The batch that was made of it.
    pub(super) batch: Option<Id>,
    /// The record that was made, of one that was sent alone.
    pub(super) made: Option<Id>,
    /// Whether it is done, rather than queued.
    pub(super) is_done: bool,
    /// Whether the server was busy, so that it took more than one attempt.
    pub(super) was_busy: bool,
}

/// What goes with every request of a run.
#[derive(Clone, Debug, Default)]
#[allow(unreachable_pub)] // a sealed trait has it
pub struct Common {
    pub(super) import_job: Option<Id>,
    pub(super) match_criteria: Option<String>,
}

pub(super) mod sealed {
    use omneo_api::{Client, Error};
    use omneo_types::Id;

    use super::{Common, Repeat, Taken};

    pub trait Wire: Sized {
        /// How many go in one request.
        const MOST: usize;

        const REPEAT: Repeat;

        /// What the server's messages call the records: `rewards.12.profile_id`.
        const NAME: &'static str;

        /// The record's id in the caller's own system, by which a batch's items are told apart.
        fn external_id(&self) -> Option<&Id>;

        /// Sends some, and hands them back.
        fn send(
            client: &Client,
            common: &Common,
            records: Vec<Self>,
        ) -> impl Future<Output = (Vec<Self>, Result<Taken, Error>)> + Send;
    }
}

fn was_busy(attempts: Option<omneo_api::Attempts>) -> bool {
    attempts.is_some_and(|made| made.count > 1)
}

/// Records with an endpoint for batches.
macro_rules! batched {
    ($(
        $(#[$cfg:meta])?
        $record:ident: $method:ident($body:ident { $name:ident $(, $job:ident: $job_field:path)? $(; $criteria:ident)? }) $repeat:ident, $external_id:expr;
    )+) => {$(
        $(#[$cfg])?
        impl Record for types::$record {}

        $(#[$cfg])?
        impl sealed::Wire for types::$record {
            const MOST: usize = 500;
            const REPEAT: Repeat = Repeat::$repeat;
            const NAME: &'static str = stringify!($name);

            fn external_id(&self) -> Option<&Id> {
                let external_id: fn(&Self) -> Option<&Id> = $external_id;
                external_id(self)
            }

            async fn send(
                client: &Client,
                #[allow(unused_variables)] common: &Common,
                records: Vec<Self>,
            ) -> (Vec<Self>, Result<Taken, Error>) {
                #[allow(unused_mut)]
                let mut body = types::$body::new(records);
                $( body.$job = $job_field(common.import_job.clone()); )?
                $( body.$criteria = common.match_criteria.clone(); )?
                let taken = client.$method(&body).await.map(|answer| {
                    let was_busy = was_busy(answer.attempts());
                    let answer = Queued::from(answer.into_inner());
                    Taken { batch: answer.0, was_busy, ..Taken::default() }
                });
                (body.$name.into(), taken)
            }
        }
    )+};
}

/// What the endpoints for batches answer, in their four forms.
struct Queued(Option<Id>);

macro_rules! queued {
    ($($answer:ty: $inner:expr;)+) => {$(
        impl From<$answer> for Queued {
            fn from(answer: $answer) -> Self {
                let inner: fn($answer) -> Option<Id> = $inner;
                Self(inner(answer))
            }
        }
    )+};
}

#[cfg(feature = "incentives")]
queued! { types::BatchQueuedResponse: |answer| answer.batch_id; }
#[cfg(feature = "commerce")]
queued! { types::BatchAccepted: |answer| answer.batch_id; }
#[cfg(feature = "profiles")]
queued! {
    Data<types::BatchQueued>: |answer| answer.into_inner().batch_id;
    MaybeData<types::BatchQueued>: |answer| answer.into_inner().batch_id;
}

#[cfg(feature = "incentives")]
batched! {
    RewardBatchItem: rewards_batch(RewardBatchInput { rewards, import_job_id: std::convert::identity }) Doubles,
        |record| value(&record.external_id);
    BenefitBatchItem: benefits_batch(BenefitBatchInput { benefits, import_job_id: std::convert::identity }) Doubles,
        |record| value(&record.external_id);
}

#[cfg(feature = "commerce")]
batched! {
    TransactionBatchRowInput: transactions_batch(TransactionBatchInput { transactions, import_job_id: Field::or_absent }) Doubles,
        |record| record.external_id.as_ref();
    OrderBatchRowInput: orders_batch(OrderBatchInput { orders }) Doubles,
        |record| record.external_id.as_ref();
    ProductBatchRowInput: products_batch(ProductBatchInput { products, import_job_id: Field::or_absent }) Doubles,
        |record| value(&record.external_id);
    LocationBatchRowInput: locations_batch(LocationBatchInput { locations, import_job_id: Field::or_absent }) Doubles,
        |record| value(&record.external_id);
}

#[cfg(feature = "profiles")]
batched! {
    ProfileBatchItem: profiles_batch(ProfileBatchInput { profiles, import_job_id: std::convert::identity; match_criteria }) Harmless,
        |_| None;
    ProfileStatusBatchItem: profile_status_batch(ProfileStatusBatchInput { profiles }) Harmless,
        |_| None;
    ProfileTagBatchItem: profile_tags_batch(ProfileTagBatchInput { profiles }) Harmless,
        |_| None;
}

/// Records that go alone.
macro_rules! single {
    ($($record:ident: $method:ident, $external_id:expr;)+) => {$(
        impl Record for types::$record {}

        impl sealed::Wire for types::$record {
            const MOST: usize = 1;
            const REPEAT: Repeat = Repeat::Doubles;
            const NAME: &'static str = "";

            fn external_id(&self) -> Option<&Id> {
                let external_id: fn(&Self) -> Option<&Id> = $external_id;
                external_id(self)
            }

            async fn send(
                client: &Client,
                _: &Common,
                records: Vec<Self>,
            ) -> (Vec<Self>, Result<Taken, Error>) {
                let mut taken = Taken { is_done: true, ..Taken::default() };
                for record in &records {
                    match client.$method(record).await {
                        Ok(answer) => {
                            taken.was_busy |= was_busy(answer.attempts());
                            taken.made = answer.into_inner().into_inner().id;
                        }
                        Err(error) => return (records, Err(error)),
                    }
                }
                (records, Ok(taken))
            }
        }
    )+};
}

#[cfg(feature = "incentives")]
single! {
    PointInput: points_store, |_| None;
    CreditInput: credits_store, |record| value(&record.external_id);
    TierPointInput: tiers_points_store, |_| None;
}

#[cfg(feature = "profiles")]
single! {
    InteractionInput: interactions_store, |_| None;
}

#[allow(dead_code)] // not every section has records with one
fn value(field: &Field<Id>) -> Option<&Id> {
    match field {
        Field::Value(id) => Some(id),
        Field::Absent | Field::Null => None,
    }
}
