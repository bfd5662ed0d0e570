//! Redeeming: spending what a customer has.

mod amount;
mod benefit;
mod credit;
mod item;
mod reads;
mod record;

pub(super) use benefit::{give_or_take, redeem as redeem_benefit};
pub(super) use item::Item;
pub(super) use record::{Kind, answer, write};

use rust_decimal::Decimal;

use super::balances::Currency;
use super::{Incentive, account, value};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.redeem.store",
            fact: "An amount is taken from the families in the order of the strategies [inferred], within a family from what expires next [seen]; with `strict` an amount over the balance is refused [seen], without it what there is is taken [sent].",
            answer: by_strategy,
        },
        Rule {
            operation: "profiles.benefits.redeem.store",
            fact: "A benefit is redeemed once, or `count` times, while it is redeemable [seen]; more than are left are refused [inferred].",
            answer: benefit::answer,
        },
        Rule {
            operation: "profiles.credits.redeem",
            fact: "An amount is redeemed from one credit, with its security code where it has one [sent]; more than is left is refused [inferred].",
            answer: credit::answer,
        },
        Rule {
            operation: "profiles.redemptions.count",
            fact: "The redemptions of one instance are counted [seen], without those that were reversed [inferred].",
            answer: reads::count,
        },
        Rule {
            operation: "redemptions.group",
            fact: "Redemptions are grouped by one of their members, in pages of groups [inferred].",
            answer: reads::group,
        },
        Rule {
            operation: "profiles.linked.redemptions",
            fact: "Redemptions that name the profile as linked are listed [inferred].",
            answer: reads::linked,
        },
        Rule {
            operation: "profiles.linked_redemptions",
            fact: "Redemptions that name the profile as linked are listed [inferred].",
            answer: reads::linked,
        },
        Rule {
            operation: "profiles.linked_points",
            fact: "Points that name the profile as linked are listed [inferred].",
            answer: reads::linked_points,
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

/// What is used if the caller names nothing: what the combined balance is of.
const USUAL: [Incentive; 2] = [Incentive::Reward, Incentive::Point];

/// What a body asks to redeem or to give back.
pub(super) struct Wanted {
    /// In dollars.
    pub(super) amount: Option<Decimal>,
    pub(super) is_strict: bool,
    pub(super) currency: Currency,
    /// What is used, in this order; `None` if nothing is named.
    pub(super) strategies: Option<Vec<Incentive>>,
}

impl Wanted {
    pub(super) fn read(context: &Context<'_>, body: &Record) -> Result<Self, Refusal> {
        let currency = Currency::of(context, body.text("currency").as_deref())?;
        let amount = value::given(body, "amount")?;
        let amount = amount.map(|amount| currency.dollars(amount)).transpose()?;
        let mut strategies = Vec::new();
        for (place, strategy) in body.list("strategies").iter().enumerate() {
            let incentive = strategy.as_str().and_then(Incentive::of_strategy);
            let incentive =
                incentive.ok_or_else(|| Refusal::unknown(format!("strategies.{place}")))?;
            if !strategies.contains(&incentive) {
                strategies.push(incentive);
            }
        }
        Ok(Self {
            amount,
            is_strict: body.flag("strict") == Some(true),
            currency,
            strategies: (!strategies.is_empty()).then_some(strategies),
        })
    }
}

fn by_strategy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let body = call.body.clone();
    let redemption = redeem(call, &profile, &body)?;
    answer(call, redemption)
}

/// Redeems what a body asks for, and keeps the redemption.
///
/// # Errors
///
/// 422 for an amount or benefits that aren't there.
fn redeem(context: &mut Context<'_>, profile: &str, body: &Record) -> Result<Record, Refusal> {
    account::settle(context, profile)?;
    let wanted = Wanted::read(context, body)?;
    let benefits = body.list("benefits");
    if wanted.amount.is_none() && benefits.is_empty() {
        return Err(Refusal::invalid(
            "amount",
            "The amount field is required when benefits is not present.",
        ));
    }
    if benefits.is_empty() && wanted.amount.is_some_and(|amount| amount.is_zero()) {
        return Err(Refusal::invalid(
            "amount",
            "The amount must be greater than 0.",
        ));
    }
    let mut items = benefit::redeem_listed(context, profile, benefits)?;
    let mut total = None;
    if let Some(amount) = wanted.amount {
        let mut left = amount;
        for incentive in wanted.strategies.as_deref().unwrap_or(&USUAL) {
            let taken = amount::take(context, profile, *incentive, left)?;
            left -= taken
                .iter()
                .filter_map(|item| item.dollars)
                .sum::<Decimal>();
            items.extend(taken);
        }
        if wanted.is_strict && left > Decimal::ZERO {
            let message = format!(
                "The amount may not be greater than the balance, {}.",
                (amount - left).normalize()
            );
            return Err(Refusal::invalid("amount", message));
        }
        total = Some(amount - left);
    }
    write(
        context,
        Kind::Redeem,
        profile,
        &items,
        total,
        &wanted.currency,
        body,
    )
}
