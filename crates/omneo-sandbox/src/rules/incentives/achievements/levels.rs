//! The levels of an achievement, and which of them a score reaches.

use serde_json::Value;

use crate::record::{Record, RecordExt};

/// A level, or one of the times that a repeating one comes again.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) id: Value,
    /// The score that it takes.
    pub(super) at: i64,
    /// Which time it is: 0 the first.
    pub(super) time: i64,
}

#[derive(Debug)]
struct Level {
    id: Value,
    trigger: i64,
    /// Every so many counts more it is reached again.
    interval: Option<i64>,
}

fn levels(definition: &Record) -> Vec<Level> {
    let levels = definition
        .list("levels")
        .iter()
        .filter_map(Value::as_object);
    let mut levels: Vec<_> = levels
        .map(|level| {
            let trigger = level.integer("trigger").unwrap_or(1).max(1);
            let repeats = level.flag("repeats") == Some(true);
            let interval = level.integer("repeat_interval").unwrap_or(trigger).max(1);
            Level {
                id: level.value("id"),
                trigger,
                interval: repeats.then_some(interval),
            }
        })
        .collect();
    levels.sort_by_key(|level| level.trigger);
    levels
}

/// The highest step that a score reaches.
pub(super) fn reached(definition: &Record, score: i64) -> Option<Step> {
    levels(definition)
        .into_iter()
        .filter(|level| level.trigger <= score)
        .map(|level| {
            let time = level
                .interval
                .map_or(0, |interval| (score - level.trigger) / interval);
            step(level, time)
        })
        .max_by_key(|step| step.at)
}

/// The lowest step that is above a score.
pub(super) fn next(definition: &Record, score: i64) -> Option<Step> {
    levels(definition)
        .into_iter()
        .filter_map(|level| match level.interval {
            _ if score < level.trigger => Some(step(level, 0)),
            Some(interval) => {
                let time = (score - level.trigger) / interval + 1;
                Some(step(level, time))
            }
            None => None,
        })
        .min_by_key(|step| step.at)
}

/// The steps above one score and up to another, in their order; not more than so many of one level.
pub(super) fn between(definition: &Record, after: i64, to: i64) -> Vec<Step> {
    const MOST: i64 = 1000;
    let mut steps: Vec<_> = levels(definition)
        .into_iter()
        .flat_map(|level| {
            let last = match level.interval {
                _ if to < level.trigger => -1,
                Some(interval) => (to - level.trigger) / interval,
                None => 0,
            };
            let first = match level.interval {
                _ if after < level.trigger => 0,
                Some(interval) => (after - level.trigger) / interval + 1,
                None => 1,
            };
            let last = last.min(first.saturating_add(MOST));
            (first..=last).map(move |time| Step {
                id: level.id.clone(),
                at: at(&level, time),
                time,
            })
        })
        .collect();
    steps.sort_by_key(|step| step.at);
    steps
}

fn step(level: Level, time: i64) -> Step {
    Step {
        at: at(&level, time),
        id: level.id,
        time,
    }
}

fn at(level: &Level, time: i64) -> i64 {
    let more = level.interval.unwrap_or(0).saturating_mul(time);
    level.trigger.saturating_add(more)
}

/// A level of a definition as it is defined.
pub(super) fn level<'d>(definition: &'d Record, id: &Value) -> Option<&'d Record> {
    let mut levels = definition
        .list("levels")
        .iter()
        .filter_map(Value::as_object);
    levels.find(|level| level.get("id") == Some(id))
}

/// Puts the definition's id into its levels.
pub(super) fn name_definition(definition: &mut Record) {
    let id = definition.value("id");
    if let Some(Value::Array(levels)) = definition.get_mut("levels") {
        for level in levels.iter_mut().filter_map(Value::as_object_mut) {
            level.set("achievement_definition_id", id.clone());
        }
    }
}

/// A progress with its levels, each as the time that it is meant: what it is displayed as and takes counts up as it repeats.
pub(super) fn nested(definition: &Record, mut progress: Record) -> Record {
    for which in ["current", "next", "prev"] {
        let id = progress.get(&format!("{which}_level_id")).cloned();
        let level = id.and_then(|id| level(definition, &id).cloned());
        let level = level.map(|mut level| {
            let time = progress.integer(&format!("_{which}_time")).unwrap_or(0);
            let display = level.integer("display_number").unwrap_or(0);
            let trigger = level.integer("trigger").unwrap_or(0);
            let interval = level.integer("repeat_interval").unwrap_or(trigger);
            level.set("computed_display_number", display.saturating_add(time));
            let computed = trigger.saturating_add(interval.saturating_mul(time));
            level.set("computed_trigger", computed);
            level
        });
        progress.set(&format!("{which}_level"), level);
    }
    progress
}
