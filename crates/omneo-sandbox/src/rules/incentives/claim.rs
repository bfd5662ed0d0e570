//! Claiming: a customer takes a benefit.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::account::Cause;
use super::issue::benefits;
use super::{Incentive, lists, redeem, time, views};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::hooks;
use crate::record::{Record, RecordExt, text};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.benefits.claim",
            fact: "A benefit is claimed by its definition's handle, which must be claimable in a period around now by a profile that meets its claim_condition [seen], published, and claimed once by a profile unless it is reclaimable [inferred].",
            answer: |call| claim(call).map(Answer::One),
        },
        Rule {
            operation: "profiles.benefits.claim-redeem",
            fact: "A benefit is claimed and redeemed once, at once [sent].",
            answer: claim_and_redeem,
        },
        Rule {
            operation: "profiles.benefits.claimable",
            fact: "Claimable are the definitions that the profile could claim now [inferred].",
            answer: claimable,
        },
        Rule {
            operation: "profiles.benefits.viewable",
            fact: "Viewable are the published definitions that are claimable, now or at another time, and whose view_condition the profile meets [inferred].",
            answer: viewable,
        },
        Rule {
            operation: "profiles.redeemable_benefits",
            fact: "The benefits that can be redeemed now are listed by their expiry [inferred].",
            answer: redeemable,
        },
        Rule {
            operation: "profiles.benefits.index",
            fact: "A profile's benefits are listed, those alone whose definition has one of the tags if some are named [inferred].",
            answer: tagged,
        },
        Rule {
            operation: "benefits.count",
            fact: "All benefits are counted, and those that were redeemed [seen].",
            answer: count,
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

/// Whether a definition is one that customers may claim at all.
fn is_offered(definition: &Record) -> bool {
    definition.flag("is_claimable") == Some(true)
        && definition.flag("is_published") != Some(false)
        && definition.flag("is_archived") != Some(true)
}

/// Whether a profile meets a condition of a definition: JSON Logic over the profile as webhooks are told of it.
fn meets(
    context: &Context<'_>,
    profile: &str,
    definition: &Record,
    condition: &str,
) -> Result<bool, Refusal> {
    let Some(rule) = definition.map(condition).filter(|rule| !rule.is_empty()) else {
        return Ok(true);
    };
    let profile = context.get("Profile", profile)?;
    let told = hooks::context_of(context, "profile.updated", "Profile", &profile)?;
    Ok(hooks::holds(
        &Value::Object(rule.clone()),
        &told,
        "profile.updated",
    ))
}

fn is_in_period(definition: &Record, now: Timestamp) -> bool {
    definition
        .time("claim_period_start_at")
        .is_none_or(|start| start <= now)
        && definition
            .time("claim_period_end_at")
            .is_none_or(|end| now <= end)
}

/// Why a profile can't claim a benefit of a definition; none if it can.
fn obstacle(
    context: &Context<'_>,
    profile: &str,
    definition: &Record,
) -> Result<Option<&'static str>, Refusal> {
    if !is_offered(definition) {
        return Ok(Some("The benefit is not claimable."));
    }
    if !is_in_period(definition, context.now()) {
        return Ok(Some("The benefit can't be claimed at this time."));
    }
    if views::globally_left(definition) == Some(0) {
        return Ok(Some("The benefit has been used up."));
    }
    if !meets(context, profile, definition, "claim_condition")? {
        return Ok(Some(
            "The profile does not meet the condition of the benefit.",
        ));
    }
    if definition.flag("is_reclaimable") == Some(true) {
        return Ok(None);
    }
    let had = [
        ("benefit_definition_id", definition.value("id")),
        ("profile_id", profile.into()),
    ];
    let had = context.find("Benefit", &had)?;
    let is_claimed = had.iter().any(|benefit| benefit.has("claimed_at"));
    Ok(is_claimed.then_some("The benefit has already been claimed."))
}

fn claim(call: &mut Call<'_>) -> Result<Record, Refusal> {
    let profile = call.profile_id()?;
    let handle = call.body.text("definition").unwrap_or_default();
    let definition = call
        .first("BenefitDefinition", &[("handle", handle.into())])?
        .ok_or_else(|| Refusal::unknown("definition"))?;
    if let Some(obstacle) = obstacle(call, &profile, &definition)? {
        return Err(Refusal::invalid("definition", obstacle));
    }
    let zone = time::zone(&call.body)?;
    let mut body = Record::new();
    body.set("profile_id", profile);
    body.copy(&call.body, &["timezone", "external_id", "meta"]);
    let claimed = time::write(zone.to_datetime(call.now()));
    body.set("claimed_at", claimed);
    let most = definition.integer("max_redemptions").unwrap_or(1);
    benefits::issue_of(call, &body, &definition, most, Cause::Issued)
}

fn claim_and_redeem(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let benefit = claim(call)?;
    redeem::redeem_benefit(call, &benefit, 1, &Record::new()).map(Answer::One)
}

fn claimable(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let mut definitions = Vec::new();
    for definition in call.find("BenefitDefinition", &[])? {
        if obstacle(call, &profile, &definition)?.is_none() {
            definitions.push(definition);
        }
    }
    Ok(Answer::Many(definitions))
}

fn viewable(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let mut definitions = Vec::new();
    for definition in call.find("BenefitDefinition", &[])? {
        if is_offered(&definition) && meets(call, &profile, &definition, "view_condition")? {
            definitions.push(definition);
        }
    }
    Ok(Answer::Many(definitions))
}

fn redeemable(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let mut benefits = Vec::new();
    for benefit in lists::spendable(call, Incentive::Benefit, &profile)? {
        let definition = match benefit.text("benefit_definition_id") {
            Some(id) => call.store().get("BenefitDefinition", &id)?,
            None => None,
        };
        if views::is_redeemable(&benefit, definition.as_ref(), call.now()) {
            benefits.push(benefit);
        }
    }
    Ok(Answer::Many(benefits))
}

fn tagged(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let tags: Vec<_> = match call.query.get(&["tags"]) {
        Some(Value::Array(tags)) => tags.iter().filter_map(text).collect(),
        Some(Value::Object(tags)) => tags.values().filter_map(text).collect(),
        Some(tag) => text(tag).into_iter().collect(),
        None => Vec::new(),
    };
    if tags.is_empty() {
        return call.list("Benefit", &[("profile_id", profile.into())]);
    }
    let mut benefits = Vec::new();
    for benefit in call.find("Benefit", &[("profile_id", profile.into())])? {
        let id = benefit.text("benefit_definition_id").unwrap_or_default();
        let definition = call.store().get("BenefitDefinition", &id)?;
        let definition = definition.unwrap_or_default();
        let mut own = definition.list("tags").iter().filter_map(text);
        if own.any(|tag| tags.contains(&tag)) {
            benefits.push(benefit);
        }
    }
    Ok(Answer::Many(benefits))
}

fn count(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let all = call.store().count("Benefit", &[])?;
    let redeemed = call
        .store()
        .count("Benefit", &[("_is_redeemed", &true.into())])?;
    Ok(Answer::Data(
        json!({ "countAll": all, "countRedeemed": redeemed }),
    ))
}
