//! Records with an endpoint for batches.

use omneo_api::{Error, types};
use omneo_types::{Field, Id};

use super::sealed::Wire;
use super::{Common, Matched, MaybeId, NamesProfile, Record, Remove, Repeat, Taken, What, scope};
use crate::client::Omneo;

/// The most records of one request: what Omneo states for rewards and benefits.
const MOST: usize = 500;

/// For each kind: what goes with all; what messages call the records; what is done when the answer is lost; the fields
/// that tell a record; the body; the call; and the records of the body.
macro_rules! batched {
    ($(
        $(#[$cfg:meta])?
        $record:ty $(, of $scope:ty)?: $name:literal $(as $kind:literal)?, $repeat:expr
            $(, external_id: $($external_id:tt).+)? $(, profile_id: $($profile_id:tt).+)?;
            |$common:pat_param, $records:ident| $body:expr;
            |$omneo:ident, $with:pat_param, $sent:ident| $call:expr;
            |$back:ident| $returned:expr;
    )+) => {$(
        $(#[$cfg])?
        impl Record for $record {}

        $(#[$cfg])?
        #[allow(unused_parens)] // a type, or none
        impl Wire for $record {
            type Scope = ($($scope)?);
            const MOST: usize = MOST;
            const NAME: &'static str = $name;
            $(const KIND: &'static str = $kind;)?

            fn repeat(common: &Common<Self::Scope>, _: &[Self]) -> Repeat {
                let repeat: fn(&Common<Self::Scope>) -> Repeat = $repeat;
                repeat(common)
            }

            fn external_id(&self) -> Option<&Id> {
                None$(.or(self.$($external_id).+.id()))?
            }

            fn profile_id(&self) -> Option<Id> {
                None$(.or(self.$($profile_id).+.profile()))?
            }

            async fn send(
                $omneo: &Omneo,
                common: &Common<Self::Scope>,
                $records: Vec<Self>,
            ) -> (Vec<Self>, Result<Taken, Error>) {
                let body = {
                    let $common = common;
                    $body
                };
                let taken = {
                    let ($with, $sent) = (&common.scope, &body);
                    $call.await.map(|answer| {
                        let attempts = answer.attempts();
                        Taken::new(answer.into_inner(), attempts)
                    })
                };
                let $back = body;
                (Vec::from($returned), taken)
            }
        }
    )+};
}

fn harmless<S>(_: &Common<S>) -> Repeat {
    Repeat::Harmless
}

fn batch<S>(_: &Common<S>) -> Repeat {
    Repeat::Batch
}

/// The answer names no batch, so that there may be none to look for.
fn never<S>(_: &Common<S>) -> Repeat {
    Repeat::Never
}

/// Profiles are found by the criteria; without, a second time may make a second one.
fn by_criteria<S>(common: &Common<S>) -> Repeat {
    match common.match_criteria {
        Some(_) => Repeat::Harmless,
        None => Repeat::Batch,
    }
}

/// What the endpoints for batches answer, in their forms.
macro_rules! answers {
    ($($(#[$cfg:meta])? $answer:ty: |$name:pat_param| $what:expr;)+) => {$(
        $(#[$cfg])?
        impl From<$answer> for What {
            fn from($name: $answer) -> Self {
                $what
            }
        }
    )+};
}

impl What {
    fn in_batch(id: Option<Id>) -> Self {
        id.map_or(Self::QUEUED, Self::Batch)
    }
}

answers! {
    #[cfg(feature = "commerce")]
    types::BatchAccepted: |answer| Self::in_batch(answer.batch_id);
    #[cfg(feature = "incentives")]
    types::BatchQueuedResponse: |answer| Self::in_batch(answer.batch_id);
    #[cfg(feature = "incentives")]
    types::AllocationBatchResult: |_| Self::QUEUED;
    #[cfg(feature = "profiles")]
    omneo_types::Data<types::BatchQueued>: |answer| Self::in_batch(answer.into_inner().batch_id);
    #[cfg(feature = "profiles")]
    omneo_types::MaybeData<types::BatchQueued>: |answer| Self::in_batch(answer.into_inner().batch_id);
    #[cfg(feature = "automation")]
    types::MessageResult: |_| Self::QUEUED;
    types::ImportJobBatchResult: |_| Self::QUEUED;
    // Fewer than were sent if some were not there, which is as good.
    #[cfg(feature = "configuration")]
    types::CustomFieldBatchDeleted: |_| Self::made(None);
}

batched! {
    #[cfg(feature = "profiles")]
    types::ProfileBatchItem: "profiles", by_criteria;
        |common, profiles| types::ProfileBatchInput {
            import_job_id: common.import_job.clone(),
            match_criteria: common.match_criteria.clone(),
            ..types::ProfileBatchInput::new(profiles)
        };
        |omneo, _, body| omneo.api().profiles_batch(body);
        |body| body.profiles;
    #[cfg(feature = "incentives")]
    types::RewardBatchItem: "rewards", batch, external_id: external_id, profile_id: profile_id;
        |common, rewards| types::RewardBatchInput {
            import_job_id: common.import_job.clone(),
            ..types::RewardBatchInput::new(rewards)
        };
        |omneo, _, body| omneo.api().rewards_batch(body);
        |body| body.rewards;
    #[cfg(feature = "incentives")]
    types::BenefitBatchItem: "benefits", batch, external_id: external_id, profile_id: profile_id;
        |common, benefits| types::BenefitBatchInput {
            import_job_id: common.import_job.clone(),
            ..types::BenefitBatchInput::new(benefits)
        };
        |omneo, _, body| omneo.api().benefits_batch(body);
        |body| body.benefits;
    #[cfg(feature = "commerce")]
    types::TransactionBatchRowInput: "transactions", batch, external_id: external_id, profile_id: profile_id;
        |common, transactions| types::TransactionBatchInput {
            import_job_id: Field::or_absent(common.import_job.clone()),
            ..types::TransactionBatchInput::new(transactions)
        };
        |omneo, _, body| omneo.api().transactions_batch(body);
        |body| body.transactions;
    #[cfg(feature = "commerce")]
    types::OrderBatchRowInput: "orders", batch, external_id: external_id, profile_id: profile_id;
        |_, orders| types::OrderBatchInput::new(orders);
        |omneo, _, body| omneo.api().orders_batch(body);
        |body| body.orders;
    #[cfg(feature = "commerce")]
    types::ProductBatchRowInput: "products", batch, external_id: external_id;
        |common, products| types::ProductBatchInput {
            import_job_id: Field::or_absent(common.import_job.clone()),
            ..types::ProductBatchInput::new(products)
        };
        |omneo, _, body| omneo.api().products_batch(body);
        |body| body.products;
    #[cfg(feature = "commerce")]
    types::LocationBatchRowInput: "locations", batch, external_id: external_id;
        |common, locations| types::LocationBatchInput {
            import_job_id: Field::or_absent(common.import_job.clone()),
            ..types::LocationBatchInput::new(locations)
        };
        |omneo, _, body| omneo.api().locations_batch(body);
        |body| body.locations;
    #[cfg(feature = "profiles")]
    types::ProfileStatusBatchItem: "profiles" as "statuses", harmless, profile_id: profile_id;
        |_, profiles| types::ProfileStatusBatchInput::new(profiles);
        |omneo, _, body| omneo.api().profile_status_batch(body);
        |body| body.profiles;
    #[cfg(feature = "profiles")]
    Remove<types::ProfileStatusBatchItem>: "profiles" as "removed statuses", harmless, profile_id: 0.profile_id;
        |_, profiles| types::ProfileStatusBatchInput::new(Remove::unwrapped(profiles));
        |omneo, _, body| omneo.api().profile_status_batch_destroy(body);
        |body| Remove::wrapped(body.profiles);
    #[cfg(feature = "profiles")]
    types::ProfileTagBatchItem: "profiles" as "tags", harmless, profile_id: profile_id;
        |_, profiles| types::ProfileTagBatchInput::new(profiles);
        |omneo, _, body| omneo.api().profile_tags_batch(body);
        |body| body.profiles;
    #[cfg(feature = "profiles")]
    Remove<types::ProfileTagBatchItem>: "profiles" as "removed tags", harmless, profile_id: 0.profile_id;
        |_, profiles| types::ProfileTagBatchInput::new(Remove::unwrapped(profiles));
        |omneo, _, body| omneo.api().profile_tags_batch_destroy(body);
        |body| Remove::wrapped(body.profiles);
    #[cfg(feature = "incentives")]
    types::AllocationBatchItemInput, of types::AllocationBatchDefinitionInput: "allocations", never, external_id: external_id;
        |common, codes| types::AllocationBatchInput {
            allocations: codes.into(),
            definition: Some(common.scope.clone()),
        };
        |omneo, _, body| omneo.api().allocations_batch(body);
        |body| body.allocations;
    #[cfg(feature = "automation")]
    scope::EventIdentifier, of types::WebhookBatchInput: "identifiers", never;
        |common, identifiers| types::WebhookBatchInput {
            identifiers: scope::EventIdentifier::unwrapped(identifiers),
            ..common.scope.clone()
        };
        |omneo, _, body| omneo.api().webhooks_batch(body);
        |body| scope::EventIdentifier::wrapped(body.identifiers);
    types::ImportJobInput, of Id: "jobs", never;
        |_, jobs| types::ImportJobBatchInput { jobs: Field::Value(jobs.into()) };
        |omneo, import, body| omneo.api().imports_jobs_batch(import, body);
        |body| match body.jobs {
            Field::Value(jobs) => jobs,
            Field::Absent | Field::Null => Vec::new().into(),
        };
    #[cfg(feature = "configuration")]
    Remove<types::CustomFieldRef>, of scope::CustomFieldOwner: "custom_fields", harmless;
        |_, fields| types::CustomFieldBatchDeleteInput::new(Remove::unwrapped(fields));
        |omneo, owner, body| omneo.api().custom_fields_batch_json_delete_destroy(&owner.model, &owner.id, body);
        |body| Remove::wrapped(body.custom_fields);
}

#[cfg(feature = "profiles")]
impl Matched for types::ProfileBatchItem {}
