//! The balances of a profile.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::Incentive;
use super::account::{self, Account};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::{Family, Rule, View};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[Rule {
        operation: "profiles.balances.index",
        fact: "The balances are sums of what can be spent now: rewards, credits and benefits in dollars, points raw and in dollars, and rewards with points [seen]; a benefit counts for its value times its redemptions left [inferred].",
        answer: index,
    }],
    changes: &[],
    views: &[View {
        kind: "Profile",
        fact: "A profile shows its balances [seen].",
        complete,
    }],
    work: &[],
};

/// The balances in dollars, by their names.
const DOLLARS: [(&str, &[Incentive]); 5] = [
    ("reward_balance", &[Incentive::Reward]),
    ("credit_balance", &[Incentive::Credit]),
    ("benefit_balance", &[Incentive::Benefit]),
    ("point_balance_dollars", &[Incentive::Point]),
    (
        "combined_balance_dollars",
        &[Incentive::Reward, Incentive::Point],
    ),
];

/// Those that are also told in another currency.
const LOCALISED: [&str; 3] = [
    "reward_balance",
    "point_balance_dollars",
    "combined_balance_dollars",
];

/// Another currency, and how much of it a dollar is.
pub(super) struct Currency {
    pub(super) record: Option<Record>,
    pub(super) rate: Decimal,
}

impl Currency {
    /// The tenant's own.
    pub(super) const OWN: Self = Self {
        record: None,
        rate: Decimal::ONE,
    };

    /// A currency that was found before; the tenant's own if it is gone.
    pub(super) fn stored(record: Option<Record>) -> Self {
        let rate = record.as_ref().and_then(|record| record.amount("rate"));
        match rate.filter(|rate| *rate > Decimal::ZERO) {
            Some(rate) => Self { record, rate },
            None => Self::OWN,
        }
    }

    /// The currency of a code; the tenant's own for none.
    ///
    /// # Errors
    ///
    /// 422 if it is not configured.
    pub(super) fn of(context: &Context<'_>, code: Option<&str>) -> Result<Self, Refusal> {
        let Some(code) = code.filter(|code| !code.is_empty()) else {
            return Ok(Self::OWN);
        };
        if let Some(record) = context.first("Currency", &[("to", code.into())])? {
            let rate = record.amount("rate").filter(|rate| *rate > Decimal::ZERO);
            let rate = rate.ok_or_else(|| Refusal::unknown("currency"))?;
            return Ok(Self {
                record: Some(record),
                rate,
            });
        }
        let is_own = context
            .first("Currency", &[("from", code.into())])?
            .is_some()
            || context.store().count("Currency", &[])? == 0;
        if is_own {
            Ok(Self::OWN)
        } else {
            Err(Refusal::unknown("currency"))
        }
    }

    /// An amount of it in dollars.
    pub(super) fn dollars(&self, amount: Decimal) -> Result<Decimal, Refusal> {
        amount
            .checked_div(self.rate)
            .map(|dollars| dollars.round_dp(super::value::DECIMALS))
            .ok_or_else(|| Refusal::unknown("currency"))
    }

    /// Dollars in it.
    pub(super) fn localised(&self, dollars: Decimal) -> Decimal {
        if self.record.is_none() {
            return dollars;
        }
        dollars
            .checked_mul(self.rate)
            .map_or(dollars, |amount| amount.round_dp(super::value::DECIMALS))
    }
}

fn index(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    account::settle(call, &profile)?;
    let currency = Currency::of(call, call.query.text(&["currency"]))?;
    of(call, &profile, &currency).map(Answer::One)
}

/// The balances of a profile, in all members of the schema's `ProfileBalances`.
pub(super) fn of(
    context: &Context<'_>,
    profile: &str,
    currency: &Currency,
) -> Result<Record, Refusal> {
    let account = account::read(context, profile)?;
    let mut balances = Record::new();
    let mut localised = Map::new();
    for (name, incentives) in DOLLARS {
        let dollars = sum(&account, incentives);
        balances.set(name, number(dollars));
        if LOCALISED.contains(&name) {
            localised.insert(name.to_owned(), number(currency.localised(dollars)));
        }
    }
    balances.set("point_balance", number(account.points));
    balances.set("localised", Value::Object(localised));
    balances.set("currency", currency.record.clone());
    Ok(balances)
}

fn sum(account: &Account, incentives: &[Incentive]) -> Decimal {
    incentives
        .iter()
        .map(|incentive| account.dollars(*incentive))
        .sum()
}

fn complete(context: &Context<'_>, profile: &mut Record) -> Result<(), Refusal> {
    let id = profile.text("id").unwrap_or_default();
    let account = account::read(context, &id)?;
    for (name, incentives) in DOLLARS {
        profile.set(name, number(sum(&account, incentives)));
    }
    profile.set("point_balance", number(account.points));
    Ok(())
}
