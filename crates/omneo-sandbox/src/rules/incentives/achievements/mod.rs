//! Achievements: counted events, and the levels that they reach.

mod cycle;
mod levels;
mod progress;
mod unlock;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::issue::utc;
use super::{time, value};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Family, Rule, View, Work};

/// The work of noticing that counts expired or a cycle began.
const WORK: &str = "incentives.achievement";

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.achievements.store",
            fact: "A count of an achievement is answered with the counted event [seen]; it reaches levels, which unlock the rewards and benefits that their meta names [inferred].",
            answer: store,
        },
        Rule {
            operation: "profiles.achievements.index",
            fact: "A profile's achievements are all that are published, each with the profile's progress, [] for none [sent].",
            answer: index,
        },
        Rule {
            operation: "profiles.achievements.achievement-points",
            fact: "The counted events of one achievement are listed [seen].",
            answer: points,
        },
    ],
    changes: &[],
    views: &[View {
        kind: "AchievementDefinition",
        fact: "A level tells its definition's id [seen].",
        complete: |_, definition| {
            levels::name_definition(definition);
            Ok(())
        },
    }],
    work: &[Work {
        name: WORK,
        run: |context, what| {
            let text = |member: &str| what.get(member).and_then(Value::as_str);
            match (text("profile_id"), text("definition_id")) {
                (Some(profile), Some(definition)) => {
                    match context.store().get("AchievementDefinition", definition)? {
                        Some(definition) => {
                            progress::refresh(context, profile, &definition).map(|_| ())
                        }
                        None => Ok(()),
                    }
                }
                _ => Ok(()),
            }
        },
    }],
};

fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let id = call.body.text("definition_id").unwrap_or_default();
    let definition = call
        .store()
        .get("AchievementDefinition", &id)?
        .ok_or_else(|| Refusal::unknown("definition_id"))?;
    if !is_running(&definition, call) {
        return Err(Refusal::invalid(
            "definition_id",
            "The achievement has not begun or is over.",
        ));
    }
    let zone = TimeZone::UTC;
    let count = value::count(&call.body, "count", 1)?;
    let mut point = Record::new();
    point.set("profile_id", profile.clone());
    point.set("achievement_definition_id", definition.value("id"));
    point.set("count", count);
    let issued = match time::given(&call.body, "issued_at", &zone)? {
        Some(issued) => utc(issued, &zone, "issued_at")?,
        None => call.stamp(),
    };
    point.set("issued_at", issued);
    let expires = time::given(&call.body, "expires_at", &zone)?;
    let expires = expires.map(|expires| utc(expires, &zone, "expires_at"));
    point.set("expires_at", expires.transpose()?);
    point.copy(&call.body, &["meta", "source_id", "source_type"]);
    progress::refresh(call, &profile, &definition)?;
    let point = call.create("AchievementPoint", point)?;
    progress::counted(call, &profile, &definition)?;
    Ok(Answer::One(point))
}

fn is_running(definition: &Record, context: &Context<'_>) -> bool {
    let now = context.now();
    let zone = time::zone_of(definition);
    let at = |member: &str| time::local(&definition.text(member)?, &zone);
    let begins = at("starts_at").and_then(|begins| time::moment(begins, &zone));
    // It ends on a date, and that is the last day.
    let ends = at("ends_at").and_then(|ends| time::moment(time::days_end(ends.date()), &zone));
    begins.is_none_or(|begins| begins <= now) && ends.is_none_or(|ends| now <= ends)
}

fn index(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let mut achievements = Vec::new();
    for definition in call.find("AchievementDefinition", &[])? {
        if definition.flag("is_published") == Some(false) {
            continue;
        }
        let progress = progress::refresh(call, &profile, &definition)?;
        let mut achievement = definition;
        levels::name_definition(&mut achievement);
        let progress = match progress {
            Some(progress) => Value::Object(levels::nested(&achievement, progress)),
            None => json!([]),
        };
        achievement.set("progress", progress);
        achievements.push(achievement);
    }
    Ok(Answer::Many(achievements))
}

fn points(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let definition = call.get("AchievementDefinition", call.param("definition"))?;
    let of = [
        ("profile_id", profile.into()),
        ("achievement_definition_id", definition.value("id")),
    ];
    call.list("AchievementPoint", &of)
}
