//! Notifications of rewards and benefits.

use super::Incentive;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "rewards.trigger-target",
            fact: "A reward's notification of its issue, expiry or extension is sent, again each time [seen]; the reward shows that it was [inferred].",
            answer: |call| notify(call, Incentive::Reward, "reward"),
        },
        Rule {
            operation: "benefits.trigger-target",
            fact: "A benefit's notification of its issue, expiry or extension is sent, again each time [seen].",
            answer: |call| notify(call, Incentive::Benefit, "benefit"),
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

const TYPES: [&str; 3] = ["issue", "expiry", "extend"];

fn notify(call: &mut Call<'_>, incentive: Incentive, parameter: &str) -> Result<Answer, Refusal> {
    let mut record = call.get(incentive.kind(), call.param(parameter))?;
    let kind = call.param("type");
    if !TYPES.contains(&kind) {
        return Err(Refusal::NotFound);
    }
    if incentive == Incentive::Reward {
        let member = format!("has_notified_{kind}");
        record.set(&member, true);
        // Nothing of the reward itself has changed, so no event tells of it.
        call.store().put(incentive.kind(), &record)?;
    }
    Ok(Answer::Empty)
}
