//! Keeping a redemption.

use rust_decimal::Decimal;

use super::{Currency, Incentive, Item};
use crate::answer::{Answer, Refusal};
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::incentives::balances;

/// What a redemption is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules::incentives) enum Kind {
    Redeem,
    Return,
    Reversal,
}

impl Kind {
    pub(in crate::rules::incentives) fn name(self) -> &'static str {
        match self {
            Self::Redeem => "redeem",
            Self::Return => "return",
            Self::Reversal => "reversal",
        }
    }
}

/// Keeps a redemption with its items. `body` tells what it is for.
pub(in crate::rules::incentives) fn write(
    context: &mut Context<'_>,
    kind: Kind,
    profile: &str,
    items: &[Item],
    total: Option<Decimal>,
    currency: &Currency,
    body: &Record,
) -> Result<Record, Refusal> {
    let mut redemption = Record::new();
    redemption.set("type", kind.name());
    redemption.set("profile_id", profile);
    redemption.set("total", total.map(number));
    let localised = total.map(|total| number(currency.localised(total)));
    redemption.set("total_localised", localised);
    redemption.set(
        "currency_id",
        currency.record.as_ref().map(|record| record.value("id")),
    );
    redemption.set("redeem_at", context.stamp());
    for member in [
        "location_id",
        "meta",
        "transaction_external_id",
        "transaction_receipt_ref",
    ] {
        redemption.set(member, body.get(member).cloned());
    }
    redemption.set("transaction_id", transaction(context, body)?);
    // For the filters of these names.
    for incentive in Incentive::ALL {
        let has = items.iter().any(|item| item.incentive == incentive);
        redemption.set(&format!("has_{}", incentive.name()), i64::from(has));
    }
    let redemption = context.create("Redemption", redemption)?;
    for item in items {
        let mut kept = Record::new();
        kept.set("redemption_id", redemption.value("id"));
        kept.set("profile_id", profile);
        kept.set("type", item.incentive.name());
        kept.set("redeemable_type", item.incentive.name());
        kept.set("type_id", item.instance.value("id"));
        kept.set("value", item.dollars.map(number));
        kept.set("count", item.count);
        kept.set("_points", item.points.map(number));
        // What it takes to issue anew what was redeemed, though it be deleted meanwhile.
        let of = item.instance.get(item.incentive.definition_id());
        kept.set("_definition", of.cloned());
        for (member, kept_as) in [("timezone", "_timezone"), ("_worth", "_worth")] {
            kept.set(kept_as, item.instance.get(member).cloned());
        }
        context.create("RedemptionItem", kept)?;
    }
    Ok(redemption)
}

/// The transaction that a body names, if it is there already.
fn transaction(context: &Context<'_>, body: &Record) -> Result<Option<serde_json::Value>, Refusal> {
    for (given, member) in [
        ("transaction_external_id", "external_id"),
        ("transaction_receipt_ref", "receipt_ref"),
    ] {
        if let Some(name) = body.text(given) {
            let transaction = context.first("Transaction", &[(member, name.into())])?;
            if let Some(transaction) = transaction {
                return Ok(Some(transaction.value("id")));
            }
        }
    }
    Ok(None)
}

/// A redemption with the balances after it.
pub(in crate::rules::incentives) fn answer(
    context: &Context<'_>,
    mut redemption: Record,
) -> Result<Answer, Refusal> {
    let profile = redemption.text("profile_id").unwrap_or_default();
    let currency = match redemption.text("currency_id") {
        Some(id) => Currency::stored(context.store().get("Currency", &id)?),
        None => Currency::OWN,
    };
    let balances = balances::of(context, &profile, &currency)?;
    redemption.set("balances", balances);
    Ok(Answer::One(redemption))
}
