//! Undoing a redemption: as if it had not been, or by issuing anew.

mod benefit;
mod given_back;
mod returned;
mod reversal;

use crate::answer::Refusal;
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::rules::{Family, Rule};

use super::redeem::Kind;

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "redemptions.reversal",
            fact: "A redemption is reversed within ten minutes [seen], once, and not after anything of it was returned [inferred]: what was taken is there again, unless it was deleted [inferred].",
            answer: reversal::answer,
        },
        Rule {
            operation: "redemptions.return",
            fact: "A return issues what was redeemed anew [seen], of the same definitions and up to what was redeemed and not yet given back; `strict` refuses more [inferred].",
            answer: returned::answer,
        },
        Rule {
            operation: "redemptions.benefit.return",
            fact: "A redeemed benefit is given back `count` times [seen], once unless told otherwise, to the benefit itself [inferred].",
            answer: benefit::answer,
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

/// The redemption that the path names, and the id of its profile.
///
/// # Errors
///
/// 404 if there is none; 422 for one that is a return or reversal itself, or was reversed.
fn redeemed(call: &Call<'_>) -> Result<(Record, String), Refusal> {
    let redemption = call.get("Redemption", call.param("redemption"))?;
    if redemption.text("type").as_deref() != Some(Kind::Redeem.name()) {
        return Err(refused("Only what was redeemed can be given back."));
    }
    if redemption.flag("_is_reversed") == Some(true) {
        return Err(refused("The redemption has already been reversed."));
    }
    let profile = redemption.text("profile_id").unwrap_or_default();
    Ok((redemption, profile))
}

fn refused(message: &str) -> Refusal {
    Refusal::invalid("redemption", message)
}

/// The items of a redemption, in their order.
fn items(call: &Call<'_>, redemption: &Record) -> Result<Vec<Record>, Refusal> {
    let of = redemption.value("id");
    call.find("RedemptionItem", &[("redemption_id", of)])
}
