//! Reversing: as if it had not been.

use jiff::SignedDuration;

use super::given_back::Open;
use super::{items, redeemed, refused};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{RecordExt, number};
use crate::rules::incentives::account::{self, Cause};
use crate::rules::incentives::balances::Currency;
use crate::rules::incentives::redeem::{self, Item, Kind};
use crate::rules::incentives::{Incentive, redeem::write};

/// How long a redemption can be reversed.
const LIMIT: SignedDuration = SignedDuration::from_mins(10);

pub(super) fn answer(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (redemption, profile) = redeemed(call)?;
    let made = redemption.time("created_at");
    if made.is_none_or(|made| call.now().duration_since(made) > LIMIT) {
        return Err(refused(
            "A redemption can be reversed within ten minutes only; return it.",
        ));
    }
    account::settle(call, &profile)?;
    let items = items(call, &redemption)?;
    if !items.iter().all(Open::is_all) {
        return Err(refused(
            "A part of the redemption has been given back; return the rest.",
        ));
    }
    let mut reversed = Vec::new();
    for item in &items {
        let Some(open) = Open::of(item) else {
            continue;
        };
        let id = item.text("type_id").unwrap_or_default();
        if let Some(instance) = restore(call, open, &id)? {
            reversed.push(Item {
                incentive: open.incentive,
                instance,
                dollars: item.amount("value"),
                points: item.amount("_points"),
                count: item.integer("count"),
            });
        }
    }
    let mut undone = redemption.clone();
    undone.set("_is_reversed", true);
    call.update("Redemption", &redemption, undone)?;
    let currency = match redemption.text("currency_id") {
        Some(id) => Currency::stored(call.store().get("Currency", &id)?),
        None => Currency::OWN,
    };
    let total = redemption.amount("total");
    let kind = Kind::Reversal;
    let reversal = write(
        call,
        kind,
        &profile,
        &reversed,
        total,
        &currency,
        &redemption,
    )?;
    redeem::answer(call, reversal)
}

/// Gives an instance back what was taken from it; none if it is there no more.
fn restore(
    context: &mut Context<'_>,
    open: Open,
    id: &str,
) -> Result<Option<crate::record::Record>, Refusal> {
    let kind = open.incentive.kind();
    let Some(instance) = context.store().get(kind, id)? else {
        return Ok(None);
    };
    let cause = Cause::Reversed;
    let restored = match open.incentive {
        Incentive::Benefit => redeem::give_or_take(context, &instance, open.count, cause)?,
        incentive => {
            let more = match incentive {
                Incentive::Point => open.points,
                _ => open.dollars,
            };
            let left = instance.amount("value_remaining").unwrap_or_default();
            let mut restored = instance.clone();
            restored.set("value_remaining", number(left + more));
            cause.note(&mut restored);
            context.update(kind, &instance, restored)?
        }
    };
    Ok(Some(restored))
}
