//! Spending what a customer has, and giving it back.

mod benefit;
mod credit;
mod find;
mod reverse;
mod strategy;
mod transaction;

pub use credit::RedeemCredit;
pub use find::Reference;
#[cfg(feature = "platform")]
pub(crate) use find::find_redeemed;
pub use reverse::RedemptionRef;
pub use strategy::{BenefitRef, Redeem, Redeemed, Return};
