//! Types become schemas of OpenAPI 3.0, in the few forms that typify takes without guessing.

use serde_json::{Map, Value, json};

use crate::naming;
use crate::ty::{Kind, Native, Object, Text, Type, Union};

/// The formats of text that typify has types for.
pub(crate) fn known_format(format: Option<&str>) -> Option<&'static str> {
    Some(match format? {
        "uuid" => "::uuid::Uuid",
        "date" => "::chrono::naive::NaiveDate",
        "date-time" => "::chrono::DateTime<::chrono::offset::Utc>",
        "ip" => "::std::net::IpAddr",
        "ipv4" => "::std::net::Ipv4Addr",
        "ipv6" => "::std::net::Ipv6Addr",
        _ => return None,
    })
}

/// The Rust type that typify makes of an integer's format.
fn integer(format: Option<&str>) -> (&'static str, Option<&'static str>) {
    match format {
        Some("int8") => ("i8", Some("int8")),
        Some("uint8") => ("u8", Some("uint8")),
        Some("int16") => ("i16", Some("int16")),
        Some("uint16") => ("u16", Some("uint16")),
        Some("int32") => ("i32", Some("int32")),
        Some("uint32") => ("u32", Some("uint32")),
        Some("uint64") => ("u64", Some("uint64")),
        Some("int64") => ("i64", Some("int64")),
        _ => ("i64", None),
    }
}

fn number(format: Option<&str>) -> (&'static str, Option<&'static str>) {
    match format {
        Some("float") => ("f32", Some("float")),
        _ => ("f64", None),
    }
}

/// A definition, as it stands under `/components/schemas`.
pub(crate) fn definition(ty: &Type) -> Value {
    described(bare(ty), ty)
}

/// A type where it is used.
pub(crate) fn schema(ty: &Type) -> Value {
    let bare = bare(ty);
    let nothing = json!({ "enum": [null] });
    let value = match (&ty.kind, ty.nullable) {
        (Kind::Any | Kind::Null, _) | (_, false) => bare,
        (_, true) => json!({ "oneOf": [bare, nothing] }),
    };
    described(value, ty)
}

/// A property's type: what is optional needs no null.
fn property(ty: &Type, required: bool) -> Value {
    if required || !ty.nullable {
        return schema(ty);
    }
    let ty = Type {
        nullable: false,
        ..ty.clone()
    };
    schema(&ty)
}

/// Adds the description and the default.
fn described(value: Value, ty: &Type) -> Value {
    if ty.doc.is_none() && ty.default.is_none() {
        return value;
    }
    let mut map = match value {
        // OpenAPI 3.0 ignores what stands beside a reference.
        value if value.get("$ref").is_some() => {
            let mut map = Map::new();
            map.insert("allOf".to_owned(), json!([value]));
            map
        }
        Value::Object(map) => map,
        other => return other,
    };
    if let Some(doc) = &ty.doc {
        map.insert("description".to_owned(), doc.clone().into());
    }
    if let Some(default) = &ty.default {
        map.insert("default".to_owned(), default.clone());
    }
    Value::Object(map)
}

