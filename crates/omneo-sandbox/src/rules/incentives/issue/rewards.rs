//! Issuing rewards.

use super::{Incentive, Names, now, owner, set_value, time, utc};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::incentives::account::Cause;
use crate::rules::incentives::allocations;

/// Issues a reward to the profile that the body names: the body of `POST /v3/rewards`, or an item of a batch.
///
/// # Errors
///
/// 422 for an unknown profile, definition or zone, and a value or time that can't be.
pub(crate) fn issue(context: &mut Context<'_>, body: &Record) -> Result<Record, Refusal> {
    issue_for(context, body, Cause::Issued)
}

/// Issues a reward for another cause than that it is wanted.
pub(in crate::rules::incentives) fn issue_for(
    context: &mut Context<'_>,
    body: &Record,
    cause: Cause,
) -> Result<Record, Refusal> {
    let definition = Names::of(Incentive::Reward).find(context, body)?;
    let zone = time::zone(body)?;
    let issued = time::given(body, "issued_at", &zone)?;
    let issued = issued.unwrap_or_else(|| now(context, &zone));
    let expires = match time::given(body, "expires_at", &zone)? {
        Some(expires) => Some(expires),
        None => time::EXPIRY.end(&definition, issued)?,
    };
    let mut reward = Record::new();
    reward.set("profile_id", owner(context, body)?);
    reward.set("reward_definition_id", definition.value("id"));
    set_value(&mut reward, body, Some(&definition))?;
    reward.set("issued_at", utc(issued, &zone, "issued_at")?);
    let expires = expires.map(|expires| utc(expires, &zone, "expires_at"));
    reward.set("expires_at", expires.transpose()?);
    reward.copy(
        body,
        &[
            "timezone",
            "external_id",
            "meta",
            "source_id",
            "source_type",
        ],
    );
    for sent in [
        "has_notified_issue",
        "has_notified_expiry",
        "has_notified_extend",
    ] {
        reward.set(sent, false);
    }
    cause.note(&mut reward);
    let reward = context.create("Reward", reward)?;
    allocations::hand_out(context, Incentive::Reward, reward, &definition)
}

/// Issues a reward to the profile of the path.
pub(super) fn scoped(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let mut body = call.body.clone();
    body.set("profile_id", profile);
    body.remove("profile_id_handle");
    issue(call, &body).map(Answer::One)
}
