//! The routes of custom fields: the tenant's, those of locations, transactions and lists, and those of any model.

use serde_json::{Value, json};

use super::{KIND, OWNERS, find, owned_by, path, put, versions};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[],
    views: &[],
    work: &[],
};

const LIST: &str = "Custom fields are listed with their owner [seen].";
const ADD: &str = "Adding a field with the namespace and handle of one that the owner has changes that one [inferred].";
const READ: &str =
    "A field is named by its namespace and handle, as one segment with a colon [seen].";
const CHANGE: &str = "Changing a field makes a version of it [inferred].";
const REMOVE: &str = "A field is removed by its namespace and handle [seen].";

macro_rules! rules {
    ($($operation:literal: $fact:expr => $answer:expr;)*) => {
        &[$(Rule { operation: $operation, fact: $fact, answer: $answer },)*]
    };
}

const RULES: &[Rule] = rules! {
    "tenants.custom-fields.index": LIST => |call| list(call, tenant);
    "tenants.custom-fields.store": ADD => |call| add(call, tenant);
    "tenants.custom-fields.show": READ => |call| show(call, tenant);
    "tenants.custom-fields.update": CHANGE => |call| update(call, tenant);
    "tenants.custom-fields.destroy": REMOVE => |call| remove(call, tenant);
    "tenants.custom-fields.versions": "The versions of a field are listed from the first to the present one [inferred]." => tenant_versions;
    "locations.custom-fields.index": LIST => |call| list(call, location);
    "locations.custom-fields.store": ADD => |call| add(call, location);
    "locations.custom-fields.show": READ => |call| show(call, location);
    "locations.custom-fields.update": CHANGE => |call| update(call, location);
    "locations.custom-fields.destroy": REMOVE => |call| remove(call, location);
    "transactions.custom-fields.index": LIST => |call| list(call, transaction);
    "transactions.custom-fields.store": ADD => |call| add(call, transaction);
    "transactions.custom-fields.show": READ => |call| show(call, transaction);
    "transactions.custom-fields.update": CHANGE => |call| update(call, transaction);
    "transactions.custom-fields.destroy": REMOVE => |call| remove(call, transaction);
    "transactions.custom-fields.versions": "The versions of a field are listed over all transactions, whose the path doesn't say [inferred]." => transaction_versions;
    "profiles.lists.custom-fields.index": LIST => |call| list(call, product_list);
    "profiles.lists.custom-fields.store": ADD => |call| add(call, product_list);
    "profiles.lists.custom-fields.show": READ => |call| show(call, product_list);
    "profiles.lists.custom-fields.update": CHANGE => |call| update(call, product_list);
    "profiles.lists.custom-fields.destroy": REMOVE => |call| remove(call, product_list);
    "custom-fields.search": "The fields of all owners are searched together [inferred]." => |call| call.list(KIND, &[]);
    "custom-fields.show": LIST => |call| list(call, model);
    "custom-fields.add": ADD => |call| add(call, model);
    "custom-fields.destroy": REMOVE => |call| remove(call, model);
    "custom-fields.batchJsonDelete.destroy": "The fields that a body names are removed at once, and their number is answered [seen]." => remove_named;
};

/// Whose fields a path means: the type and the id.
type Owner = fn(&Call<'_>) -> Result<(&'static str, String), Refusal>;

fn tenant(_: &Call<'_>) -> Result<(&'static str, String), Refusal> {
    Ok(("tenant", "1".to_owned()))
}

fn location(call: &Call<'_>) -> Result<(&'static str, String), Refusal> {
    owner(call, "location", call.param("location"))
}

fn transaction(call: &Call<'_>) -> Result<(&'static str, String), Refusal> {
    owner(call, "transaction", call.param("transaction"))
}

fn product_list(call: &Call<'_>) -> Result<(&'static str, String), Refusal> {
    let list = crate::rules::lists::named(call)?;
    Ok(("product_list", list.text("id").unwrap_or_default()))
}

