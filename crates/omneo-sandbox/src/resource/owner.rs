//! The records that a path goes through: `/v3/products/{product}/variants` has the variants of a product.

use serde_json::Value;

use crate::answer::Refusal;
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::schema::{Operation, SCHEMA};

/// The member that names an owner, where it is not the parameter's name with `_id`.
const MEMBERS: [(&str, &str, &str); 6] = [
    // What the path starts with, the parameter, the member.
    ("/v3/list/items/", "item", "product_list_item_id"),
    ("/v3/profiles/{profile}/lists/", "list", "product_list_id"),
    ("/v3/profiles/validation-rules/", "rule", "rule_id"),
    ("/v3/custom-fields/", "model", "custom_fieldable_type"),
    ("/v3/custom-fields/", "id", "custom_fieldable_id"),
    ("/v3/{modelType}/", "modelType", "model_type"),
];

/// An owner that a path names.
struct Owner<'c> {
    parameter: &'c str,
    value: &'c str,
    member: String,
    /// The kind of the owner, if its own path is the schema's.
    kind: Option<&'static str>,
}

/// The members of a record that its path gives, after a look whether the owners are there.
///
/// # Errors
///
/// 404 if one of them is not.
pub(super) fn members(call: &Call<'_>, count: usize) -> Result<Vec<(String, Value)>, Refusal> {
    let mut members = Vec::new();
    for owner in owners(call.operation, &call.values, count) {
        let id = match (owner.parameter, owner.kind) {
            ("profile", _) => call.profile()?.get("id").cloned().unwrap_or_default(),
            (_, Some(kind)) => id_of(&call.get(kind, owner.value)?),
            (_, None) => owner.value.into(),
        };
        members.push((owner.member, id));
    }
    Ok(members)
}

fn id_of(record: &Record) -> Value {
    record.get("id").cloned().unwrap_or_default()
}

fn owners<'c>(
    operation: &'c Operation,
    values: &'c [String],
    count: usize,
) -> impl Iterator<Item = Owner<'c>> {
    let parameters = operation.parameters.iter().zip(values).take(count);
    parameters.map(|(parameter, value)| {
        let is_named = |(start, name, _): &&(&str, &str, &str)| {
            operation.path.starts_with(start) && name == parameter
        };
        let named = MEMBERS.iter().find(is_named);
        let member = named.map_or_else(
            || format!("{}_id", snake(parameter)),
            |(_, _, member)| (*member).to_owned(),
        );
        let end = operation.path.find(&format!("{{{parameter}}}"));
        let path = end.and_then(|at| operation.path.get(..at + parameter.len() + 2));
        let kind = path.and_then(kind_at);
        Owner {
            parameter,
            value,
            member,
            kind,
        }
    })
}

/// The kind of what can be read at a path.
fn kind_at(path: &str) -> Option<&'static str> {
    let shown = SCHEMA
        .operations()
        .iter()
        .find(|operation| operation.path == path && operation.method == http::Method::GET);
    shown?.model.as_deref().map(crate::render::kind)
}

/// `appointmentDefinition` as `appointment_definition`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for char in name.chars() {
        if char.is_uppercase() {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

/// The member by which the last parameter of a path names a record: mostly its id.
pub(super) fn key(operation: &Operation) -> &'static str {
    match operation.parameters.last().map(String::as_str) {
        Some("handle") => "handle",
        // Settings are addressed by their handles.
        Some("setting") => "handle",
        _ => "id",
    }
}

/// Whether a record is of these owners.
pub(super) fn is_of(record: &Record, owners: &[(String, Value)]) -> bool {
    owners.iter().all(|(member, value)| {
        // What has no owner of that name is everyone's: an organisation's profiles are linked otherwise.
        record.text(member) == crate::record::text(value)
    })
}
