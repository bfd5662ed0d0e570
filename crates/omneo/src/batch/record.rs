//! What can be sent many at a time, and how.

use omneo_api::{Client, Error, types};
use omneo_types::{Field, Id};
use serde::Serialize;

/// A record that can be sent many at a time with [`Omneo::batch`](crate::Omneo::batch).
///
/// Where Omneo has an endpoint for batches, up to 500 go in one request and are worked off later; where it has none, each
/// goes alone, some at once. Either way the caller writes the same.
///
/// | record | endpoint | twice is as good as once |
/// |---|---|---|
/// | [`ProfileBatchItem`](types::ProfileBatchItem) | `profiles/batch.json` | yes, with `match_criteria` |
/// | [`RewardBatchItem`](types::RewardBatchItem) | `rewards/batch.json` | no |
/// | [`BenefitBatchItem`](types::BenefitBatchItem) | `benefits/batch.json` | no |
/// | [`TransactionBatchRowInput`](types::TransactionBatchRowInput) | `transactions/batch.json` | no |
/// | [`OrderBatchRowInput`](types::OrderBatchRowInput) | `orders/batch.json` | no |
/// | [`ProductBatchRowInput`](types::ProductBatchRowInput) | `products/batch.json` | no |
/// | [`LocationBatchRowInput`](types::LocationBatchRowInput) | `locations/batch.json` | no |
/// | [`ProfileStatusBatchItem`](types::ProfileStatusBatchItem), [`ProfileTagBatchItem`](types::ProfileTagBatchItem) | `profile/status/batch.json`, `profile/tags/batch.json` | yes: they add |
/// | [`PointInput`](types::PointInput), [`CreditInput`](types::CreditInput), [`TierPointInput`](types::TierPointInput), [`InteractionInput`](types::InteractionInput) | each alone | no |
pub trait Record: sealed::Wire + Serialize + Send + Sync + 'static {}

/// What a second time does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(unreachable_pub)] // a sealed trait has it
pub enum Repeat {
    /// It changes nothing: sent again when the answer is lost.
    Harmless,
    /// It does it twice: looked for when the answer is lost.
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
    /// Whether an attempt before the last may have been taken too.
    pub(super) was_lost: bool,
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

        /// What the server's messages call the records: `rewards.12.profile_id`.
        const NAME: &'static str;

        /// What a second time does.
        fn repeat(common: &Common) -> Repeat;

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

#[allow(dead_code)] // not every section has such records
fn doubles(_: &Common) -> Repeat {
    Repeat::Doubles
}

#[allow(dead_code)]
fn harmless(_: &Common) -> Repeat {
    Repeat::Harmless
}

/// Profiles are found by the criteria; without, a second time may make a second one.
#[allow(dead_code)]
fn by_criteria(common: &Common) -> Repeat {
    match common.match_criteria {
        Some(_) => Repeat::Harmless,
        None => Repeat::Doubles,
    }
}

fn was_busy(attempts: Option<omneo_api::Attempts>) -> bool {
    attempts.is_some_and(|made| made.count > 1)
}

/// Records with an endpoint for batches.
macro_rules! batched {
    ($(
        $(#[$cfg:meta])?
        $record:ident: $method:ident($body:ident { $name:ident $(, $job:ident: $job_field:path)? $(; $criteria:ident)? }) => $repeat:expr, $external_id:expr;
    )+) => {$(
        $(#[$cfg])?
        impl Record for types::$record {}

        $(#[$cfg])?
        impl sealed::Wire for types::$record {
            const MOST: usize = 500;
            const NAME: &'static str = stringify!($name);

            fn repeat(common: &Common) -> Repeat {
                let repeat: fn(&Common) -> Repeat = $repeat;
                repeat(common)
            }

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
                    let was_lost = answer.attempts().is_some_and(|made| made.may_be_done);
                    let answer = Queued::from(answer.into_inner());
                    Taken { batch: answer.0, was_busy, was_lost, ..Taken::default() }
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
    omneo_types::Data<types::BatchQueued>: |answer| answer.into_inner().batch_id;
    omneo_types::MaybeData<types::BatchQueued>: |answer| answer.into_inner().batch_id;
}

#[cfg(feature = "incentives")]
batched! {
    RewardBatchItem: rewards_batch(RewardBatchInput { rewards, import_job_id: std::convert::identity }) => doubles,
        |record| value(&record.external_id);
    BenefitBatchItem: benefits_batch(BenefitBatchInput { benefits, import_job_id: std::convert::identity }) => doubles,
        |record| value(&record.external_id);
}

#[cfg(feature = "commerce")]
batched! {
    TransactionBatchRowInput: transactions_batch(TransactionBatchInput { transactions, import_job_id: Field::or_absent }) => doubles,
        |record| record.external_id.as_ref();
    OrderBatchRowInput: orders_batch(OrderBatchInput { orders }) => doubles,
        |record| record.external_id.as_ref();
    ProductBatchRowInput: products_batch(ProductBatchInput { products, import_job_id: Field::or_absent }) => doubles,
        |record| value(&record.external_id);
    LocationBatchRowInput: locations_batch(LocationBatchInput { locations, import_job_id: Field::or_absent }) => doubles,
        |record| value(&record.external_id);
}

#[cfg(feature = "profiles")]
batched! {
    ProfileBatchItem: profiles_batch(ProfileBatchInput { profiles, import_job_id: std::convert::identity; match_criteria }) => by_criteria,
        |_| None;
    ProfileStatusBatchItem: profile_status_batch(ProfileStatusBatchInput { profiles }) => harmless,
        |_| None;
    ProfileTagBatchItem: profile_tags_batch(ProfileTagBatchInput { profiles }) => harmless,
        |_| None;
}

/// Records that go alone.
#[cfg(any(feature = "incentives", feature = "profiles"))]
macro_rules! single {
    ($($record:ident: $method:ident, $external_id:expr;)+) => {$(
        impl Record for types::$record {}

        impl sealed::Wire for types::$record {
            const MOST: usize = 1;
            const NAME: &'static str = "";

            fn repeat(_: &Common) -> Repeat {
                Repeat::Doubles
            }

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
