//! What can be sent many at a time, and how.

mod alone;
mod batched;
mod queue;
mod remove;
mod scope;
mod under;

use omneo_api::Attempts;
use omneo_types::{Field, Id};
use serde::Serialize;

use super::find::Found;
use super::outcome::State;
#[cfg(feature = "incentives")]
use crate::profile::ProfileRef;

pub use alone::AggregationBatch;
pub use queue::{Queue, QueueCreate};
pub use remove::Remove;
pub use scope::{CustomFieldOwner, EventIdentifier};
pub use under::ForProduct;
#[cfg(feature = "incentives")]
pub use under::ForProfile;

/// A record that can be sent many at a time with [`Omneo::batch`](crate::Omneo::batch), or with
/// [`Omneo::batch_of`](crate::Omneo::batch_of) where something goes with all of them.
///
/// Where Omneo has an endpoint for batches, up to 500 go in one request and are worked off later; where it has none, each
/// goes alone, some at once. Either way the caller writes the same. What a lost answer leads to is told
/// [here](super#answers-that-are-lost):
///
/// | record | endpoint | goes with all | if the answer is lost |
/// |---|---|---|---|
/// | [`ProfileBatchItem`] | `POST profiles/batch.json` | | sent again with `match_criteria`, else its batch is looked for |
/// | [`RewardBatchItem`] | `POST rewards/batch.json` | | its batch is looked for |
/// | [`BenefitBatchItem`] | `POST benefits/batch.json` | | its batch is looked for |
/// | [`TransactionBatchRowInput`] | `POST transactions/batch.json` | | its batch is looked for |
/// | [`OrderBatchRowInput`] | `POST orders/batch.json` | | its batch is looked for |
/// | [`ProductBatchRowInput`] | `POST products/batch.json` | | its batch is looked for |
/// | [`LocationBatchRowInput`] | `POST locations/batch.json` | | its batch is looked for |
/// | [`ProfileStatusBatchItem`] | `POST profile/status/batch.json` | | sent again: it adds |
/// | [`Remove<ProfileStatusBatchItem>`](Remove) | `DELETE profile/status/batch.json` | | sent again |
/// | [`ProfileTagBatchItem`] | `POST profile/tags/batch.json` | | sent again: it adds |
/// | [`Remove<ProfileTagBatchItem>`](Remove) | `DELETE profile/tags/batch.json` | | sent again |
/// | [`AllocationBatchItemInput`] | `POST allocations/batch.json` | the definition, [`AllocationBatchDefinitionInput`] | unknown |
/// | [`EventIdentifier`] | `POST webhooks/batch.json` | the event and who gets it, [`WebhookBatchInput`] | unknown |
/// | [`ImportJobInput`] | `POST imports/{import}/jobs/batch.json` | the import, [`Id`] | unknown |
/// | [`Remove<CustomFieldRef>`](Remove) | `DELETE custom-fields/{model}/{id}/batchJsonDelete` | the owner, [`CustomFieldOwner`] | sent again |
/// | [`AggregationBatch`] | `POST profile/aggregations/batch.json`, each alone | | unknown |
/// | [`Queue<TransactionUpsertInput>`](Queue) | `POST transactions/queue`, each alone | | sent again with an `external_id` or `id`, else unknown |
/// | [`QueueCreate<TransactionInput>`](QueueCreate) | `POST transactions/queue/create`, each alone | | looked for by `external_id`, else unknown |
/// | [`Queue<OrderInput>`](Queue) | `POST orders/queue`, each alone | | sent again with an `external_id`, else unknown |
/// | [`QueueCreate<OrderInput>`](QueueCreate) | `POST orders/queue/create`, each alone | | looked for by `external_id`, else unknown |
/// | [`Queue<ProductQueueInput>`](Queue) | `POST products/queue`, each alone | | sent again with an `external_id`, else unknown |
/// | [`ForProduct<ProductVariantInput>`](ForProduct) | `POST products/{product}/variants`, each alone | | unknown |
/// | [`PointInput`] | `POST points`, each alone | | unknown |
/// | [`CreditInput`] | `POST credits`, each alone | | looked for by `external_id`, else unknown |
/// | [`TierPointInput`] | `POST tiers/points`, each alone | | unknown |
/// | [`ForProfile<ProfileTierAssignInput>`](ForProfile) | `POST profiles/{profile}/tiers/assign`, each alone | | sent again |
/// | [`ForProfile<ProfileAchievementInput>`](ForProfile) | `POST profiles/{profile}/achievements`, each alone | | unknown |
/// | [`ForProfile<RedeemStrategyInput>`](ForProfile) | `POST profiles/{profile}/redeem`, each alone | | looked for by `transaction_external_id`, else unknown |
/// | [`InteractionInput`] | `POST interactions`, each alone | | unknown |
///
/// A queue says nothing of its record, so that these are [`Accepted`](State::Accepted) without a batch; so are allocations,
/// events and import jobs.
///
/// [`ProfileBatchItem`]: omneo_api::types::ProfileBatchItem
/// [`RewardBatchItem`]: omneo_api::types::RewardBatchItem
/// [`BenefitBatchItem`]: omneo_api::types::BenefitBatchItem
/// [`TransactionBatchRowInput`]: omneo_api::types::TransactionBatchRowInput
/// [`OrderBatchRowInput`]: omneo_api::types::OrderBatchRowInput
/// [`ProductBatchRowInput`]: omneo_api::types::ProductBatchRowInput
/// [`LocationBatchRowInput`]: omneo_api::types::LocationBatchRowInput
/// [`ProfileStatusBatchItem`]: omneo_api::types::ProfileStatusBatchItem
/// [`ProfileTagBatchItem`]: omneo_api::types::ProfileTagBatchItem
/// [`AllocationBatchItemInput`]: omneo_api::types::AllocationBatchItemInput
/// [`AllocationBatchDefinitionInput`]: omneo_api::types::AllocationBatchDefinitionInput
/// [`WebhookBatchInput`]: omneo_api::types::WebhookBatchInput
/// [`ImportJobInput`]: omneo_api::types::ImportJobInput
/// [`PointInput`]: omneo_api::types::PointInput
/// [`CreditInput`]: omneo_api::types::CreditInput
/// [`TierPointInput`]: omneo_api::types::TierPointInput
/// [`InteractionInput`]: omneo_api::types::InteractionInput
///
/// `Scope` is the type of what goes with all records of a run, and `()` where nothing does.
pub trait Record: sealed::Wire + Serialize + Send + Sync + 'static {}

