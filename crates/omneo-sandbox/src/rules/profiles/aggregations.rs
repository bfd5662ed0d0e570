//! Aggregations: what a profile's transactions say of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::birthday::years_before;
use super::{only, put_only};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, number, stamp};
use crate::rules::{Change, Family, Rule, Work};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.aggregations.index",
            fact: "A profile has aggregations, null before any were calculated [seen].",
            answer: |call| {
                let profile = call.profile()?;
                shown(call, &profile).map(Answer::One)
            },
        },
        Rule {
            operation: "profiles.aggregations.update",
            fact: "Aggregations can be set, until they are calculated again [inferred].",
            answer: update,
        },
        Rule {
            operation: "profiles.aggregations.calculate",
            fact: "All aggregations are calculated at once, from the transactions that there are [seen].",
            answer: |call| {
                let profile = call.profile()?;
                calculate(call, &profile)?;
                shown(call, &profile).map(Answer::One)
            },
        },
    ],
    changes: &[
        Change {
            kind: "Transaction",
            fact: "Aggregations are recalculated with every transaction of the profile [seen], after the request [inferred].",
            before: None,
            after: Some(transaction_changed),
        },
        Change {
            kind: KIND,
            fact: "Aggregations that changed are an event [seen].",
            before: None,
            after: Some(changed),
        },
    ],
    views: &[],
    work: &[Work {
        name: CALCULATE,
        run: |context, what| {
            let id = what.as_object().and_then(|what| what.text("profile_id"));
            let profile = context.store().get("Profile", &id.unwrap_or_default())?;
            // It may have been deleted since.
            match profile {
                Some(profile) => calculate(context, &profile),
                None => Ok(()),
            }
        },
    }],
};

pub(super) const KIND: &str = "ProfileAggregation";

const CALCULATE: &str = "profiles.aggregations.calculate";

fn transaction_changed(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let profiles = [old, new].into_iter().flatten();
    let profiles: BTreeSet<_> = profiles.filter_map(|one| one.text("profile_id")).collect();
    for profile in profiles {
        later(context, &profile)?;
    }
    Ok(())
}

/// A mark that a profile's aggregations will be calculated: for a load of its transactions once, and not for each.
const IS_DUE: &str = "_is_due";

/// Has a profile's aggregations calculated after this request.
pub(in crate::rules) fn later(context: &mut Context<'_>, profile: &str) -> Result<(), Refusal> {
    match context.first(KIND, &[("profile_id", profile.into())])? {
        Some(facts) if facts.has(IS_DUE) => return Ok(()),
        Some(mut facts) => {
            facts.set(IS_DUE, true);
            context.store().put(KIND, &facts)?;
        }
        None => {}
    }
    let what = json!({ "profile_id": profile });
    context.later(CALCULATE, SignedDuration::ZERO, what)
}

fn changed(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let Some(new) = new else {
        return Ok(());
    };
    let same = |old: &Record| {
        let times = ["created_at", "updated_at"];
        let mut members = new
            .iter()
            .filter(|(name, _)| !times.contains(&name.as_str()));
        members.all(|(name, value)| name == IS_DUE || old.get(name) == Some(value))
    };
    if old.is_some_and(same) {
        return Ok(());
    }
    context.event("aggregation.updated", KIND, new)
}

/// A profile's aggregations.
pub(super) fn shown(context: &Context<'_>, profile: &Record) -> Result<Record, Refusal> {
    only(context, KIND, profile)
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let mut members = call.body.clone();
    members.remove("id");
    put_only(call, KIND, &profile, &members).map(Answer::One)
}

/// Calculates a profile's aggregations.
pub(in crate::rules) fn calculate(
    context: &mut Context<'_>,
    profile: &Record,
) -> Result<(), Refusal> {
    let id = profile.text("id").unwrap_or_default();
    let transactions = context.find("Transaction", &[("profile_id", id.as_str().into())])?;
    let sales: Vec<_> = transactions.iter().filter_map(Sale::of).collect();
    let mut facts = facts(context.now(), profile, sales);
    let brands = brands(context, &transactions)?;
    facts.set("purchased_brands", brands);
    facts.set(IS_DUE, Value::Null);
    put_only(context, KIND, &id, &facts).map(|_| ())
}

/// What of a transaction counts.
struct Sale {
    at: Timestamp,
    total: Decimal,
    location: Option<Value>,
}

impl Sale {
    /// None of one that is void or has no time.
    fn of(transaction: &Record) -> Option<Self> {
        if transaction.flag("is_void") == Some(true) {
            return None;
        }
        Some(Self {
            at: transaction.time("transacted_at")?,
            total: transaction.amount("total").unwrap_or_default(),
            location: transaction
                .get("location_id")
                .filter(|id| !id.is_null())
                .cloned(),
        })
    }

    fn day(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }
}

