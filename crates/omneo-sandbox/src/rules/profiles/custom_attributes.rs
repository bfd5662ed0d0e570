//! Custom attributes of profiles: values by namespace and handle.

use serde_json::Value;

use super::comms::attribute_changed;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::custom_fields::{path, typed};
use crate::rules::{Change, Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[Change {
        kind: KIND,
        fact: "The value of a custom attribute has the form that its type says [inferred], and its change is an event of the profile [seen].",
        before: Some(|_, _, new| typed(new)),
        after: Some(attribute_changed),
    }],
    views: &[],
    work: &[],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "profiles.attributes.custom.store",
        fact: "Adding a custom attribute that the profile has changes it [inferred].",
        answer: store,
    },
    Rule {
        operation: "profiles.attributes.custom.show",
        fact: "A custom attribute is named by its namespace and handle, as one segment with a colon [seen].",
        answer: |call| named(call).map(Answer::One),
    },
    Rule {
        operation: "profiles.attributes.custom.update",
        fact: "Changing a custom attribute that the profile has not adds it [sent].",
        answer: update,
    },
    Rule {
        operation: "profiles.attributes.custom.destroy",
        fact: "A custom attribute is removed by its namespace and handle [seen].",
        answer: destroy,
    },
];

pub(super) const KIND: &str = "ProfileCustomAttribute";

/// The attribute of a profile with a namespace and a handle.
pub(super) fn find(
    context: &Context<'_>,
    profile: &str,
    namespace: &str,
    handle: &str,
) -> Result<Option<Record>, Refusal> {
    let equal = [
        ("profile_id", profile.into()),
        ("namespace", namespace.into()),
        ("handle", handle.into()),
    ];
    context.first(KIND, &equal)
}

/// A profile's attributes: namespace to handle to value.
pub(super) fn by_namespace(context: &Context<'_>, profile: &str) -> Result<Record, Refusal> {
    let attributes = context.find(KIND, &[("profile_id", profile.into())])?;
    Ok(crate::rules::custom_fields::grouped(&attributes))
}

fn put(
    context: &mut Context<'_>,
    profile: &str,
    namespace: &str,
    handle: &str,
    members: &Record,
) -> Result<Record, Refusal> {
    let old = find(context, profile, namespace, handle)?;
    let mut record = old.clone().unwrap_or_default();
    record.copy(members, &["type", "value"]);
    if let Some(old) = old {
        return context.update(KIND, &old, record);
    }
    record.set("profile_id", profile);
    record.set("namespace", namespace);
    record.set("handle", handle);
    context.create(KIND, record)
}

/// Stores the custom attributes of a profile's body; others stay.
pub(super) fn store_all(
    context: &mut Context<'_>,
    profile: &str,
    items: &Value,
) -> Result<(), Refusal> {
    let items = items.as_array().into_iter().flatten();
    for (index, item) in items.filter_map(Value::as_object).enumerate() {
        let (namespace, handle) = (item.text("namespace"), item.text("handle"));
        let (namespace, handle) = (namespace.unwrap_or_default(), handle.unwrap_or_default());
        let stored = put(context, profile, &namespace, &handle, item);
        super::within(&format!("custom_attributes.{index}"), stored)?;
    }
    Ok(())
}

fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let members = call.body.clone();
    let namespace = members.text("namespace").unwrap_or_default();
    let handle = members.text("handle").unwrap_or_default();
    put(call, &profile, &namespace, &handle, &members).map(Answer::One)
}

fn named(call: &Call<'_>) -> Result<Record, Refusal> {
    let profile = call.profile_id()?;
    let (namespace, handle) = path(call.param("customAttribute"))?;
    find(call, &profile, namespace, handle)?.ok_or(Refusal::NotFound)
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let segment = call.param("customAttribute").to_owned();
    let (namespace, handle) = path(&segment)?;
    let members = call.body.clone();
    put(call, &profile, namespace, handle, &members).map(Answer::One)
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let attribute = named(call)?;
    call.delete(KIND, &attribute)?;
    Ok(Answer::Empty)
}
