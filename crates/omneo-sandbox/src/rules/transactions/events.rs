//! Telling of a transaction again.

use jiff::SignedDuration;
use serde_json::json;

use super::store::ok;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;

/// The work that recalculates the aggregations of a profile.
const AGGREGATE: &str = "profiles.aggregations.calculate";

pub(super) fn resend(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let transaction = call.get("Transaction", call.param("transaction"))?;
    call.event("transaction.resent", "Transaction", &transaction)?;
    Ok(ok())
}

pub(super) fn resend_item(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let item = call.get("TransactionItem", call.param("item"))?;
    call.event("transaction-item.resent", "TransactionItem", &item)?;
    Ok(ok())
}

pub(super) fn trigger(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let transaction = call.get("Transaction", call.param("transaction"))?;
    let event = call.body.text("event").unwrap_or_default();
    call.event(&event, "Transaction", &transaction)?;
    if event == "transaction.recalculate"
        && let Some(profile) = transaction.text("profile_id")
    {
        let what = json!({ "profile_id": profile });
        call.later(AGGREGATE, SignedDuration::ZERO, what)?;
    }
    Ok(ok())
}
