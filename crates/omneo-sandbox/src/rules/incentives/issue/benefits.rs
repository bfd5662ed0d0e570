//! Issuing benefits.

use rust_decimal::Decimal;

use super::{Incentive, Names, now, owner, time, value};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::incentives::account::Cause;
use crate::rules::incentives::allocations;

/// Issues a benefit to the profile that the body names: the body of `POST /v3/benefits`, or an item of a batch, which may name the definition by
/// handle.
///
/// # Errors
///
/// 422 for an unknown profile, definition or zone, and a value or time that can't be.
pub(crate) fn issue(context: &mut Context<'_>, body: &Record) -> Result<Record, Refusal> {
    let definition = Names::of(Incentive::Benefit).find(context, body)?;
    let most = definition.integer("max_redemptions").unwrap_or(1);
    issue_of(context, body, &definition, most, Cause::Issued)
}

/// Issues a benefit of this definition, whatever the body says of one, that can be redeemed so many times.
pub(in crate::rules::incentives) fn issue_of(
    context: &mut Context<'_>,
    body: &Record,
    definition: &Record,
    redemptions: i64,
    cause: Cause,
) -> Result<Record, Refusal> {
    let zone = time::zone(body)?;
    let issued = time::given(body, "issued_at", &zone)?;
    let issued = issued.unwrap_or_else(|| now(context, &zone));
    let expires = match time::given(body, "expires_at", &zone)? {
        Some(expires) => Some(expires),
        None => time::EXPIRY.end(definition, issued)?,
    };
    let mut benefit = Record::new();
    benefit.set("profile_id", owner(context, body)?);
    benefit.set("benefit_definition_id", definition.value("id"));
    benefit.set("issued_at", time::write(issued));
    benefit.set("expires_at", expires.map(time::write));
    let worth = match value::given(body, "value")? {
        Some(worth) => Some(worth),
        None => value::given(definition, "value")?,
    };
    benefit.set("value", worth.map(number));
    benefit.set("redemptions_remaining", redemptions);
    benefit.copy(definition, &["redeem_code_pos", "redeem_code_online"]);
    benefit.copy(
        body,
        &[
            "timezone",
            "external_id",
            "meta",
            "claimed_at",
            "source_id",
            "source_type",
        ],
    );
    benefit.set("is_combined", false);
    benefit.set("_is_redeemed", false);
    cause.note(&mut benefit);
    let benefit = context.create("Benefit", benefit)?;
    count(context, definition, "total_global_created", 1)?;
    allocations::hand_out(context, Incentive::Benefit, benefit, definition)
}

/// Adds to a counter of a definition. No event tells of it.
pub(in crate::rules::incentives) fn count(
    context: &Context<'_>,
    definition: &Record,
    counter: &str,
    more: i64,
) -> Result<(), Refusal> {
    let id = definition.text("id").unwrap_or_default();
    let Some(mut definition) = context.store().get("BenefitDefinition", &id)? else {
        return Ok(());
    };
    let counted = definition.integer(counter).unwrap_or(0);
    let counted = counted.saturating_add(more).max(0);
    definition.set(counter, number(Decimal::from(counted)));
    context.store().put("BenefitDefinition", &definition)?;
    Ok(())
}