/// That nothing has to go with all records of a kind.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` has to go with all of these records",
    label = "goes with nothing",
    note = "start with `omneo.batch_of(scope)` in place of `omneo.batch()`"
)]
pub trait Unscoped {
    #[doc(hidden)]
    fn nothing() -> Self;
}

impl Unscoped for () {
    fn nothing() -> Self {}
}

/// A kind of record that is matched with what is there: profiles.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is matched by no criteria",
    note = "only profiles are"
)]
pub trait Matched: Record {}

/// What is done when an answer is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(unreachable_pub)] // a sealed trait has it
pub enum Repeat {
    /// A second time changes nothing: sent again.
    Harmless,
    /// A second time does it twice: the server's batches are looked through, and it is sent again if it is in none.
    Batch,
    /// The same, with the record itself: only for kinds that go alone.
    Record,
    /// A second time does it twice, and there is nothing to look for.
    Never,
}

/// What a server said of a request that it took.
#[derive(Clone, Debug)]
#[allow(unreachable_pub)] // a sealed trait has it
pub struct Taken {
    pub(super) what: What,
    /// Whether the server was busy, so that it took more than one attempt.
    pub(super) was_busy: bool,
    /// Whether an attempt before the last may have been taken too.
    pub(super) was_lost: bool,
}

/// What the records are now.
#[derive(Clone, Debug)]
#[allow(unreachable_pub)] // a sealed trait has it
pub enum What {
    /// In a batch, which tells later what comes of them.
    Batch(Id),
    /// In a state that is told no more of.
    Ended(State),
}

impl<S> Common<S> {
    /// With nothing else that goes with all.
    pub(crate) fn unscoped(&self) -> Common<()> {
        Common {
            import_job: self.import_job.clone(),
            match_criteria: self.match_criteria.clone(),
            scope: (),
        }
    }
}

impl What {
    /// Worked off later, and nothing tells how it went.
    pub(super) const QUEUED: Self = Self::Ended(State::Accepted { batch: None });

    /// Done at once.
    pub(super) fn made(id: Option<Id>) -> Self {
        Self::Ended(State::Succeeded { id })
    }
}

impl Taken {
    pub(super) fn new(what: impl Into<What>, attempts: Option<Attempts>) -> Self {
        Self {
            what: what.into(),
            was_busy: attempts.is_some_and(|made| made.count > 1),
            was_lost: attempts.is_some_and(|made| made.may_be_done),
        }
    }
}

/// What goes with every request of a run.
#[derive(Clone, Debug, Default)]
#[allow(unreachable_pub)] // a sealed trait has it
pub struct Common<S> {
    pub(super) import_job: Option<Id>,
    pub(super) match_criteria: Option<String>,
    pub(crate) scope: S,
}

pub(crate) mod sealed {
    use omneo_api::Error;
    use omneo_types::Id;
    use omneo_types::jiff;

    use super::{Common, Found, Repeat, State, Taken};
    use crate::client::Omneo;

    pub trait Wire: Sized {
        /// What goes with all records of a run.
        type Scope: Send + Sync + 'static;

        /// How many go in one request.
        const MOST: usize;

        /// What the server's messages call the records: `rewards.12.profile_id`.
        const NAME: &'static str;

        /// What a checkpoint knows the kind by.
        const KIND: &'static str = Self::NAME;

        /// What is done when the answer to these is lost.
        fn repeat(common: &Common<Self::Scope>, records: &[Self]) -> Repeat;

        /// The record's id in the caller's own system, by which a batch's items are told apart.
        fn external_id(&self) -> Option<&Id>;

        /// The profile that the record is of, as it names it.
        fn profile_id(&self) -> Option<Id>;

        /// Sends some, and hands them back.
        fn send(
            omneo: &Omneo,
            common: &Common<Self::Scope>,
            records: Vec<Self>,
        ) -> impl Future<Output = (Vec<Self>, Result<Taken, Error>)> + Send;

        /// What a record is that goes alone, when the server says that it was taken and no more can be read.
        fn unread() -> State {
            State::Succeeded { id: None }
        }

        /// Looks for a record that was sent alone at a time, and has the answer [`Repeat::Record`].
        fn look(
            &self,
            _: &Omneo,
            _: &Common<Self::Scope>,
            _: jiff::Timestamp,
        ) -> impl Future<Output = Result<Found, Error>> + Send {
            async { Ok(Found::Nothing) }
        }
    }
}

/// An id that a record may lack.
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

/// The profile that a record names: an id, or an identity's identifier.
trait NamesProfile {
    fn profile(&self) -> Option<Id>;
}

impl<T: MaybeId> NamesProfile for T {
    fn profile(&self) -> Option<Id> {
        self.id().cloned()
    }
}

#[cfg(feature = "incentives")]
impl NamesProfile for ProfileRef {
    fn profile(&self) -> Option<Id> {
        Some(self.identifier())
    }
}
