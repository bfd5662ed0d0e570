//! What is wrong with a body, in Laravel's words, and what is wrong with an answer.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::paths::LocationSegment;
use jsonschema::{JsonType, ValidationError};
use serde_json::{Map, Value};

use super::Schema;
use super::formats;
use super::operation::{Body, Media, Operation};
use super::pointer::{below, follow, of_fragment, tokens};

/// How many messages a refusal has at most.
const MESSAGES: usize = 100;

/// How long a description of what is wrong with an answer gets, in characters.
const DESCRIPTION: usize = 300;

/// Enumerations for which the server takes any text, and makes one of its own of it: a webhook's queue.
const OPEN: [&str; 2] = [
    "/components/schemas/WebhookInput/properties/queue",
    "/components/schemas/WebhookUpdateInput/properties/queue",
];

/// The order in which a type is named that is one of several.
const TYPES: [JsonType; 6] = [
    JsonType::Object,
    JsonType::Array,
    JsonType::Boolean,
    JsonType::Number,
    JsonType::Integer,
    JsonType::String,
];

pub(super) fn of_body(
    schema: &Schema,
    operation: &Operation,
    value: &Value,
) -> Vec<(String, String)> {
    let Some(body) = &operation.body else {
        return Vec::new();
    };
    let nothing = Value::Object(Map::new());
    let value = if value.is_object() { value } else { &nothing };
    if body.media == Media::Multipart {
        return missing(schema.document, body, value);
    }
    let Some(validator) = schema.validators.body(operation) else {
        return Vec::new();
    };
    if validator.is_valid(value) {
        return Vec::new();
    }
    let mut problems = Problems {
        document: schema.document,
        found: Vec::new(),
    };
    for error in validator.iter_errors(value) {
        problems.add(&error);
        if problems.found.len() >= MESSAGES {
            break;
        }
    }
    problems.found
}

/// The required members that are not there.
fn missing(document: &Value, body: &Body, value: &Value) -> Vec<(String, String)> {
    let schema = document.pointer(&follow(document, &body.schema));
    let required = schema.and_then(|schema| schema.get("required"));
    let names = required.and_then(Value::as_array).into_iter().flatten();
    names
        .filter_map(Value::as_str)
        .filter(|name| value.get(name).is_none())
        .map(|name| (name.to_owned(), required_message(name)))
        .collect()
}

pub(super) fn of_answer(
    schema: &Schema,
    operation: &Operation,
    status: u16,
    body: Option<&Value>,
) -> Vec<String> {
    let is_success = status == operation.status;
    let validator = if is_success {
        schema.validators.answer(operation)
    } else if (200..300).contains(&status) {
        let expected = operation.status;
        return vec![format!(
            "the status is {status}, by the schema it is {expected}"
        )];
    } else {
        schema.validators.refusal(status)
    };
    match (validator, body) {
        (Some(_), None) => vec!["the answer has no body, by the schema it has one".to_owned()],
        (None, Some(_)) if is_success => {
            vec!["the answer has a body, by the schema it has none".to_owned()]
        }
        // What the schema says nothing of says what is wrong, as all of Laravel's refusals do.
        (None, Some(body)) if !body.get("message").is_some_and(Value::is_string) => {
            vec![format!("the answer with status {status} has no message")]
        }
        (None, _) => Vec::new(),
        (Some(validator), Some(body)) if validator.is_valid(body) => Vec::new(),
        (Some(validator), Some(body)) => validator
            .iter_errors(body)
            .take(MESSAGES)
            .map(|error| {
                let text = format!("{}: {error}", error.instance_path());
                text.chars().take(DESCRIPTION).collect()
            })
            .collect(),
    }
}

/// Messages by field, one for each field.
struct Problems<'d> {
    document: &'d Value,
    found: Vec<(String, String)>,
}