fn facts(now: Timestamp, profile: &Record, mut sales: Vec<Sale>) -> Record {
    sales.sort_by_key(|sale| sale.at);
    let mut facts = Record::new();
    let joined = profile.time("joined_at");
    let location = profile.get("joined_location_id").cloned();
    facts.set("store_join_id", location.unwrap_or_default());
    facts.set("dimension_join", joined.map(|joined| join(now, joined)));
    let last = sales.last().map(|sale| sale.at);
    facts.set("dimension_recency", recency(now, last));
    spend(&mut facts, now, &sales);
    locations(&mut facts, &sales);
    days(&mut facts, joined, &sales);
    facts
}

/// What was spent: net, so that returns are taken off.
fn spend(facts: &mut Record, now: Timestamp, sales: &[Sale]) {
    let since = |from: Option<Timestamp>| {
        let sales = sales.iter().filter(|sale| Some(sale.at) > from);
        let totals: Vec<_> = sales.map(|sale| sale.total).collect();
        let sum: Decimal = totals.iter().sum();
        let mean = sum.checked_div(Decimal::from(totals.len()));
        (number(sum), mean.map(|mean| number(mean.round_dp(2))))
    };
    let last = sales.last().map(|sale| sale.at);
    let year = last.map(|last| years_before(last, 1));
    let (all, mean) = since(None);
    let (year_all, year_mean) = since(year);
    facts.set("spend_all", all);
    facts.set("spend_atv_all", mean);
    facts.set("spend_12m", year_all);
    facts.set("spend_atv_12m", year_mean);
    facts.set("spend_12m_now", since(Some(years_before(now, 1))).0);
    facts.set("spend_first_date", sales.first().map(|sale| stamp(sale.at)));
    facts.set("spend_last_date", last.map(stamp));
}

fn locations(facts: &mut Record, sales: &[Sale]) {
    let year = sales.last().map(|last| years_before(last.at, 1));
    let most = |of: &dyn Fn(&Sale) -> Decimal| {
        let mut sums: BTreeMap<String, (Decimal, &Value)> = BTreeMap::new();
        for sale in sales {
            if let Some(location) = &sale.location {
                let sum = sums.entry(location.to_string());
                sum.or_insert((Decimal::ZERO, location)).0 += of(sale);
            }
        }
        let most = sums.into_values().max_by_key(|(sum, _)| *sum);
        most.map_or(Value::Null, |(_, location)| location.clone())
    };
    facts.set("most_transacted_location_id", most(&|_| Decimal::ONE));
    facts.set("most_spend_location_id", most(&|sale| sale.total));
    let in_year = most(&|sale| {
        if Some(sale.at) > year {
            sale.total
        } else {
            Decimal::ZERO
        }
    });
    facts.set("most_spend_12m_location_id", in_year);
    let latest = sales.last().and_then(|sale| sale.location.clone());
    facts.set("latest_transacted_location_id", latest);
    let mut all: Vec<Value> = Vec::new();
    for location in sales.iter().filter_map(|sale| sale.location.as_ref()) {
        if !all.contains(location) {
            all.push(location.clone());
        }
    }
    facts.set("transacted_locations", all);
}

/// The days on which the customer shopped.
fn days(facts: &mut Record, joined: Option<Timestamp>, sales: &[Sale]) {
    let mut days: BTreeMap<Date, Decimal> = BTreeMap::new();
    for sale in sales {
        *days.entry(sale.day()).or_default() += sale.total;
    }
    let shops = days.values().filter(|net| **net > Decimal::ZERO).count();
    let dates: Vec<_> = days.keys().copied().collect();
    let between = |from: Date, to: Date| to.duration_since(from).as_hours() / 24;
    let first = dates.first().copied();
    let second = dates.get(1).copied();
    let latest = dates.last().copied();
    let previous = dates
        .len()
        .checked_sub(2)
        .and_then(|index| dates.get(index))
        .copied();
    let since = |from: Option<Date>, to: Option<Date>| Some(between(from?, to?));
    let count = i64::try_from(dates.len()).unwrap_or(i64::MAX);
    let whole = since(first, latest).unwrap_or_default();
    // Set on the third day: two say nothing of a habit.
    let average = (count > 2).then(|| (whole + count / 2) / count);
    let joined = joined.map(|joined| joined.to_zoned(TimeZone::UTC).date());
    let risk = average.and_then(|average| {
        let pause = SignedDuration::from_hours(average.checked_mul(3 * 24)?);
        latest?.checked_add(pause).ok()
    });
    facts.set("shop_count", shops);
    facts.set("total_shop_days", count);
    facts.set("shop_days", average);
    facts.set("average_shop_days", average);
    facts.set(
        "first_shop_days",
        since(joined, first).map(|days| days.max(0)),
    );
    facts.set("second_shop_date", second.map(|date| date.to_string()));
    facts.set("second_shop_days", since(first, second));
    facts.set("previous_shop_date", previous.map(|date| date.to_string()));
    facts.set("latest_shop_days", since(previous, latest));
    let spend = latest.and_then(|latest| days.get(&latest));
    facts.set("latest_shop_spend", spend.map(|spend| number(*spend)));
    facts.set("at_risk_date", risk.map(|date| date.to_string()));
    facts.set("dimension_frequency", frequency(shops, average));
}

