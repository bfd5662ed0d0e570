//! Giving one benefit back.

use rust_decimal::Decimal;

use super::given_back::{self, Open};
use super::{items, redeemed, refused};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;
use crate::rules::incentives::account::{self, Cause};
use crate::rules::incentives::balances::Currency;
use crate::rules::incentives::redeem::{self, Item, Kind, write};
use crate::rules::incentives::{Incentive, value};

pub(super) fn answer(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (redemption, profile) = redeemed(call)?;
    account::settle(call, &profile)?;
    let body = call.body.clone();
    let mut left = value::count(&body, "count", 1)?;
    let mut returned = Vec::new();
    for item in items(call, &redemption)? {
        let Some(open) = Open::of(&item).filter(|open| open.incentive == Incentive::Benefit) else {
            continue;
        };
        let count = open.count.min(left);
        let id = item.text("type_id").unwrap_or_default();
        let benefit = call.store().get("Benefit", &id)?;
        let (1.., Some(benefit)) = (count, benefit) else {
            continue;
        };
        left -= count;
        let instance = redeem::give_or_take(call, &benefit, count, Cause::Returned)?;
        let times = Decimal::from(item.integer("count").unwrap_or(1).max(1));
        let each = item
            .amount("value")
            .and_then(|value| value.checked_div(times));
        let dollars = each.map(|each| each * Decimal::from(count));
        let back = dollars.unwrap_or_default();
        given_back::note(call, &item, back, Decimal::ZERO, count)?;
        returned.push(Item {
            incentive: Incentive::Benefit,
            instance,
            dollars,
            points: None,
            count: Some(count),
        });
    }
    if left > 0 {
        return Err(match returned.is_empty() {
            true => refused("The redemption has no benefit to give back."),
            false => Refusal::invalid(
                "count",
                "The count may not be greater than what was redeemed and not given back.",
            ),
        });
    }
    let total = returned.iter().filter_map(|item| item.dollars).sum();
    let total = returned
        .iter()
        .any(|item| item.dollars.is_some())
        .then_some(total);
    let (kind, currency) = (Kind::Return, Currency::OWN);
    write(
        call,
        kind,
        &profile,
        &returned,
        total,
        &currency,
        &redemption,
    )
    .map(Answer::One)
}
