//! Issuing: from a definition to an instance of a profile.

pub(crate) mod benefits;
pub(crate) mod credits;
pub(crate) mod points;
pub(crate) mod rewards;
pub(crate) mod tier_points;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Incentive, time, value};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "rewards.store",
            fact: "A reward is issued from a definition named by id or handle, with its value and period unless told otherwise; its times are read in `timezone` and kept in UTC [sent].",
            answer: |call| one(call, rewards::issue),
        },
        Rule {
            operation: "profiles.rewards.store",
            fact: "A reward issued under a profile is that profile's, whatever the body says [inferred].",
            answer: rewards::scoped,
        },
        Rule {
            operation: "benefits.store",
            fact: "A benefit is issued from a definition named by id, its times are kept as they are sent [sent]; `issued_at: null` is now, in its zone [inferred].",
            answer: |call| one(call, benefits::issue),
        },
        Rule {
            operation: "points.store",
            fact: "Points are issued from a definition named by id, at `issued_at` or `accrued_at` [seen]; those that are only accrued can be spent after the definition's issue period [inferred].",
            answer: |call| one(call, points::issue),
        },
        Rule {
            operation: "credits.store",
            fact: "A credit is issued from a definition named by id or handle, with or without a profile [sent]; its number and code are made if they are wanted and not given [inferred].",
            answer: |call| one(call, credits::issue),
        },
        Rule {
            operation: "profiles.credits.store",
            fact: "A profile is credited with an amount of a definition that its type names, by handle or type, or of none [inferred].",
            answer: credits::scoped,
        },
        Rule {
            operation: "tiers.points.store",
            fact: "Tier points are issued from a point definition named by id, at `issued_at` or `accrued_at` [seen].",
            answer: |call| one(call, tier_points::issue),
        },
        Rule {
            operation: "tiers.points.update",
            fact: "Tier points can be edited [seen]: their value, times, source and meta [inferred].",
            answer: tier_points::edit,
        },
    ],
    changes: &[tier_points::CHANGE],
    views: &[],
    work: &[],
};

fn one(
    call: &mut Call<'_>,
    issue: fn(&mut Context<'_>, &Record) -> Result<Record, Refusal>,
) -> Result<Answer, Refusal> {
    let body = call.body.clone();
    issue(call, &body).map(Answer::One)
}

/// Where a body names a definition.
struct Names {
    kind: &'static str,
    id: &'static str,
    /// `None` where the id alone is taken.
    handle: Option<&'static str>,
}

impl Names {
    fn of(incentive: Incentive) -> Self {
        Self {
            kind: incentive.definition(),
            id: incentive.definition_id(),
            handle: Some(incentive.definition_handle()),
        }
    }

    /// The definition that a body names: by its id, or else by its handle.
    ///
    /// # Errors
    ///
    /// 422 if it names none, or there is no such definition.
    fn find(&self, context: &Context<'_>, body: &Record) -> Result<Record, Refusal> {
        if let Some(id) = body.text(self.id) {
            let found = context.store().get(self.kind, &id)?;
            return found.ok_or_else(|| Refusal::unknown(self.id));
        }
        let field = self.id.replace('_', " ");
        let Some(handle) = self.handle else {
            let message = format!("The {field} field is required.");
            return Err(Refusal::invalid(self.id, message));
        };
        match body.text(handle) {
            Some(name) => context
                .first(self.kind, &[("handle", name.into())])?
                .ok_or_else(|| Refusal::unknown(handle)),
            None => {
                let message = format!(
                    "The {field} field is required when {} is not present.",
                    handle.replace('_', " ")
                );
                Err(Refusal::invalid(self.id, message))
            }
        }
    }
}

/// The id of the profile that a body names.
///
/// # Errors
///
/// 422 if it names none, or there is no such profile.
pub(super) fn owner(context: &Context<'_>, body: &Record) -> Result<Value, Refusal> {
    let profile = context.profile_of(body)?;
    let profile = profile
        .ok_or_else(|| Refusal::invalid("profile_id", "The profile id field is required."))?;
    Ok(profile.value("id"))
}

/// Sets what is given of a value, and what is left of it: all, unless told otherwise.
///
/// # Errors
///
/// 422 for a value above the definition's highest, or more left than there was.
fn set_value(
    instance: &mut Record,
    body: &Record,
    definition: Option<&Record>,
) -> Result<(), Refusal> {
    let usual = definition.map(|definition| value::given(definition, "value"));
    let initial = match value::given(body, "value_initial")? {
        Some(initial) => initial,
        None => usual.transpose()?.flatten().unwrap_or_default(),
    };
    let most = definition.and_then(|definition| definition.amount("max_value"));
    if let Some(most) = most.filter(|most| initial > *most) {
        let message = format!("The value initial may not be greater than {most}.");
        return Err(Refusal::invalid("value_initial", message));
    }
    let remaining = value::given(body, "value_remaining")?.unwrap_or(initial);
    check_left(initial, remaining)?;
    instance.set("value_initial", number(initial));
    instance.set("value_remaining", number(remaining));
    Ok(())
}

/// Refuses more left than there was.
pub(super) fn check_left(initial: Decimal, remaining: Decimal) -> Result<(), Refusal> {
    if remaining <= initial {
        return Ok(());
    }
    let message = format!("The value remaining may not be greater than {initial}.");
    Err(Refusal::invalid("value_remaining", message))
}

/// Now, in a zone, in whole seconds.
fn now(context: &Context<'_>, zone: &TimeZone) -> DateTime {
    let now = zone.to_datetime(context.now());
    now.with().subsec_nanosecond(0).build().unwrap_or(now)
}

/// The time of a zone in UTC, as it is kept.
///
/// # Errors
///
/// 422 if it is beyond the calendar.
pub(super) fn utc(at: DateTime, zone: &TimeZone, member: &str) -> Result<String, Refusal> {
    time::moment(at, zone)
        .map(crate::record::stamp)
        .ok_or_else(|| time::not_a_date(member))
}