impl Problems<'_> {
    fn add(&mut self, error: &ValidationError<'_>) {
        if self.is_taken(error) {
            return;
        }
        let field = field(error);
        let value = error.instance();
        let name = attribute(&field);
        let message = match error.kind() {
            Kind::Required { property } => {
                let property = property.as_str().unwrap_or_default();
                let field = join(&field, property);
                let message = required_message(&field);
                return self.push(field, message);
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                return self.branch(error, context);
            }
            _ if value.is_null() && self.is_required(error) => required_message(&field),
            Kind::Type { kind } => type_message(&name, kind),
            Kind::Enum { .. } | Kind::Constant { .. } => format!("The selected {name} is invalid."),
            Kind::Format { format } => match format.as_str() {
                "email" => format!("The {name} must be a valid email address."),
                "uuid" => format!("The {name} must be a valid UUID."),
                "decimal" => format!("The {name} must be a number."),
                "date" | "date-time" => format!("The {name} is not a valid date."),
                _ => format!("The {name} format is invalid."),
            },
            Kind::Pattern { .. } | Kind::PropertyNames { .. } => {
                format!("The {name} format is invalid.")
            }
            Kind::MinLength { limit } => format!("The {name} must be at least {limit} characters."),
            Kind::MaxLength { limit } => {
                format!("The {name} must not be greater than {limit} characters.")
            }
            Kind::Minimum { limit } => format!("The {name} must be at least {limit}."),
            Kind::Maximum { limit } => format!("The {name} must not be greater than {limit}."),
            Kind::MinItems { limit } => format!("The {name} must have at least {limit} items."),
            // Of a map: a list that stands for an empty one.
            Kind::MaxItems { limit: 0 } => format!("The {name} must be an array."),
            Kind::MaxItems { limit } => {
                format!("The {name} must not have more than {limit} items.")
            }
            _ => format!("The {name} is invalid."),
        };
        self.push(field, message);
    }

    fn push(&mut self, field: String, message: String) {
        let is_known = self.found.iter().any(|(known, _)| *known == field);
        if !is_known && self.found.len() < MESSAGES {
            self.found.push((field, message));
        }
    }

    /// What is wrong by that form, of several, which the value is meant to have; by its type, if it has none.
    fn branch(&mut self, error: &ValidationError<'_>, branches: &[Vec<ValidationError<'static>>]) {
        let here = error.instance_path();
        let is_other_type = |branch: &ValidationError<'_>| {
            branch.instance_path() == here
                && matches!(
                    branch.kind(),
                    Kind::Type { .. } | Kind::MaxItems { limit: 0 }
                )
        };
        let meant = branches
            .iter()
            .find(|errors| !errors.iter().any(is_other_type));
        if let Some(errors) = meant {
            errors.iter().for_each(|error| self.add(error));
            return;
        }
        let field = field(error);
        let message = if error.instance().is_null() && self.is_required(error) {
            required_message(&field)
        } else {
            let mut kinds = branches
                .iter()
                .flatten()
                .filter_map(|error| match error.kind() {
                    Kind::Type { kind } => Some(kind),
                    _ => None,
                });
            let name = attribute(&field);
            match kinds.find(|kind| !allows(kind, JsonType::Null)) {
                Some(kind) => type_message(&name, kind),
                None => format!("The {name} is invalid."),
            }
        };
        self.push(field, message);
    }

    /// Whether Laravel takes what the schema refuses: numbers and booleans as text, an empty list for a map, an empty text for null.
    fn is_taken(&self, error: &ValidationError<'_>) -> bool {
        let value = error.instance();
        match error.kind() {
            Kind::Type { kind } => TYPES
                .into_iter()
                .chain([JsonType::Null])
                .any(|ty| allows(kind, ty) && is_read_as(ty, value)),
            Kind::Enum { options } => {
                let mut options = options.as_array().into_iter().flatten();
                let rule = self.rule(error);
                let is_open = rule.is_some_and(|(pointer, _)| OPEN.contains(&pointer.as_str()));
                (is_open && value.is_string()) || options.any(|option| is_same(option, value))
            }
            Kind::Format { .. } | Kind::Pattern { .. } | Kind::MinLength { .. } => {
                let schema = self.rule(error).and_then(|(_, schema)| schema.get("type"));
                let types = schema.and_then(Value::as_array);
                value.as_str() == Some("")
                    && types.is_some_and(|types| types.iter().any(|ty| ty == "null"))
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => context
                .iter()
                .any(|errors| errors.iter().all(|error| self.is_taken(error))),
            _ => false,
        }
    }

    /// Whether the object around a value requires it.
    fn is_required(&self, error: &ValidationError<'_>) -> bool {
        let Some((pointer, _)) = self.rule(error) else {
            return false;
        };
        let mut tokens: Vec<_> = tokens(&pointer).collect();
        let (Some(name), Some(properties)) = (tokens.pop(), tokens.pop()) else {
            return false;
        };
        let tokens: Vec<_> = tokens.iter().map(String::as_str).collect();
        let around = self.document.pointer(&below("", &tokens));
        let required = around.and_then(|around| around.get("required"));
        let names = required.and_then(Value::as_array);
        properties == "properties"
            && names.is_some_and(|names| names.iter().any(|known| *known == name))
    }

    /// The schema whose keyword refuses a value, and where it is.
    fn rule(&self, error: &ValidationError<'_>) -> Option<(String, &Value)> {
        let location = error.absolute_keyword_location()?;
        let pointer = of_fragment(location.fragment()?.as_str());
        let (pointer, _) = pointer.rsplit_once('/')?;
        Some((pointer.to_owned(), self.document.pointer(pointer)?))
    }
}