fn model(call: &Call<'_>) -> Result<(&'static str, String), Refusal> {
    match call.param("model") {
        "tenant" => tenant(call),
        model => owner(call, model, call.param("id")),
    }
}

fn owner(call: &Call<'_>, model: &str, id: &str) -> Result<(&'static str, String), Refusal> {
    let owner = OWNERS.iter().find(|(name, _)| *name == model);
    let (name, kind) = owner.ok_or(Refusal::NotFound)?;
    let record = call.get(kind, id)?;
    Ok((name, record.text("id").unwrap_or_default()))
}

fn list(call: &mut Call<'_>, owner: Owner) -> Result<Answer, Refusal> {
    let (owner, id) = owner(call)?;
    let equal = [
        ("custom_fieldable_id", id.into()),
        ("custom_fieldable_type", owner.into()),
    ];
    call.list(KIND, &equal)
}

fn add(call: &mut Call<'_>, owner: Owner) -> Result<Answer, Refusal> {
    let (owner, id) = owner(call)?;
    let members = call.body.clone();
    put(call, (owner, &id), &members).map(Answer::One)
}

/// The field that the last parameter of the path names.
fn named(call: &Call<'_>, owner: Owner) -> Result<Record, Refusal> {
    let (owner, id) = owner(call)?;
    let (namespace, handle) = segment(call)?;
    find(call, (owner, &id), namespace, handle)?.ok_or(Refusal::NotFound)
}

fn segment<'c>(call: &'c Call<'_>) -> Result<(&'c str, &'c str), Refusal> {
    path(call.values.last().map_or("", String::as_str))
}

fn show(call: &mut Call<'_>, owner: Owner) -> Result<Answer, Refusal> {
    named(call, owner).map(Answer::One)
}

fn update(call: &mut Call<'_>, owner: Owner) -> Result<Answer, Refusal> {
    let field = named(call, owner)?;
    let (owner, id) = owner(call)?;
    let mut members = call.body.clone();
    for member in ["namespace", "handle"] {
        members.insert(member.to_owned(), field.value(member));
    }
    put(call, (owner, &id), &members).map(Answer::One)
}

fn remove(call: &mut Call<'_>, owner: Owner) -> Result<Answer, Refusal> {
    let field = named(call, owner)?;
    call.delete(KIND, &field)?;
    Ok(Answer::Empty)
}

fn remove_named(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (owner, id) = model(call)?;
    let mut deleted = 0;
    let named: Vec<Value> = call.body.list("custom_fields").to_vec();
    for field in owned_by(call, owner, &id)? {
        let is_named = named.iter().filter_map(Value::as_object).any(|named| {
            ["namespace", "handle"]
                .iter()
                .all(|member| named.text(member) == field.text(member))
        });
        if is_named {
            call.delete(KIND, &field)?;
            deleted += 1;
        }
    }
    Ok(Answer::Json(json!({ "deleted": deleted })))
}

fn tenant_versions(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (owner, id) = tenant(call)?;
    let (namespace, handle) = path(call.param("custom_field"))?;
    let field = find(call, (owner, &id), namespace, handle)?.ok_or(Refusal::NotFound)?;
    let mut versions = versions(call, &field)?;
    for version in &mut versions {
        raw(version);
    }
    Ok(Answer::Many(versions))
}

/// A version as its list shows it: the value and the version as texts.
fn raw(field: &mut Record) {
    let value = match field.get("value") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(value) => value.to_string(),
    };
    field.set("value", value);
    let version = field.text("version").unwrap_or_default();
    field.set("version", version);
    let owner = field.integer("custom_fieldable_id");
    field.set("custom_fieldable_id", owner);
}

fn transaction_versions(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (namespace, handle) = path(call.param("customField"))?;
    let equal = [
        ("handle", handle.into()),
        ("namespace", namespace.into()),
        ("custom_fieldable_type", "transaction".into()),
    ];
    let mut all = Vec::new();
    for field in call.find(KIND, &equal)? {
        all.extend(versions(call, &field)?);
    }
    if all.is_empty() {
        return Err(Refusal::NotFound);
    }
    Ok(Answer::Many(all))
}
