//! Custom fields: values by namespace and handle, hung on records of many kinds and on the tenant.

use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, amount, number};

pub(super) mod inline;
pub(super) mod routes;

/// The kind of the fields as they are now.
pub(super) const KIND: &str = "CustomField";

/// The kind of what fields were before a change.
const VERSION: &str = "~custom-field-version";

/// What has custom fields: the type by which a field names its owner, and the owner's kind.
const OWNERS: [(&str, &str); 13] = [
    ("address", "Address"),
    ("credit", "Credit"),
    ("credit_definition", "CreditDefinition"),
    ("location", "Location"),
    ("order", "Order"),
    ("organisation", "Organisation"),
    ("product", "Product"),
    ("product_list", "ProductList"),
    ("profile", "Profile"),
    ("role_definition", "RoleDefinition"),
    ("share", "ProductListShare"),
    ("status", "Status"),
    ("transaction", "Transaction"),
];

/// The namespace and the handle of a segment of a path; 404 for one that has no colon.
pub(super) fn path(segment: &str) -> Result<(&str, &str), Refusal> {
    segment.split_once(':').ok_or(Refusal::NotFound)
}

/// The fields of an owner.
pub(super) fn owned_by(
    context: &Context<'_>,
    owner_type: &str,
    owner: &str,
) -> Result<Vec<Record>, Refusal> {
    let equal = [
        ("custom_fieldable_id", owner.into()),
        ("custom_fieldable_type", owner_type.into()),
    ];
    context.find(KIND, &equal)
}

/// The field of an owner with a namespace and a handle.
fn find(
    context: &Context<'_>,
    (owner_type, owner): (&str, &str),
    namespace: &str,
    handle: &str,
) -> Result<Option<Record>, Refusal> {
    let fields = owned_by(context, owner_type, owner)?;
    Ok(fields.into_iter().find(|field| {
        field.text("namespace").as_deref() == Some(namespace)
            && field.text("handle").as_deref() == Some(handle)
    }))
}

/// Adds a field, or changes the one with its namespace and handle, whose version is kept.
fn put(
    context: &mut Context<'_>,
    (owner_type, owner): (&str, &str),
    members: &Record,
) -> Result<Record, Refusal> {
    let namespace = members.text("namespace").unwrap_or_default();
    let handle = members.text("handle").unwrap_or_default();
    let old = find(context, (owner_type, owner), &namespace, &handle)?;
    let mut field = old.clone().unwrap_or_default();
    field.copy(members, &["name", "type", "value", "is_index"]);
    let is_index = field.flag("is_index").unwrap_or_default();
    field.set("is_index", is_index);
    typed(&mut field)?;
    if let Some(old) = old {
        let mut before = old.clone();
        let id = context.store().next_number(VERSION)?;
        before.set("field_id", old.value("id"));
        before.set("id", id);
        context.store().insert(VERSION, &before)?;
        field.set("version", old.integer("version").unwrap_or(1) + 1);
        return context.update(KIND, &old, field);
    }
    field.set("custom_fieldable_type", owner_type);
    field.set("custom_fieldable_id", owner);
    field.set("namespace", namespace);
    field.set("handle", handle);
    field.set("version", 1);
    field.set("current", true);
    context.create(KIND, field)
}

/// What a field was, and is, from its first version on.
fn versions(context: &Context<'_>, field: &Record) -> Result<Vec<Record>, Refusal> {
    let id = field.value("id");
    let mut versions = context.find(VERSION, &[("field_id", id)])?;
    versions.push(field.clone());
    Ok(versions)
}

/// Gives a value the form that its type says, and refuses one that can't have it.
pub(super) fn typed(field: &mut Record) -> Result<(), Refusal> {
    let Some(value) = field.get("value").filter(|value| !value.is_null()) else {
        return Ok(());
    };
    let form = field.text("type").unwrap_or_default();
    let typed = match form.as_str() {
        "integer" => field.integer("value").map(Value::from),
        "float" => amount(value).map(number),
        "boolean" => field.flag("value").map(Value::Bool),
        "array" if !value.is_array() && !value.is_object() => None,
        _ => Some(value.clone()),
    };
    let article = if form.starts_with(['a', 'i']) {
        "an"
    } else {
        "a"
    };
    let typed = typed
        .ok_or_else(|| Refusal::invalid("value", format!("The value must be {article} {form}.")))?;
    field.set("value", typed);
    Ok(())
}

/// Fields or attributes as namespace to handle to value.
pub(super) fn grouped(fields: &[Record]) -> Record {
    let mut grouped = Record::new();
    for field in fields {
        let (Some(namespace), Some(handle)) = (field.text("namespace"), field.text("handle"))
        else {
            continue;
        };
        let value = field.value("value");
        let handles = grouped
            .entry(namespace)
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(handles) = handles {
            handles.insert(handle, value);
        }
    }
    grouped
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{grouped, typed};

    fn value(form: &str, value: &Value) -> Option<Value> {
        let mut field = json!({ "type": form, "value": value });
        let field = field.as_object_mut().expect("a map");
        typed(field).ok().map(|()| field["value"].clone())
    }

    #[test]
    fn a_value_has_the_form_of_its_type() {
        assert_eq!(value("integer", &json!("12")), Some(json!(12)));
        assert_eq!(value("float", &json!("1.5")), Some(json!(1.5)));
        assert_eq!(value("boolean", &json!("1")), Some(json!(true)));
        assert_eq!(value("string", &json!("12")), Some(json!("12")));
        assert_eq!(value("json", &json!({"a": 1})), Some(json!({"a": 1})));
        assert_eq!(value("integer", &json!("twelve")), None);
        assert_eq!(value("array", &json!("no")), None);
    }

    #[test]
    fn fields_are_grouped_by_namespace() {
        let fields = [
            json!({"namespace": "pet", "handle": "name", "value": "Rex"}),
            json!({"namespace": "pet", "handle": "age", "value": 3}),
        ];
        let fields = fields.map(|field| field.as_object().cloned().expect("a map"));
        let grouped = Value::Object(grouped(&fields));
        assert_eq!(grouped, json!({"pet": {"name": "Rex", "age": 3}}));
    }
}
