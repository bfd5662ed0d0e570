//! Products, found again by their external id, with variants that are found again by their SKU.

mod options;
mod rates;
mod store;
mod variants;

use super::changes::{ALL, KEPT, tell};
use super::{Change, Family, Rule, View};

pub(super) use store::{row, upsert};

pub(super) const FAMILY: Family = Family {
    rules: RULES,
    changes: CHANGES,
    views: &[View {
        kind: "Product",
        fact: "A product's options are those of its variants, by name [seen].",
        complete: options::complete,
    }],
    work: &[],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "products.store",
        fact: "A product is made with its variants [sent].",
        answer: store::store,
    },
    Rule {
        operation: "products.update",
        fact: "A product takes a partial body; variants are told apart by id, else by SKU [inferred].",
        answer: store::update,
    },
    Rule {
        operation: "products.destroy",
        fact: "A deleted product takes its variants with it [inferred].",
        answer: store::destroy,
    },
    Rule {
        operation: "products.update-create",
        fact: "The product with the `external_id` is changed, else one is made; its variants are told apart by `sku` [seen].",
        answer: store::update_create,
    },
    Rule {
        operation: "products.create-update",
        fact: "As `products.update-create` [seen].",
        answer: store::update_create,
    },
    Rule {
        operation: "products.variants",
        fact: "The variants of all products, by the same filters as those of one [seen].",
        answer: variants::list,
    },
    Rule {
        operation: "products.variants.store",
        fact: "A variant is added to a product, whose own it is [seen].",
        answer: variants::store,
    },
    Rule {
        operation: "products.variants.update",
        fact: "A variant takes a partial body [seen].",
        answer: variants::update,
    },
    Rule {
        operation: "rates.calculate",
        fact: "A price times the rate with this handle, type and code [seen]; the rate's time must be now, a rate of the named location goes before one of none, and no rate earns nothing [inferred].",
        answer: rates::calculate,
    },
    Rule {
        operation: "rates.searchAttributes",
        fact: "A bare list of rates [seen]: one for each value of the attribute [inferred].",
        answer: rates::search,
    },
];

const CHANGES: &[Change] = &[
    Change {
        kind: "Product",
        fact: "A product that is made, changed or deleted tells `product.created`, `.updated` or `.deleted` [seen].",
        before: None,
        after: Some(|context, old, new| tell(context, "product", ALL, "Product", old, new)),
    },
    Change {
        kind: "Rating",
        fact: "A rating that is made or changed tells `rating.created` or `rating.updated` [seen].",
        before: None,
        after: Some(|context, old, new| tell(context, "rating", KEPT, "Rating", old, new)),
    },
    Change {
        kind: "Rate",
        fact: "A rate that is made or changed tells `rate.created` or `rate.updated`, as guides name them [seen].",
        before: None,
        after: Some(|context, old, new| tell(context, "rate", KEPT, "Rate", old, new)),
    },
];
