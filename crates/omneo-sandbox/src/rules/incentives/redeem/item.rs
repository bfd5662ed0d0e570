//! What one instance gives to a redemption.

use rust_decimal::Decimal;

use super::Incentive;
use crate::record::Record;

/// What was taken from an instance, or given back with it.
#[derive(Debug)]
pub(in crate::rules::incentives) struct Item {
    pub(in crate::rules::incentives) incentive: Incentive,
    /// The instance as it is now.
    pub(in crate::rules::incentives) instance: Record,
    /// `None` for a benefit that has no value.
    pub(in crate::rules::incentives) dollars: Option<Decimal>,
    /// Of points.
    pub(in crate::rules::incentives) points: Option<Decimal>,
    /// Of a benefit.
    pub(in crate::rules::incentives) count: Option<i64>,
}
