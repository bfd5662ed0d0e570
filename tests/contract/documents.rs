//! The schema as it is published and with the corrections, and what fits it.

use std::path::Path;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Registry, ValidationError, Validator};
use omneo_api::omneo_types::Decimal;
use omneo_codegen::Source;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// What a JSON pointer may hold as the fragment of a URI.
const FRAGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'~')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

pub(crate) struct Documents {
    pub(crate) published: Document,
    pub(crate) corrected: Document,
    /// The corrected one, whose records have no other properties than those that it names.
    closed: Document,
}

/// A document and a validator of its schemas.
pub(crate) struct Document {
    value: Value,
    validator: Validator,
}

impl Documents {
    pub(crate) fn of_the_schema() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let published = std::fs::read(root.join("openapi.json")).expect("openapi.json is there");
        let published = serde_json::from_slice(&published).expect("openapi.json is JSON");
        let corrected = Source::read(root)
            .and_then(|source| source.correct())
            .expect("the crate was built from these files");
        let mut closed = corrected.document().clone();
        close(&mut closed);
        Self {
            published: Document::new(published),
            corrected: Document::new(corrected.document().clone()),
            closed: Document::new(closed),
        }
    }

    /// A value of the published schema at a pointer without what the corrections change: values that the corrected
    /// schema refuses, and properties that it does not know. With it comes how many that were; none if nothing is left.
    pub(crate) fn corrected_value(&self, pointer: &str, value: &Value) -> Option<(Value, usize)> {
        let mut value = value.clone();
        let mut removed = 0;
        loop {
            let errors = self.closed.errors(pointer, &value);
            let mut places = errors.iter().flat_map(places).collect::<Vec<_>>();
            if places.is_empty() {
                return Some((value, removed));
            }
            places.sort_by_key(|place| sort_key(place));
            places.dedup();
            // Backwards, so that no index is moved before it is used.
            for place in places.iter().rev() {
                remove(&mut value, place)?;
                removed += 1;
            }
        }
    }

    /// Whether a correction is why the published schema refuses a value: the rule that refuses it is another one in the
    /// corrected schema, or is not there.
    pub(crate) fn is_corrected(&self, error: &ValidationError<'_>) -> bool {
        let is_changed = match rule(&error.evaluation_path().to_string()) {
            Some((pointer, path)) => self.is_changed(pointer, path),
            None => false,
        };
        let branches = match error.kind() {
            ValidationErrorKind::AnyOf { context }
            | ValidationErrorKind::OneOfNotValid { context } => &context[..],
            _ => &[],
        };
        is_changed
            || branches
                .iter()
                .any(|errors| errors.iter().all(|error| self.is_corrected(error)))
    }

    /// Walks the way to a rule in both documents until they part.
    fn is_changed(&self, mut pointer: String, path: Vec<String>) -> bool {
        let at = |document: &'_ Document, pointer: &str| document.value.pointer(pointer).cloned();
        for token in path {
            let (published, corrected) =
                (at(&self.published, &pointer), at(&self.corrected, &pointer));
            let (Some(published), Some(corrected)) = (published, corrected) else {
                return true;
            };
            if token == "$ref" {
                if published.get("$ref") != corrected.get("$ref") {
                    return true;
                }
                let target = published["$ref"].as_str().unwrap_or_default();
                pointer = target.trim_start_matches('#').to_owned();
            } else {
                pointer = child(&pointer, &token);
            }
        }
        at(&self.published, &pointer) != at(&self.corrected, &pointer)
    }
}

/// Where the way to a rule enters the document, and the way from there.
fn rule(evaluation_path: &str) -> Option<(String, Vec<String>)> {
    let mut tokens = evaluation_path.split('/').skip(1).map(unescaped);
    match (
        tokens.next()?.as_str(),
        tokens.next()?,
        tokens.next()?.as_str(),
    ) {
        ("properties", pointer, "$ref") => Some((pointer, tokens.collect())),
        _ => None,
    }
}

