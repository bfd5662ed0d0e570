//! Small schemas, and what a change of one does to callers.
// Each test target uses a part of it; only tests do.
#![allow(dead_code, clippy::needless_pass_by_value, clippy::unwrap_used)]

use omneo_codegen::Source;
use serde_json::{Value, json};
use xtask::schema::diff::{Diff, Side};

/// An overlay has to have an action; this one changes nothing that is lowered.
pub(crate) const CORRECTIONS: &str = r#"{
    "overlay": "1.0.0",
    "info": {"title": "Test", "version": "1"},
    "actions": [{"target": "$.info", "update": {"x-corrected": true}}]
}"#;

/// A schema with a list, a record, a body to make and one to change it.
pub(crate) fn schema() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Omneo", "version": "1"},
        "paths": {
            "/v3/rewards": {
                "get": {
                    "operationId": "rewards.index",
                    "tags": ["Reward"],
                    "parameters": [query("page[size]")],
                    "responses": answers(json!({"type": "array", "items": reference("Reward")})),
                },
                "post": {
                    "operationId": "rewards.store",
                    "tags": ["Reward"],
                    "requestBody": body("RewardInput"),
                    "responses": answers(reference("Reward")),
                },
            },
            "/v3/rewards/{reward}": {
                "parameters": [{"name": "reward", "in": "path", "required": true, "schema": {"type": "integer"}}],
                "get": {
                    "operationId": "rewards.show",
                    "tags": ["Reward"],
                    "responses": answers(reference("Reward")),
                },
                "put": {
                    "operationId": "rewards.update",
                    "tags": ["Reward"],
                    "requestBody": body("RewardUpdateInput"),
                    "responses": answers(reference("Reward")),
                },
            },
            "/v3/rewards/{reward}/shares": {
                "parameters": [{"name": "reward", "in": "path", "required": true, "schema": {"type": "integer"}}],
                "get": {
                    "operationId": "rewards.shares.index",
                    "tags": ["Reward"],
                    "responses": answers(json!({"type": "array", "items": reference("Share")})),
                },
                "post": {
                    "operationId": "rewards.shares.store",
                    "tags": ["Reward"],
                    "responses": answers(reference("Share")),
                },
            },
        },
        "components": {"schemas": {
            "Reward": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "integer"},
                "value": {"type": "number"},
                "state": {"type": "string", "enum": ["open", "spent"]},
            }},
            "RewardInput": {"type": "object", "required": ["profile_id"], "properties": {
                "profile_id": {"type": "string"},
                "note": {"type": "string"},
                "period": {"type": "object", "properties": {"days": {"type": "integer"}}},
            }},
            "RewardUpdateInput": {"type": "object", "properties": {
                "note": {"type": "string"},
                "value": {"type": "number"},
            }},
            "Share": {"type": "object", "properties": {"by": {"type": "string"}}},
        }},
    })
}

pub(crate) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

pub(crate) fn query(name: &str) -> Value {
    json!({"name": name, "in": "query", "schema": {"type": "string"}})
}

pub(crate) fn body(name: &str) -> Value {
    json!({"required": true, "content": {"application/json": {"schema": reference(name)}}})
}

pub(crate) fn answers(data: Value) -> Value {
    let schema = json!({"type": "object", "required": ["data"], "properties": {"data": data}});
    json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}})
}

pub(crate) fn side(schema: &Value) -> Side {
    let source = Source::new(schema.to_string().into_bytes(), CORRECTIONS.into());
    Side::read(&source).unwrap()
}

/// What a change of the schema does.
pub(crate) fn diff(change: impl FnOnce(&mut Value)) -> Diff {
    let old = schema();
    let mut new = old.clone();
    change(&mut new);
    assert_ne!(old, new, "nothing was changed");
    Diff::between(&side(&old), &side(&new))
}

/// Each change in a line, with `!` before those that are breaking.
pub(crate) fn lines(diff: &Diff) -> Vec<String> {
    diff.changes
        .iter()
        .map(|change| {
            format!(
                "{}{} {} {}{}{}",
                if change.breaking { "!" } else { "" },
                change.kind.as_str(),
                change.item.as_str(),
                change.name,
                change
                    .from
                    .as_ref()
                    .map(|from| format!(" -{from}"))
                    .unwrap_or_default(),
                change
                    .to
                    .as_ref()
                    .map(|to| format!(" +{to}"))
                    .unwrap_or_default(),
            )
        })
        .collect()
}