fn bare(ty: &Type) -> Value {
    match &ty.kind {
        Kind::Any => json!({}),
        Kind::Null => json!({ "enum": [null] }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Integer(format) => with_format("integer", integer(format.as_deref()).1),
        Kind::Number(format) => with_format("number", number(format.as_deref()).1),
        Kind::Text(text) => self::text(text),
        Kind::Enum(values) => json!({ "type": "string", "enum": values }),
        Kind::Array(item) => json!({ "type": "array", "items": schema(item) }),
        Kind::Map(value) => json!({ "type": "object", "additionalProperties": schema(value) }),
        Kind::Object(object) => self::object(object, None),
        Kind::Union(union) => self::union(union),
        Kind::Ref(name) => json!({ "$ref": format!("#/components/schemas/{name}") }),
        Kind::Native(native) => self::native(native),
    }
}

fn with_format(ty: &str, format: Option<&str>) -> Value {
    match format {
        Some(format) => json!({ "type": ty, "format": format }),
        None => json!({ "type": ty }),
    }
}

fn text(text: &Text) -> Value {
    let format = text
        .format
        .as_deref()
        .filter(|format| known_format(Some(format)).is_some());
    let mut value = with_format("string", format);
    for (keyword, rule) in [
        ("pattern", text.pattern.clone().map(Value::from)),
        ("minLength", text.min_length.map(Value::from)),
        ("maxLength", text.max_length.map(Value::from)),
    ] {
        if let Some(rule) = rule {
            value[keyword] = rule;
        }
    }
    value
}

fn object(object: &Object, tag: Option<(&str, &str)>) -> Value {
    let mut properties = object
        .properties
        .iter()
        .map(|(name, field)| (name.clone(), property(&field.ty, field.required)))
        .collect::<Map<_, _>>();
    let mut required = object
        .properties
        .iter()
        .filter(|(_, property)| property.required)
        .map(|(name, _)| name.as_str())
        .collect::<Vec<_>>();
    if let Some((tag, value)) = tag {
        properties.insert(tag.to_owned(), json!({ "type": "string", "enum": [value] }));
        required.push(tag);
    }
    let mut value = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        value["required"] = json!(required);
    }
    if let Some(extra) = &object.extra {
        value["additionalProperties"] = schema(extra);
    }
    value
}

fn union(union: &Union) -> Value {
    let variants = union
        .variants
        .iter()
        .map(|variant| match (&union.tag, &variant.ty.kind) {
            (Some(tag), Kind::Object(object)) => self::object(object, Some((tag, &variant.name))),
            _ => {
                let mut value = schema(&Type {
                    doc: None,
                    ..variant.ty.clone()
                });
                if value.get("$ref").is_none() {
                    value["title"] = variant.name.clone().into();
                }
                value
            }
        })
        .collect::<Vec<_>>();
    json!({ "oneOf": variants })
}

fn native(native: &Native) -> Value {
    let parameters = native.parameters.iter().map(parameter).collect::<Vec<_>>();
    json!({
        "x-rust-type": {
            "crate": native.crate_name,
            "version": "*",
            "path": native.full_path(),
            "parameters": parameters,
        }
    })
}

/// A parameter of a generic type; here a schema is read as JSON Schema, not as OpenAPI.
fn parameter(ty: &Type) -> Value {
    let bare = match &ty.kind {
        Kind::Any => json!(true),
        _ => bare(ty),
    };
    if ty.nullable && ty.kind != Kind::Any {
        json!({ "oneOf": [bare, { "type": "null" }] })
    } else {
        bare
    }
}

/// The type as Rust code, where generated types are in the module `types`.
pub(crate) fn rust(ty: &Type) -> String {
    let bare = match &ty.kind {
        Kind::Any => "::serde_json::Value".to_owned(),
        Kind::Null => "()".to_owned(),
        Kind::Boolean => "bool".to_owned(),
        Kind::Integer(format) => integer(format.as_deref()).0.to_owned(),
        Kind::Number(format) => number(format.as_deref()).0.to_owned(),
        Kind::Text(text) => known_format(text.format.as_deref())
            .unwrap_or("::std::string::String")
            .to_owned(),
        Kind::Array(item) => format!("::std::vec::Vec<{}>", rust(item)),
        Kind::Map(value) if value.kind == Kind::Any => {
            "::serde_json::Map<::std::string::String, ::serde_json::Value>".to_owned()
        }
        Kind::Map(value) => format!(
            "::std::collections::HashMap<::std::string::String, {}>",
            rust(value)
        ),
        Kind::Ref(name) => format!("types::{}", naming::pascal(name)),
        Kind::Native(native) => {
            let parameters = native.parameters.iter().map(rust).collect::<Vec<_>>();
            if parameters.is_empty() {
                format!("::{}", native.full_path())
            } else {
                format!("::{}<{}>", native.full_path(), parameters.join(", "))
            }
        }
        // These are definitions wherever they are used.
        Kind::Enum(_) | Kind::Object(_) | Kind::Union(_) => "::serde_json::Value".to_owned(),
    };
    if ty.nullable && !matches!(ty.kind, Kind::Any | Kind::Null) {
        format!("::std::option::Option<{bare}>")
    } else {
        bare
    }
}
