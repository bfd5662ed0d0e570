//! The records that a path goes through: `/v3/products/{product}/variants` has the variants of a product.

use std::sync::LazyLock;

use serde_json::Value;

use crate::answer::Refusal;
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::render::snake;
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

/// An owner that a path names by one of its parameters.
struct Owner {
    parameter: &'static str,
    member: String,
    /// The kind of the owner, if its own path is the schema's.
    kind: Option<&'static str>,
}

/// The owners that the paths of the schema's operations name, by the operations' places.
static OWNERS: LazyLock<Vec<Vec<Owner>>> =
    LazyLock::new(|| SCHEMA.operations().iter().map(owners).collect());

/// The members of a record that its path gives, after a look whether the owners are there.
///
/// # Errors
///
/// 404 if one of them is not.
pub(super) fn members(call: &Call<'_>, count: usize) -> Result<Vec<(String, Value)>, Refusal> {
    let owners = OWNERS.get(call.operation.index).into_iter().flatten();
    let mut members = Vec::new();
    for (owner, value) in owners.zip(&call.values).take(count) {
        let id = match (owner.parameter, owner.kind) {
            ("profile", _) => call.profile()?.value("id"),
            (_, Some(kind)) => call.get(kind, value)?.value("id"),
            (_, None) => value.as_str().into(),
        };
        members.push((owner.member.clone(), id));
    }
    Ok(members)
}

fn owners(operation: &'static Operation) -> Vec<Owner> {
    let parameters = operation.parameters.iter();
    let owners = parameters.map(|parameter| {
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
            member,
            kind,
        }
    });
    owners.collect()
}

/// The kind of what can be read at a path.
fn kind_at(path: &str) -> Option<&'static str> {
    let shown = SCHEMA
        .operations()
        .iter()
        .find(|operation| operation.path == path && operation.method == http::Method::GET);
    shown?.model.as_deref().map(crate::render::kind)
}

/// The member by which the last parameter of a path names a record: mostly its id.
pub(super) fn key(operation: &Operation) -> &'static str {
    match operation.parameters.last().map(String::as_str) {
        // Settings are addressed by their handles.
        Some("handle" | "setting") => "handle",
        _ => "id",
    }
}

/// Whether a record is of these owners.
pub(super) fn is_of(record: &Record, owners: &[(String, Value)]) -> bool {
    let mut owners = owners.iter();
    owners.all(|(member, value)| record.text(member) == crate::record::text(value))
}
