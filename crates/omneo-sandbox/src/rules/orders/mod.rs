//! Orders: sales under way, which may be changed.

mod groups;
mod items;
mod store;

use super::{Change, Family, Rule};
use crate::rules::changes::{KEPT, tell};

pub(super) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[Change {
        kind: "Order",
        fact: "An order that is made or changed tells `order.created` or `order.updated` [seen].",
        before: None,
        after: Some(|context, old, new| tell(context, "order", KEPT, "Order", old, new)),
    }],
    views: &[],
    work: &[],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "orders.store",
        fact: "An order is made with its lines, and names its profile, location and products as a transaction does [seen].",
        answer: store::store,
    },
    Rule {
        operation: "orders.update",
        fact: "An order takes a partial body [seen]; lines are told apart by id, else by external id [inferred].",
        answer: store::update,
    },
    Rule {
        operation: "orders.destroy",
        fact: "A deleted order takes its lines with it [inferred].",
        answer: store::destroy,
    },
    Rule {
        operation: "orders.resend",
        fact: "The order is told of again [seen], as `order.updated`, since there is no trigger of its own [inferred].",
        answer: store::resend,
    },
    Rule {
        operation: "orders.items.store",
        fact: "A line is added to an order by itself [seen].",
        answer: items::store,
    },
    Rule {
        operation: "orders.items.update",
        fact: "A line of an order takes a partial body [seen].",
        answer: items::update,
    },
    Rule {
        operation: "profiles.orders.store",
        fact: "An order that is made under a profile is that profile's [inferred].",
        answer: store::store_of_profile,
    },
    Rule {
        operation: "profiles.orders.update",
        fact: "Another profile's order is not found [inferred].",
        answer: store::update_of_profile,
    },
    Rule {
        operation: "profiles.orders.destroy",
        fact: "Another profile's order is not found [inferred].",
        answer: store::destroy_of_profile,
    },
    Rule {
        operation: "profiles.group_orders",
        fact: "A profile's orders, one row for each order number, the latest first; a page in Laravel's own form [seen].",
        answer: groups::orders,
    },
];
