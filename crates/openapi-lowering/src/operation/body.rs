//! Request bodies: one media type each, JSON first; multipart is lifted into a table.

use serde_json::{Map, Value, json};

use crate::emit;
use crate::error::Result;
use crate::pointer;
use crate::report::Change;
use crate::schema::Schemas;
use crate::source::as_object;
use crate::table;
use crate::text;
use crate::ty::Type;

pub(crate) enum Payload {
    None,
    Json(Type),
    Form(Type),
    Text,
    Binary(String),
    Multipart(Vec<table::Part>),
}

/// What a media type is bound as, the most useful first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Media {
    Json,
    Form,
    Multipart,
    Text,
    Binary,
}

/// Whether a media type is JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json") || essence == "text/json"
}

pub(super) fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn media(media_type: &str) -> Media {
    match essence(media_type).as_str() {
        "*/*" | "application/*" => Media::Json,
        "application/x-www-form-urlencoded" => Media::Form,
        other if is_json(other) => Media::Json,
        other if other.starts_with("multipart/") => Media::Multipart,
        other if other.starts_with("text/") => Media::Text,
        _ => Media::Binary,
    }
}

pub(super) fn lower(
    schemas: &mut Schemas<'_>,
    operation: &Map<String, Value>,
    at: &str,
    id: &str,
) -> Result<Payload> {
    let Some(body) = operation.get("requestBody") else {
        return Ok(Payload::None);
    };
    // The operation belongs to the source, but not for as long as its references do.
    let located = match crate::source::reference_of(body) {
        Some(reference) => schemas.source.resolve(reference, at)?,
        None => {
            let here = pointer::child(at, "requestBody");
            let Some(value) = schemas.source.root.pointer(&here) else {
                return Ok(Payload::None);
            };
            crate::source::Located {
                value,
                pointer: here,
            }
        }
    };
    let body = as_object(located.value, &located.pointer)?;
    let here = pointer::child(&located.pointer, "content");
    let Some(content) = body.get("content") else {
        return Ok(Payload::None);
    };
    let content = as_object(content, &here)?;
    let Some((media_type, value)) = content
        .iter()
        .min_by_key(|(media_type, _)| media(media_type))
    else {
        return Ok(Payload::None);
    };
    if content.len() > 1 {
        let others = content
            .keys()
            .filter(|other| *other != media_type)
            .map(String::as_str)
            .collect::<Vec<_>>();
        schemas.report.add(
            &here,
            Change::Changed,
            format!("sent as {media_type}, not as {}", others.join(", ")),
            "a method has one body",
        );
    }
    let here = pointer::child(&here, media_type);
    let at = pointer::child(&here, "schema");
    let any = Value::Bool(true);
    let schema = value.get("schema").unwrap_or(&any);
    Ok(match media(media_type) {
        Media::Json => Payload::Json(schemas.inline(schema, &at, &format!("{id} body"))?),
        Media::Form => Payload::Form(schemas.inline(schema, &at, &format!("{id} body"))?),
        Media::Multipart => Payload::Multipart(parts(schemas, schema, &at)?),
        Media::Text => Payload::Text,
        Media::Binary => {
            if essence(media_type) != "application/octet-stream" {
                schemas.report.add(
                    &here,
                    Change::Changed,
                    format!("{media_type} is sent as bytes"),
                    "progenitor knows JSON, forms, text and bytes; set the content type as a header",
                );
            }
            Payload::Binary(media_type.clone())
        }
    })
}

fn parts(schemas: &mut Schemas<'_>, schema: &Value, at: &str) -> Result<Vec<table::Part>> {
    let flat = schemas.flattened(schema, at)?;
    let required = flat
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut parts = Vec::new();
    for (name, property) in flat
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let property = schemas.flattened(property, at)?;
        let item = property.get("items").and_then(Value::as_object);
        let is_file = is_file(&property) || item.is_some_and(is_file);
        parts.push(table::Part {
            name: name.clone(),
            required: required.iter().any(|required| required == name),
            is_file,
            description: property
                .get("description")
                .and_then(Value::as_str)
                .map(text::doc),
        });
    }
    Ok(parts)
}

/// OpenAPI 3.0 marks a file by its format, 3.1 by its media type or by saying nothing of its type.
fn is_file(schema: &Map<String, Value>) -> bool {
    schema
        .get("format")
        .is_some_and(|format| format == "binary")
        || schema.contains_key("contentMediaType")
        || schema.keys().all(|key| key == "description")
}

impl Payload {
    pub(crate) fn ty(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) | Self::Form(ty) => Some(ty),
            _ => None,
        }
    }

    pub(crate) fn ty_mut(&mut self) -> Option<&mut Type> {
        match self {
            Self::Json(ty) | Self::Form(ty) => Some(ty),
            _ => None,
        }
    }

    pub(super) fn emit(&self) -> Option<Value> {
        let (media_type, schema) = match self {
            Self::None | Self::Multipart(_) => return None,
            Self::Json(ty) => ("application/json", emit::schema(ty)),
            Self::Form(ty) => ("application/x-www-form-urlencoded", emit::schema(ty)),
            Self::Text => ("text/plain", json!({ "type": "string" })),
            Self::Binary(_) => (
                "application/octet-stream",
                json!({ "type": "string", "format": "binary" }),
            ),
        };
        Some(json!({
            "required": true,
            "content": { media_type: { "schema": schema } },
        }))
    }

    pub(super) fn table(&self) -> table::Body {
        match self {
            Self::None => table::Body::None,
            Self::Json(ty) => table::Body::Json(emit::rust(ty)),
            Self::Form(ty) => table::Body::Form(emit::rust(ty)),
            Self::Text => table::Body::Text,
            Self::Binary(media_type) => table::Body::Binary(media_type.clone()),
            Self::Multipart(parts) => table::Body::Multipart(parts.clone()),
        }
    }
}
