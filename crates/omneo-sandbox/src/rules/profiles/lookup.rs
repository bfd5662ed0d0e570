//! Finding one profile by what is known of it.

use serde_json::{Map, Value, json};

use super::{names, phone};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.show",
            fact: "A profile is read by its id, or with identity[handle] by the value of that identity [seen].",
            answer: |call| call.profile().map(Answer::One),
        },
        Rule {
            operation: "profiles.availability",
            fact: "Each member of the body is answered with whether it is free and, if it is not, with the profile that has it [sent].",
            answer: availability,
        },
        Rule {
            operation: "profiles.exists",
            fact: "The id of the profile with an id or identity is answered, and 404 if there is none [seen].",
            answer: |call| {
                let profile = known(call)?;
                Ok(Answer::Data(json!({ "id": profile.value("id") })))
            },
        },
        Rule {
            operation: "profiles.search-id",
            fact: "The type profile_id searches by id, any other by the identity with that handle [seen].",
            answer: |call| known(call).map(Answer::One),
        },
        Rule {
            operation: "identities.search",
            fact: "A handle and an identifier name one profile at most [seen].",
            answer: search,
        },
        Rule {
            operation: "identities.search-profile",
            fact: "An identifier is searched under all handles [seen].",
            answer: search_profile,
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

fn availability(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut answer = Map::new();
    for member in ["email", "mobile_phone"] {
        let Some(value) = call.body.text(member) else {
            continue;
        };
        let value = if member == "mobile_phone" {
            phone::canonical(&value)
        } else {
            value
        };
        let holder = call.first("Profile", &[(member, value.into())])?;
        let holder = holder
            .map(|holder| json!({ "id": holder.value("id"), "full_name": names::full(&holder) }));
        let item = json!({ "available": holder.is_none(), "profile": holder });
        answer.insert(member.to_owned(), item);
    }
    Ok(Answer::Data(Value::Object(answer)))
}

/// The profile that a body names by `type` and `id`.
fn known(call: &Call<'_>) -> Result<Record, Refusal> {
    let handle = call.body.text("type").unwrap_or_default();
    let id = call.body.text("id").unwrap_or_default();
    call.profile_by(&id, Some(&handle))
}

fn search(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut missing = Vec::new();
    let mut ask = |name: &str| {
        let value = call.query.text(&[name]).unwrap_or_default().to_owned();
        if value.is_empty() {
            let message = format!("The {name} field is required.");
            missing.push((name.to_owned(), message));
        }
        value
    };
    let (handle, identifier) = (ask("handle"), ask("identifier"));
    if !missing.is_empty() {
        return Err(Refusal::Invalid(missing));
    }
    let equal = [("identifier", identifier.into()), ("handle", handle.into())];
    let identity = call.first("Identity", &equal)?;
    let profile = identity.and_then(|identity| identity.text("profile_id"));
    let profile = profile.ok_or(Refusal::NotFound)?;
    call.get("Profile", &profile).map(Answer::One)
}

fn search_profile(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut profiles: Vec<Record> = Vec::new();
    for identity in call.find(
        "Identity",
        &[("identifier", call.param("identifier").into())],
    )? {
        let id = identity.text("profile_id").unwrap_or_default();
        let profile = call.store().get("Profile", &id)?;
        if let Some(profile) = profile.filter(|profile| !profiles.contains(profile)) {
            profiles.push(profile);
        }
    }
    Ok(Answer::Many(profiles))
}
