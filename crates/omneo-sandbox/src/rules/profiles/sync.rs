//! What is done to a profile as a whole: its type, whether it is public, and syncs.

use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{RecordExt, time};
use crate::rules::{Family, Rule, Work};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.update-type",
            fact: "A profile's type is changed by itself [sent].",
            answer: |call| set(call, "profile_type"),
        },
        Rule {
            operation: "profiles.public.update",
            fact: "A profile is made public or not by itself [inferred].",
            answer: |call| set(call, "is_public"),
        },
        Rule {
            operation: "profiles.resync",
            fact: "A profile is synced anew [seen]: as an update of it [inferred].",
            answer: |call| {
                let profile = call.profile()?;
                call.event("profile.updated", "Profile", &profile)?;
                Ok(Answer::One(profile))
            },
        },
        Rule {
            operation: "profiles.sync",
            fact: "The profiles that changed since a time are queued, and only that is answered [sent].",
            answer: sync,
        },
    ],
    changes: &[],
    views: &[],
    work: &[Work {
        name: SYNC,
        run: sync_now,
    }],
};

const SYNC: &str = "profiles.sync";

fn set(call: &mut Call<'_>, member: &str) -> Result<Answer, Refusal> {
    let old = call.profile()?;
    let mut new = old.clone();
    match call.body.get(member).filter(|value| !value.is_null()) {
        Some(value) => new.insert(member.to_owned(), value.clone()),
        None => return Ok(Answer::One(old)),
    };
    call.update("Profile", &old, new).map(Answer::One)
}

fn sync(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let since = call
        .body
        .text("since")
        .or_else(|| call.body.text("updated_at"));
    if let Some(since) = &since
        && time(since).is_none()
    {
        let field = ["since", "updated_at"]
            .into_iter()
            .find(|field| call.body.has(field))
            .unwrap_or("since");
        let name = field.replace('_', " ");
        return Err(Refusal::invalid(
            field,
            format!("The {name} is not a valid date."),
        ));
    }
    call.later(SYNC, jiff::SignedDuration::ZERO, json!({ "since": since }))?;
    Ok(Answer::Data(
        json!({ "message": "Profiles queued for sync." }),
    ))
}

fn sync_now(context: &mut Context<'_>, what: &Value) -> Result<(), Refusal> {
    let since = what.as_object().and_then(|what| what.time("since"));
    for profile in context.find("Profile", &[])? {
        if since.is_none_or(|since| profile.time("updated_at") >= Some(since)) {
            context.event("profile.updated", "Profile", &profile)?;
        }
    }
    Ok(())
}