fn allows(kind: &TypeKind, ty: JsonType) -> bool {
    match kind {
        TypeKind::Single(single) => *single == ty,
        TypeKind::Multiple(types) => types.contains(ty),
    }
}

/// Whether PHP reads a value as one of a type that it is not.
fn is_read_as(ty: JsonType, value: &Value) -> bool {
    match (ty, value) {
        (JsonType::Null, Value::String(text)) => text.is_empty(),
        (JsonType::Integer, Value::String(text)) => text.trim().parse::<i64>().is_ok(),
        (JsonType::Number, Value::String(text)) => formats::is_decimal(text),
        (JsonType::Boolean, Value::String(text)) => matches!(text.as_str(), "0" | "1"),
        (JsonType::Boolean, Value::Number(number)) => matches!(number.as_i64(), Some(0 | 1)),
        (JsonType::Object, Value::Array(items)) => items.is_empty(),
        (JsonType::Array, Value::Object(members)) => members.is_empty(),
        _ => false,
    }
}

/// Whether two values are the same but for being text.
fn is_same(option: &Value, value: &Value) -> bool {
    match (option, value) {
        (Value::Number(number), Value::String(text)) => number.to_string() == text.trim(),
        (Value::String(text), Value::Number(number)) => number.to_string() == *text,
        (Value::Null, Value::String(text)) => text.is_empty(),
        _ => false,
    }
}

fn type_message(name: &str, kind: &TypeKind) -> String {
    // An array is also what PHP makes of an object.
    match TYPES.into_iter().find(|ty| allows(kind, *ty)) {
        Some(JsonType::Object | JsonType::Array) => format!("The {name} must be an array."),
        Some(JsonType::Boolean) => format!("The {name} field must be true or false."),
        Some(JsonType::Number) => format!("The {name} must be a number."),
        Some(JsonType::Integer) => format!("The {name} must be an integer."),
        Some(JsonType::String) => format!("The {name} must be a string."),
        Some(JsonType::Null) | None => format!("The {name} is prohibited."),
    }
}

fn required_message(field: &str) -> String {
    format!("The {} field is required.", attribute(field))
}

/// The dotted name of the value that an error is about.
fn field(error: &ValidationError<'_>) -> String {
    error
        .instance_path()
        .into_iter()
        .fold(String::new(), |field, segment| match segment {
            LocationSegment::Property(name) => join(&field, &name),
            LocationSegment::Index(index) => join(&field, &index.to_string()),
        })
}

fn join(field: &str, name: &str) -> String {
    if field.is_empty() {
        name.to_owned()
    } else {
        format!("{field}.{name}")
    }
}

