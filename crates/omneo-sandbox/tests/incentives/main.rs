//! Incentives: definitions, issuing, spending, undoing, the ledger, tiers and achievements.

#[path = "../support/mod.rs"]
mod support;

mod achievements;
mod claim;
mod definitions;
mod edit;
mod expiry;
mod extend;
mod issue;
mod ledger;
mod redeem;
mod shelf;
mod tiers;
mod undo;
