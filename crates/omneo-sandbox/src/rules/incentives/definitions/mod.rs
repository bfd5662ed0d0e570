//! The definitions of the six families.

mod defined;
mod levels;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;
use crate::rules::changes::{ALL, tell};
use crate::rules::{Change, Family, Rule};

use defined::{ACHIEVEMENT, BENEFIT, CREDIT, POINT, REWARD, TIER, before};

/// The completing and checking of a kind of definition.
macro_rules! defined {
    ($kind:literal, $fact:literal, $defined:ident) => {
        Change {
            kind: $kind,
            fact: $fact,
            before: Some(|context, old, new| before(context, $kind, &$defined, old, new)),
            after: None,
        }
    };
}

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "benefits.definitions.handle",
            fact: "A benefit definition is read by its handle [seen].",
            answer: by_handle,
        },
        Rule {
            operation: "benefits.definitions.clone",
            fact: "A copy of a benefit definition has a handle of its own, and a name if one is given [seen]; its counts start anew [inferred].",
            answer: clone,
        },
        Rule {
            operation: "tiers.definitions.destroy",
            fact: "Deleting a tier definition that a profile's tier names makes the server fail [sent].",
            answer: delete_tier,
        },
    ],
    changes: &[
        defined!(
            "RewardDefinition",
            "A reward definition's handle never changes [seen]; it is published and counts its period in days unless told otherwise [inferred].",
            REWARD
        ),
        defined!(
            "BenefitDefinition",
            "A benefit definition's handle never changes [seen]; a benefit of it is redeemed once, it is published and counts its period in days unless told otherwise [inferred].",
            BENEFIT
        ),
        defined!(
            "PointDefinition",
            "A point definition's handle never changes [seen].",
            POINT
        ),
        defined!(
            "CreditDefinition",
            "A credit definition's handle never changes [seen]; it is published unless told otherwise [inferred].",
            CREDIT
        ),
        defined!(
            "TierDefinition",
            "A tier definition's handle never changes [seen]; one that starts at 0 is the floor unless told otherwise [inferred].",
            TIER
        ),
        defined!(
            "AchievementDefinition",
            "An achievement definition's handle never changes [seen], its levels have ids and their definition's id [seen], and it is published unless told otherwise [inferred].",
            ACHIEVEMENT
        ),
        Change {
            kind: "BenefitDefinition",
            fact: "A benefit definition's change tells benefit-definition.created, .updated or .deleted [seen].",
            before: None,
            after: Some(|context, old, new| {
                tell(
                    context,
                    "benefit-definition",
                    ALL,
                    "BenefitDefinition",
                    old,
                    new,
                )
            }),
        },
    ],
    views: &[],
    work: &[],
};

fn by_handle(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let handle = call.param("handle").to_owned();
    call.first("BenefitDefinition", &[("handle", handle.into())])?
        .map(Answer::One)
        .ok_or(Refusal::NotFound)
}

fn clone(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut copy = call.get("BenefitDefinition", call.param("definition"))?;
    for own in [
        "id",
        "created_at",
        "updated_at",
        "total_global_redemptions",
        "total_global_created",
        "total_allocations",
        "total_allocations_remaining",
    ] {
        copy.remove(own);
    }
    for member in ["handle", "name"] {
        if call.body.has(member) {
            copy.set(member, call.body.get(member).cloned());
        }
    }
    call.create("BenefitDefinition", copy).map(Answer::One)
}

fn delete_tier(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let definition = call.get("TierDefinition", call.param("definition"))?;
    let id = definition.value("id");
    for member in ["current_tier_id", "next_tier_id", "prev_tier_id"] {
        if call
            .first("TierProgress", &[(member, id.clone())])?
            .is_some()
        {
            return Err(Refusal::Status(500, "Server Error".to_owned()));
        }
    }
    call.delete("TierDefinition", &definition)?;
    Ok(Answer::Empty)
}