/// A field as Laravel's messages name it: in words.
fn attribute(field: &str) -> String {
    let mut words = String::with_capacity(field.len());
    for letter in field.chars() {
        match letter {
            '_' => words.push(' '),
            letter if letter.is_ascii_uppercase() => {
                if words
                    .chars()
                    .last()
                    .is_some_and(|last| last.is_ascii_lowercase())
                {
                    words.push(' ');
                }
                words.push(letter.to_ascii_lowercase());
            }
            letter => words.push(letter),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::schema::{Media, Operation, SCHEMA};

    fn operation(id: &str) -> &'static Operation {
        SCHEMA.operation(id).expect("an operation")
    }

    #[track_caller]
    fn problems(id: &str, body: &Value) -> Vec<(String, String)> {
        SCHEMA.problems(operation(id), body)
    }

    #[track_caller]
    fn message(id: &str, body: &Value, field: &str) -> String {
        let problems = problems(id, body);
        let found = problems.iter().find(|(known, _)| known == field);
        let (_, message) = found.unwrap_or_else(|| panic!("{field} is in {problems:?}"));
        message.clone()
    }

    #[test]
    fn what_is_required_and_missing_or_null_is_named() {
        let definition = "rewards.definitions.store";
        for body in [
            json!({}),
            json!({ "name": null }),
            json!([]),
            json!("text"),
            Value::Null,
        ] {
            let message = message(definition, &body, "name");
            assert_eq!(message, "The name field is required.", "{body}");
        }
    }

    #[test]
    fn a_field_is_named_in_words_and_nested_ones_by_their_way() {
        let body = json!({ "profile_id": "x", "items": [{ "quantity": "many" }, 5] });
        let store = "transactions.store";
        assert_eq!(
            message(store, &body, "items.0.quantity"),
            "The items.0.quantity must be an integer."
        );
        assert_eq!(
            message(store, &body, "items.1"),
            "The items.1 must be an array."
        );
        assert_eq!(
            super::attribute("searchAttributes.0.product_id"),
            "search attributes.0.product id"
        );
    }

    #[test]
    fn numbers_and_booleans_may_be_text() {
        let item = json!({ "name": "Hat", "quantity": "2", "price_current": "19.95", "price_sell": "19.95", "is_void": "1" });
        let body = json!({ "items": [item], "total": "19.95" });
        let problems = problems("transactions.store", &body);
        let is_about =
            |(field, _): &(String, String)| field.starts_with("items") || field == "total";
        assert!(!problems.iter().any(is_about), "{problems:?}");
    }

    #[test]
    fn members_that_the_schema_does_not_know_are_taken() {
        let known = problems("tags.store", &json!({}));
        assert_eq!(
            problems("tags.store", &json!({ "unknown": { "a": [1] } })),
            known
        );
    }

    #[test]
    fn the_messages_are_bounded() {
        let items: Vec<_> = (0..5_000).map(|_| json!({ "quantity": "many" })).collect();
        let found = problems("transactions.store", &json!({ "items": items }));
        assert!(found.len() == super::MESSAGES, "{}", found.len());
    }

    #[test]
    fn a_multipart_body_must_have_what_is_required() {
        let operations = SCHEMA.operations().iter();
        let multipart = operations.filter(|operation| {
            operation
                .body
                .as_ref()
                .is_some_and(|body| body.media == Media::Multipart)
        });
        for operation in multipart {
            let problems = SCHEMA.problems(operation, &json!({}));
            assert!(!problems.is_empty(), "{}", operation.id);
            let body = problems
                .into_iter()
                .map(|(field, _)| (field, Value::from("x")));
            let body = Value::Object(body.collect());
            assert!(
                SCHEMA.problems(operation, &body).is_empty(),
                "{}",
                operation.id
            );
        }
    }

    #[test]
    fn a_refusal_must_have_a_message() {
        let operation = operation("rewards.show");
        let check = |status, body: Value| SCHEMA.answer_problems(operation, status, Some(&body));
        assert!(check(404, json!({ "message": "None." })).is_empty());
        assert!(!check(404, json!({})).is_empty());
        assert!(check(429, json!({ "message": "Too many." })).is_empty());
        assert!(!check(429, json!([])).is_empty());
        assert!(!check(422, json!({ "message": "No.", "errors": { "a": "b" } })).is_empty());
        assert!(check(422, json!({ "message": "No.", "errors": { "a": ["b"] } })).is_empty());
    }

    #[test]
    fn an_answer_must_have_the_status_and_body_of_the_schema() {
        let show = operation("rewards.show");
        assert!(!SCHEMA.answer_problems(show, 201, None).is_empty());
        assert!(!SCHEMA.answer_problems(show, 200, None).is_empty());
        let date = json!({ "data": { "created_at": "2026-03-01 09:00:00" } });
        assert!(SCHEMA.answer_problems(show, 200, Some(&date)).is_empty());
        let date = json!({ "data": { "created_at": "tomorrow" } });
        assert!(!SCHEMA.answer_problems(show, 200, Some(&date)).is_empty());
        let destroy = operation("rewards.destroy");
        assert!(SCHEMA.answer_problems(destroy, 204, None).is_empty());
        assert!(
            !SCHEMA
                .answer_problems(destroy, 204, Some(&json!({})))
                .is_empty()
        );
    }

    /// Any JSON, mostly with names that bodies have.
    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 48, 6, |inner| {
            let name = prop_oneof![
                "(items|name|profile_id|quantity|meta|value|type|handle|email|addresses|profiles)",
                ".{0,6}",
            ];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map(name, inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn any_body_is_judged(body in json()) {
            for operation in SCHEMA.operations() {
                let problems = SCHEMA.problems(operation, &body);
                prop_assert!(problems.len() <= super::MESSAGES);
                // Each member that the schema names gets the hostile value too.
                if let Some(body_schema) = &operation.body {
                    let members = body_schema.members.iter();
                    let members = members.map(|name| (name.clone(), body.clone()));
                    let body = Value::Object(members.collect());
                    let _ = SCHEMA.problems(operation, &body);
                }
            }
        }
    }
}
