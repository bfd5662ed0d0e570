//! Redeeming benefits.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use super::{Incentive, Item, Kind, write};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::incentives::account::Cause;
use crate::rules::incentives::balances::Currency;
use crate::rules::incentives::issue::benefits::count as count_definition;
use crate::rules::incentives::{account, lists, value, views};

/// One benefit of a profile.
pub(super) fn answer(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    account::settle(call, &profile)?;
    let benefit = call.owned("Benefit", "benefit", &profile)?;
    let body = call.body.clone();
    let count = value::count(&body, "count", 1)?;
    redeem(call, &benefit, count, &body).map(Answer::One)
}

/// Redeems a benefit so many times, and keeps the redemption.
///
/// # Errors
///
/// 422 if it can't be redeemed as often.
pub(in crate::rules::incentives) fn redeem(
    context: &mut Context<'_>,
    benefit: &Record,
    count: i64,
    body: &Record,
) -> Result<Record, Refusal> {
    let left = left(context, benefit)?;
    if left < count {
        return Err(short("count", left));
    }
    let profile = benefit.text("profile_id").unwrap_or_default();
    let item = use_up(context, benefit, count)?;
    let total = item.dollars;
    let kind = Kind::Redeem;
    write(
        context,
        kind,
        &profile,
        &[item],
        total,
        &Currency::OWN,
        body,
    )
}

fn short(field: &str, left: i64) -> Refusal {
    let message = match left {
        0 => "The benefit is not redeemable.".to_owned(),
        left => format!("The benefit has only {left} redemptions left."),
    };
    Refusal::invalid(field, message)
}

/// How often a benefit can be redeemed now.
fn left(context: &Context<'_>, benefit: &Record) -> Result<i64, Refusal> {
    let definition = match benefit.text("benefit_definition_id") {
        Some(id) => context.store().get("BenefitDefinition", &id)?,
        None => None,
    };
    if !views::is_redeemable(benefit, definition.as_ref(), context.now()) {
        return Ok(0);
    }
    let left = benefit.integer("redemptions_remaining").unwrap_or(0);
    let globally = definition.as_ref().and_then(views::globally_left);
    Ok(globally.map_or(left, |globally| globally.min(left)))
}

/// Uses a benefit up so many times, which were seen to be left.
fn use_up(context: &mut Context<'_>, benefit: &Record, count: i64) -> Result<Item, Refusal> {
    let dollars = benefit
        .amount("value")
        .map(|value| value * Decimal::from(count));
    let instance = give_or_take(context, benefit, -count, Cause::Redeemed)?;
    Ok(Item {
        incentive: Incentive::Benefit,
        instance,
        dollars,
        points: None,
        count: Some(count),
    })
}

/// Adds to the redemptions that are left of a benefit, and takes them from its definition's count.
pub(in crate::rules::incentives) fn give_or_take(
    context: &mut Context<'_>,
    benefit: &Record,
    more: i64,
    cause: Cause,
) -> Result<Record, Refusal> {
    let left = benefit.integer("redemptions_remaining").unwrap_or(0);
    let made = benefit.integer("_redemptions").unwrap_or(0);
    let mut changed = benefit.clone();
    changed.set("redemptions_remaining", left.saturating_add(more).max(0));
    changed.set("_redemptions", made.saturating_sub(more).max(0));
    changed.set("_is_redeemed", made.saturating_sub(more) > 0);
    cause.note(&mut changed);
    if let Some(id) = benefit.text("benefit_definition_id")
        && let Some(definition) = context.store().get("BenefitDefinition", &id)?
    {
        count_definition(context, &definition, "total_global_redemptions", -more)?;
    }
    context.update("Benefit", benefit, changed)
}

/// Uses a benefit as often as its value fits into an amount: it can't be used in part.
pub(super) fn take(
    context: &mut Context<'_>,
    benefit: &Record,
    wanted: Decimal,
) -> Result<Option<Item>, Refusal> {
    let value = benefit.amount("value").unwrap_or_default();
    if value <= Decimal::ZERO {
        return Ok(None);
    }
    let fits = wanted
        .checked_div(value)
        .and_then(|fits| fits.floor().to_i64());
    let count = left(context, benefit)?.min(fits.unwrap_or(0));
    if count < 1 {
        return Ok(None);
    }
    use_up(context, benefit, count).map(Some)
}

/// Redeems the benefits of a list: one by its id, or any of a definition by its handle, nearest expiry first.
///
/// # Errors
///
/// 422 for one that the profile doesn't have, or not as often.
pub(super) fn redeem_listed(
    context: &mut Context<'_>,
    profile: &str,
    list: &[Value],
) -> Result<Vec<Item>, Refusal> {
    let mut items = Vec::new();
    for (place, wanted) in list.iter().enumerate() {
        let at = |member: &str| format!("benefits.{place}.{member}");
        let none = Record::new();
        let wanted = wanted.as_object().unwrap_or(&none);
        let mut quantity = value::count(wanted, "quantity", 1).map_err(|_| {
            Refusal::invalid(
                at("quantity"),
                "The quantity must be a whole number of at least 1.",
            )
        })?;
        let asked = quantity;
        let field = if wanted.has("id") { "id" } else { "handle" };
        let candidates = candidates(context, profile, wanted)?;
        if candidates.is_empty() {
            return Err(Refusal::unknown(at(field)));
        }
        for benefit in candidates {
            let count = left(context, &benefit)?.min(quantity);
            if count > 0 {
                quantity -= count;
                items.push(use_up(context, &benefit, count)?);
            }
        }
        if quantity > 0 {
            return Err(short(&at("quantity"), asked - quantity));
        }
    }
    Ok(items)
}

fn candidates(
    context: &Context<'_>,
    profile: &str,
    wanted: &Record,
) -> Result<Vec<Record>, Refusal> {
    if let Some(id) = wanted.text("id") {
        let benefit = context.store().get("Benefit", &id)?;
        let own = |benefit: &Record| benefit.text("profile_id").as_deref() == Some(profile);
        return Ok(benefit.into_iter().filter(own).collect());
    }
    let Some(handle) = wanted.text("handle") else {
        return Ok(Vec::new());
    };
    let definition = context.first("BenefitDefinition", &[("handle", handle.into())])?;
    let Some(id) = definition.and_then(|definition| definition.text("id")) else {
        return Ok(Vec::new());
    };
    let mut benefits = lists::spendable(context, Incentive::Benefit, profile)?;
    benefits.retain(|benefit| benefit.text("benefit_definition_id").as_deref() == Some(&id));
    Ok(benefits)
}
