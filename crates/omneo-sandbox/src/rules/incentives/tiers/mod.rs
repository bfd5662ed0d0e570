//! Tiers: what a profile's tier points make of it.

mod ladder;
mod progress;
mod sources;
mod standing;

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Change, Family, Rule, View, Work};

use ladder::Ladder;

/// The work of doing what the clock brings to a tier.
const WORK: &str = "incentives.tier";

/// The kind of what a profile has of the tiers.
const KIND: &str = "TierProgress";

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.tiers.index",
            fact: "A profile's tier is read with its progress [sent], up to date by the clock; there is none before the first tier is reached, assigned or a floor is defined [inferred].",
            answer: show,
        },
        Rule {
            operation: "profiles.tiers.calculate",
            fact: "A tier is calculated anew [seen]; for a profile without one the server fails [seen].",
            answer: calculate,
        },
        Rule {
            operation: "profiles.tiers.assign",
            fact: "A tier is assigned by its handle and stays until the anniversary, whatever the points [inferred]; `assigned_at` is set by that alone [seen].",
            answer: assign,
        },
        Rule {
            operation: "profiles.tiers.points.by-source",
            fact: "Tier points are found by the benefit, transaction or item that they come from, by its id, external id or receipt [seen].",
            answer: sources::answer,
        },
    ],
    changes: &[Change {
        kind: "Profile",
        fact: "A new profile starts on the floor tier, if one is defined [inferred].",
        before: None,
        after: Some(|context, old, new| match (old, new) {
            (None, Some(profile)) => start(context, profile),
            _ => Ok(()),
        }),
    }],
    views: &[
        View {
            kind: "Profile",
            fact: "A profile shows its tier and the tier's handle [sent].",
            complete: show_in_profile,
        },
        View {
            kind: "TierPoint",
            fact: "Tier points are pending until they are issued, then active [inferred].",
            complete: |context, point| {
                let is_active = point
                    .time("issued_at")
                    .is_none_or(|issued| issued <= context.now());
                point.set("status", if is_active { "active" } else { "pending" });
                Ok(())
            },
        },
    ],
    work: &[Work {
        name: WORK,
        run: |context, what| match what.get("profile_id").and_then(Value::as_str) {
            Some(profile) => refresh(context, profile).map(|_| ()),
            None => Ok(()),
        },
    }],
};

fn stored(context: &Context<'_>, profile: &str) -> Result<Option<Record>, Refusal> {
    context.first(KIND, &[("profile_id", profile.into())])
}

/// A new profile is on the floor.
fn start(context: &mut Context<'_>, profile: &Record) -> Result<(), Refusal> {
    let ladder = Ladder::read(context)?;
    if let (Some(floor), Some(id)) = (ladder.floor(), profile.text("id")) {
        let begun = standing::begin(context, &id, floor);
        context.create(KIND, begun)?;
        refresh(context, &id)?;
    }
    Ok(())
}

/// Does what tier points that came, changed or went bring.
pub(super) fn points_changed(context: &mut Context<'_>, profile: &str) -> Result<(), Refusal> {
    if stored(context, profile)?.is_none() {
        let ladder = Ladder::read(context)?;
        let Some(lowest) = ladder.lowest() else {
            return Ok(());
        };
        let begun = standing::begin(context, profile, lowest);
        if lowest.is_floor {
            context.create(KIND, begun)?;
        } else {
            // There is no tier before the first is reached.
            let points = progress::Points::read(context, profile)?;
            let total = points.total(context.now());
            if total < lowest.from {
                return Ok(());
            }
            let begun = context.create(KIND, begun)?;
            standing::tell(context, "tier.achieved", &begun)?;
        }
    }
    let before = stored(context, profile)?;
    let after = refresh(context, profile)?;
    if let (Some(before), Some(after)) = (before, after) {
        let is_same_tier = before.get("current_tier_id") == after.get("current_tier_id");
        let is_moved = before.get("total_points_12m") != after.get("total_points_12m");
        if is_same_tier && is_moved {
            standing::tell(context, "tier.progressed", &after)?;
        }
    }
    Ok(())
}

/// A profile's tier, as points and the clock have made it; none if it has none.
fn refresh(context: &mut Context<'_>, profile: &str) -> Result<Option<Record>, Refusal> {
    let Some(old) = stored(context, profile)? else {
        return Ok(None);
    };
    let ladder = Ladder::read(context)?;
    let points = progress::Points::read(context, profile)?;
    let new = standing::advance(context, &ladder, &points, old.clone())?;
    let mut new = progress::show(context.now(), &ladder, &points, new);
    progress::expect(context, &points, profile, &mut new)?;
    // Only what was seen and when is not worth a change.
    let seen = new.insert("_seen_at".to_owned(), old.value("_seen_at"));
    if new == old {
        return Ok(Some(old));
    }
    new.set("_seen_at", seen);
    context.update(KIND, &old, new).map(Some)
}

fn show(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    refresh(call, &profile)?
        .map(Answer::One)
        .ok_or(Refusal::NotFound)
}

fn calculate(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    refresh(call, &profile)?
        .map(Answer::One)
        .ok_or_else(|| Refusal::Status(500, "Server Error".to_owned()))
}

fn assign(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let handle = call.body.text("tier").unwrap_or_default();
    let definition = call
        .first("TierDefinition", &[("handle", handle.into())])?
        .ok_or_else(|| Refusal::unknown("tier"))?;
    if definition.flag("is_assignable") != Some(true) {
        return Err(Refusal::invalid("tier", "The tier is not assignable."));
    }
    refresh(call, &profile)?;
    let ladder = Ladder::read(call)?;
    let Some(rung) = ladder.rung(&definition.value("id")) else {
        return Err(Refusal::unknown("tier"));
    };
    let old = match stored(call, &profile)? {
        Some(old) => old,
        None => {
            let begun = standing::begin(call, &profile, rung);
            call.create(KIND, begun)?
        }
    };
    let was = ladder.rung(&owned_tier(&old)).map(|rung| rung.from);
    let mut new = old.clone();
    standing::enter(call.now(), &mut new, rung, rust_decimal::Decimal::ZERO);
    new.set("assigned_at", call.stamp());
    let new = call.update(KIND, &old, new)?;
    let trigger = match was {
        Some(was) if was > rung.from => "tier.lost",
        _ => "tier.achieved",
    };
    standing::tell(call, trigger, &new)?;
    refresh(call, &profile)?
        .map(Answer::One)
        .ok_or(Refusal::NotFound)
}

fn owned_tier(progress: &Record) -> Value {
    progress.value("current_tier_id")
}

fn show_in_profile(context: &Context<'_>, profile: &mut Record) -> Result<(), Refusal> {
    let id = profile.text("id").unwrap_or_default();
    let progress = stored(context, &id)?;
    let definition = match progress
        .as_ref()
        .and_then(|one| one.text("current_tier_id"))
    {
        Some(tier) => context.store().get("TierDefinition", &tier)?,
        None => None,
    };
    let (Some(progress), Some(definition)) = (progress, definition) else {
        profile.set("tier", Value::Null);
        profile.set("tier_handle", Value::Null);
        return Ok(());
    };
    let mut tier = Record::new();
    for member in [
        "id",
        "profile_id",
        "anniversary_at",
        "maintained_at",
        "assigned_at",
        "achieved_at",
    ] {
        tier.set(member, progress.get(member).cloned());
    }
    for member in ["name", "handle"] {
        tier.set(member, definition.get(member).cloned());
    }
    profile.set("tier", tier);
    profile.set("tier_handle", definition.get("handle").cloned());
    Ok(())
}
