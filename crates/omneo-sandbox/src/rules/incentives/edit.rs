//! Editing instances.

use serde_json::Value;

use super::issue::credits::TIMES;
use super::issue::{check_left, utc};
use super::{Incentive, time, value};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt, number};
use crate::rules::{Family, Rule};

/// The editing of a family, at one of its doors.
macro_rules! edited {
    ($operation:literal, $incentive:ident, $parameter:literal, $fact:literal) => {
        Rule {
            operation: $operation,
            fact: $fact,
            answer: |call| edit(call, Incentive::$incentive, $parameter),
        }
    };
}

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        edited!(
            "rewards.update",
            Reward,
            "reward",
            "A reward's values, expiry and meta are edited [seen]; the expiry is read in the reward's own zone [inferred]."
        ),
        edited!(
            "profiles.rewards.update",
            Reward,
            "reward",
            "A profile's reward is edited as a reward is [inferred]."
        ),
        edited!(
            "benefits.update",
            Benefit,
            "benefit",
            "A benefit's expiry is kept as it is sent, a date as its midnight [sent]."
        ),
        edited!(
            "profiles.benefits.update",
            Benefit,
            "benefit",
            "A profile's benefit is edited as a benefit is [seen]."
        ),
        edited!(
            "credits.update",
            Credit,
            "credit",
            "A credit's times are kept as they are sent, and it may be given to another profile [inferred]."
        ),
        edited!(
            "profiles.credits.update",
            Credit,
            "credit",
            "A credit that is void counts for nothing [inferred]."
        ),
    ],
    changes: &[],
    views: &[],
    work: &[],
};

/// Edits the instance that the path names.
fn edit(call: &mut Call<'_>, incentive: Incentive, parameter: &str) -> Result<Answer, Refusal> {
    let is_scoped = call.operation.parameters.iter().any(|one| one == "profile");
    let old = if is_scoped {
        let profile = call.profile_id()?;
        call.owned(incentive.kind(), parameter, &profile)?
    } else {
        call.get(incentive.kind(), call.param(parameter))?
    };
    let members = call.operation.body.as_ref().map(|body| &body.members);
    let mut new = old.clone();
    for member in members.into_iter().flatten() {
        if let Some(given) = call.body.get(member) {
            let given = read(call, incentive, &old, member, given)?;
            new.set(member, given);
        }
    }
    if new.get("value_initial") != old.get("value_initial")
        || new.get("value_remaining") != old.get("value_remaining")
    {
        check_left(
            new.amount("value_initial").unwrap_or_default(),
            new.amount("value_remaining").unwrap_or_default(),
        )?;
    }
    call.update(incentive.kind(), &old, new).map(Answer::One)
}

/// A member as it is kept.
fn read(
    call: &Call<'_>,
    incentive: Incentive,
    old: &Record,
    member: &str,
    given: &Value,
) -> Result<Value, Refusal> {
    let is_worth = ["value", "value_initial", "value_remaining"].contains(&member);
    if is_worth {
        let value = value::given(&call.body, member)?;
        // What is null stays as it was, but a benefit may have no value.
        let kept = || old.value(member);
        return Ok(match value {
            Some(value) => number(value),
            None if member == "value" => Value::Null,
            None => kept(),
        });
    }
    if TIMES.contains(&member) {
        let zone = time::zone_of(old);
        let at = time::given(&call.body, member, &zone)?;
        return Ok(match at {
            None => Value::Null,
            Some(at) if incentive == Incentive::Reward => utc(at, &zone, member)?.into(),
            Some(at) => time::write(at).into(),
        });
    }
    if member == "profile_id" {
        let owner = call.profile_of(&call.body)?;
        return Ok(owner
            .as_ref()
            .map(|record| record.value("id"))
            .unwrap_or_default());
    }
    Ok(given.clone())
}
