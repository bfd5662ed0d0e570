//! Transactions: sales that are done. They count for the profile that they are attached to.

mod changes;
mod claims;
mod estimate;
mod events;
mod find;
mod groups;
mod items;
mod links;
mod products;
mod store;
mod views;

use super::{Change, Family, Rule, View};

pub(super) use groups::{Group, page as group_page};

pub(super) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[
        Change {
            kind: "Transaction",
            fact: "A transaction that is made, changed or deleted tells `transaction.created`, `.updated` or `.deleted` [seen]; a new one settles the claims that wait for it [inferred].",
            before: None,
            after: Some(changes::after),
        },
        Change {
            kind: "TransactionItem",
            fact: "A line that is made tells `transaction-item.created` [seen].",
            before: None,
            after: Some(changes::after_item),
        },
    ],
    views: &[
        View {
            kind: "TransactionItem",
            fact: "A line shows its product's images and the list items that it is linked to [sent].",
            complete: views::item,
        },
        View {
            kind: "ProductListItem",
            fact: "A list item shows the lines that it is linked to [sent].",
            complete: views::list_item,
        },
    ],
    work: &[],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "transactions.store",
        fact: "A transaction is made with its lines; the profile is named by `profile_id` and `profile_id_handle`, the location by id, external id or code, and an unknown location is made [seen]; an unknown profile is refused [inferred].",
        answer: store::store,
    },
    Rule {
        operation: "transactions.update-create",
        fact: "The transaction with the `external_id`, else with the `id`, is changed; else one is made [seen].",
        answer: store::update_create,
    },
    Rule {
        operation: "transactions.update",
        fact: "A transaction takes a partial body; it is voided by `is_void: true` [seen].",
        answer: store::update,
    },
    Rule {
        operation: "transactions.destroy",
        fact: "A deleted transaction takes its lines with it [inferred].",
        answer: store::destroy,
    },
    Rule {
        operation: "transactions.external",
        fact: "A transaction is read by its external id [seen].",
        answer: find::external,
    },
    Rule {
        operation: "transactions.items.store",
        fact: "A line is added to a transaction by itself; its product is named by the variant's id, SKU or external id [seen], and the quantity of a return is negative [seen].",
        answer: items::store,
    },
    Rule {
        operation: "transactions.items.recalculate",
        fact: "A line is recalculated without a body [seen]: its product is looked for again by what the line names [inferred].",
        answer: items::recalculate,
    },
    Rule {
        operation: "transactions.items.resend",
        fact: "`transaction-item.resent` is told again [seen]; what is answered is not known, here `OK` as by the queues [inferred].",
        answer: events::resend_item,
    },
    Rule {
        operation: "transactions.resend",
        fact: "`transaction.resent` is told [seen]; what is answered is not known, here `OK` as by the queues [inferred].",
        answer: events::resend,
    },
    Rule {
        operation: "transactions.event-trigger",
        fact: "`transaction.sync` or `transaction.recalculate` is told [seen], and the latter recalculates the profile's aggregations [inferred].",
        answer: events::trigger,
    },
    Rule {
        operation: "transactions.items.list-item",
        fact: "A line is linked to an item of a list, or the link is taken off [seen]; a link tells `product-list-item.linked` [seen].",
        answer: links::link,
    },
    Rule {
        operation: "profiles.transactions.items.list-item",
        fact: "As `transactions.items.list-item`, for a line of the profile's transactions [seen]; another's is not found [inferred].",
        answer: links::link_of_profile,
    },
    Rule {
        operation: "profiles.transactionitems.list",
        fact: "The lines of a profile's transactions that are `assigned` to an item of a list, or `unassigned` [seen].",
        answer: links::list,
    },
    Rule {
        operation: "profiles.transactions.unattach",
        fact: "The transaction is taken off the profile [seen]; a second call finds none [inferred].",
        answer: store::unattach,
    },
    Rule {
        operation: "profiles.find-transactions",
        fact: "Finds the transactions that fit the filters, 404 if there is none [sent]: those of the profile and of nobody [inferred].",
        answer: find::find,
    },
    Rule {
        operation: "profiles.group_transactions",
        fact: "A profile's transactions, one row for each order number, the latest first; a page in Laravel's own form [seen].",
        answer: groups::transactions,
    },
    Rule {
        operation: "profiles.transaction-products.index",
        fact: "The variants that a profile bought, with how many were bought and given back; `filter[transacted_at]` means since [sent]; void transactions are left out [inferred].",
        answer: products::list,
    },
    Rule {
        operation: "profiles.transactions.claims.store",
        fact: "A claim puts the transaction of nobody with the same receipt, total, day and location code on the profile, else it stays pending [inferred].",
        answer: claims::store,
    },
    Rule {
        operation: "transactions.incentive-estimate",
        fact: "An unknown trigger, profile or location is not found; the answer is a map by action UUID [seen], empty where nothing applies [inferred].",
        answer: estimate::estimate,
    },
];
