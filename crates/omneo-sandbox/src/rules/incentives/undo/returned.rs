//! Returning: what was redeemed is issued anew.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::given_back::{self, Open};
use super::{items, redeemed, refused};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::incentives::account::{self, Cause};
use crate::rules::incentives::redeem::{self, Item, Kind, Wanted, write};
use crate::rules::incentives::{Incentive, issue, value};

pub(super) fn answer(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (redemption, profile) = redeemed(call)?;
    account::settle(call, &profile)?;
    let body = call.body.clone();
    let wanted = Wanted::read(call, &body)?;
    let mut open = items(call, &redemption)?;
    let listed = body.list("benefits");
    let mut returned = benefits(call, &open, listed)?;
    let mut total = None;
    if wanted.amount.is_some() || listed.is_empty() {
        open = items(call, &redemption)?;
        if let Some(strategies) = &wanted.strategies {
            open = in_order(&open, strategies);
        }
        let amounts = amounts(call, &open, &wanted)?;
        total = Some(amounts.iter().filter_map(|item| item.dollars).sum());
        returned.extend(amounts);
    }
    if returned.is_empty() {
        return Err(refused(
            "Nothing of the redemption is left to be given back.",
        ));
    }
    let kind = Kind::Return;
    let made = write(
        call,
        kind,
        &profile,
        &returned,
        total,
        &wanted.currency,
        &body,
    )?;
    redeem::answer(call, made)
}

fn in_order(items: &[Record], strategies: &[Incentive]) -> Vec<Record> {
    let of = |incentive: &Incentive| {
        let name = incentive.name();
        items
            .iter()
            .filter(move |item| item.text("type").as_deref() == Some(name))
    };
    strategies.iter().flat_map(of).cloned().collect()
}

/// Issues the benefits of a list anew: by the id of the one that was redeemed, or the handle of its definition.
fn benefits(
    context: &mut Context<'_>,
    items: &[Record],
    list: &[Value],
) -> Result<Vec<Item>, Refusal> {
    let mut returned = Vec::new();
    for (place, wanted) in list.iter().enumerate() {
        let none = Record::new();
        let wanted = wanted.as_object().unwrap_or(&none);
        let field = |member: &str| format!("benefits.{place}.{member}");
        let quantity = value::count(wanted, "quantity", 1).map_err(|_| {
            Refusal::invalid(
                field("quantity"),
                "The quantity must be a whole number of at least 1.",
            )
        })?;
        let definition = match wanted.text("handle") {
            Some(handle) => context.first("BenefitDefinition", &[("handle", handle.into())])?,
            None => None,
        };
        let definition = definition.and_then(|definition| definition.text("id"));
        let is_meant = |item: &&Record| match wanted.text("id") {
            Some(id) => item.text("type_id") == Some(id),
            None => definition.is_some() && item.text("_definition") == definition,
        };
        let mut left = quantity;
        let benefits = items
            .iter()
            .filter(|item| item.text("type").as_deref() == Some(Incentive::Benefit.name()));
        for item in benefits.filter(is_meant) {
            // Another line of the list may have named it, too.
            let id = item.text("id").unwrap_or_default();
            let item = context.get("RedemptionItem", &id)?;
            let Some(open) = Open::of(&item) else {
                continue;
            };
            let count = open.count.min(left);
            if count > 0 {
                left -= count;
                returned.push(benefit(context, &item, count)?);
            }
        }
        if left > 0 {
            return Err(Refusal::invalid(
                field("quantity"),
                "The redemption has no more of this benefit to give back.",
            ));
        }
    }
    Ok(returned)
}

