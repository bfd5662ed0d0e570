//! Lists of profiles, by what is theirs.

use std::collections::BTreeSet;

use serde_json::Value;

use super::custom_attributes;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::query::{Filter, Operator, Relation};
use crate::record::{Record, RecordExt, text};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.index",
            fact: "Profiles are searched by text with search or filter[search], and filtered by tags, statuses, identities and custom fields [seen].",
            answer: index,
        },
        Rule {
            operation: "profiles.attributes.custom",
            fact: "Profiles are found by their custom attributes: all that are asked for, each with one of the values [sent].",
            answer: by_attributes,
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

fn index(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut select = call
        .query
        .select("Profile", |kind, name| match (kind, name) {
            ("Profile", "custom_field") => Some(Relation {
                kind: crate::rules::custom_fields::KIND.to_owned(),
                member: "id".to_owned(),
                other: "custom_fieldable_id".to_owned(),
            }),
            _ => crate::resource::relation(kind, name),
        });
    let is = |filter: &Filter, name: &str| filter.path.first().is_some_and(|first| first == name);
    for filter in &mut select.filters {
        // Handles are kept in the profile itself.
        for labels in ["tags", "statuses"] {
            if is(filter, labels) && filter.path.len() == 2 {
                filter.path.truncate(1);
            }
        }
        if is(filter, "mobile_phone") && filter.operator == Operator::Eq {
            filter.value = super::phone::canonical(&filter.value);
        }
    }
    call.page(&select)
}

fn by_attributes(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let asked = match call.query.get(&["attributes"]) {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Object(items)) => items.values().collect(),
        _ => Vec::new(),
    };
    let mut ids: Option<BTreeSet<String>> = None;
    for item in asked.into_iter().filter_map(Value::as_object) {
        let equal = [
            ("handle", item.text("handle").into()),
            ("namespace", item.text("namespace").into()),
        ];
        let attributes = call.find(custom_attributes::KIND, &equal)?;
        let found = holders(&attributes, "profile_id", &values(item.get("value")));
        ids = Some(both(ids, found));
    }
    let mut profiles = Vec::new();
    for id in ids.unwrap_or_default() {
        profiles.extend(call.store().get("Profile", &id)?);
    }
    Ok(Answer::Many(profiles))
}

/// The values that are asked for: `value[in]` as a list or with commas, or one value.
fn values(asked: Option<&Value>) -> Vec<Option<String>> {
    match asked {
        Some(Value::Object(operators)) => match operators.values().next() {
            Some(Value::Array(values)) => values.iter().map(text).collect(),
            Some(value) => text(value)
                .unwrap_or_default()
                .split(',')
                .map(|value| Some(value.trim().to_owned()))
                .collect(),
            None => Vec::new(),
        },
        Some(value) => vec![text(value)],
        None => Vec::new(),
    }
}

/// Whose records have one of the values; all of them, if none is asked for.
fn holders(records: &[Record], owner: &str, values: &[Option<String>]) -> BTreeSet<String> {
    let records = records.iter().filter(|record| {
        let value = record.get("value").and_then(|value| match value {
            Value::Bool(flag) => Some(i64::from(*flag).to_string()),
            value => text(value),
        });
        values.is_empty() || values.contains(&value)
    });
    records.filter_map(|record| record.text(owner)).collect()
}

fn both(ids: Option<BTreeSet<String>>, found: BTreeSet<String>) -> BTreeSet<String> {
    match ids {
        Some(ids) => ids.intersection(&found).cloned().collect(),
        None => found,
    }
}
