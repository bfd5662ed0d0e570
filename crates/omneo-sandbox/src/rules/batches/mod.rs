//! Batches: many records of one request, worked off later, each with an outcome of its own.

mod allocations;
mod attach;
mod entity;
mod keep;
mod perform;
mod queue;
mod work;

use super::{Family, Rule, Work};

pub(super) use entity::{benefit, location, product, profile, reward};
pub(super) use perform::{attempt, perform, reason};

pub(super) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[],
    views: &[],
    work: &[
        Work {
            name: work::WORK,
            run: work::run,
        },
        Work {
            name: allocations::WORK,
            run: allocations::run,
        },
    ],
};

/// A rule of an endpoint that takes records and queues them.
const fn queued(operation: &'static str, fact: &'static str) -> Rule {
    Rule {
        operation,
        fact,
        answer: queue::answer,
    }
}

const RULES: &[Rule] = &[
    queued(
        "profiles.batch",
        "1 to 500 profiles are queued [seen]; one with the same value of `match_criteria`, `email` or an identity's handle, is changed [seen].",
    ),
    queued(
        "profiles.batch.batch",
        "As `profiles.batch`, and no batch is named [sent].",
    ),
    queued(
        "rewards.batch",
        "1 to 500 rewards are queued [seen]; the profile is named by `profile_id` and `profile_id_handle` [seen].",
    ),
    queued(
        "benefits.batch",
        "1 to 500 benefits are queued [seen]; the definition is named by id or handle [seen].",
    ),
    queued(
        "transactions.batch",
        "1 to 500 transactions are queued [seen]; one with an `id` changes that transaction, any other is made anew [inferred].",
    ),
    queued(
        "orders.batch",
        "1 to 500 orders are queued [seen]; one with an `id` changes that order, any other is made anew [inferred].",
    ),
    queued(
        "products.batch",
        "1 to 500 products are queued [seen]; one with a known external id, or else handle, is changed [inferred].",
    ),
    queued(
        "locations.batch",
        "1 to 500 locations are queued [seen]; one with an `id` changes that location, any other is made anew [inferred].",
    ),
    queued(
        "profile.status.batch",
        "Adds statuses; answers 202; unknown handles are skipped without a word [sent].",
    ),
    queued(
        "profile.status.batch.destroy",
        "Takes statuses off; answers 202 [inferred].",
    ),
    queued(
        "profile.tags.batch",
        "Adds tags, and answers as the statuses do [inferred].",
    ),
    queued(
        "profile.tags.batch.destroy",
        "Takes tags off, and answers as the statuses do [inferred].",
    ),
    queued(
        "profile.aggregations.batch",
        "Recalculates the aggregations of the profiles that a list names by `profile_id` [inferred].",
    ),
    Rule {
        operation: "allocations.batch",
        fact: "1 to 500 codes are put into the pool of a definition, and no batch is named [seen]; a code that the pool has is skipped [inferred].",
        answer: allocations::batch,
    },
    Rule {
        operation: "batches.store",
        fact: "A caller keeps a batch of its own; the answer has `batch_id` in place of `id` [seen].",
        answer: keep::store,
    },
    Rule {
        operation: "batches.items.store",
        fact: "A caller adds 1 to 500 items to a batch of its own, and the counts follow [seen].",
        answer: keep::add,
    },
];
