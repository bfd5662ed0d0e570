//! What a profile is a member of: organisations with a role, and locations.

use serde_json::Value;

use super::within;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Change, Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "organisations.profiles.index",
            fact: "An organisation lists its members as profiles [seen].",
            answer: index,
        },
        Rule {
            operation: "organisations.profiles.store",
            fact: "A profile is in an organisation once, and the profile is answered [seen]; adding it again changes its role [inferred].",
            answer: store,
        },
        Rule {
            operation: "organisations.profiles.update",
            fact: "A membership is named by its profile [seen].",
            answer: update,
        },
        Rule {
            operation: "organisations.profiles.destroy",
            fact: "A membership ends by the profile that it names [seen].",
            answer: destroy,
        },
    ],
    changes: &[
        Change {
            kind: KIND,
            fact: "A membership's organisation, profile and role exist [inferred].",
            before: Some(|context, _, new| {
                exists(context, new, "profile_id", "Profile")?;
                exists(context, new, "role_definition_id", "RoleDefinition")
            }),
            after: None,
        },
        Change {
            kind: "LocationProfile",
            fact: "A profile that is assigned to a location exists [inferred].",
            before: Some(|context, _, new| {
                exists(context, new, "profile_id", "Profile")?;
                if !new.has("is_active") {
                    new.set("is_active", true);
                }
                Ok(())
            }),
            after: None,
        },
    ],
    views: &[],
    work: &[],
};

pub(super) const KIND: &str = "OrganisationProfile";

fn exists(context: &Context<'_>, record: &Record, member: &str, kind: &str) -> Result<(), Refusal> {
    let Some(id) = record.text(member) else {
        return Ok(());
    };
    match context.store().get(kind, &id)? {
        Some(_) => Ok(()),
        None => Err(Refusal::unknown(member)),
    }
}

/// The organisations of a profile as it shows them.
pub(super) fn organisations(context: &Context<'_>, profile: &str) -> Result<Vec<Value>, Refusal> {
    let mut shown = Vec::new();
    for membership in context.find(KIND, &[("profile_id", profile.into())])? {
        let id = membership.text("organisation_id").unwrap_or_default();
        let Some(mut organisation) = context.store().get("Organisation", &id)? else {
            continue;
        };
        let role = match membership.text("role_definition_id") {
            Some(role) => context.store().get("RoleDefinition", &role)?,
            None => None,
        };
        organisation.set("role_definition", role.map(Value::Object));
        for member in ["is_active", "expires_at", "created_at", "updated_at"] {
            let value = membership.value(member);
            organisation.insert(member.to_owned(), value);
        }
        shown.push(Value::Object(organisation));
    }
    Ok(shown)
}

fn held(
    context: &Context<'_>,
    organisation: &Value,
    profile: &str,
) -> Result<Option<Record>, Refusal> {
    let equal = [
        ("profile_id", profile.into()),
        ("organisation_id", organisation.clone()),
    ];
    context.first(KIND, &equal)
}

fn put(
    context: &mut Context<'_>,
    organisation: &Value,
    profile: &str,
    members: &Record,
) -> Result<(), Refusal> {
    let old = held(context, organisation, profile)?;
    let mut record = old.clone().unwrap_or_default();
    record.copy(members, &["role_definition_id", "is_active", "expires_at"]);
    if !record.has("is_active") {
        record.set("is_active", true);
    }
    record.set("profile_id", profile);
    record.set("organisation_id", organisation.clone());
    context.save(KIND, old.as_ref(), record)?;
    Ok(())
}

/// Stores the organisations of a profile's body; others stay.
pub(super) fn store_all(
    context: &mut Context<'_>,
    profile: &str,
    items: &Value,
) -> Result<(), Refusal> {
    let items = items.as_array().into_iter().flatten();
    for (index, item) in items.filter_map(Value::as_object).enumerate() {
        let field = || format!("organisations.{index}.id");
        let id = item.text("id").unwrap_or_default();
        let organisation = context.store().get("Organisation", &id)?;
        let organisation = organisation.ok_or_else(|| Refusal::unknown(field()))?;
        let stored = put(context, &organisation.value("id"), profile, item);
        within(&format!("organisations.{index}"), stored)?;
    }
    Ok(())
}

fn organisation(call: &Call<'_>) -> Result<Value, Refusal> {
    let organisation = call.get("Organisation", call.param("organisation"))?;
    Ok(organisation.value("id"))
}

fn index(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let organisation = organisation(call)?;
    let mut profiles = Vec::new();
    for membership in call.find(KIND, &[("organisation_id", organisation)])? {
        let id = membership.text("profile_id").unwrap_or_default();
        profiles.extend(call.store().get("Profile", &id)?);
    }
    Ok(Answer::Many(profiles))
}

fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let organisation = organisation(call)?;
    let profile = call.body.text("profile_id").unwrap_or_default();
    let members = call.body.clone();
    put(call, &organisation, &profile, &members)?;
    call.get("Profile", &profile).map(Answer::One)
}

fn named(call: &Call<'_>) -> Result<(Record, Record), Refusal> {
    let organisation = organisation(call)?;
    let profile = call.profile()?;
    let id = profile.text("id").unwrap_or_default();
    let membership = held(call, &organisation, &id)?.ok_or(Refusal::NotFound)?;
    Ok((profile, membership))
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (profile, membership) = named(call)?;
    let id = profile.text("id").unwrap_or_default();
    let members = call.body.clone();
    put(call, &membership.value("organisation_id"), &id, &members)?;
    Ok(Answer::One(profile))
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (_, membership) = named(call)?;
    call.delete(KIND, &membership)?;
    Ok(Answer::Empty)
}
