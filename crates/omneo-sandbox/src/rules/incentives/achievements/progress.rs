//! A profile's progress in an achievement.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{WORK, cycle, levels, unlock};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, stamp};

/// The kind of a profile's progress in one achievement.
const KIND: &str = "AchievementProgress";

fn stored(
    context: &Context<'_>,
    profile: &str,
    definition: &Record,
) -> Result<Option<Record>, Refusal> {
    let of = [
        ("profile_id", profile.into()),
        ("definition_id", definition.value("id")),
    ];
    context.first(KIND, &of)
}

/// Brings a progress up to date with the clock; none if nothing was counted yet.
pub(super) fn refresh(
    context: &mut Context<'_>,
    profile: &str,
    definition: &Record,
) -> Result<Option<Record>, Refusal> {
    match stored(context, profile, definition)? {
        Some(old) => bring(context, profile, definition, old, false).map(Some),
        None => Ok(None),
    }
}

/// Brings a progress up to date with an event that was counted.
pub(super) fn counted(
    context: &mut Context<'_>,
    profile: &str,
    definition: &Record,
) -> Result<(), Refusal> {
    let old = match stored(context, profile, definition)? {
        Some(old) => old,
        None => {
            let mut begun = Record::new();
            begun.set("profile_id", profile);
            begun.set("definition_id", definition.value("id"));
            context.create(KIND, begun)?
        }
    };
    bring(context, profile, definition, old, true).map(|_| ())
}

/// What the counts of a profile come to now.
struct Score {
    all: i64,
    /// In this cycle; it is what reaches levels.
    cycle: i64,
    /// When this changes by the clock.
    turns_at: Option<Timestamp>,
}

fn score(
    context: &Context<'_>,
    profile: &str,
    definition: &Record,
    since: Timestamp,
) -> Result<Score, Refusal> {
    let now = context.now();
    let begins = cycle::begins(definition, since, now);
    let of = [
        ("profile_id", profile.into()),
        ("achievement_definition_id", definition.value("id")),
    ];
    let mut score = Score {
        all: 0,
        cycle: 0,
        turns_at: begins.and_then(|begins| cycle::ends(definition, since, begins)),
    };
    for point in context.find("AchievementPoint", &of)? {
        let issued = point.time("issued_at").unwrap_or(Timestamp::MIN);
        let expires = point.time("expires_at");
        for turn in [Some(issued), expires].into_iter().flatten() {
            if turn > now && score.turns_at.is_none_or(|turns| turn < turns) {
                score.turns_at = Some(turn);
            }
        }
        if issued > now || expires.is_some_and(|expires| expires <= now) {
            continue;
        }
        let count = point.integer("count").unwrap_or(0);
        score.all = score.all.saturating_add(count);
        if begins.is_none_or(|begins| begins <= issued) {
            score.cycle = score.cycle.saturating_add(count);
        }
    }
    Ok(score)
}

fn bring(
    context: &mut Context<'_>,
    profile: &str,
    definition: &Record,
    old: Record,
    is_counted: bool,
) -> Result<Record, Refusal> {
    let now = context.now();
    let since = old.time("created_at").unwrap_or(now);
    let score = score(context, profile, definition, since)?;
    let before = old.integer("current_cycle_score").unwrap_or(0);
    // In a new cycle every level is there to be reached again.
    let begins = cycle::begins(definition, since, now).map(stamp);
    let is_new_cycle = old.has("_cycle") && old.text("_cycle") != begins;
    let from = if is_new_cycle { 0 } else { before };

    let reached = levels::reached(definition, score.cycle);
    let next = levels::next(definition, score.cycle);
    let at = |step: &Option<levels::Step>| step.as_ref().map_or(0, |step| step.at);
    let mut new = old.clone();
    let was = step_of(&old, "current");
    if was != step(reached.as_ref()) {
        set_step(&mut new, "prev", was.clone());
    }
    set_step(&mut new, "current", step(reached.as_ref()));
    set_step(&mut new, "next", step(next.as_ref()));
    let remain = next.as_ref().map(|next| next.at - score.cycle);
    new.set("next_level_remain", remain);
    new.set("current_remain", remain.unwrap_or(0));
    new.set("current_score", score.all);
    new.set("current_cycle_score", score.cycle);
    new.set("used_score", at(&reached));
    new.set("current_credit", score.cycle - at(&reached));
    new.set("prev_credit", old.integer("current_credit").unwrap_or(0));
    new.set("_cycle", begins);
    let ends = score.turns_at;
    let annual = definition.flag("enable_annual_earn_cycle") == Some(true);
    new.set("anniversary_at", ends.filter(|_| annual).map(stamp));
    let is_risen = at(&reached) > old.integer("used_score").unwrap_or(0) || is_new_cycle;
    if reached.is_some() && is_risen {
        new.set("achieved_at", context.stamp());
    }
    if let Some(turn) = score
        .turns_at
        .filter(|turn| old.time("_work_at") != Some(*turn))
    {
        new.set("_work_at", stamp(turn));
        let id = definition.text("id").unwrap_or_default();
        let what = json!({ "profile_id": profile, "definition_id": id });
        context.later(WORK, turn.duration_since(now), what)?;
    }
    let unchanged = [
        "_cycle",
        "_work_at",
        "current_score",
        "current_cycle_score",
        "used_score",
    ];
    if !is_counted
        && unchanged
            .iter()
            .all(|member| old.get(*member) == new.get(*member))
    {
        return Ok(old);
    }
    let mut new = context.update(KIND, &old, new)?;
    let tell = |context: &Context<'_>, trigger: &str, progress: &Record| {
        context.event(trigger, KIND, progress)
    };
    if was.0 != Value::Null && at(&reached) < old.integer("used_score").unwrap_or(0) {
        tell(context, "achievement.lost", &new)?;
    }
    if is_counted {
        tell(context, "achievement.progressed", &new)?;
    }
    let steps = levels::between(definition, from, score.cycle);
    for step in &steps {
        tell(context, "achievement.unlocked", &new)?;
        new = unlock::give(context, profile, definition, new, step)?;
    }
    Ok(new)
}

type Which = (Value, i64);

fn step(step: Option<&levels::Step>) -> Which {
    step.map_or((Value::Null, 0), |step| (step.id.clone(), step.time))
}

fn step_of(progress: &Record, which: &str) -> Which {
    let id = progress.get(&format!("{which}_level_id")).cloned();
    let time = progress.integer(&format!("_{which}_time")).unwrap_or(0);
    (id.unwrap_or(Value::Null), time)
}

fn set_step(progress: &mut Record, which: &str, (id, time): Which) {
    progress.set(&format!("{which}_level_id"), id);
    progress.set(&format!("_{which}_time"), time);
}

pub(super) fn keep(
    context: &mut Context<'_>,
    old: &Record,
    new: Record,
) -> Result<Record, Refusal> {
    context.update(KIND, old, new)
}
