//! Members that no two records of a kind share.

use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// A kind, the members that are unique together, and whether the members must be there to count.
const UNIQUE: [(&str, &[&str]); 18] = [
    ("AchievementDefinition", &["handle"]),
    ("BenefitDefinition", &["handle"]),
    ("Brand", &["handle"]),
    ("ConnectionDefinition", &["handle"]),
    ("CreditDefinition", &["handle"]),
    ("Currency", &["handle"]),
    ("Department", &["handle"]),
    ("Identity", &["identifier", "handle"]),
    ("ListDefinition", &["handle"]),
    ("Organisation", &["handle"]),
    ("PointDefinition", &["handle"]),
    ("RewardDefinition", &["handle"]),
    ("RoleDefinition", &["handle"]),
    ("Status", &["handle"]),
    ("System", &["handle"]),
    ("Tag", &["handle"]),
    ("TierDefinition", &["handle"]),
    ("Webhook", &["url", "trigger"]),
];

/// Refuses a record whose unique members are another's.
pub(crate) fn unique(
    context: &Context<'_>,
    kind: &str,
    old: Option<&Record>,
    new: &Record,
) -> Result<(), Refusal> {
    for (_, members) in UNIQUE.iter().filter(|(of, _)| *of == kind) {
        let equal: Option<Vec<(&str, Value)>> = members
            .iter()
            .map(|member| Some((*member, new.get(*member)?.clone())))
            .collect();
        let Some(equal) = equal.filter(|_| members.iter().all(|member| new.has(member))) else {
            continue;
        };
        let id = old.and_then(|old| old.text("id"));
        let others = context.find(kind, &equal)?;
        if others.iter().any(|other| other.text("id") != id) {
            let member = members[0];
            let message = format!("The {} has already been taken.", member.replace('_', " "));
            return Err(Refusal::invalid(member, message));
        }
    }
    Ok(())
}
