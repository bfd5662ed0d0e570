//! Incentives: what a customer may be given, has, and spends.
//!
//! Six families have a definition and instances of it. Four of them have a value ([`Incentive`]); whatever changes it, the plain edit and delete
//! too, is booked in [`account`], so that a profile's ledger and balances agree at all times.

pub(super) mod account;
pub(super) mod achievements;
pub(super) mod allocations;
pub(super) mod balances;
pub(super) mod claim;
pub(super) mod definitions;
pub(super) mod edit;
pub(super) mod extend;
mod incentive;
pub(crate) mod issue;
pub(super) mod ledger;
mod lists;
pub(super) mod notify;
pub(super) mod redeem;
mod standing;
pub(super) mod tiers;
mod time;
pub(super) mod undo;
mod value;
pub(super) mod views;

pub(crate) use incentive::Incentive;
