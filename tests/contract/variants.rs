//! The forms in which the server sends what the schema describes otherwise.

use omneo_codegen::is_timestamp;
use openapi_sampler::{Kind, Place, Role};
use serde_json::{Value, json};

/// A change of every value of a sample.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    /// What stands in a value's place; nothing if it is left out.
    pub(crate) edit: fn(&Place<'_>, Value) -> Option<Value>,
}

pub(crate) const VARIANTS: &[Variant] = &[
    Variant {
        name: "null for every property",
        edit: |place, value| {
            Some(if is_optional(place) {
                Value::Null
            } else {
                value
            })
        },
    },
    Variant {
        name: "no property",
        edit: |place, value| Some(value).filter(|_| !is_optional(place)),
    },
    Variant {
        name: "unknown fields",
        edit: |place, mut value| {
            if place.kind == Kind::Record {
                value["a field of tomorrow"] = json!({ "id": [1, "two", null] });
            }
            Some(value)
        },
    },
    Variant {
        name: "unknown values of enums",
        edit: |place, value| {
            let is_listed = place.kind == Kind::Enum && value.is_string();
            Some(if is_listed {
                "a value of tomorrow".into()
            } else {
                value
            })
        },
    },
    Variant {
        name: "numbers as text",
        edit: |place, value| {
            let is_number = place.kind == Kind::Number;
            Some(if is_number {
                value.to_string().into()
            } else {
                value
            })
        },
    },
    Variant {
        name: "whole numbers with a fraction of 0",
        edit: |_, value| Some(value.as_i64().map_or(value, |number| json!(number as f64))),
    },
    Variant {
        name: "flags as 0 and 1",
        edit: |place, value| {
            let flag = value.as_bool().filter(|_| place.kind == Kind::Boolean);
            Some(flag.map_or(value, |flag| u8::from(flag).into()))
        },
    },
    Variant {
        name: "flags as text",
        edit: |place, value| {
            let flag = value.as_bool().filter(|_| place.kind == Kind::Boolean);
            Some(flag.map_or(value, |flag| u8::from(flag).to_string().into()))
        },
    },
    Variant {
        name: "[] for maps",
        edit: |place, value| {
            Some(if place.kind == Kind::Map {
                json!([])
            } else {
                value
            })
        },
    },
    // Not all at once: the outermost would leave nothing of those inside.
    Variant {
        name: "[] for records in records",
        edit: |place, value| {
            Some(if is_nested_record(place, 1) {
                json!([])
            } else {
                value
            })
        },
    },
    Variant {
        name: "[] for records in records in records",
        edit: |place, value| {
            Some(if is_nested_record(place, 0) {
                json!([])
            } else {
                value
            })
        },
    },
    Variant {
        name: "lists with gaps",
        edit: |place, value| match value {
            // An empty one is `[]` whatever it was made of.
            Value::Array(items) if place.kind == Kind::List && !items.is_empty() => {
                let members = items.into_iter().enumerate();
                let members = members.map(|(index, item)| ((index * 2).to_string(), item));
                Some(Value::Object(members.collect()))
            }
            value => Some(value),
        },
    },
    Variant {
        name: "times of ISO 8601",
        edit: |place, value| {
            Some(if is_time(place) {
                "2024-01-02T03:04:05.000000Z".into()
            } else {
                value
            })
        },
    },
    Variant {
        name: "times without a zone",
        edit: |place, value| {
            Some(if is_time(place) {
                "2024-01-02 03:04:05".into()
            } else {
                value
            })
        },
    },
    Variant {
        name: "times without a time of day",
        edit: |place, value| {
            Some(if is_time(place) {
                "2024-01-02".into()
            } else {
                value
            })
        },
    },
    Variant {
        name: "times as PHP's objects",
        edit: |place, value| {
            let php = json!({ "date": "2024-01-02 03:04:05.000000", "timezone_type": 3, "timezone": "UTC" });
            Some(if is_time(place) { php } else { value })
        },
    },
];

/// Whether a property may be missing. An `id` that is required is always there, and so is what an envelope is for.
fn is_optional(place: &Place<'_>) -> bool {
    let is_kept = match place.name {
        Some("id") => true,
        Some("data") => place.depth == 1,
        _ => false,
    };
    match place.role {
        Role::Property { required } => !(required && is_kept),
        _ => false,
    }
}

/// Whether it is a record in a property, at every other depth.
fn is_nested_record(place: &Place<'_>, parity: usize) -> bool {
    let is_property = matches!(place.role, Role::Property { .. });
    place.kind == Kind::Record && is_property && place.depth > 1 && place.depth % 2 == parity
}

fn is_time(place: &Place<'_>) -> bool {
    let is_named = || place.name.is_some_and(is_timestamp);
    match (place.kind, place.format) {
        (Kind::Text, Some("date" | "date-time")) => true,
        (Kind::Text, None) => is_named() && matches!(place.role, Role::Property { .. }),
        _ => false,
    }
}
