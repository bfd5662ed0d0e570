//! The instances of a profile that can be spent, in the order in which they are.

use super::{Incentive, standing};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// What counts now, nearest expiry first; what never expires comes last.
pub(super) fn spendable(
    context: &Context<'_>,
    incentive: Incentive,
    profile: &str,
) -> Result<Vec<Record>, Refusal> {
    let mut records = context.find(incentive.kind(), &[("profile_id", profile.into())])?;
    records.retain(|record| standing::is_current(incentive, record, context.now()));
    records.sort_by_key(|record| {
        let id = record.integer("id").unwrap_or(i64::MAX);
        (standing::expiry(incentive, record), id)
    });
    Ok(records)
}