impl Document {
    fn new(value: Value) -> Self {
        let mut pointers = Vec::new();
        schemas(&value, "", &mut pointers);
        // One validator for all: what they refer to is then compiled once.
        let all = pointers.into_iter().map(|pointer| {
            let reference = format!("urn:openapi#{}", utf8_percent_encode(&pointer, FRAGMENT));
            (pointer, json!({ "$ref": reference }))
        });
        let all = json!({ "properties": all.collect::<Map<_, _>>() });
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add("urn:openapi", value.clone())
            .and_then(jsonschema::RegistryBuilder::prepare)
            .expect("the document is a resource");
        let validator = jsonschema::draft202012::options()
            .with_registry(&registry)
            .should_validate_formats(true)
            .with_format("decimal", |text: &str| text.parse::<Decimal>().is_ok())
            .build(&all)
            .expect("the document's schemas are valid");
        Self { value, validator }
    }

    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// Why a value does not fit the schema at a pointer.
    pub(crate) fn errors(&self, pointer: &str, value: &Value) -> Vec<ValidationError<'static>> {
        // Most values do.
        if self.fits(pointer, value) {
            return Vec::new();
        }
        let named = json!({ pointer: value });
        let errors = self.validator.iter_errors(&named);
        errors.map(ValidationError::to_owned).collect()
    }

    pub(crate) fn fits(&self, pointer: &str, value: &Value) -> bool {
        self.validator.is_valid(&json!({ pointer: value }))
    }
}

/// The places of what has to go for a value to fit, each as the tokens of its pointer.
fn places(error: &ValidationError<'static>) -> Vec<Vec<String>> {
    let path = error.instance_path().to_string();
    // The first token is the name that `errors` puts around the value.
    let place = path.split('/').skip(2).map(unescaped).collect::<Vec<_>>();
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| [&place[..], std::slice::from_ref(name)].concat())
            .collect(),
        _ => vec![place],
    }
}

/// Indexes by their numbers.
fn sort_key(place: &[String]) -> Vec<(usize, String)> {
    let key = |token: &String| (token.parse().unwrap_or(0), token.clone());
    place.iter().map(key).collect()
}

fn remove(value: &mut Value, place: &[String]) -> Option<()> {
    let (last, around) = place.split_last()?;
    let pointer = around
        .iter()
        .fold(String::new(), |pointer, token| child(&pointer, token));
    // What is around it may be gone already.
    match value.pointer_mut(&pointer) {
        Some(Value::Object(members)) => {
            members.remove(last);
        }
        Some(Value::Array(items)) => {
            let index = last.parse().ok().filter(|index| *index < items.len())?;
            items.remove(index);
        }
        _ => {}
    }
    Some(())
}

/// Takes from every record what its schema does not name. Members of an `allOf` name only a part each.
fn close(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let is_record = members.get("properties").is_some_and(Value::is_object);
            if is_record
                && !members.contains_key("additionalProperties")
                && !members.contains_key("allOf")
            {
                members.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            for (name, member) in members {
                if name != "allOf" || member.as_array().is_some_and(|all| all.len() == 1) {
                    close(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// The pointers of the schemas that something is checked against: of parameters and contents, of components, and of
/// unions' branches.
fn schemas(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let at = child(pointer, name);
                let is_component = pointer == "/components/schemas";
                if member.is_object() && (is_component || name == "schema") {
                    found.push(at.clone());
                }
                if let (Value::Array(branches), "anyOf" | "oneOf") = (member, &**name) {
                    found.extend((0..branches.len()).map(|index| format!("{at}/{index}")));
                }
                schemas(member, &at, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                schemas(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Appends a token to a JSON pointer.
pub(crate) fn child(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// The place of an error in the value.
pub(crate) fn place(error: &ValidationError<'_>) -> String {
    let path = error.instance_path().to_string();
    let (_, place) = path
        .trim_start_matches('/')
        .split_once('/')
        .unwrap_or_default();
    place.to_owned()
}

fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}
