//! Records that go alone.

use omneo_api::http::Method;
use omneo_api::{Api, Error, filters, types};
use omneo_types::{Data, Id, jiff};
use serde::Serialize;
use serde_json::Value;

#[cfg(feature = "incentives")]
use super::ForProfile;
use super::sealed::Wire;
use super::{Common, MaybeId, NamesProfile, Record, Repeat, Taken, What};
use super::{ForProduct, Queue, QueueCreate};
use crate::batch::find::Found;
use crate::batch::outcome::State;
use crate::client::Omneo;
#[cfg(feature = "incentives")]
use crate::incentives::find_redeemed;

/// For each kind: what it is called; what is done when the answer is lost; the fields that tell a record; the call, and
/// what its answer says; and how the record is looked for.
macro_rules! alone {
    ($(
        $(#[$cfg:meta])?
        $record:ty: $name:literal, |$one:ident| $repeat:expr
            $(, external_id: $($external_id:tt).+)? $(, profile_id: $($profile_id:tt).+)?;
            |$omneo:ident| $call:expr => $what:ident $(, look |$sent_at:pat_param| $look:expr)?;
    )+) => {$(
        $(#[$cfg])?
        impl Record for $record {}

        $(#[$cfg])?
        impl Wire for $record {
            type Scope = ();
            const MOST: usize = 1;
            const NAME: &'static str = $name;

            fn repeat(_: &Common<()>, records: &[Self]) -> Repeat {
                #[allow(unused_variables)]
                let repeat: fn(&Self) -> Repeat = |$one| $repeat;
                records.first().map_or(Repeat::Never, repeat)
            }

            fn external_id(&self) -> Option<&Id> {
                None$(.or(self.$($external_id).+.id()))?
            }

            fn profile_id(&self) -> Option<Id> {
                None$(.or(self.$($profile_id).+.profile()))?
            }

            async fn send(
                $omneo: &Omneo,
                _: &Common<()>,
                records: Vec<Self>,
            ) -> (Vec<Self>, Result<Taken, Error>) {
                let mut taken = Ok(Taken::new(What::QUEUED, None));
                for $one in &records {
                    taken = $call.await.map(|answer| {
                        let attempts = answer.attempts();
                        Taken::new(what!($what, answer.into_inner()), attempts)
                    });
                }
                (records, taken)
            }

            fn unread() -> State {
                unread!($what)
            }

            $(
                async fn look(&self, $omneo: &Omneo, _: &Common<()>, $sent_at: jiff::Timestamp) -> Result<Found, Error> {
                    let $one = self;
                    $look.await
                }
            )?
        }
    )+};
}

/// What an answer says: that it is made, that it is queued, or that it is in a batch of records that nobody knows.
macro_rules! what {
    (made, $answer:expr) => {
        What::made($answer.into_inner().id)
    };
    (queued, $answer:expr) => {{
        let _ = $answer;
        What::QUEUED
    }};
    (batched, $answer:expr) => {{
        let batch = $answer.into_inner().batch_id;
        What::Ended(State::Accepted { batch })
    }};
}

macro_rules! unread {
    (made) => {
        State::Succeeded { id: None }
    };
    ($queued:ident) => {
        State::Accepted { batch: None }
    };
}

/// What can only be looked for by an id that it has.
fn by_id(id: Option<&Id>) -> Repeat {
    match id {
        Some(_) => Repeat::Record,
        None => Repeat::Never,
    }
}

/// Whether the server matches it with what is there.
fn upsert(id: Option<&Id>) -> Repeat {
    match id {
        Some(_) => Repeat::Harmless,
        None => Repeat::Never,
    }
}

const COMMA: &str = "its id has a comma, so that it can't be looked for";

/// Looks for the record with an `external_id` in a list.
macro_rules! look {
    ($omneo:expr, $list:ident, $record:expr) => {
        async {
            let Some(id) = $record.external_id() else {
                return Ok(Found::Nothing);
            };
            // Laravel's filters take a comma for the end of a value.
            if id.as_str().contains(',') {
                return Ok(Found::Unsure(COMMA));
            }
            let api = Api::from_client($omneo.api().clone());
            let list = api.$list();
            let mut found = list
                .list()
                .filter(external_id!($list).eq(id.clone()))
                .items();
            for _ in 0..MOST {
                match found.try_next().await? {
                    // A server that does not know the filter sends others.
                    Some(one) if one.external_id.id() == Some(id) => {
                        return Ok(Found::Record(one.id));
                    }
                    Some(_) => {}
                    None => break,
                }
            }
            Ok(Found::Nothing)
        }
    };
}

macro_rules! external_id {
    (credits) => {
        filters::credit::external_id
    };
    (orders) => {
        filters::order::external_id
    };
    (transactions) => {
        filters::transaction::external_id
    };
}

/// How many records are looked through. Filters leave one, where the server heeds them.
const MOST: usize = 100;

/// What is not there may be in the queue.
fn or_queued(found: Found) -> Found {
    match found {
        Found::Nothing => Found::Unsure("it is not there yet, and may be in the queue"),
        found => found,
    }
}

/// The body of one request that recalculates aggregations of profiles. The schema does not say what it holds, so that it is
/// sent as it is given; and the records of its batch are told by nothing here, so that it is
/// [`Accepted`](State::Accepted) with the batch to read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AggregationBatch(pub Value);

alone! {
    #[cfg(feature = "profiles")]
    AggregationBatch: "profile/aggregations", |one| Repeat::Never;
        |omneo| omneo
            .request(Method::POST, "/v3/profile/aggregations/batch.json")
            .json(one)
            .send_whole::<Data<types::BatchQueued>>() => batched;
    #[cfg(feature = "commerce")]
    Queue<types::TransactionUpsertInput>: "transactions/queue", |one| upsert(one.0.external_id.id().or(one.0.id.id())),
        external_id: 0.external_id, profile_id: 0.profile_id;
        |omneo| omneo.api().transactions_queue(&one.0) => queued;
    #[cfg(feature = "commerce")]
    QueueCreate<types::TransactionInput>: "transactions/queue/create", |one| by_id(one.0.external_id.id()),
        external_id: 0.external_id, profile_id: 0.profile_id;
        |omneo| omneo.api().transactions_queue_create(&one.0) => queued, look |_| async { look!(omneo, transactions, one).await.map(or_queued) };
    #[cfg(feature = "commerce")]
    Queue<types::OrderInput>: "orders/queue", |one| upsert(one.0.external_id.id()),
        external_id: 0.external_id, profile_id: 0.profile_id;
        |omneo| omneo.api().orders_queue(&one.0) => queued;
    #[cfg(feature = "commerce")]
    QueueCreate<types::OrderInput>: "orders/queue/create", |one| by_id(one.0.external_id.id()),
        external_id: 0.external_id, profile_id: 0.profile_id;
        |omneo| omneo.api().orders_queue_create(&one.0) => queued, look |_| async { look!(omneo, orders, one).await.map(or_queued) };
    #[cfg(feature = "commerce")]
    Queue<types::ProductQueueInput>: "products/queue", |one| upsert(one.0.external_id.id()),
        external_id: 0.external_id;
        |omneo| omneo.api().products_queue(&one.0) => queued;
    #[cfg(feature = "commerce")]
    ForProduct<types::ProductVariantInput>: "variants", |one| Repeat::Never, external_id: record.external_id;
        |omneo| omneo.api().products_variants_store(&one.product, &one.record) => made;
    #[cfg(feature = "incentives")]
    types::PointInput: "points", |one| Repeat::Never, profile_id: profile_id;
        |omneo| omneo.api().points_store(one) => made;
    #[cfg(feature = "incentives")]
    types::CreditInput: "credits", |one| by_id(one.external_id.id()),
        external_id: external_id, profile_id: profile_id;
        |omneo| omneo.api().credits_store(one) => made, look |_| look!(omneo, credits, one);
    #[cfg(feature = "incentives")]
    types::TierPointInput: "tiers/points", |one| Repeat::Never, profile_id: profile_id;
        |omneo| omneo.api().tiers_points_store(one) => made;
    #[cfg(feature = "incentives")]
    ForProfile<types::ProfileTierAssignInput>: "tiers/assign", |one| Repeat::Harmless, profile_id: profile;
        |omneo| async {
            let id = one.profile_id(omneo).await?;
            one.answered(omneo, omneo.api().profiles_tiers_assign(&id, &one.record).await)
        } => made;
    #[cfg(feature = "incentives")]
    ForProfile<types::ProfileAchievementInput>: "achievements", |one| Repeat::Never, profile_id: profile;
        |omneo| async {
            let id = one.profile_id(omneo).await?;
            one.answered(omneo, omneo.api().profiles_achievements_store(&id, &one.record).await)
        } => made;
    #[cfg(feature = "incentives")]
    ForProfile<types::RedeemStrategyInput>: "redemptions", |one| by_id(one.record.transaction_external_id.id()),
        external_id: record.transaction_external_id, profile_id: profile;
        |omneo| async {
            let id = one.profile_id(omneo).await?;
            one.answered(omneo, omneo.api().profiles_redeem_store(&id, &one.record).await)
        } => made, look |sent_at| async {
            let found = find_redeemed(omneo, &one.profile, &one.record, sent_at).await?;
            Ok(found.map_or(Found::Nothing, |made| Found::Record(made.id)))
        };
    #[cfg(feature = "profiles")]
    types::InteractionInput: "interactions", |one| Repeat::Never, profile_id: profile_id;
        |omneo| omneo.api().interactions_store(one) => made;
}
