//! What transactions and orders share: the profile, the location, the currency, and lines with products.

mod currency;
mod item;
mod product;
mod sale;

pub(super) use item::{add as add_item, change as change_item, is_return};
pub(super) use product::resolve;
pub(super) use sale::{change, destroy, store, upsert};

/// One of the two kinds of sales.
#[derive(Debug)]
pub(super) struct Sale {
    /// `Transaction`.
    pub(super) kind: &'static str,
    /// The kind of its lines.
    pub(super) item: &'static str,
    /// The member of a line that has its id.
    pub(super) owner: &'static str,
    /// The member of a line that shows it in short.
    pub(super) summary: &'static str,
}

pub(super) const TRANSACTION: Sale = Sale {
    kind: "Transaction",
    item: "TransactionItem",
    owner: "transaction_id",
    summary: "transaction",
};

pub(super) const ORDER: Sale = Sale {
    kind: "Order",
    item: "OrderItem",
    owner: "order_id",
    summary: "order",
};