/// How often: never, once, twice, or more often with more or less than 30 days between.
fn frequency(shops: usize, average: Option<i64>) -> &'static str {
    match shops {
        0 => "F0",
        1 => "F1",
        2 => "F2",
        _ if average.is_some_and(|average| average < 30) => "FH",
        _ => "FL",
    }
}

/// How long ago: within 3, 6 or 12 months, before, or never.
fn recency(now: Timestamp, last: Option<Timestamp>) -> &'static str {
    let Some(last) = last else {
        return "RO";
    };
    match now.duration_since(last).as_hours() / 24 {
        ..91 => "RC",
        91..183 => "RS",
        183..=365 => "RA",
        _ => "RI",
    }
}

/// How long a customer has been one: 90 days, a year, or so many years.
fn join(now: Timestamp, joined: Timestamp) -> String {
    match now.duration_since(joined).as_hours() / 24 {
        ..=90 => "JN".to_owned(),
        91..=365 => "JC".to_owned(),
        days => format!("J{}", (days - 1) / 365),
    }
}

/// The brands of the products that were bought.
fn brands(context: &Context<'_>, transactions: &[Record]) -> Result<Vec<String>, Refusal> {
    let mut brands = BTreeSet::new();
    for transaction in transactions {
        let id = transaction.text("id");
        for item in context.find("TransactionItem", &[("transaction_id", id.into())])? {
            let product = match item.text("product_id") {
                Some(product) => context.store().get("Product", &product)?,
                None => None,
            };
            brands.extend(product.and_then(|product| product.text("brand")));
        }
    }
    Ok(brands.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Sale, facts, join, recency};
    use crate::record::Record;

    fn sale(at: &str, total: &str, location: i64) -> Sale {
        Sale {
            at: at.parse().expect("a time"),
            total: total.parse().expect("an amount"),
            location: Some(location.into()),
        }
    }

    fn profile() -> Record {
        let profile = json!({ "joined_at": "2025-01-01 10:00:00" });
        profile.as_object().cloned().expect("a map")
    }

    #[test]
    fn spend_is_net_and_over_a_year_from_the_last_sale() {
        let sales = vec![
            sale("2024-01-10T10:00:00Z", "50.10", 1),
            sale("2025-06-01T10:00:00Z", "100", 2),
            sale("2025-06-01T15:00:00Z", "-30", 2),
        ];
        let now = "2026-08-01T00:00:00Z".parse().expect("a time");
        let facts = facts(now, &profile(), sales);
        assert_eq!(facts["spend_all"], json!(120.1));
        assert_eq!(facts["spend_12m"], 70);
        assert_eq!(facts["spend_12m_now"], 0);
        assert_eq!(facts["spend_atv_12m"], 35);
        assert_eq!(facts["shop_count"], 2);
        assert_eq!(facts["most_spend_location_id"], 2);
        assert_eq!(facts["dimension_frequency"], "F2");
        assert_eq!(facts["latest_shop_spend"], 70);
    }

    #[test]
    fn a_day_of_returns_alone_is_no_shop() {
        let sales = vec![sale("2025-06-01T10:00:00Z", "-30", 2)];
        let now = "2025-06-02T00:00:00Z".parse().expect("a time");
        let facts = facts(now, &profile(), sales);
        assert_eq!(facts["shop_count"], 0);
        assert_eq!(facts["total_shop_days"], 1);
        assert_eq!(facts["first_shop_days"], 151);
    }

    #[test]
    fn the_third_day_makes_a_habit() {
        let days = ["2026-01-01", "2026-01-16", "2026-01-31"];
        let sales = days.map(|day| sale(&format!("{day}T10:00:00Z"), "10", 1));
        let now = "2026-02-01T00:00:00Z".parse().expect("a time");
        let facts = facts(now, &profile(), sales.into());
        assert_eq!(facts["average_shop_days"], 10);
        assert_eq!(facts["at_risk_date"], "2026-03-02");
        assert_eq!(facts["second_shop_days"], 15);
        assert_eq!(facts["dimension_frequency"], "FH");
    }

    #[test]
    fn dimensions_are_as_published() {
        let now = "2026-01-01T00:00:00Z".parse().expect("a time");
        let ago = |text: &str| text.parse().expect("a time");
        assert_eq!(recency(now, None), "RO");
        assert_eq!(recency(now, Some(ago("2025-12-01T00:00:00Z"))), "RC");
        assert_eq!(recency(now, Some(ago("2025-08-01T00:00:00Z"))), "RS");
        assert_eq!(recency(now, Some(ago("2025-02-01T00:00:00Z"))), "RA");
        assert_eq!(recency(now, Some(ago("2024-02-01T00:00:00Z"))), "RI");
        assert_eq!(join(now, ago("2025-12-01T00:00:00Z")), "JN");
        assert_eq!(join(now, ago("2025-06-01T00:00:00Z")), "JC");
        assert_eq!(join(now, ago("2024-12-01T00:00:00Z")), "J1");
        assert_eq!(join(now, ago("2023-12-01T00:00:00Z")), "J2");
    }
}
