//! What the keywords of JSON Schema say about the type of a schema.

use serde_json::{Map, Value};

pub(super) fn is_type(name: &str) -> bool {
    matches!(
        name,
        "null" | "boolean" | "integer" | "number" | "string" | "array" | "object"
    )
}

/// The type that a schema without one means by its other keywords.
pub(super) fn implied_type(map: &Map<String, Value>) -> Option<&'static str> {
    const IMPLIED: &[(&str, &[&str])] = &[
        (
            "object",
            &[
                "properties",
                "required",
                "additionalProperties",
                "patternProperties",
                "propertyNames",
                "minProperties",
                "maxProperties",
                "dependentSchemas",
                "dependentRequired",
                "unevaluatedProperties",
            ],
        ),
        (
            "array",
            &[
                "items",
                "prefixItems",
                "minItems",
                "maxItems",
                "uniqueItems",
                "contains",
                "unevaluatedItems",
            ],
        ),
        (
            "string",
            &[
                "pattern",
                "minLength",
                "maxLength",
                "contentMediaType",
                "contentEncoding",
            ],
        ),
        (
            "number",
            &[
                "minimum",
                "maximum",
                "exclusiveMinimum",
                "exclusiveMaximum",
                "multipleOf",
            ],
        ),
    ];
    IMPLIED
        .iter()
        .find(|(_, keywords)| keywords.iter().any(|keyword| map.contains_key(*keyword)))
        .map(|(ty, _)| *ty)
}

/// Keywords that shape a type, as opposed to describing it.
pub(super) fn is_structural(keyword: &str) -> bool {
    matches!(
        keyword,
        "type"
            | "properties"
            | "required"
            | "additionalProperties"
            | "patternProperties"
            | "items"
            | "prefixItems"
            | "enum"
            | "const"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "format"
            | "pattern"
            | "minLength"
            | "maxLength"
    )
}

/// Keywords that shape the variants of a union beside it.
pub(super) fn shapes_variants(keyword: &str) -> bool {
    matches!(
        keyword,
        "properties" | "required" | "additionalProperties" | "patternProperties" | "items"
    )
}

/// Keywords whose rule no generated type checks.
pub(super) fn is_unchecked(keyword: &str, loose: bool) -> bool {
    match keyword {
        "pattern" | "minLength" | "maxLength" => loose,
        "if"
        | "then"
        | "else"
        | "not"
        | "dependentSchemas"
        | "dependentRequired"
        | "dependencies"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "propertyNames"
        | "contains"
        | "minContains"
        | "maxContains"
        | "minItems"
        | "maxItems"
        | "uniqueItems"
        | "minProperties"
        | "maxProperties"
        | "minimum"
        | "maximum"
        | "exclusiveMinimum"
        | "exclusiveMaximum"
        | "multipleOf"
        | "contentMediaType"
        | "contentEncoding"
        | "contentSchema" => true,
        _ => false,
    }
}
