//! Webhooks and what else tells others of an event: custom events, events fired again, templates of targets, automations run by hand.

use serde_json::{Value, json};

use super::{Change, Family, Rule};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::hooks;
use crate::record::{Record, RecordExt, stamp};

mod actions;
mod again;

pub(super) const FAMILY: Family = Family {
    rules: RULES,
    changes: CHANGES,
    views: &[],
    work: &[],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "webhooks.batch",
        fact: "An event is fired again for each record, at the webhooks that are named or at all of its kind; unknown records are skipped [route and body seen, the rest inferred].",
        answer: again::batch,
    },
    Rule {
        operation: "profiles.custom-event",
        fact: "A custom event is told of a profile under any name but five reserved ones, with the sender's context under `context` [names seen, place of the context inferred].",
        answer: profile_event,
    },
    Rule {
        operation: "tenants.custom-event",
        fact: "A custom event of the tenant is told with the context that was sent, under the name in `event`, else `tenant.custom-event` [body seen, name inferred].",
        answer: tenant_event,
    },
    Rule {
        operation: "automations.trigger",
        fact: "Running an automation by hand answers 204 and sets `last_run_at`, if it is active or forced [inferred].",
        answer: run_automation,
    },
    Rule {
        operation: "targets.preview",
        fact: "A template, or that of a target, is rendered with the context of a record; the template wins [seen].",
        answer: preview,
    },
];

const CHANGES: &[Change] = &[
    Change {
        kind: "Webhook",
        fact: "A webhook has a namespace that stays [sent], sends to HTTP and HTTPS only [inferred], is active unless it says otherwise [inferred], and a queue other than high and default is low [sent].",
        before: Some(webhook),
        after: None,
    },
    Change {
        kind: "Trigger",
        fact: "A trigger's actions are made with it, replaced when it is changed with others, and go with it [inferred].",
        before: Some(actions::taken),
        after: Some(actions::of_trigger),
    },
    Change {
        kind: "Automation",
        fact: "An automation's actions are made with it, replaced when it is changed with others, and go with it [inferred].",
        before: Some(actions::taken),
        after: Some(actions::of_automation),
    },
    Change {
        kind: "Action",
        fact: "An action has a UUID and names its owner in `references_id` [members seen, values inferred].",
        before: Some(actions::named),
        after: None,
    },
];

/// Events that only Omneo itself raises.
const RESERVED: [&str; 5] = [
    "aggregation.updated",
    "profile.created",
    "profile.deleted",
    "profile.merged",
    "profile.updated",
];

/// The name of a tenant's event that has none.
const TENANT_EVENT: &str = "tenant.custom-event";

fn webhook(_: &mut Context<'_>, _: Option<&Record>, new: &mut Record) -> Result<(), Refusal> {
    for member in ["trigger", "url", "namespace"] {
        if new.text(member).is_none() {
            let message = format!("The {member} field is required.");
            return Err(Refusal::invalid(member, message));
        }
    }
    let url = new.text("url").unwrap_or_default();
    if !hooks::is_address(&url) {
        return Err(Refusal::invalid("url", "The url must be a valid URL."));
    }
    for (member, default) in [
        ("is_active", true),
        ("retry_hourly", false),
        ("retry_daily", false),
    ] {
        let flag = new.flag(member).unwrap_or(default);
        new.set(member, flag);
    }
    let queue = new.text("queue").unwrap_or_default();
    if !["high", "default"].contains(&queue.as_str()) {
        new.set("queue", "low");
    }
    Ok(())
}

fn profile_event(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    let Some(event) = call.body.text("event") else {
        return Err(Refusal::invalid("event", "The event field is required."));
    };
    if RESERVED.contains(&event.as_str()) {
        return Err(Refusal::unknown("event"));
    }
    let sent = call.body.get("context").filter(|sent| !sent.is_null());
    let sent = sent.cloned();
    hooks::raise(call, &event, || {
        let mut body = hooks::context_of(call, &event, "Profile", &profile)?;
        if let Some(sent) = sent {
            body.set("context", sent);
        }
        Ok(body)
    })?;
    Ok(Answer::One(profile))
}

fn tenant_event(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let sent = call.body.value("context");
    let names = ["event", "name", "handle"];
    let event = names.iter().find_map(|name| call.body.text(name));
    let event = event.unwrap_or_else(|| TENANT_EVENT.to_owned());
    hooks::raise(call, &event, || {
        Ok(match &sent {
            Value::Object(sent) => sent.clone(),
            Value::Null => Record::new(),
            other => Record::from_iter([("context".to_owned(), other.clone())]),
        })
    })?;
    Ok(Answer::Data(sent))
}

fn run_automation(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = call.get("Automation", call.param("automation"))?;
    let is_forced = call.body.flag("force").unwrap_or_default();
    if is_forced || old.flag("is_active").unwrap_or(true) {
        let now = call.body.time("now").unwrap_or_else(|| call.now());
        let mut new = old.clone();
        new.set("last_run_at", stamp(now));
        call.update("Automation", &old, new)?;
    }
    Ok(Answer::Empty)
}

fn preview(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let resource = call.body.text("resource").unwrap_or_default();
    let Some(kind) = again::kind(&resource) else {
        return Err(Refusal::unknown("resource"));
    };
    let id = call.body.text("resource_id").unwrap_or_default();
    let Some(record) = again::record(call, &kind, &id)? else {
        return Err(Refusal::unknown("resource_id"));
    };
    let template = match (call.body.text("template"), call.body.text("target_id")) {
        (Some(template), _) => template,
        (None, Some(target)) => {
            let target = call.store().get("Target", &target)?;
            let target = target.ok_or_else(|| Refusal::unknown("target_id"))?;
            target.text("template").unwrap_or_default()
        }
        (None, None) => {
            let message = "The template field is required when target id is not present.";
            return Err(Refusal::invalid("template", message));
        }
    };
    let context = hooks::context_of(call, &resource, &kind, &record)?;
    let result = hooks::render_template(&template, &context)
        .map_err(|error| Refusal::invalid("template", sentence(&error)))?;
    if !result.is_object() {
        let message = "The template does not render to a JSON object.";
        return Err(Refusal::invalid("template", message));
    }
    Ok(Answer::Data(
        json!({ "result": result, "context": context }),
    ))
}

/// An error's words as a sentence.
fn sentence(error: &hooks::TemplateError) -> String {
    let words = error.to_string();
    let mut letters = words.chars();
    let first: String = letters
        .next()
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
