//! What can be sent many at a time, and how.

use omneo_api::{Error, types};
use omneo_types::{Field, Id};
use serde::Serialize;

use crate::client::Omneo;

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
    use omneo_api::Error;
    use omneo_types::Id;

    use super::{Common, Repeat, Taken};
    use crate::client::Omneo;

    pub trait Wire: Sized {
        /// How many go in one request.
        const MOST: usize;

        /// What the server's messages call the records: `rewards.12.profile_id`.
        const NAME: &'static str;

        /// What a second time does with these.
        fn repeat(common: &Common, records: &[Self]) -> Repeat;

        /// The record's id in the caller's own system, by which a batch's items are told apart.
        fn external_id(&self) -> Option<&Id>;

        /// The profile that the record is of, as it names it.
        fn profile_id(&self) -> Option<&Id>;

        /// Sends some, and hands them back.
        fn send(
            omneo: &Omneo,
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
        $record:ident: $method:ident($body:ident { $name:ident $(, $job:ident: $job_field:path)? $(; $criteria:ident)? }) => $repeat:expr
            $(, external_id: $external_id:ident)? $(, profile_id: $profile_id:ident)?;
    )+) => {$(
        $(#[$cfg])?
        impl Record for types::$record {}

        $(#[$cfg])?
        impl sealed::Wire for types::$record {
            const MOST: usize = 500;
            const NAME: &'static str = stringify!($name);

            fn repeat(common: &Common, _: &[Self]) -> Repeat {
                let repeat: fn(&Common) -> Repeat = $repeat;
                repeat(common)
            }

            fn external_id(&self) -> Option<&Id> {
                None$(.or(self.$external_id.id()))?
            }

            fn profile_id(&self) -> Option<&Id> {
                None$(.or(self.$profile_id.id()))?
            }

            async fn send(
                omneo: &Omneo,
                #[allow(unused_variables)] common: &Common,
                records: Vec<Self>,
            ) -> (Vec<Self>, Result<Taken, Error>) {
                #[allow(unused_mut)]
                let mut body = types::$body::new(records);
                $( body.$job = $job_field(common.import_job.clone()); )?
                $( body.$criteria = common.match_criteria.clone(); )?
                let taken = omneo.api().$method(&body).await.map(|answer| {
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
    RewardBatchItem: rewards_batch(RewardBatchInput { rewards, import_job_id: std::convert::identity }) => doubles, external_id: external_id, profile_id: profile_id;
    BenefitBatchItem: benefits_batch(BenefitBatchInput { benefits, import_job_id: std::convert::identity }) => doubles, external_id: external_id, profile_id: profile_id;
}

#[cfg(feature = "commerce")]
batched! {
    TransactionBatchRowInput: transactions_batch(TransactionBatchInput { transactions, import_job_id: Field::or_absent }) => doubles, external_id: external_id, profile_id: profile_id;
    OrderBatchRowInput: orders_batch(OrderBatchInput { orders }) => doubles, external_id: external_id, profile_id: profile_id;
    ProductBatchRowInput: products_batch(ProductBatchInput { products, import_job_id: Field::or_absent }) => doubles, external_id: external_id;
    LocationBatchRowInput: locations_batch(LocationBatchInput { locations, import_job_id: Field::or_absent }) => doubles, external_id: external_id;
}

#[cfg(feature = "profiles")]
batched! {
    ProfileBatchItem: profiles_batch(ProfileBatchInput { profiles, import_job_id: std::convert::identity; match_criteria }) => by_criteria;
    ProfileStatusBatchItem: profile_status_batch(ProfileStatusBatchInput { profiles }) => harmless, profile_id: profile_id;
    ProfileTagBatchItem: profile_tags_batch(ProfileTagBatchInput { profiles }) => harmless, profile_id: profile_id;
}

/// Records that go alone.
#[cfg(any(feature = "incentives", feature = "profiles"))]
macro_rules! single {
    ($(
        $record:ident: $method:ident $(, external_id: $external_id:ident)? $(, profile_id: $profile_id:ident)?;
    )+) => {$(
        impl Record for types::$record {}

        impl sealed::Wire for types::$record {
            const MOST: usize = 1;
            const NAME: &'static str = "";

            fn repeat(_: &Common, _: &[Self]) -> Repeat {
                Repeat::Doubles
            }

            fn external_id(&self) -> Option<&Id> {
                None$(.or(self.$external_id.id()))?
            }

            fn profile_id(&self) -> Option<&Id> {
                None$(.or(self.$profile_id.id()))?
            }

            async fn send(
                omneo: &Omneo,
                _: &Common,
                records: Vec<Self>,
            ) -> (Vec<Self>, Result<Taken, Error>) {
                let mut taken = Taken { is_done: true, ..Taken::default() };
                for record in &records {
                    match omneo.api().$method(record).await {
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
    PointInput: points_store, profile_id: profile_id;
    CreditInput: credits_store, external_id: external_id, profile_id: profile_id;
    TierPointInput: tiers_points_store, profile_id: profile_id;
}

#[cfg(feature = "profiles")]
single! {
    InteractionInput: interactions_store, profile_id: profile_id;
}

/// An id that a record may lack.
#[allow(dead_code)] // not every section has records with one
trait MaybeId {
    fn id(&self) -> Option<&Id>;
}

impl MaybeId for Id {
    fn id(&self) -> Option<&Id> {
        Some(self)
    }
}

impl MaybeId for Option<Id> {
    fn id(&self) -> Option<&Id> {
        self.as_ref()
    }
}

impl MaybeId for Field<Id> {
    fn id(&self) -> Option<&Id> {
        match self {
            Field::Value(id) => Some(id),
            Field::Absent | Field::Null => None,
        }
    }
}