/// Issues up to the amount that is wanted anew, or all that is left; item after item.
fn amounts(
    context: &mut Context<'_>,
    items: &[Record],
    wanted: &Wanted,
) -> Result<Vec<Item>, Refusal> {
    let mut left = wanted.amount;
    let mut returned = Vec::new();
    for item in items {
        let Some(open) = Open::of(item) else {
            continue;
        };
        let made = if open.incentive == Incentive::Benefit {
            let count = match left {
                None => open.count,
                Some(left) => open.count.min(fitting(item, left)),
            };
            if count < 1 {
                continue;
            }
            benefit(context, item, count)?
        } else {
            let dollars = left.map_or(open.dollars, |left| left.min(open.dollars));
            if dollars <= Decimal::ZERO {
                continue;
            }
            anew(context, item, open, dollars)?
        };
        left = left.map(|left| left - made.dollars.unwrap_or_default());
        returned.push(made);
    }
    if wanted.is_strict && left.is_some_and(|left| left > Decimal::ZERO) {
        return Err(Refusal::invalid(
            "amount",
            "The amount may not be greater than what is left to be given back.",
        ));
    }
    Ok(returned)
}

/// How often a benefit's value fits into an amount.
fn fitting(item: &Record, amount: Decimal) -> i64 {
    let each = each(item).filter(|each| *each > Decimal::ZERO);
    each.and_then(|each| amount.checked_div(each)?.floor().to_i64())
        .unwrap_or(0)
}

/// The dollars of one redemption of a benefit.
fn each(item: &Record) -> Option<Decimal> {
    let count = Decimal::from(item.integer("count")?);
    item.amount("value")?.checked_div(count)
}

/// The body of a new instance: of the same profile, definition and zone, from this redemption.
fn body(item: &Record, incentive: Incentive) -> Record {
    let mut body = Record::new();
    body.set("profile_id", item.get("profile_id").cloned());
    body.set(incentive.definition_id(), item.get("_definition").cloned());
    if let Some(zone) = item.text("_timezone") {
        body.set("timezone", zone);
    }
    body.set("source_type", "redemption");
    body.set("source_id", item.get("redemption_id").cloned());
    body
}

fn anew(
    context: &mut Context<'_>,
    item: &Record,
    open: Open,
    dollars: Decimal,
) -> Result<Item, Refusal> {
    let mut body = body(item, open.incentive);
    let mut points = None;
    let instance = match open.incentive {
        Incentive::Point => {
            let worth = item.amount("_worth").unwrap_or_default();
            let back = dollars.checked_div(worth).unwrap_or(open.points);
            let back = back
                .round_dp_with_strategy(value::DECIMALS, RoundingStrategy::ToZero)
                .min(open.points);
            let back = if dollars == open.dollars {
                open.points
            } else {
                back
            };
            points = Some(back);
            body.set("value_initial", number(back));
            body.set("issued_at", context.stamp());
            issue::points::issue_for(context, &body, worth, Cause::Returned)?
        }
        incentive => {
            body.set("value_initial", number(dollars));
            match incentive {
                Incentive::Credit => issue::credits::issue_for(context, &body, Cause::Returned)?,
                _ => issue::rewards::issue_for(context, &body, Cause::Returned)?,
            }
        }
    };
    given_back::note(context, item, dollars, points.unwrap_or_default(), 0)?;
    Ok(Item {
        incentive: open.incentive,
        instance,
        dollars: Some(dollars),
        points,
        count: None,
    })
}

fn benefit(context: &mut Context<'_>, item: &Record, count: i64) -> Result<Item, Refusal> {
    let id = item.text("_definition").unwrap_or_default();
    let definition = context.store().get("BenefitDefinition", &id)?;
    let definition = definition.ok_or_else(|| {
        refused("The benefit's definition was deleted, so the benefit can't be issued anew.")
    })?;
    let each = each(item);
    let mut body = body(item, Incentive::Benefit);
    body.set("value", each.map(number));
    let instance = issue::benefits::issue_of(context, &body, &definition, count, Cause::Returned)?;
    issue::benefits::count(context, &definition, "total_global_redemptions", -count)?;
    let dollars = each.map(|each| each * Decimal::from(count));
    given_back::note(
        context,
        item,
        dollars.unwrap_or_default(),
        Decimal::ZERO,
        count,
    )?;
    Ok(Item {
        incentive: Incentive::Benefit,
        instance,
        dollars,
        points: None,
        count: Some(count),
    })
}
